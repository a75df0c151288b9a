-- Keeps what was read out of a request's text, for its user to see.
create or replace function coach.keep_understood(p_request uuid, p_understood jsonb)
returns void language sql set search_path = '' as $$
  update public.workout_plan_inputs i set understood = p_understood where i.id = p_request;
$$;
