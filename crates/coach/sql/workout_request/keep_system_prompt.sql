-- Keeps the style note of a request as the model will get it, and says in the task's events what became of the rest.
create or replace function coach.keep_system_prompt(p_request uuid, p_text text)
returns void language plpgsql set search_path = '' as $$
declare
  v_limit constant integer := 4000;
begin
  if coalesce(p_text, '') !~ '\S' then
    return;
  elsif not coach.setting('allow_system_prompt')::boolean then
    perform durable.note(p_request, 'system_prompt_left_out', jsonb_build_object('characters', char_length(p_text)));
    return;
  elsif char_length(p_text) > v_limit then
    perform durable.note(p_request, 'system_prompt_cut', jsonb_build_object('characters', char_length(p_text), 'kept', v_limit));
  end if;
  update public.workout_plan_inputs i set system_prompt = left(p_text, v_limit) where i.id = p_request;
end $$;
