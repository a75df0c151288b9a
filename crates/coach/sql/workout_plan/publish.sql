-- Stores the plan that a request brought, its entries and the exercises that were missing, and pauses the user's former
-- active plan, all in the transaction that completes the task. p_plan: {"summary", "start_date", "exercises": [{"slug",
-- "name", texts by column}], "entries": [{columns of workout_entries, with "exercise" and "streak_exercise" as slugs}]}.
-- Returns the plan's id. Raises PT404 when the request is gone, 22023 when the plan is not one of eight weeks.
create or replace function coach.publish_workout_plan(p_request uuid, p_plan jsonb)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_user uuid := (select r.user_id from public.workout_plan_requests r where r.id = p_request);
  v_plan uuid := gen_random_uuid();
begin
  if v_user is null then
    perform coach.refuse(404, 'NOT_FOUND', 'There is no such workout plan request any more.');
  end if;
  if array(select distinct (e ->> 'week_number')::integer from jsonb_array_elements(p_plan -> 'entries') e order by 1)
     is distinct from array[1, 2, 3, 4, 5, 6, 7, 8] then
    raise exception using errcode = '22023', message = 'a workout plan must have entries in each of the weeks 1 to 8';
  end if;
  perform coach.add_exercises(p_plan -> 'exercises');
  update public.workout_plans p set status = 'paused' where p.user_id = v_user and p.status = 'active';
  insert into public.workout_plans (id, user_id, summary, start_date, status, created_at)
    values (v_plan, v_user, p_plan ->> 'summary', (p_plan ->> 'start_date')::date, 'active', clock_timestamp());
  perform coach.add_entries(v_plan, p_plan);
  return v_plan;
end $$;
