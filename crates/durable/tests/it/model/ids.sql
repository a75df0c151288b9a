-- The random test's own ids, loaded before the engine, whose functions are made to draw from them.
create schema model;

create sequence model.id;
create function model.next_id() returns uuid language sql as $$ select lpad(to_hex(nextval('model.id')), 32, '0')::uuid $$;
