select coach.erase_user($1) as "erased!"
