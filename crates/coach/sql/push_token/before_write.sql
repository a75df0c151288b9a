-- Before insert or update of a push token: a device that reports again is live again.
create or replace function coach.renew_push_token()
returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    new.created_at := coalesce(new.created_at, clock_timestamp());
  elsif new.disabled_at is distinct from old.disabled_at then
    new.updated_at := clock_timestamp();
    return new;
  end if;
  new.disabled_at := null;
  new.updated_at := clock_timestamp();
  return new;
end $$;
