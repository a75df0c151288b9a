select user_id as "user_id!", profile_snapshot as "profile_snapshot!", is_redo as "is_redo!", request_reason, redo_type,
       source_plan_days, plan_no as "plan_no!"
from coach.weekly_job_input($1)
