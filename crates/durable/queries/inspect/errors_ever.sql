-- What went wrong since counting began.
select h.kind, h.code, h.failed, h.retried from durable.failed_hour h where h.hour = '-infinity' order by h.kind, h.code
