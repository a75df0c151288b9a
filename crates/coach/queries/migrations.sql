-- The names of the changes that a migrated database has seen.
select name as "name!" from durable.migration
