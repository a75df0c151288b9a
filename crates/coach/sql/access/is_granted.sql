-- Whether the contract gives signed-in users this privilege on a table, or on a column of it.
create or replace function coach.is_granted(p_table name, p_column name, p_privilege text)
returns boolean language sql immutable set search_path = '' as $$
  select case
    when p_privilege = 'SELECT' then true
    when p_table = 'workout_entries' then p_privilege in ('INSERT', 'UPDATE', 'DELETE')
    when p_privilege = 'DELETE' then p_table in ('weekly_base_plans', 'push_tokens')
    when p_column is null then false
    when p_table = 'plan_generation_jobs' then p_privilege = 'INSERT'
      and p_column in ('user_id', 'profile_snapshot', 'is_redo', 'request_reason', 'redo_type', 'source_plan_id')
    when p_table = 'weekly_base_plans' then p_privilege in ('INSERT', 'UPDATE')
      and p_column not in ('generation_job_id', 'redo_used', 'redo_reason', 'redo_count_today')
    when p_table = 'push_tokens' then p_privilege in ('INSERT', 'UPDATE')
      and p_column in ('user_id', 'token', 'device_info', 'updated_at')
    when p_table = 'workout_plan_requests' then p_privilege = 'INSERT' and p_column in ('user_id', 'request_id', 'user_profile')
    when p_table = 'workout_plans' then p_privilege = 'UPDATE' and p_column = 'status'
    when p_table = 'user_notifications' then p_privilege = 'UPDATE' and p_column in ('read', 'delivered')
    else false
  end;
$$;
