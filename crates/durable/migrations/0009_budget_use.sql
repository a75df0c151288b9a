-- What was used of each budget, by day and by kind of task: what an operator is told of money, also when the tasks are forgotten.
create table durable.budget_use (
  day date not null,                              -- UTC, of the sending
  kind text not null,
  budget text not null,
  calls bigint not null default 0,                -- sendings but those that were taken back
  cost bigint not null default 0,                 -- micro-dollars
  estimated_cost bigint not null default 0,       -- the part of cost that nobody stated: under way, lost, or counted by the caller
  input_tokens bigint not null default 0,         -- stated or counted; what was lost is not in the tokens
  cached_input_tokens bigint not null default 0,  -- those of input_tokens that the provider's cache knew
  output_tokens bigint not null default 0,
  reasoning_tokens bigint not null default 0,     -- those of output_tokens that were thought and not said
  primary key (day, kind, budget)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

alter table durable.step add column budget text;  -- which the latest sending took from
