-- Locks a budget to the end of the transaction and answers it as refilled by now. Raises 22023 when nobody has set it.
create or replace function durable.lock_budget(p_name text, p_now timestamptz)
returns durable.budget language plpgsql set search_path = '' as $$
declare
  b durable.budget;
begin
  select * into b from durable.budget where name = p_name for no key update;
  if not found then
    raise exception using errcode = '22023', message = format('no budget "%s" is set', p_name),
      hint = 'Call durable.set_budget first.';
  end if;
  return durable.refilled(b, p_now);
end $$;
