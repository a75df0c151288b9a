-- What was spent today (UTC) on each scope that is no single user's, and the most that a user spent.
select s.scope as "scope!", s.used as "used!" from durable.spend_total s
where s.day = (clock_timestamp() at time zone 'UTC')::date and s.scope !~ ' '
order by 1
limit 100
