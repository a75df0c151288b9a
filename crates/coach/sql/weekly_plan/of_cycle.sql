-- The user's plan of a week: the one in use rather than an archived one, the newest of several.
create or replace function coach.plan_of_cycle(p_user uuid, p_week date)
returns public.weekly_base_plans language sql stable set search_path = '' as $$
  select p.* from public.weekly_base_plans p where p.user_id = p_user and p.week_start_date = p_week
  order by p.status::text = 'archived', p.created_at desc limit 1;
$$;
