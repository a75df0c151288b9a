-- Stops with an HTTP status (PostgREST reads it from PT<status>), a sentence for a person, and the contract's code.
create or replace function coach.refuse(p_status integer, p_code text, p_sentence text)
returns void language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'PT' || p_status, message = p_sentence, detail = p_code;
end $$;
