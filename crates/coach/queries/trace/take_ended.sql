select up_to as "up_to!", task, trace, origin from coach.take_ended($1, $2)
