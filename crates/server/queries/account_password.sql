select id, password_hash from auth.account where email = $1 or id = $2
