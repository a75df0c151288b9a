-- A process that stops between this and its commit must not keep others from the task for longer than a lease.
select durable.complete($1, $2, $3) as "outcome!" from set_config('idle_in_transaction_session_timeout', '15s', true)
