-- The grants on athletes' schedules. Adds, never takes.
create or replace function coach.grant_plan_schedules()
returns void language plpgsql set search_path = '' as $$
begin
  grant select, insert, update, delete on public.plan_schedules to service_role;
  grant select on public.plan_schedules to authenticated;
end $$;
