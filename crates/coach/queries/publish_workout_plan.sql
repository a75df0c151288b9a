select coach.publish_workout_plan($1, $2) as "plan!"
