select name, kind, input, cron, time_zone, misfire, misfire_cap, enabled, missed,
       extract(epoch from next_at)::bigint as "next_at!", extract(epoch from last_at)::bigint as last_at
from durable.schedule
order by name
