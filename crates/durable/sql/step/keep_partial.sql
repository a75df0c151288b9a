-- Writes how far a begun step has come (a cursor and what was read up to it), fenced like its handle. The commit does not
-- wait for the disk: a server that crashes may forget the last of them.
create or replace function durable.keep_partial(p_task uuid, p_token bigint, p_name text, p_partial jsonb)
returns boolean language plpgsql set search_path = '' as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  if not durable.holds(p_task, p_token) then
    return false;
  end if;
  update durable.step set partial = p_partial where task = p_task and name = p_name and state = 'begun';
  return found;
end $$;
