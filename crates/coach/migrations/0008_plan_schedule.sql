-- Athletes' schedules: a new weekly plan at every fire time of a cron pattern in the athlete's zone, one schedule a user.
-- Written by public.schedule_regeneration and by what fires it; users read their own.
create table public.plan_schedules (
  user_id uuid primary key default auth.uid(),
  cron text not null check (char_length(cron) <= 200),
  time_zone text not null check (char_length(time_zone) <= 100),
  enabled boolean not null default true,
  next_at timestamptz,                      -- the next fire time that will make a plan
  last_at timestamptz,                      -- when it last asked for a plan
  last_job_id uuid,                         -- the job of it, which may have been cleaned up
  skipped_at timestamptz,                   -- the latest fire time that asked for none
  skipped_because text,                     -- TOO_SOON, EXISTING, PLAN_EXISTS, NO_PROFILE, TOO_MANY_REQUESTS … of that one
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint plan_schedules_next check (next_at is not null or not enabled)
);
alter table public.plan_schedules enable row level security;
revoke all on public.plan_schedules from public, anon, authenticated, service_role;
create policy mesocycle_select_own on public.plan_schedules for select to authenticated using (user_id = (select auth.uid()));
create policy mesocycle_service on public.plan_schedules to service_role using (true) with check (true);
select coach.grant_plan_schedules();
select coach.go_with_user('public.plan_schedules');

create index plan_schedules_due on public.plan_schedules (next_at) where enabled;
-- Lists of schedules, newest first.
create index plan_schedules_listed on public.plan_schedules (created_at, user_id);
