-- Whether so much of the day's cap is spent that somebody should know. Micro-dollars.
create or replace function coach.spent_share(p_terms jsonb, p_now timestamptz)
returns table (about text, figures jsonb) language sql stable set search_path = '' as $$
  select '', jsonb_build_object('used', s.used, 'cap', p_terms -> 'day_cap')
  from durable.spend_total s
  where s.scope = 'everybody' and s.day = (p_now at time zone 'UTC')::date and (p_terms ->> 'spend_percent')::integer > 0
    and (p_terms ->> 'day_cap')::bigint > 0 and s.used * 100 >= (p_terms ->> 'spend_percent')::integer * (p_terms ->> 'day_cap')::bigint;
$$;
