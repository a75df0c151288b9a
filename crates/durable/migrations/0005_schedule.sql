-- Schedules: at every fire time of a cron pattern, one task. Cron and time zone are understood by the workers, so next_at
-- is theirs to compute; who advances it from the value it has read has fired it.
create table durable.schedule (
  name text primary key,
  kind text not null,
  input jsonb not null,
  cron text not null,
  time_zone text not null,
  misfire text not null check (misfire in ('skip', 'one', 'all')),
  misfire_cap integer not null default 10 check (misfire_cap > 0),  -- for 'all'
  enabled boolean not null default true,
  next_at timestamptz not null check (next_at = date_trunc('second', next_at)),
  last_at timestamptz,                      -- the latest fire time that a task was spawned for
  missed bigint not null default 0          -- fire times that passed without a task of their own
);
create index schedule_next on durable.schedule (next_at) where enabled;
