select alert as "alert!", about as "about!", ended as "ended!", since as "since!", figures as "figures!" from coach.look_after($1, $2)
