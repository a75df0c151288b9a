-- A name as a slug: lower case, letters, digits and single hyphens; empty when it has none of them.
create or replace function coach.slug(p_name text)
returns text language sql immutable set search_path = '' as $$
  select btrim(regexp_replace(lower(p_name), '[^a-z0-9]+', '-', 'g'), '-');
$$;
