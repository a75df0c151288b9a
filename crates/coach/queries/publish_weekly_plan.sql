select coach.publish_weekly_plan($1, $2) as "plan!"
