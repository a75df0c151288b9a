-- What the failing task wrote for the person, where a lock screen may show it: what a doctor is to say is not for others' eyes.
create or replace function coach.explanation(p_code text, p_message text)
returns text language sql stable set search_path = '' as $$
  select nullif(btrim(p_message), '') from coach.error e
  where e.code = p_code and e.explains_itself and e.code <> 'NEEDS_CLEARANCE';
$$;
