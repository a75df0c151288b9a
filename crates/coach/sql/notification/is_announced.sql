-- Whether an end is ours to announce. Who cancelled knows; who ended the work from outside announces it too, but a lost or
-- given-up outside worker cannot.
create or replace function coach.is_announced(t durable.transition)
returns boolean language sql immutable set search_path = '' as $$
  select t.error_code is distinct from 'USER_CANCELLED'
    and (not coalesce(t.external, false) or coalesce(t.error_code, '') in ('WORKER_LOST', 'MAX_RETRIES_EXCEEDED'));
$$;
