select set_config('role', $1, true) as role, set_config('request.jwt.claims', $2, true) as claims,
       set_config('statement_timeout', '10s', true) as statement_timeout
