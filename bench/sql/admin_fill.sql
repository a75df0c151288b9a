-- Tasks as a month of work leaves them: $1 in all, of which one of fifty failed, one of two hundred was cancelled, and the
-- last five of a thousand live. Seeded by their number, so that every run has the same.
with made as (
  select n, md5('task ' || n)::uuid as id, (array['generate_weekly_plan', 'generate_workout_plan', 'send_push'])[1 + n % 3] as kind,
    (array['weekly_plan', 'workout_plan', 'push'])[1 + n % 3] as queue, md5('user ' || n % 50000)::uuid::text as key,
    now() - ($1 - n) * interval '30 days' / $1 as created_at,
    case when n > $1 * 0.995 then null when n % 50 = 7 then 'failed' when n % 200 = 11 then 'cancelled' else 'succeeded' end as outcome,
    (1 + n % 97) * (case when n % 3 = 2 then 0.01 else 1 end) * interval '1 second' as took
  from generate_series(1, $1::integer) n),
task as (
  insert into durable.task (id, kind, queue, input, max_retries, created_at, ended_at, outcome, key, error_code, output)
    select m.id, m.kind, m.queue, jsonb_build_object('job_id', m.id), 3, m.created_at, case when m.outcome is not null then m.created_at + m.took end,
      m.outcome, m.key, case m.outcome when 'failed' then (array['AI_TIMEOUT', 'AI_RATE_LIMIT', 'VALIDATION_FAILED'])[1 + n / 50 % 3] when 'cancelled' then 'USER_CANCELLED' end,
      case m.outcome when 'succeeded' then jsonb_build_object('plan_id', m.id) end
    from made m),
event as (
  insert into durable.event (task, at, type, data)
    select m.id, m.created_at + m.took, m.outcome, jsonb_build_object('worker', 'mesocycle-1', 'token', n, 'started_at', m.created_at, 'retries', 0,
      'code', case when m.outcome = 'failed' then (array['AI_TIMEOUT', 'AI_RATE_LIMIT', 'VALIDATION_FAILED'])[1 + n / 50 % 3] end)
    from made m where m.outcome is not null order by n),
step as (
  insert into durable.step (task, name, request_hash, state, output, started_at, ended_at, cost, usage)
    select m.id, 'draft ' || (array['deepseek', 'openai'])[1 + n % 2], md5(n::text), 'done', to_jsonb(repeat('x', 400)), m.created_at, m.created_at + m.took,
      500 + n % 4000, jsonb_build_object('input_tokens', 2000 + n % 500, 'output_tokens', 1000 + n % 300)
    from made m where m.kind <> 'send_push' and m.outcome is not null),
ready as (
  insert into durable.ready (queue, lane, task, retries, losses)
    select m.queue, 0, m.id, 0, 0 from made m where m.outcome is null and n % 5 < 2 order by n),
timer as (
  insert into durable.timer (task, due_at, reason, retries, losses)
    select m.id, now() + n % 1000 * interval '1 minute', 'retry after AI_RATE_LIMIT', 1, 0 from made m where m.outcome is null and n % 5 = 2),
parked as (
  insert into durable.parked (task, since, reason, retries, losses, wait)
    select m.id, m.created_at, 'a step is ambiguous', 0, 0, 'person' from made m where m.outcome is null and n % 5 = 3)
insert into durable.run (task, token, worker, retries, losses, started_at, run_until)
  select m.id, n, 1, 0, 0, now(), now() + interval '1 hour' from made m where m.outcome is null and n % 5 = 4
