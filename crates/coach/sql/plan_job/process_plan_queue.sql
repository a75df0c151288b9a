-- Kept for apps and crons that call it: the workers need no trigger. Names the next due job (a user's own, or the one that
-- is already being worked on), claims nothing. Raises 503 when no worker of ours is alive.
create or replace function public.process_plan_queue()
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  v_service boolean := coach.is_service();
  v_job uuid;
begin
  if not v_service and auth.uid() is null then
    perform coach.refuse(401, 'UNAUTHORIZED', 'Please sign in first.');
  end if;
  if not durable.has_worker('weekly_plan') then
    perform coach.refuse(503, 'NO_WORKER', 'No worker is running that could make plans. Start one with: mesocycle work');
  end if;
  if v_service then
    select r.task into v_job from durable.ready r where r.queue = 'weekly_plan' order by r.queue, r.lane, r.ticket limit 1;
    if v_job is null then
      select d.task into v_job from durable.timer d join durable.task t on t.id = d.task
        where d.due_at <= now() and t.queue = 'weekly_plan' order by d.due_at limit 1;
    end if;
  else
    select j.id into v_job from public.plan_generation_jobs j
      where j.user_id = auth.uid() and j.status in ('pending', 'processing')
        and not exists (select from durable.timer d where d.task = j.id and d.due_at > now())
        and not exists (select from durable.parked p where p.task = j.id)
      order by j.status = 'processing', j.created_at limit 1;
  end if;
  if v_job is null then
    return jsonb_build_object('success', true, 'status', 'no_jobs', 'noJobsAvailable', true);
  end if;
  return jsonb_build_object('success', true, 'jobId', v_job, 'status', 'processing');
end $$;

revoke all on function public.process_plan_queue() from public, anon, authenticated, service_role;
grant execute on function public.process_plan_queue() to authenticated, service_role;
