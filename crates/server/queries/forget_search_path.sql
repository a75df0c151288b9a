select set_config('search_path', '', true) as search_path
