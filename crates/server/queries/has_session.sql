select exists (select from auth.session where id = $1 and account_id = $2) as "has_session!"
