-- After insert: the engine takes the job, in the same transaction.
create or replace function coach.queue_weekly_job()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform durable.spawn(new.id, 'generate_weekly_plan', jsonb_build_object('job_id', new.id), new.max_retries,
    p_key => new.user_id::text);
  return null;
end $$;
