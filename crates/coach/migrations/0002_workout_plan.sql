-- The tables of the workout plan flow. Those of the contract may exist already: then only what they lack is added, and
-- their rows, grants and policies stay as they are.

insert into coach.adopted_table (name)
  select relname from pg_catalog.pg_class
  where relnamespace = 'public'::regnamespace
    and relname in ('workout_plan_requests', 'workout_plan_inputs', 'workout_plans', 'workout_entries', 'exercises', 'exercise_texts');

do $$ begin
  if to_regtype('public.workout_plan_status') is null then
    create type public.workout_plan_status as enum ('active', 'paused', 'completed');
  end if;
  if to_regtype('public.weekday') is null then
    create type public.weekday as enum ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday');
  end if;
end $$;

-- id is the task's id; request_id is what apps know, the same unless an app brought its own.
create table if not exists public.workout_plan_requests (id uuid primary key default gen_random_uuid());
alter table public.workout_plan_requests
  add column if not exists request_id uuid,
  add column if not exists user_id uuid not null default auth.uid(),
  add column if not exists user_profile text not null,
  add column if not exists status text not null default 'processing',
  add column if not exists workout_plan_id uuid,
  add column if not exists error_message text,
  add column if not exists error_code text,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists completed_at timestamptz,
  add column if not exists current_step integer not null default 0,
  add column if not exists total_steps integer not null default 3,
  add column if not exists step_description text,
  add column if not exists exercises_total integer not null default 0,
  add column if not exists exercises_completed integer not null default 0;
update public.workout_plan_requests set request_id = id where request_id is null;

-- What is long about a request, so that its row stays small on the wire. progressed_at is when progress was last written there.
create table if not exists public.workout_plan_inputs (id uuid primary key references public.workout_plan_requests (id) on delete cascade);
alter table public.workout_plan_inputs
  add column if not exists request_id uuid not null,
  add column if not exists user_id uuid not null default auth.uid(),
  add column if not exists system_prompt text,
  add column if not exists time_zone text,
  add column if not exists understood jsonb,
  add column if not exists progressed_at timestamptz,
  add column if not exists created_at timestamptz not null default now();

create table if not exists public.workout_plans (id uuid primary key default gen_random_uuid());
alter table public.workout_plans
  add column if not exists user_id uuid not null default auth.uid(),
  add column if not exists summary text,
  add column if not exists start_date date,
  add column if not exists status public.workout_plan_status not null default 'active',
  add column if not exists created_at timestamptz not null default now();

create table if not exists public.exercises (id uuid primary key default gen_random_uuid());
alter table public.exercises
  add column if not exists slug text,
  add column if not exists name text not null,
  add column if not exists icon_description text,
  add column if not exists instructions text,
  add column if not exists video_description text,
  add column if not exists required_equipment text,
  add column if not exists workout_location text,
  add column if not exists rep_limitations_progression_rules text,
  add column if not exists progression_by_client_feedback text,
  add column if not exists pain_injury_protocol text,
  add column if not exists special_rules_by_location text,
  add column if not exists trainer_notes text,
  add column if not exists reviewed boolean not null default false,
  add column if not exists created_at timestamptz not null default now();

create table if not exists public.exercise_texts (
  exercise_id uuid not null references public.exercises (id) on delete cascade,
  language text not null,
  primary key (exercise_id, language)
);
alter table public.exercise_texts
  add column if not exists name text,
  add column if not exists icon_description text,
  add column if not exists instructions text,
  add column if not exists video_description text,
  add column if not exists required_equipment text,
  add column if not exists workout_location text,
  add column if not exists rep_limitations_progression_rules text,
  add column if not exists progression_by_client_feedback text,
  add column if not exists pain_injury_protocol text,
  add column if not exists special_rules_by_location text,
  add column if not exists trainer_notes text,
  add column if not exists created_at timestamptz not null default now();

create table if not exists public.workout_entries (id uuid primary key default gen_random_uuid());
alter table public.workout_entries
  add column if not exists workout_plan_id uuid not null,
  add column if not exists week_number integer not null,
  add column if not exists day_name text,
  add column if not exists day public.weekday not null,
  add column if not exists position integer not null default 0,
  add column if not exists date date,
  add column if not exists exercise_id uuid not null,
  add column if not exists sets integer,
  add column if not exists reps text,
  add column if not exists weight text,
  add column if not exists time text,
  add column if not exists equipment text,
  add column if not exists notes text,
  add column if not exists streak_exercise_id uuid,
  add column if not exists streak_exercise_equipment text,
  add column if not exists streak_exercise_notes text,
  add column if not exists is_adjusted boolean not null default false,
  add column if not exists adjustment_reason text;

-- What holds for tables that are ours from the start. Older rows need not agree, so adopted tables go without.
do $$
declare
  v_new text[] := array(select t from unnest(array['workout_plan_requests', 'workout_plan_inputs', 'workout_plans', 'workout_entries',
    'exercises', 'exercise_texts']) t where t not in (select name from coach.adopted_table));
  v_table text;
