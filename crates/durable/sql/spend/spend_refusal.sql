-- Which cap does not allow one more sending of a task's step: {"scope", "used", "cap"}, null when all do. p_terms holds
-- "task_cap" and "caps", [{"scope", "daily", "cap"}]. The totals stay locked to the end of the transaction.
create or replace function durable.spend_refusal(p_task uuid, p_estimate bigint, p_terms jsonb, p_now timestamptz)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_on jsonb := durable.spend_scopes(p_terms, p_now);
  r record;
begin
  for r in
    select 'this task' as scope, (p_terms ->> 'task_cap')::bigint as cap,
      (select coalesce(sum(s.cost), 0) from durable.step s where s.task = p_task) as used
  loop
    if r.used + p_estimate > r.cap then
      return to_jsonb(r);
    end if;
  end loop;
  insert into durable.spend_total (scope, day)
    select c.scope, c.day from jsonb_to_recordset(v_on) c (scope text, day date) order by c.scope, c.day
  on conflict (scope, day) do nothing;
  for r in
    select t.scope, c.cap, t.used from durable.spend_total t
    join jsonb_to_recordset(v_on) c (scope text, day date, cap bigint) on t.scope = c.scope and t.day = c.day
    order by t.scope, t.day for update of t
  loop
    if r.used + p_estimate > r.cap then
      return to_jsonb(r);
    end if;
  end loop;
  return null;
end $$;
