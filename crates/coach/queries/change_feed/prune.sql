-- Removes what was visible in $1, an earlier snapshot; $2 rows at most.
with gone as (
  delete from coach.change c where c.ctid = any (array(
    select o.ctid from coach.change o where pg_visible_in_snapshot(o.transaction_id, $1::text::pg_snapshot)
    limit $2 for update skip locked))
  returning 1)
select count(*) as "count!" from gone
