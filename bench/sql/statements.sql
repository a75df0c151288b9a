select s.calls, s.total_exec_time * 1000, left(regexp_replace(s.query, '\s+', ' ', 'g'), 100)
from pg_stat_statements s join pg_database d on d.oid = s.dbid
where d.datname = current_database() order by s.total_exec_time desc limit 25
