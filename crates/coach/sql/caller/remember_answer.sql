-- Keeps the answer for its idempotency key.
create or replace function coach.remember_answer(p_user uuid, p_flow text, p_key text, p_request_hash bytea, p_answer jsonb)
returns void language sql set search_path = '' as $$
  insert into coach.idempotency (user_id, flow, key, request_hash, answer)
  values (p_user, p_flow, p_key, p_request_hash, p_answer);
$$;
