-- Whether a failure with this code is tried again while there are attempts left, as the engine will decide.
create or replace function coach.is_retried(p_code text)
returns boolean language sql stable set search_path = '' as $$
  select coalesce((select c.retry from durable.error_class c where c.code = p_code), 'backoff') <> 'never';
$$;
