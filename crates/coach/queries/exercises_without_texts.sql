select coach.exercises_without_texts($1, $2) as "slugs!"
