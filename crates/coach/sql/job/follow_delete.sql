-- After a delete of an active row (its user was erased, or by hand): the task of the same id is cancelled.
create or replace function coach.follow_delete()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform durable.finish(old.id, 'cancelled', null, 'USER_CANCELLED', null);
  return null;
end $$;
