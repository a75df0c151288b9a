-- Notes that the worker of task $2 does not ask provider $1 for $4 seconds because of code $3; rows of workers that are gone are removed.
with gone as (
  delete from coach.open_breaker b where not exists (select from durable.worker w where w.id = b.worker))
insert into coach.open_breaker (provider, worker, code, open_until)
select $1, r.worker, $3, clock_timestamp() + make_interval(secs => $4)
from durable.run r where r.task = $2
on conflict (provider, worker) do update set code = excluded.code, open_until = excluded.open_until
