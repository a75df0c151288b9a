-- Queues that may be paused and limited, deadlines, children, tasks that are spawned once, dead letters.

-- Functions whose parameters or result change are made anew after this.
drop function if exists durable.spawn(uuid, text, jsonb, integer, timestamptz, integer, timestamptz);
drop function if exists durable.claim(bigint, text, integer, timestamptz);
drop function if exists durable.beat(bigint, uuid[], bigint[], interval, timestamptz);
drop function if exists durable.finish(uuid, text, jsonb, text, text, timestamptz);
drop function if exists durable.end_task(
  uuid, text, text, jsonb, text, text, integer, integer, bigint, bigint, timestamptz, timestamptz, boolean);

-- The row * holds the limit of all queues together.
create table durable.queue (
  name text primary key,
  max_running integer check (max_running >= 1),   -- attempts at once over all workers; null: no limit
  max_per_key integer check (max_per_key >= 1),   -- likewise for each key (such as a user) of the queue's tasks
  paused_at timestamptz,
  paused_because text
);
insert into durable.queue (name) select '*' union select k.queue from durable.kind k;

-- How much of a limit is in use. A task takes a slot of each of its limits before it may enter ready, and gives them back
-- when it leaves ready or run for anything but the other of the two. Rows are updated in place often and few: fillfactor
-- 50 and no second index keep the updates heap-only.
create table durable.concurrency (
  name text primary key,                          -- 'key <queue> <key>', 'queue <queue>' or 'total': in this order they are locked
  capacity integer not null,
  used integer not null default 0 check (used >= 0)
) with (fillfactor = 50);

alter table durable.task
  add column key text,                            -- what max_per_key counts by
  add column deadline timestamptz,                -- ends the task wherever it is then
  add column replay_of uuid,
  add column watched boolean not null default false;  -- a parent waits, or waited, for it

-- The limits of which a task holds a slot; null for none, which costs nothing.
alter table durable.ready add column slots text[];
alter table durable.timer add column slots text[];
alter table durable.run add column slots text[];

-- What may not run for another reason than time. A person decides, a limit has room again, children end, a queue resumes.
alter table durable.parked
  add column wait text not null default 'person' check (wait in ('person', 'limit', 'children', 'pause')),
  add column waits_on text,                       -- the limit, the step with the children, or the queue
  add column remaining integer,                   -- children that have not ended
  add column lane smallint not null default 0,
  add column slots text[];
create index parked_limit on durable.parked (waits_on, lane, since) where wait = 'limit';
create index parked_pause on durable.parked (waits_on, since) where wait = 'pause';

-- Deadlines of tasks that have one, until they pass: a task's end does not look here, so it costs nothing there.
create table durable.deadline (
  task uuid primary key,
  at timestamptz not null
);
create index deadline_at on durable.deadline (at);

-- Which task was spawned for a key that is to be served once.
create table durable.once (
  kind text not null,
  key text not null,
  task uuid not null,
  primary key (kind, key)
);
create index once_task on durable.once (task);

-- The children that a step of a parent waits for. A child may have many parents.
create table durable.child (
  parent uuid not null,
  step text not null,
  position integer not null,
  child uuid not null,
  tolerated boolean not null,                     -- its failure does not fail the step
  done boolean not null default false,
  primary key (parent, step, position)
);
create index child_child on durable.child (child);

-- Children whose parent ended before them, to be cancelled by a duty unless another parent wants them: in the parent's own
-- transaction the two would be locked in the opposite order of a child's end.
create table durable.orphan (
  task uuid primary key
);

-- Tasks that failed for good and that nobody has replayed. A table, since an index on the header's outcome would make
-- every completion touch it.
create table durable.dead_letter (
  task uuid primary key,
  at timestamptz not null
);
create index dead_letter_at on durable.dead_letter (at);
insert into durable.dead_letter (task, at) select t.id, t.ended_at from durable.task t where t.outcome = 'failed';

-- Where the claims of a queue and lane start. Below it nothing is ready and nothing can become so, but while a long
-- transaction anywhere keeps vacuum from its work, every row that was ever claimed still stands there to be stepped over.
create table durable.lane (
  queue text not null,
  lane smallint not null,
  floor bigint not null default 0,
  primary key (queue, lane)
) with (fillfactor = 50);
insert into durable.lane (queue, lane)
  select q.name, 0 from durable.queue q where q.name <> '*' union select r.queue, r.lane from durable.ready r
  union select t.queue, t.lane from durable.task t where t.outcome is null;

-- The next floor: a ticket, and who wrote to ready when it was the last one drawn. Once they have all ended, no smaller
-- ticket can come to light. One row.
create table durable.horizon (
  ticket bigint not null,
  writers text[] not null,
  looked_at timestamptz not null
);
insert into durable.horizon (ticket, writers, looked_at) values (0, '{}', '-infinity');

-- To try the parent again would find the same child failed.
insert into durable.error_class (code, retry) values ('CHILD_FAILED', 'never') on conflict (code) do nothing;
