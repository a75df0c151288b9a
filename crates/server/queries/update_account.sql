update auth.account set
  email = coalesce($2, email),
  confirmed_at = case when $2::text is null then confirmed_at else now() end,
  password_hash = coalesce($3, password_hash),
  user_metadata = (user_metadata || $4::jsonb) - array(select key from jsonb_each($4::jsonb) where value = 'null'),
  updated_at = now()
where id = $1
