-- What ended tasks used since counting began.
select 'ever' as "at!", d.kind, d.model, d.calls, d.input_tokens, d.output_tokens, d.cost
from durable.spent_sum d where d.span = 'ever' order by d.kind, d.model
