-- Notes that the operator was told of an alert, or of its end, by the one who looks; who may go on looking for another minute.
create or replace function coach.alert_told(
  p_holder uuid, p_alert text, p_about text, p_ended boolean, p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
begin
  update coach.watch w set held_until = p_now + interval '1 minute' where w.holder = p_holder;
  if not found then
    return;
  end if;
  if p_ended then
    delete from coach.standing_alert a where a.alert = p_alert and a.about = p_about;
  else
    update coach.standing_alert a set told_at = p_now where a.alert = p_alert and a.about = p_about;
  end if;
end $$;
