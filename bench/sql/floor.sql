-- What a task engine's enqueue is measured by: a row with an id and a payload, and nothing else.
create schema bench;
create table bench.job (
  id uuid primary key,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);
