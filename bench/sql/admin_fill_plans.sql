-- Plans of half as many.
insert into public.weekly_base_plans (id, user_id, days, status, created_at, version)
  select md5('plan ' || n)::uuid, md5('user ' || n % 50000)::uuid, '{}', 'generated', now() - ($1 - n) * interval '30 days' / $1, 1
  from generate_series(1, $1::integer) n
