select set_config('request.method', $1, true) as method, set_config('request.path', $2, true) as path,
       set_config('request.headers', $3, true) as headers, set_config('search_path', 'public, extensions', true) as search_path,
       set_config('transaction_read_only', $4, true) as read_only
