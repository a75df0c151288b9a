-- What a person reads about an error code, and what follows. A message that the failing task wrote for the person comes
-- first where its code says so.
create or replace function coach.sentence(p_code text, p_message text, p_final boolean)
returns text language sql stable set search_path = '' as $$
  select case when e.explains_itself then coalesce(nullif(btrim(p_message), ''), e.sentence) else e.sentence end
    || case when e.retry = 'never' then '' when p_final then ' Please try again later.' else ' We are trying again by ourselves.' end
  from coach.error e
  where e.code in (p_code, 'UNKNOWN')
  order by e.code = 'UNKNOWN' limit 1;
$$;
