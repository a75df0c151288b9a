-- Where the log of events stands: the last id drawn, read before the snapshot, and who still writes.
select case when s.is_called then s.last_value else 0 end as "drawn!",
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint as "running_from!", pg_snapshot_xmax(pg_current_snapshot())::text::bigint as "running_to!"
from durable.event_id_seq s
