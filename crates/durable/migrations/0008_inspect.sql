-- What an operator's lists and figures are read from, without a count over all tasks.

-- Lists of tasks, newest first. No column here changes after the spawn, so the header's one update stays heap-only.
create index task_newest on durable.task (created_at, id);
create index task_key on durable.task (key collate "C", created_at, id) where key is not null;
-- Written by what went wrong alone: a success does not pay for it.
create index event_ended_badly on durable.event (at, task) where type in ('failed', 'cancelled');

-- How far the events have been counted. One row. An event id is settled once no transaction runs that may still bring a
-- smaller one to light: those that were running at a look, after the id had been drawn at the look before.
create table durable.counted (
  event bigint not null default 0,          -- counted up to here
  settled bigint not null default 0,
  awaited bigint,                           -- settled once no transaction below awaited_xmax runs
  awaited_xmax xid8,
  drawn bigint not null default 0           -- the last id drawn at the latest look
);
insert into durable.counted default values;

-- Sums of what has ended, each in its hour and its day of UTC and in the sum of all time, whose "at" is -infinity: a window of
-- hours is read from hours, a longer one from days. Times go to a bucket: 1.1 ^ bucket milliseconds, rounded down.
create table durable.ended_sum (
  span text not null check (span in ('hour', 'day', 'ever')),
  at timestamptz not null,
  kind text not null,
  outcome text not null,
  bucket smallint not null,                 -- from spawn to end
  tasks bigint not null,
  seconds double precision not null,        -- the sum
  primary key (span, at, kind, outcome, bucket)
);

-- Attempts that ended badly, by code.
create table durable.error_sum (
  span text not null check (span in ('hour', 'day', 'ever')),
  at timestamptz not null,
  kind text not null,
  code text not null,
  failed bigint not null,                   -- for good
  retried bigint not null,
  last_at timestamptz not null,
  last_task uuid not null,
  primary key (span, at, kind, code)
);

-- What the steps of ended tasks used, at the task's end.
create table durable.spent_sum (
  span text not null check (span in ('hour', 'day', 'ever')),
  at timestamptz not null,
  kind text not null,
  model text not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost bigint not null,                     -- micro-dollars
  primary key (span, at, kind, model)
);
