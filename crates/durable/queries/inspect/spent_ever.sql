-- What ended tasks used since counting began.
select 'ever' as "at!", h.kind, h.model, h.calls, h.input_tokens, h.output_tokens, h.cost
from durable.spent_hour h where h.hour = '-infinity' order by h.kind, h.model
