-- The answer that this idempotency key got within the last 24 hours; null when it is new. Raises 409 when the same key
-- comes with another request, 400 when the key is unusable.
create or replace function coach.recall_answer(p_user uuid, p_flow text, p_key text, p_request_hash bytea)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_known coach.idempotency;
begin
  if char_length(p_key) not between 1 and 255 then
    perform coach.refuse(400, 'INVALID_REQUEST', 'idempotencyKey must have 1 to 255 characters.');
  end if;
  delete from coach.idempotency i where i.user_id = p_user and i.flow = p_flow and i.key = p_key
    and i.created_at < now() - interval '24 hours';
  select * into v_known from coach.idempotency i where i.user_id = p_user and i.flow = p_flow and i.key = p_key;
  if v_known.request_hash <> p_request_hash then
    perform coach.refuse(409, 'IDEMPOTENCY_CONFLICT', 'This idempotency key was used for another request: use a new one.');
  end if;
  return v_known.answer;
end $$;
