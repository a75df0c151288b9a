-- Where the world stands now, and whether anything became visible since $1, an earlier snapshot.
select pg_current_snapshot()::text as "snapshot!",
       exists (select from coach.change c
               where c.transaction_id >= pg_snapshot_xmin($1::text::pg_snapshot)
                 and not pg_visible_in_snapshot(c.transaction_id, $1::text::pg_snapshot)) as "has_news!"
