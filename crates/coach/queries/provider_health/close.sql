-- Forgets that the worker of task $2 did not ask provider $1.
delete from coach.open_breaker b using durable.run r where r.task = $2 and b.worker = r.worker and b.provider = $1
