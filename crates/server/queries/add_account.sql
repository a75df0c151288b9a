insert into auth.account (id, email, password_hash, user_metadata, confirmed_at)
values ($1, $2, $3, $4, case when $2::text is not null then now() end)
on conflict (email) do nothing
