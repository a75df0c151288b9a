-- What is watched over, which alerts stand, and how far traces were sent.

-- Who looks after everything just now: one process, until its word runs out. One row.
create table coach.watch (
  holder uuid,
  held_until timestamptz not null default '-infinity'
);
insert into coach.watch default values;

-- Which ticket of the engine was the last one drawn when: a task that is ready under no larger one has been so since then at least.
create table coach.ticket_mark (
  at timestamptz primary key,
  ticket bigint not null
);

-- Alerts that stand, and those that have ended and were not told so yet.
create table coach.standing_alert (
  alert text not null,
  about text not null,                      -- a provider, a queue, a kind of task; empty: the whole service
  since timestamptz not null,
  figures jsonb not null,
  seen_at timestamptz,                      -- when somebody last met it; null: a look finds out whether it stands
  told_at timestamptz,                      -- null: not yet
  ended_at timestamptz,
  primary key (alert, about)
);

-- How far the ends of tasks were sent as traces, and by whom just now. One row.
create table coach.trace_feed (
  event bigint not null default 0,
  holder uuid,
  held_until timestamptz not null default '-infinity'
);
insert into coach.trace_feed default values;

-- An alert was a task once, which a fleet that is dead could not do.
select durable.finish(t.id, 'cancelled') from durable.task t where t.kind = 'alert_operator' and t.outcome is null;
delete from durable.kind where name = 'alert_operator';
delete from durable.queue where name = 'alert';
