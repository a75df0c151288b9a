-- What Supabase's Realtime would not hear of.
with published as (
  select p.puballtables, p.pubinsert and p.pubupdate and p.pubdelete as every_change
  from pg_catalog.pg_publication p where p.pubname = 'supabase_realtime'),
silent as (
  select 'public.' || name as name from unnest(array['plan_generation_jobs', 'weekly_base_plans', 'push_tokens',
    'user_notifications', 'workout_plan_requests', 'workout_plans', 'workout_entries', 'exercises', 'exercise_texts',
    'plan_schedules']) name
  where to_regclass('public.' || name) is not null
    and not exists (select from pg_catalog.pg_publication_tables t
      where t.pubname = 'supabase_realtime' and t.schemaname = 'public' and t.tablename = name))
select 'publication supabase_realtime' as "object!",
  format('it lacks %s, so Realtime says nothing of their changes', string_agg(s.name, ', ')) as "problem!",
  format('alter publication supabase_realtime add table %s', string_agg(s.name, ', ')) as "cure!"
from silent s, published p where not p.puballtables having count(*) > 0
union all
select 'publication supabase_realtime', 'it is missing, so Realtime says nothing of any change',
  format('create publication supabase_realtime for table %s', string_agg(s.name, ', '))
from silent s where coach.on_supabase() and not exists (select from published) having count(*) > 0
union all
select 'publication supabase_realtime', 'it leaves out inserts, updates or deletes',
  'alter publication supabase_realtime set (publish = ''insert, update, delete, truncate'')'
from published p where not p.every_change
