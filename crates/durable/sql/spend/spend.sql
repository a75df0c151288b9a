-- Adds to (or, for less than nothing, takes from) the totals named by [{"scope", "day"}].
create or replace function durable.spend(p_on jsonb, p_amount bigint)
returns void language sql set search_path = '' as $$
  insert into durable.spend_total as t (scope, day, used)
    select c.scope, c.day, p_amount from jsonb_to_recordset(p_on) c (scope text, day date)
    where p_amount <> 0 group by c.scope, c.day order by c.scope, c.day
  on conflict (scope, day) do update set used = t.used + excluded.used;
$$;
