select coach.add_exercise_texts($1, $2, $3)
