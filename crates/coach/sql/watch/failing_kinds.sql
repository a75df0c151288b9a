-- Kinds of task of which too many failed of late. Those that the athlete can mend alone do not count, and cancelled tasks are no tasks.
-- The failures are counted first: there is an index of them, and hardly ever anything beyond.
create or replace function coach.failing_kinds(p_terms jsonb, p_now timestamptz)
returns table (about text, figures jsonb) language sql stable set search_path = '' as $$
  select f.kind, jsonb_build_object('failed', f.failed, 'ended', e.ended, 'minutes', (p_terms -> 'window_minutes'))
  from (
    select t.kind, count(*) as failed
    from (select e.task from durable.event e
          where e.type = 'failed' and e.at > p_now - make_interval(mins => (p_terms ->> 'window_minutes')::integer) and e.at <= p_now
            and not exists (select from coach.error c where c.code = e.data ->> 'code' and c.explains_itself)
          order by e.at desc limit 10000) e
      join durable.task t on t.id = e.task
    group by t.kind) f,
    lateral (
      select count(*) as ended from durable.event e join durable.task t on t.id = e.task and t.kind = f.kind
      where e.type in ('succeeded', 'failed') and e.at > p_now - make_interval(mins => (p_terms ->> 'window_minutes')::integer)
        and e.at <= p_now) e
  where (p_terms ->> 'failed_percent')::integer > 0 and e.ended >= (p_terms ->> 'failed_least')::integer
    and f.failed * 100 >= (p_terms ->> 'failed_percent')::integer * e.ended;
$$;
