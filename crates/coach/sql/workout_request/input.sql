-- What the generator needs for a request, by its task's id; no row when the request is gone. plan_no counts the plans that
-- this user had before, so that the next one is varied.
create or replace function coach.workout_request_input(p_request uuid)
returns table (user_id uuid, user_profile text, system_prompt text, time_zone text, plan_no integer)
language sql stable set search_path = '' as $$
  select r.user_id, r.user_profile, i.system_prompt, i.time_zone,
    (select count(*)::integer from public.workout_plans p where p.user_id = r.user_id)
  from public.workout_plan_requests r left join public.workout_plan_inputs i on i.id = r.id where r.id = p_request;
$$;
