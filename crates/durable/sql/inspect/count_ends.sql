-- Adds the events after p_after up to p_until to the hours, and to the hour -infinity, which holds the sums of all time.
create or replace function durable.count_ends(p_after bigint, p_until bigint)
returns void language plpgsql set search_path = '' as $$
begin
  insert into durable.ended_hour as h (hour, kind, outcome, bucket, tasks, seconds)
    select a.hour, t.kind, e.type, durable.bucket(w.seconds), count(*), sum(w.seconds)
    from durable.event e join durable.task t on t.id = e.task and t.outcome = e.type,
      lateral (select extract(epoch from e.at - t.created_at)::double precision as seconds) w,
      lateral (values (date_trunc('hour', e.at, 'UTC')), (timestamptz '-infinity')) a (hour)
    where e.id > p_after and e.id <= p_until and e.type in ('succeeded', 'failed', 'cancelled')
    group by 1, 2, 3, 4
    on conflict (hour, kind, outcome, bucket) do update set tasks = h.tasks + excluded.tasks, seconds = h.seconds + excluded.seconds;
  insert into durable.failed_hour as h (hour, kind, code, failed, retried, last_at, last_task)
    select a.hour, t.kind, coalesce(e.data ->> 'code', 'UNKNOWN'),
      count(*) filter (where e.type = 'failed'), count(*) filter (where e.type <> 'failed'),
      max(e.at), (array_agg(e.task order by e.id desc))[1]
    from durable.event e join durable.task t on t.id = e.task,
      lateral (values (date_trunc('hour', e.at, 'UTC')), (timestamptz '-infinity')) a (hour)
    where e.id > p_after and e.id <= p_until and (e.type = 'failed' or e.type in ('retried', 'lost') and e.data ? 'code')
    group by 1, 2, 3
    on conflict (hour, kind, code) do update set failed = h.failed + excluded.failed, retried = h.retried + excluded.retried,
      last_at = greatest(h.last_at, excluded.last_at), last_task = excluded.last_task;
  insert into durable.spent_hour as h (hour, kind, model, calls, input_tokens, output_tokens, cost)
    select a.hour, t.kind, durable.model_of(s), sum(s.begun),
      coalesce(sum(durable.token_count(s.usage -> 'input_tokens')), 0), coalesce(sum(durable.token_count(s.usage -> 'output_tokens')), 0),
      sum(s.cost)
    from durable.event e join durable.task t on t.id = e.task and t.outcome = e.type join durable.step s on s.task = t.id,
      lateral (values (date_trunc('hour', e.at, 'UTC')), (timestamptz '-infinity')) a (hour)
    where e.id > p_after and e.id <= p_until and e.type in ('succeeded', 'failed', 'cancelled')
      and (s.cost > 0 or s.usage is not null)
    group by 1, 2, 3
    on conflict (hour, kind, model) do update set calls = h.calls + excluded.calls, input_tokens = h.input_tokens + excluded.input_tokens,
      output_tokens = h.output_tokens + excluded.output_tokens, cost = h.cost + excluded.cost;
end $$;
