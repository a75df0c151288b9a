select coach.replay_task($1, $2) as "task!"