begin
  foreach v_table in array v_new loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on public.%I from public, anon, authenticated, service_role', v_table);
  end loop;
  if 'workout_plan_requests' = any (v_new) then
    alter table public.workout_plan_requests
      alter column request_id set not null,
      add constraint workout_plan_requests_status check (status in ('processing', 'completed', 'failed')),
      add constraint workout_plan_requests_profile_size check (char_length(user_profile) <= 20000),
      add constraint workout_plan_requests_progress check (current_step between 0 and total_steps
        and exercises_completed between 0 and exercises_total),
      add constraint workout_plan_requests_workout_plan_id_fkey foreign key (workout_plan_id)
        references public.workout_plans (id) on delete set null;
  end if;
  if 'workout_entries' = any (v_new) then
    alter table public.workout_entries
      add constraint workout_entries_week check (week_number between 1 and 8),
      add constraint workout_entries_position check (position >= 0),
      add constraint workout_entries_sets check (sets between 1 and 100);
  end if;
  if 'exercises' = any (v_new) then
    alter table public.exercises
      alter column slug set not null,
      add constraint exercises_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
      add constraint exercises_name_size check (char_length(name) between 3 and 60);
  end if;
end $$;

-- Older exercises are known by their name's slug; of several with the same one, the oldest.
update public.exercises e set slug = s.slug
  from (select o.id, coach.slug(o.name) as slug, row_number() over (partition by coach.slug(o.name) order by o.created_at, o.id) as number
        from public.exercises o) s
  where e.id = s.id and e.slug is null and s.number = 1 and s.slug <> ''
    and not exists (select from public.exercises x where x.slug = s.slug);

-- A row is its maker's unless it says otherwise.
alter table public.workout_plan_requests alter column user_id set default auth.uid();
alter table public.workout_plans alter column user_id set default auth.uid();

select coach.go_with_user(t)
  from unnest(array['public.workout_plan_requests', 'public.workout_plan_inputs', 'public.workout_plans']::regclass[]) t;

-- GraphQL's names of the two to-ones come from comments on their constraints.
select coach.add_reference('public.workout_entries', 'workout_plan_id', 'public.workout_plans', 'on delete cascade', null);
select coach.add_reference('public.workout_entries', 'exercise_id', 'public.exercises', '',
  '@graphql({"foreign_name": "exercises", "local_name": "workoutEntries"})');
select coach.add_reference('public.workout_entries', 'streak_exercise_id', 'public.exercises', '',
  '@graphql({"foreign_name": "streakExercises", "local_name": "streakWorkoutEntries"})');

-- One running request a user.
select coach.add_unique('public.workout_plan_requests', 'workout_plan_requests_one_active', array['user_id'], 'status = ''processing''');
select coach.add_unique('public.workout_plan_requests', 'workout_plan_requests_request_id', array['request_id']);
select coach.add_unique('public.workout_plan_inputs', 'workout_plan_inputs_request_id', array['request_id']);
select coach.add_unique('public.exercises', 'exercises_slug', array['slug']);
select coach.add_unique('public.exercises', 'exercises_name', array['name']);

create index workout_plan_requests_newest on public.workout_plan_requests (user_id, created_at desc);
create index workout_plans_newest on public.workout_plans (user_id, created_at desc);
create index workout_entries_days on public.workout_entries (workout_plan_id, week_number, day, position);

-- A user's own rows, entries through their plan; exercises are everybody's who is signed in; service_role where it is not
-- exempt from row level security already.
do $$
declare
  v_table text;
  v_own text := '(user_id = (select auth.uid()))';
  v_own_entry text := '(exists (select from public.workout_plans p where p.id = workout_plan_id and p.user_id = (select auth.uid())))';
begin
  foreach v_table in array array['workout_plan_requests', 'workout_plan_inputs', 'workout_plans', 'workout_entries', 'exercises',
      'exercise_texts'] loop
    execute format('create policy mesocycle_select_own on public.%I for select to authenticated using %s', v_table, case
      when v_table = 'workout_entries' then v_own_entry when v_table in ('exercises', 'exercise_texts') then '(true)' else v_own end);
    execute format('create policy mesocycle_service on public.%I to service_role using (true) with check (true)', v_table);
  end loop;
  execute format('create policy mesocycle_insert_own on public.workout_plan_requests for insert to authenticated with check %s', v_own);
  execute format('create policy mesocycle_update_own on public.workout_plans for update to authenticated using %s with check %1$s', v_own);
  execute format('create policy mesocycle_insert_own on public.workout_entries for insert to authenticated with check %s', v_own_entry);
  execute format('create policy mesocycle_update_own on public.workout_entries for update to authenticated using %s with check %1$s', v_own_entry);
  execute format('create policy mesocycle_delete_own on public.workout_entries for delete to authenticated using %s', v_own_entry);
end $$;

select coach.grant_workout_tables();
