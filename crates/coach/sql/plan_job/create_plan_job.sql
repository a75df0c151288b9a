-- Asks for a weekly plan: what the HTTP function create-plan-job does, with the same answers. p_options holds the other
-- fields of its body. A profile that is no good makes a job that fails with INVALID_PROFILE.
create or replace function public.create_plan_job(p_profile_snapshot jsonb, p_options jsonb default '{}')
returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  v_options jsonb := case when jsonb_typeof(p_options) = 'object' then p_options else '{}' end;
  v_user uuid := coach.user_of(v_options ->> 'userId');
  v_key text := v_options ->> 'idempotencyKey';
  v_hash bytea;
  v_answer jsonb;
begin
  perform coach.lock_user(v_user, 'weekly_plan');
  if v_key is not null then
    v_hash := sha256(convert_to(jsonb_build_array(p_profile_snapshot, v_options - 'idempotencyKey' - 'userId')::text, 'UTF8'));
    v_answer := coach.recall_answer(v_user, 'weekly_plan', v_key, v_hash);
    if v_answer is not null then
      return v_answer;
    end if;
  end if;
  v_answer := coach.request_weekly_plan(v_user, p_profile_snapshot, v_options);
  if v_key is not null then
    perform coach.remember_answer(v_user, 'weekly_plan', v_key, v_hash, v_answer);
  end if;
  return v_answer;
end $$;

revoke all on function public.create_plan_job(jsonb, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_plan_job(jsonb, jsonb) to authenticated, service_role;
