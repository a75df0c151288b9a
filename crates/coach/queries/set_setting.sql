select 1 as "done!" from coach.set_setting($1, $2)
