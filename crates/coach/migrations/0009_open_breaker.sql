-- Which workers do not ask a provider for a while, since it kept failing: a breaker is its process's own, and this is how others know.
create table coach.open_breaker (
  provider text not null,
  worker bigint not null,                   -- durable.worker
  code text not null,                       -- of the last failure, by section 4 of the contract
  opened_at timestamptz not null default clock_timestamp(),
  open_until timestamptz not null,          -- then one call tries, and decides
  primary key (provider, worker)
);
