-- The plan that a redo is about, after looking whether the redo says what it must. Raises 400.
create or replace function coach.plan_to_redo(
  p_user uuid, p_snapshot jsonb, p_reason text, p_type text, p_source uuid)
returns public.weekly_base_plans language plpgsql stable set search_path = '' as $$
declare
  v_plan public.weekly_base_plans;
begin
  if coalesce(btrim(p_reason), '') = '' or char_length(p_reason) > 500 then
    perform coach.refuse(400, 'INVALID_REQUEST', 'redoReason must say in 1 to 500 characters what should be different.');
  end if;
  if p_type not in ('workout', 'nutrition', 'both') then
    perform coach.refuse(400, 'INVALID_REQUEST', 'redoType must be workout, nutrition or both.');
  end if;
  if p_source is null then
    v_plan := coach.plan_of_cycle(p_user, coach.cycle_start(p_snapshot));
    if v_plan.id is null then
      perform coach.refuse(400, 'INVALID_REQUEST', 'There is no plan of this week to redo.');
    end if;
  else
    select p.* into v_plan from public.weekly_base_plans p where p.id = p_source and p.user_id = p_user;
    if v_plan.id is null then
      perform coach.refuse(400, 'INVALID_REQUEST', 'sourcePlanId must be one of your own plans.');
    end if;
  end if;
  return v_plan;
end $$;
