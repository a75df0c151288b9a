-- What all workers together may ask of each provider, and what is left of it now.
select b.name, b.requests, b.input_tokens, b.output_tokens, b.concurrent,
       (select count(*) from durable.reservation r where r.budget = b.name and r.expires_at > clock_timestamp()) as "at_work!",
       durable.moment(nullif(greatest(b.blocked_until, timestamptz '1970-01-01'), timestamptz '1970-01-01')) as blocked_until,
       durable.moment(durable.budget_free_at(b.name)) as free_at
from durable.budget b
order by b.name
