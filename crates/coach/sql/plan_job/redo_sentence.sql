-- How a refused redo is said to a person.
create or replace function coach.redo_sentence(p_obstacle text)
returns text language sql stable set search_path = '' as $$
  select case p_obstacle
    when 'redo_blocked_activated' then 'This plan is in use or archived, so it can no longer be redone.'
    when 'redo_blocked_generating' then 'This plan is still being made. Please wait until it is ready.'
    when 'redo_limit_reached' then format('A plan can be redone %s times a day. Please come back tomorrow.', coach.setting('redos_per_day'))
  end;
$$;
