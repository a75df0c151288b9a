select coach.note_trouble($1, $2, $3)
