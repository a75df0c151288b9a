-- Raises 400 when there is nothing to make a plan from, 413 when it is more than 20,000 characters.
create or replace function coach.check_user_profile(p_text text)
returns void language plpgsql set search_path = '' as $$
begin
  if coalesce(p_text, '') !~ '\S' then
    perform coach.refuse(400, 'INVALID_REQUEST', 'userProfile must be a text that says what you want to train for, and how often.');
  elsif char_length(p_text) > 20000 then
    perform coach.refuse(413, 'PAYLOAD_TOO_LARGE', 'userProfile must not be longer than 20,000 characters.');
  end if;
end $$;
