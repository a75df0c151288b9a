-- The wait before retry number p_retries (1, 2, …): 5 s doubling to 5 minutes, times 0.5 to 1.0. The jitter is drawn from
-- the task's id, so that it needs no random source and a test can foresee it.
create or replace function durable.backoff(p_task uuid, p_retries integer)
returns interval language sql immutable set search_path = '' as $$
  select make_interval(secs => least(300, 5 * power(2, least(p_retries, 16) - 1))
    * (0.5 + (hashtextextended(p_task::text, p_retries) & 1023) / 2046.0));
$$;
