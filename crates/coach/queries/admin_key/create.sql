insert into coach.admin_key (name, hash, permissions) values ($1, $2, $3) returning id
