-- After insert: the engine takes the request, in the same transaction.
create or replace function coach.queue_workout_request()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.workout_plan_inputs (id, request_id, user_id, created_at)
    values (new.id, new.request_id, new.user_id, clock_timestamp());
  perform durable.spawn(new.id, 'generate_workout_plan', jsonb_build_object('request_id', new.id),
    coach.setting('max_retries')::integer, p_key => new.user_id::text);
  return null;
end $$;
