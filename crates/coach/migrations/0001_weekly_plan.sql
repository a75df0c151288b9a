-- The tables of the weekly plan flow. Those of the contract may exist already: then only what they lack is added, and
-- their rows, grants and policies stay as they are.

create table coach.setting (
  name text primary key,
  value jsonb not null
);

-- What may go wrong with a job: what follows, and how it is said to a person.
create table coach.error (
  code text primary key,
  retry text not null,
  sentence text not null,
  explains_itself boolean not null        -- the failing task's own message is written for the person and says more
);

-- Answers by idempotency key, kept for 24 hours. The request is only a hash: profiles stay in their one row.
create table coach.idempotency (
  user_id uuid not null,
  flow text not null,
  key text not null,
  request_hash bytea not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (user_id, flow, key)
);
create index idempotency_age on coach.idempotency (created_at);

-- Tables of the contract that were here before us.
create table coach.adopted_table (name text primary key);
insert into coach.adopted_table (name)
  select relname from pg_catalog.pg_class
  where relnamespace = 'public'::regnamespace
    and relname in ('plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications');

do $$ begin
  if to_regtype('public.plan_job_status') is null then
    create type public.plan_job_status as enum ('pending', 'processing', 'completed', 'failed');
  end if;
end $$;

create table if not exists public.plan_generation_jobs (id uuid primary key default gen_random_uuid());
alter table public.plan_generation_jobs
  add column if not exists user_id uuid not null default auth.uid(),
  add column if not exists status public.plan_job_status not null default 'pending',
  add column if not exists profile_snapshot jsonb not null,
  add column if not exists result_plan_id uuid,
  add column if not exists error_message text,
  add column if not exists error_code text,
  add column if not exists retry_count integer not null default 0,
  add column if not exists max_retries integer not null default 3,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists started_at timestamptz,
  add column if not exists completed_at timestamptz,
  add column if not exists worker_id text,
  add column if not exists locked_until timestamptz,
  add column if not exists cycle_week_start_date date,
  add column if not exists target_plan_id uuid,
  add column if not exists is_redo boolean not null default false,
  add column if not exists request_reason text,
  add column if not exists redo_type text,
  add column if not exists source_plan_id uuid;

create table if not exists public.weekly_base_plans (id uuid primary key default gen_random_uuid());
alter table public.weekly_base_plans
  add column if not exists user_id uuid not null default auth.uid(),
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists days jsonb not null,
  add column if not exists is_locked boolean not null default false,
  add column if not exists version integer not null default 1,
  add column if not exists status text not null default 'generated',
  add column if not exists week_start_date date,
  add column if not exists generated_at timestamptz,
  add column if not exists activated_at timestamptz,
  add column if not exists deactivated_at timestamptz,
  add column if not exists generation_job_id uuid,
  add column if not exists redo_used boolean not null default false,
  add column if not exists redo_reason text,
  add column if not exists redo_count_today integer not null default 0,
  add column if not exists last_redo_date date,
  add column if not exists original_plan_id uuid;

create table if not exists public.push_tokens (id uuid primary key default gen_random_uuid());
alter table public.push_tokens
  add column if not exists user_id uuid not null default auth.uid(),
  add column if not exists token text not null,
  add column if not exists device_info jsonb,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists updated_at timestamptz not null default now(),
  add column if not exists disabled_at timestamptz;

create table if not exists public.user_notifications (id uuid primary key default gen_random_uuid());
alter table public.user_notifications
  add column if not exists user_id uuid not null default auth.uid(),
  add column if not exists title text,
  add column if not exists body text,
  add column if not exists type text,
  add column if not exists screen text,
  add column if not exists data jsonb not null default '{}',
  add column if not exists delivered boolean not null default false,
  add column if not exists read boolean not null default false,
  add column if not exists created_at timestamptz not null default now();

-- What holds for tables that are ours from the start. Older rows need not agree, so adopted tables go without.
do $$
declare
  v_new text[] := array(select t from unnest(array['plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications']) t
    where t not in (select name from coach.adopted_table));
  v_table text;
