-- Calls use less than they reserve, a model's answer a fraction of its longest: who waits in line waits for what is used.
alter table durable.budget
  add column input_share double precision not null default 1,   -- of what calls reserved they used so much, of late
  add column output_share double precision not null default 1;
