-- Writes that the due pushes of a notification are about to be sent, and returns them. On the first call each live device of
-- the user gets its ticket; devices that come later do not hear of old news. A ticket found in 'sending' was begun by an
-- attempt that never said how it ended: it goes out again under the same collapse id, and that is counted in repeats.
create or replace function coach.begin_push(p_notification text, p_now timestamptz default clock_timestamp())
returns table (push_token text, token text, sends integer, perhaps_sent boolean, title text, body text, data jsonb)
language plpgsql set search_path = '' as $$
declare
  v_id public.user_notifications.id%type := p_notification;
  v_user uuid := (select n.user_id from public.user_notifications n where n.id = v_id);
begin
  insert into coach.push_ticket (notification_id, push_token_id, due_at)
    select distinct on (t.token) v_id, t.id, p_now from public.push_tokens t
    where t.user_id = v_user and t.disabled_at is null
      and not exists (select from coach.push_ticket k where k.notification_id = v_id)
    order by t.token, t.updated_at desc
    on conflict do nothing;
  update coach.push_ticket k set state = 'gone'
    where k.notification_id = v_id and k.state in ('waiting', 'sending') and not exists (
      select from public.push_tokens t where t.id = k.push_token_id and t.user_id = v_user and t.disabled_at is null);
  return query
    with due as (
      select k.push_token_id, k.state from coach.push_ticket k
      where k.notification_id = v_id and k.state in ('waiting', 'sending') and k.due_at <= p_now
      order by k.push_token_id for update)
    update coach.push_ticket k set state = 'sending', sends = k.sends + 1, begun_at = p_now,
      repeats = k.repeats + (due.state = 'sending')::integer
    from due, public.push_tokens t, public.user_notifications n
    where k.notification_id = v_id and k.push_token_id = due.push_token_id and t.id = k.push_token_id and n.id = v_id
    returning t.id::text, t.token::text, k.sends, due.state = 'sending', n.title::text, n.body::text, n.data;
end $$;
