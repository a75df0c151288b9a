-- What went wrong since counting began.
select d.kind, d.code, d.failed, d.retried from durable.error_sum d where d.span = 'ever' order by d.kind, d.code
