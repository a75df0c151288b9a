-- What a person reads about a transition that an error brought about; null when there was none.
create or replace function coach.sentence_of(t durable.transition)
returns text language sql stable set search_path = '' as $$
  select coalesce(coach.outside_message(t), coach.sentence(t.error_code, t.error_message, t.to_state in ('failed', 'cancelled')))
  where t.error_code is not null;
$$;
