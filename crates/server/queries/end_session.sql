delete from auth.session where id = $1
