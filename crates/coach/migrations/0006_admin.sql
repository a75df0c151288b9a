-- Who may look at and act on everything beside the service role: keys of which only a hash is kept.
create table coach.admin_key (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 100),
  hash bytea not null unique,               -- SHA-256: a key is random, so nothing slower is needed
  permissions text[] not null check (permissions <@ array['read', 'act', 'reveal']),
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz,                 -- to the minute
  revoked_at timestamptz
);

-- Lists of plans, newest first.
create index weekly_base_plans_listed on public.weekly_base_plans (created_at, id);
create index workout_plans_listed on public.workout_plans (created_at, id);
