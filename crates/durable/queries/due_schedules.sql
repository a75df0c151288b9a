select s.name, s.cron, s.time_zone, s.misfire, s.misfire_cap, extract(epoch from s.next_at)::bigint as "next_at!",
       floor(extract(epoch from n.now))::bigint as "now!"
from (select coalesce(to_timestamp($1::bigint), clock_timestamp()) as now) n
join durable.schedule s on s.enabled and s.next_at <= n.now
order by s.next_at
limit 100
