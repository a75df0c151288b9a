-- The history that `mesocycle migrate` and the file it prints share.
create schema if not exists durable;
revoke all on schema durable from public;
create table if not exists durable.migration (name text primary key, applied_at timestamptz not null default now());
