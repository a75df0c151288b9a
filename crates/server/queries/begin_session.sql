with signed_in as (
  update auth.account set last_sign_in_at = now() where id = $1 returning id
)
insert into auth.session (account_id, method) select id, $2 from signed_in
returning id, method, refreshes, extract(epoch from created_at)::bigint as "began!"
