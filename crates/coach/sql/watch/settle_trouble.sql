-- Notes that a provider does again what is asked: the next look finds what was noted of it over.
create or replace function coach.settle_trouble(p_provider text)
returns void language sql set search_path = '' as $$
  update coach.standing_alert set seen_at = null where about = p_provider and alert like 'provider\_%';
$$;
