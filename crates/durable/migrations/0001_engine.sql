-- The engine's tables. A task is in exactly one place: ready, timer, parked, run, or ended (task.outcome).
-- Whoever deletes the row from its place moves the task; that delete is the lock, so no state column is needed.

-- The ticket drawn when a task becomes ready is also the fencing token of the attempt that claims it: a ready row is
-- claimed once and every return to ready draws a larger one. Cache must stay 1, so that "drawn earlier" means "smaller".
create sequence durable.ticket cache 1;

create table durable.kind (
  name text primary key,
  queue text not null,
  on_transition text,                       -- schema.function(durable.transition) returns void
  max_retries integer not null default 3,
  max_losses integer not null default 3,    -- takeovers after lost workers; one more loss fails the task
  run_limit interval not null default '15 minutes'
);

create table durable.error_class (
  code text primary key,
  retry text not null check (retry in ('never', 'at_once', 'backoff'))
);

-- The cold header: written at spawn and at the end. Fillfactor 50 keeps room for that one update in the same page, and
-- no index covers a column that it changes, so the update stays heap-only.
create table durable.task (
  id uuid primary key,
  kind text not null,
  queue text not null,
  lane smallint not null default 0,         -- smaller is served first
  input jsonb not null,
  max_retries integer not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('succeeded', 'failed', 'cancelled')),
  retries integer not null default 0,       -- as they stood at the end
  losses integer not null default 0,
  output jsonb,
  error_code text,
  error_message text
) with (fillfactor = 50);

-- What may be claimed now and nothing else. Rows live for moments, so vacuum follows the count of dead ones, not a share.
create table durable.ready (
  queue text not null,
  lane smallint not null,
  ticket bigint not null default nextval('durable.ticket'),
  task uuid not null,
  retries integer not null,
  losses integer not null,
  primary key (queue, lane, ticket)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create unique index ready_task on durable.ready (task);

create table durable.timer (
  task uuid primary key,
  due_at timestamptz not null,
  reason text not null,
  retries integer not null,
  losses integer not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index timer_due on durable.timer (due_at);

create table durable.parked (
  task uuid primary key,
  since timestamptz not null,
  reason text not null,
  retries integer not null,
  losses integer not null
);

create table durable.worker (
  id bigint generated always as identity primary key,
  name text not null unique,
  queues text[] not null,
  external boolean not null,                -- works through SQL functions, one lease per claim
  started_at timestamptz not null,
  lease_until timestamptz not null
) with (fillfactor = 50);

create table durable.run (
  task uuid primary key,
  token bigint not null,
  worker bigint not null,
  retries integer not null,
  losses integer not null,
  started_at timestamptz not null,
  run_until timestamptz                     -- null: an external worker's lease is its only limit
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index run_worker on durable.run (worker);

-- The journal: begun is the intent, written before the work; done carries the output and is replayed.
create table durable.step (
  task uuid not null,
  name text not null,
  request_hash text not null,
  state text not null check (state in ('begun', 'done')),
  begun integer not null default 1,         -- how often the work was started; more than 1 is an ambiguous repeat
  output jsonb,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (task, name)
);

-- Append-only. Read by cursor only below pg_snapshot_xmin: ids alone skip transactions that commit late.
create table durable.event (
  id bigint generated always as identity primary key,
  transaction_id xid8 not null default pg_current_xact_id(),
  task uuid not null,
  at timestamptz not null,
  type text not null,
  data jsonb not null default '{}'
);
create index event_task on durable.event (task, id);

-- What a hook is told about one transition. from_state is null at spawn.
create type durable.transition as (
  task uuid, kind text, input jsonb, from_state text, to_state text, retries integer, losses integer,
  token bigint, worker_name text, external boolean, lease_until timestamptz, run_until timestamptz,
  output jsonb, error_code text, error_message text, at timestamptz
);
