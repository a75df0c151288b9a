select k.id, k.name, k.permissions, durable.moment(k.created_at) as "created_at!", durable.moment(k.last_used_at) as last_used_at,
       durable.moment(k.revoked_at) as revoked_at
from coach.admin_key k order by k.created_at, k.id