begin
  foreach v_table in array v_new loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on public.%I from public, anon, authenticated, service_role', v_table);
  end loop;
  if 'plan_generation_jobs' = any (v_new) then
    alter table public.plan_generation_jobs
      add constraint plan_generation_jobs_profile_size check (octet_length(profile_snapshot::text) <= 262144),
      add constraint plan_generation_jobs_retries check (retry_count >= 0 and max_retries >= 0),
      add constraint plan_generation_jobs_reason_size check (char_length(request_reason) <= 500),
      add constraint plan_generation_jobs_redo_type check (redo_type in ('workout', 'nutrition', 'both'));
  end if;
  if 'weekly_base_plans' = any (v_new) then
    alter table public.weekly_base_plans
      add constraint weekly_base_plans_status check (status in ('pending', 'generating', 'generated', 'active', 'archived')),
      add constraint weekly_base_plans_seven_days check (generation_job_id is null or (jsonb_typeof(days) = 'object'
        and days ?& array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
        and days - array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] = '{}'));
  end if;
  if 'push_tokens' = any (v_new) then
    alter table public.push_tokens
      add constraint push_tokens_token_size check (char_length(token) between 1 and 4096),
      add constraint push_tokens_device_size check (octet_length(device_info::text) <= 16384);
  end if;
end $$;

-- A row is its maker's unless it says otherwise.
alter table public.plan_generation_jobs alter column user_id set default auth.uid();
alter table public.weekly_base_plans alter column user_id set default auth.uid();
alter table public.push_tokens alter column user_id set default auth.uid();
alter table public.user_notifications alter column user_id set default auth.uid();

-- Rows go with their user where there are accounts.
select coach.go_with_user(t) from unnest(array['public.plan_generation_jobs', 'public.weekly_base_plans', 'public.push_tokens',
  'public.user_notifications', 'coach.idempotency']::regclass[]) t;

-- One active job a user, one row a token.
select coach.add_unique('public.plan_generation_jobs', 'plan_generation_jobs_one_active', array['user_id'],
  'status in (''pending'', ''processing'')');
select coach.add_unique('public.push_tokens', 'push_tokens_user_token', array['user_id', 'token']);

create index plan_generation_jobs_newest on public.plan_generation_jobs (user_id, created_at desc);
create index plan_generation_jobs_ended on public.plan_generation_jobs (completed_at) where status in ('completed', 'failed');
create index plan_generation_jobs_active on public.plan_generation_jobs (created_at) where status in ('pending', 'processing');
create index weekly_base_plans_cycle on public.weekly_base_plans (user_id, week_start_date, created_at desc);
create index push_tokens_token on public.push_tokens (token) where disabled_at is null;
create index user_notifications_newest on public.user_notifications (user_id, created_at desc);

-- A user's own rows; service_role where it is not exempt from row level security already.
do $$
declare
  v_table text;
  v_own text := '(user_id = (select auth.uid()))';
begin
  foreach v_table in array array['plan_generation_jobs', 'weekly_base_plans', 'push_tokens', 'user_notifications'] loop
    execute format('create policy mesocycle_select_own on public.%I for select to authenticated using %s', v_table, v_own);
    execute format('create policy mesocycle_service on public.%I to service_role using (true) with check (true)', v_table);
    if v_table <> 'user_notifications' then
      execute format('create policy mesocycle_insert_own on public.%I for insert to authenticated with check %s', v_table, v_own);
    end if;
    if v_table <> 'plan_generation_jobs' then
      execute format('create policy mesocycle_update_own on public.%I for update to authenticated using %s with check %s',
        v_table, v_own, v_own);
    end if;
    if v_table in ('weekly_base_plans', 'push_tokens') then
      execute format('create policy mesocycle_delete_own on public.%I for delete to authenticated using %s', v_table, v_own);
    end if;
  end loop;
end $$;

select coach.grant_tables();
