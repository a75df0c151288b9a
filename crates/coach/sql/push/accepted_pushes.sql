-- The pushes of a notification whose receipts are to come, and how long ago each was accepted.
create or replace function coach.accepted_pushes(p_notification text, p_now timestamptz default clock_timestamp())
returns table (push_token text, sends integer, receipt_id text, age_seconds double precision)
language plpgsql stable set search_path = '' as $$
declare
  v_id public.user_notifications.id%type := p_notification;
begin
  return query
    select k.push_token_id::text, k.sends, k.receipt_id, extract(epoch from p_now - k.accepted_at)::double precision
    from coach.push_ticket k where k.notification_id = v_id and k.state = 'accepted' order by k.push_token_id;
end $$;
