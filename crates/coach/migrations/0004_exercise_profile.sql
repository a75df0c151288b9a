-- Texts of an exercise that a model wrote are not reviewed until a person says so.
alter table public.exercise_texts add column if not exists reviewed boolean not null default false;
