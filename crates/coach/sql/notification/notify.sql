-- Notes a notification for a user, in the transaction that brings it about. p_data holds its type and, perhaps, a screen.
create or replace function coach.notify(p_user uuid, p_title text, p_body text, p_data jsonb)
returns void language sql set search_path = '' as $$
  insert into public.user_notifications (user_id, title, body, type, screen, data, delivered, read, created_at)
  values (p_user, p_title, p_body, p_data ->> 'type', p_data ->> 'screen', p_data, false, false, clock_timestamp());
$$;
