-- What a person reads about an error code. A message that the failing task wrote for the person comes first where its code
-- says so.
create or replace function coach.sentence(p_code text, p_message text default null)
returns text language sql stable set search_path = '' as $$
  select case when e.explains_itself then coalesce(nullif(btrim(p_message), ''), e.sentence) else e.sentence end
  from coach.error e
  where e.code in (p_code, 'UNKNOWN')
  order by e.code = 'UNKNOWN' limit 1;
$$;
