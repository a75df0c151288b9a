-- Mesocycle's database: one text that may run any number of times, by `mesocycle migrate`, psql -f or the Supabase CLI.
-- It is one transaction: either all of it happens or nothing.
begin;
set local client_min_messages = warning;
set local search_path = '';
