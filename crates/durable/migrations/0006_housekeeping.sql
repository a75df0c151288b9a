-- Where rows live for moments (ready, timer, run, parked), a table is as large as what died in it since its last vacuum.
-- So vacuum follows the count of dead rows, not a share of the living, and does not pause: these tables are small when it
-- is on time. It keeps the empty pages at the end: giving them back takes an exclusive lock, and they fill again at once.
-- Rows are never updated there, so pages are filled whole (fillfactor 100, the default).
alter table durable.ready set (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
alter table durable.timer set (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
alter table durable.run set (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
alter table durable.parked set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);

-- Where history lies for weeks, pruning frees a little every minute at the old end. At the default share of 20 % a table
-- of a month would grow by six days before that space is used again; at 2 % by half a day.
alter table durable.task set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table durable.step set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table durable.event set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- What prune looks for: the ends of tasks, oldest first. One entry a task, always at the index's right edge; without it
-- prune would read all events to find that none is old enough.
create index event_end on durable.event (at) where type in ('succeeded', 'failed', 'cancelled');
