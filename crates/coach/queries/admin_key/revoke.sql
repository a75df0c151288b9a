update coach.admin_key set revoked_at = clock_timestamp() where revoked_at is null and (id::text = $1 or name = $1) returning id
