-- Until when a budget is used up for a call of this size (by default the smallest). Null: it is free now, or not known.
create or replace function durable.budget_free_at(
  p_name text, p_input bigint default 0, p_output bigint default 0, p_now timestamptz default clock_timestamp())
returns timestamptz language sql stable set search_path = '' as $$
  select p_now + make_interval(secs => w.seconds)
  from durable.budget b, durable.budget_wait(durable.refilled(b, p_now), p_input, p_output, p_now) w (seconds)
  where b.name = p_name and w.seconds > 0;
$$;
