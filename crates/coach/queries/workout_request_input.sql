select $1::uuid as "id!", user_id as "user_id!", user_profile as "user_profile!", system_prompt, time_zone, plan_no as "plan_no!"
from coach.workout_request_input($1)
