-- Who was asked in a step that cost: what its usage says, else the last word of its name.
create or replace function durable.model_of(p_step durable.step)
returns text language sql immutable set search_path = '' as $$
  select coalesce(p_step.usage ->> 'model', p_step.usage ->> 'provider', substring(p_step.name from '[^ ]+$'), '');
$$;
