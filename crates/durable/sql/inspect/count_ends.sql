-- Adds the events after p_after up to p_until to the hours, and to the hour -infinity, which holds the sums of all time. A
-- bucket is 1.1 ^ bucket milliseconds, rounded down. The settings keep the planner from joining a batch with whole tables.
create or replace function durable.count_ends(p_after bigint, p_until bigint)
returns void language plpgsql set search_path = '' set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into durable.ended_hour as h (hour, kind, outcome, bucket, tasks, seconds)
    select coalesce(x.hour, '-infinity'), x.kind, x.type, x.bucket, count(*), sum(x.seconds)
    from (select e.hour, e.kind, e.type, e.seconds, floor(ln(greatest(e.seconds * 1000, 1)) / ln(1.1))::smallint as bucket
          from (select date_trunc('hour', e.at, 'UTC') as hour, t.kind, e.type, extract(epoch from e.at - t.created_at)::double precision as seconds
                from durable.event e join durable.task t on t.id = e.task and t.outcome = e.type
                where e.id > p_after and e.id <= p_until and e.type in ('succeeded', 'failed', 'cancelled')) e) x
    group by grouping sets ((x.hour, x.kind, x.type, x.bucket), (x.kind, x.type, x.bucket))
    on conflict (hour, kind, outcome, bucket) do update set tasks = h.tasks + excluded.tasks, seconds = h.seconds + excluded.seconds;
  insert into durable.failed_hour as h (hour, kind, code, failed, retried, last_at, last_task)
    select coalesce(x.hour, '-infinity'), x.kind, x.code, count(*) filter (where x.type = 'failed'), count(*) filter (where x.type <> 'failed'),
      max(x.at), (array_agg(x.task order by x.id desc))[1]
    from (select date_trunc('hour', e.at, 'UTC') as hour, t.kind, coalesce(e.data ->> 'code', 'UNKNOWN') as code, e.type, e.at, e.task, e.id
          from durable.event e join durable.task t on t.id = e.task
          where e.id > p_after and e.id <= p_until and (e.type = 'failed' or e.type in ('retried', 'lost') and e.data ? 'code')) x
    group by grouping sets ((x.hour, x.kind, x.code), (x.kind, x.code))
    on conflict (hour, kind, code) do update set failed = h.failed + excluded.failed, retried = h.retried + excluded.retried,
      last_at = greatest(h.last_at, excluded.last_at), last_task = excluded.last_task;
  insert into durable.spent_hour as h (hour, kind, model, calls, input_tokens, output_tokens, cost)
    select coalesce(x.hour, '-infinity'), x.kind, x.model, sum(x.begun), coalesce(sum(x.input), 0), coalesce(sum(x.output), 0), sum(x.cost)
    from (select date_trunc('hour', e.at, 'UTC') as hour, t.kind, s.begun, s.cost,
            coalesce(s.usage ->> 'model', s.usage ->> 'provider', substring(s.name from '[^ ]+$'), '') as model,
            case when jsonb_typeof(s.usage -> 'input_tokens') = 'number' then (s.usage ->> 'input_tokens')::numeric end as input,
            case when jsonb_typeof(s.usage -> 'output_tokens') = 'number' then (s.usage ->> 'output_tokens')::numeric end as output
          from durable.event e join durable.task t on t.id = e.task and t.outcome = e.type join durable.step s on s.task = t.id
          where e.id > p_after and e.id <= p_until and e.type in ('succeeded', 'failed', 'cancelled') and (s.cost > 0 or s.usage is not null)) x
    group by grouping sets ((x.hour, x.kind, x.model), (x.kind, x.model))
    on conflict (hour, kind, model) do update set calls = h.calls + excluded.calls, input_tokens = h.input_tokens + excluded.input_tokens,
      output_tokens = h.output_tokens + excluded.output_tokens, cost = h.cost + excluded.cost;
end $$;
