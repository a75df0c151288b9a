-- What a person reads about a transition that an error brought about, and about every failure; null when there was none.
-- At most 255 characters, the shortest column that an older table may have.
create or replace function coach.sentence_of(t durable.transition)
returns text language sql stable set search_path = '' as $$
  select left(coalesce(coach.outside_message(t),
    coach.sentence(t.error_code, t.error_message, t.to_state in ('failed', 'cancelled'))), 255)
  where t.error_code is not null or t.to_state = 'failed';
$$;
