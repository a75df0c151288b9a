-- How the tasks of the last $1 hours ended, for each kind and (kind null) all, from sums of an hour or a day ($2). Times are those
-- of tasks that were not cancelled.
with bucket as (
  select d.kind, d.bucket, grouping(d.kind) = 1 as is_all,
         sum(d.tasks) filter (where d.outcome = 'succeeded') as succeeded, sum(d.tasks) filter (where d.outcome = 'failed') as failed,
         sum(d.tasks) filter (where d.outcome = 'cancelled') as cancelled,
         sum(d.tasks) filter (where d.outcome <> 'cancelled') as timed, sum(d.seconds) filter (where d.outcome <> 'cancelled') as seconds
  from durable.ended_sum d
  where d.span = $2 and d.at > date_trunc($2, statement_timestamp(), 'UTC') - $1::integer * interval '1 hour'
  group by grouping sets ((d.kind, d.bucket), (d.bucket))),
ranked as (
  select b.*, sum(b.timed) over line as upto, sum(b.timed) over (partition by b.is_all, b.kind) as total
  from bucket b window line as (partition by b.is_all, b.kind order by b.bucket))
select r.kind as "kind?", coalesce(sum(r.succeeded), 0)::bigint as "succeeded!", coalesce(sum(r.failed), 0)::bigint as "failed!",
       coalesce(sum(r.cancelled), 0)::bigint as "cancelled!", (sum(r.seconds) / nullif(sum(r.timed), 0))::double precision as mean_seconds,
       (power(1.1, min(r.bucket) filter (where r.upto >= r.total * 0.5) + 0.5) / 1000)::double precision as p50_seconds,
       (power(1.1, min(r.bucket) filter (where r.upto >= r.total * 0.95) + 0.5) / 1000)::double precision as p95_seconds
from ranked r
group by r.is_all, r.kind
order by r.is_all desc, r.kind
