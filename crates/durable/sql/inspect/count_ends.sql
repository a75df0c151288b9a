-- Adds the events after p_after up to p_until to the sums of their hour, their day and all time. The settings keep the planner
-- from joining a batch with whole tables.
create or replace function durable.count_ends(p_after bigint, p_until bigint)
returns void language plpgsql set search_path = '' set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into durable.ended_sum as d (span, at, kind, outcome, bucket, tasks, seconds)
    select case when x.hour is not null then 'hour' when x.day is not null then 'day' else 'ever' end, coalesce(x.hour, x.day, '-infinity'),
      x.kind, x.type, x.bucket, count(*), sum(x.seconds)
    from (select date_trunc('hour', e.at, 'UTC') as hour, date_trunc('day', e.at, 'UTC') as day, e.kind, e.type, e.seconds,
            floor(ln(greatest(e.seconds * 1000, 1)) / ln(1.1))::smallint as bucket
          from (select e.at, t.kind, e.type, extract(epoch from e.at - t.created_at)::double precision as seconds
                from durable.event e join durable.task t on t.id = e.task and t.outcome = e.type
                where e.id > p_after and e.id <= p_until and e.type in ('succeeded', 'failed', 'cancelled')) e) x
    group by x.kind, x.type, x.bucket, grouping sets ((x.hour), (x.day), ())
    on conflict (span, at, kind, outcome, bucket) do update set tasks = d.tasks + excluded.tasks, seconds = d.seconds + excluded.seconds;
  insert into durable.error_sum as d (span, at, kind, code, failed, retried, last_at, last_task)
    select case when x.hour is not null then 'hour' when x.day is not null then 'day' else 'ever' end, coalesce(x.hour, x.day, '-infinity'),
      x.kind, x.code, count(*) filter (where x.type = 'failed'), count(*) filter (where x.type <> 'failed'),
      max(x.at), (array_agg(x.task order by x.id desc))[1]
    from (select date_trunc('hour', e.at, 'UTC') as hour, date_trunc('day', e.at, 'UTC') as day, t.kind,
            coalesce(e.data ->> 'code', 'UNKNOWN') as code, e.type, e.at, e.task, e.id
          from durable.event e join durable.task t on t.id = e.task
          where e.id > p_after and e.id <= p_until and (e.type = 'failed' or e.type in ('retried', 'lost') and e.data ? 'code')) x
    group by x.kind, x.code, grouping sets ((x.hour), (x.day), ())
    on conflict (span, at, kind, code) do update set failed = d.failed + excluded.failed, retried = d.retried + excluded.retried,
      last_at = greatest(d.last_at, excluded.last_at), last_task = excluded.last_task;
  insert into durable.spent_sum as d (span, at, kind, model, calls, input_tokens, output_tokens, cost)
    select case when x.hour is not null then 'hour' when x.day is not null then 'day' else 'ever' end, coalesce(x.hour, x.day, '-infinity'),
      x.kind, x.model, sum(x.begun), coalesce(sum(x.input), 0), coalesce(sum(x.output), 0), sum(x.cost)
    from (select date_trunc('hour', e.at, 'UTC') as hour, date_trunc('day', e.at, 'UTC') as day, t.kind, s.begun, s.cost,
            coalesce(s.usage ->> 'model', s.usage ->> 'provider', substring(s.name from '[^ ]+$'), '') as model,
            case when jsonb_typeof(s.usage -> 'input_tokens') = 'number' then (s.usage ->> 'input_tokens')::numeric end as input,
            case when jsonb_typeof(s.usage -> 'output_tokens') = 'number' then (s.usage ->> 'output_tokens')::numeric end as output
          from durable.event e join durable.task t on t.id = e.task and t.outcome = e.type join durable.step s on s.task = t.id
          where e.id > p_after and e.id <= p_until and e.type in ('succeeded', 'failed', 'cancelled') and (s.cost > 0 or jsonb_typeof(s.usage) = 'object')) x
    group by x.kind, x.model, grouping sets ((x.hour), (x.day), ())
    on conflict (span, at, kind, model) do update set calls = d.calls + excluded.calls, input_tokens = d.input_tokens + excluded.input_tokens,
      output_tokens = d.output_tokens + excluded.output_tokens, cost = d.cost + excluded.cost;
end $$;
