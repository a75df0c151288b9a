-- The cancel hook did its work: the handle is forgotten, with an event.
create or replace function durable.drop_loose_handle(p_task uuid, p_step text, p_now timestamptz default clock_timestamp())
returns void language plpgsql set search_path = '' as $$
begin
  delete from durable.loose_handle where task = p_task and step = p_step;
  if found then
    perform durable.note(p_task, 'handle_cancelled', jsonb_build_object('step', p_step), p_now);
  end if;
end $$;
