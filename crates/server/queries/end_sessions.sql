delete from auth.session where account_id = $1 and id is distinct from $2
