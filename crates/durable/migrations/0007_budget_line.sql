-- Callers of a used-up budget are told one after the other when to ask again.
alter table durable.budget
  add column line_until timestamptz not null default '2000-01-01';  -- when the last of them has had its turn
