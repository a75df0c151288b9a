-- What all workers share in the use of a provider (budgets a minute, by a name of the caller's choice), and what may be
-- spent on it (totals by scope, in micro-dollars).

-- Limits a minute, null: none; and what may be taken of each at refilled_at. One row, updated with every call.
create table durable.budget (
  name text primary key,
  requests bigint check (requests > 0),
  input_tokens bigint check (input_tokens > 0),
  output_tokens bigint check (output_tokens > 0),
  concurrent integer check (concurrent > 0),      -- calls at once
  requests_left double precision,
  input_left double precision,
  output_left double precision,
  refilled_at timestamptz not null,
  blocked_until timestamptz not null default '-infinity'
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Calls that were let through and have not been settled. One that never will be counts as a call at work until expires_at,
-- and as having used what it reserved for good: the bucket fills up by itself.
create table durable.reservation (
  id uuid primary key,
  budget text not null references durable.budget on delete cascade,
  input_tokens bigint not null,
  output_tokens bigint not null,
  expires_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index reservation_budget on durable.reservation (budget, expires_at);

create table durable.spend_total (
  scope text not null,
  day date not null,                              -- UTC; -infinity: of all days
  used bigint not null default 0,
  primary key (scope, day)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

alter table durable.step
  add column spent_on jsonb,                      -- the totals that the latest sending was added to
  add column reservation uuid;                    -- of the latest sending, in its budget

insert into durable.error_class (code, retry) values
  ('SPEND_CAP', 'never'), ('BUDGET_TOO_SMALL', 'never')
on conflict (code) do nothing;
