-- What was written to the contract's tables in the last minute or two, for Realtime where no replication tells it. Empty
-- unless coach.install_change_feed() has run.
create table coach.change (
  id bigint generated always as identity,             -- of one row, later changes have larger ones: the row was locked
  transaction_id xid8 not null default pg_current_xact_id(),
  changed_at timestamptz not null default clock_timestamp(),
  table_name name not null,                           -- in schema public
  type text not null check (type in ('INSERT', 'UPDATE', 'DELETE')),
  record jsonb not null,                              -- as it was written; of a delete, as it had been
  old_record jsonb not null,                          -- of an update or delete, what the replica identity keeps: the primary key
  is_cut boolean not null                             -- whether it was too large and lost every value over 64 bytes
);
-- Readers ask for what became visible since their last snapshot.
create index change_transaction on coach.change (transaction_id);
