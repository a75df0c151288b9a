-- After a push token was written: a device belongs to who used it last, so the token is disabled for every other user.
create or replace function coach.take_over_push_token()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.push_tokens t set disabled_at = clock_timestamp()
    where t.token = new.token and t.user_id <> new.user_id and t.disabled_at is null;
  return null;
end $$;
