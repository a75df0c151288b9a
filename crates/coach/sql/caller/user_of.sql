-- The user a call is for: the caller, or the one the service role names. Raises 401 and 400.
create or replace function coach.user_of(p_named text)
returns uuid language plpgsql stable set search_path = '' as $$
declare
  v_user uuid;
begin
  if coach.is_service() then
    v_user := coach.uuid_or_null(p_named);
    if v_user is null then
      perform coach.refuse(400, 'INVALID_REQUEST', 'The service role must name the user in userId, as a uuid.');
    end if;
  else
    v_user := auth.uid();
    if v_user is null then
      perform coach.refuse(401, 'UNAUTHORIZED', 'Please sign in first.');
    end if;
  end if;
  return v_user;
end $$;
