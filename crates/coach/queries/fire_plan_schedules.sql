select coach.fire_plan_schedules($1) as "fired!"
