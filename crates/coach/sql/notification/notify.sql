-- Notes the notification that a job's end brings its user, and queues its push, in the transaction that ends the job.
-- p_data holds the type that chooses the text and, perhaps, a screen. p_language is a tag such as 'de' or 'de-AT'; another
-- language than those there are, or none, reads English. p_explanation takes the place of the text's body: a sentence in
-- English that was written for this person. One job brings one notification, so the job's id is the push's collapse id.
create or replace function coach.notify(
  p_user uuid, p_job uuid, p_data jsonb, p_language text default null, p_code text default null, p_explanation text default null)
returns void language plpgsql set search_path = '' as $$
declare
  v_type text := p_data ->> 'type';
  v_language text := lower(split_part(translate(coalesce(p_language, ''), '_', '-'), '-', 1));
  v_text coach.notification_text;
  v_notification text;
begin
  select * into v_text from coach.notification_text x
    where x.type = v_type and x.code in ('', coalesce(p_code, '')) and x.language in ('en', v_language)
    order by x.language = 'en', x.code = '' limit 1;
  insert into public.user_notifications (user_id, title, body, type, screen, data, delivered, read, created_at)
    values (p_user, v_text.title, case v_text.language when 'en' then coalesce(p_explanation, v_text.body) else v_text.body end,
      v_type, p_data ->> 'screen', p_data, false, false, clock_timestamp())
    returning id::text into v_notification;
  perform durable.spawn(gen_random_uuid(), 'send_push',
    jsonb_build_object('notification_id', v_notification, 'job_id', p_job));
end $$;
