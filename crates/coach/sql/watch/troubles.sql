-- Everything that is wrong just now. A threshold of 0 switches its alert off.
create or replace function coach.troubles(p_terms jsonb, p_now timestamptz)
returns table (alert text, about text, figures jsonb) language sql stable set search_path = '' as $$
  select 'failure_rate', f.* from coach.failing_kinds(p_terms, p_now) f
  union all select 'queue_age', s.* from coach.slow_queues(p_terms, p_now) s
  union all select 'no_worker', q.* from coach.forsaken_queues(p_terms, p_now) q
  union all select 'spend', s.* from coach.spent_share(p_terms, p_now) s;
$$;
