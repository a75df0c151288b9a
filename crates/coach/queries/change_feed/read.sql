-- What became visible between two snapshots ($1, $2), after id $3, of the tables $4 (all where it is null), $5 at most.
select c.id as "id!", c.table_name::text as "table!", c.type as "kind!",
       to_char(c.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "changed_at!",
       c.record::text as "record!", c.old_record::text as "old_record!", c.is_cut as "is_cut!"
from coach.change c
where c.transaction_id >= pg_snapshot_xmin($1::text::pg_snapshot)
  and not pg_visible_in_snapshot(c.transaction_id, $1::text::pg_snapshot)
  and pg_visible_in_snapshot(c.transaction_id, $2::text::pg_snapshot)
  and c.id > $3
  and ($4::text[] is null or c.table_name = any ($4::text[]))
order by c.id
limit $5
