-- The totals that the caps of p_terms look at: [{"scope", "day", "cap"}], the day of p_now in UTC, -infinity for a total of
-- all days.
create or replace function durable.spend_scopes(p_terms jsonb, p_now timestamptz)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_agg(jsonb_build_object('scope', c.scope, 'cap', c.cap,
    'day', case when c.daily then (p_now at time zone 'UTC')::date else '-infinity' end))
  from jsonb_to_recordset(p_terms -> 'caps') c (scope text, daily boolean, cap bigint);
$$;
