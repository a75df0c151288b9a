-- The request of this user that is being worked on, by the id that apps know.
create or replace function coach.active_workout_request(p_user uuid)
returns uuid language sql stable set search_path = '' as $$
  select r.request_id from public.workout_plan_requests r
  where r.user_id = p_user and r.status = 'processing' order by r.created_at desc limit 1;
$$;
