-- The key of this hash, if it is good; its use is noted once a minute.
with used as (
  update coach.admin_key k set last_used_at = clock_timestamp()
  where k.hash = $1 and k.revoked_at is null and coalesce(k.last_used_at < clock_timestamp() - interval '1 minute', true))
select k.id, k.permissions from coach.admin_key k where k.hash = $1 and k.revoked_at is null
