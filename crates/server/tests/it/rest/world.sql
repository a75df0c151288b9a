-- Users 1 and 2 with rows of every kind; ids end in the user's number where a row has one.
insert into public.exercises (id, slug, name, instructions, required_equipment, reviewed, created_at) values
  ('e0000000-0000-4000-8000-000000000001', 'squat', 'Squat', 'Sit down, stand up.', 'barbell', true, '2026-01-01 00:00:00.5+00'),
  ('e0000000-0000-4000-8000-000000000002', 'push-up', 'Push-up', null, null, true, '2026-01-02 00:00:00+00'),
  ('e0000000-0000-4000-8000-000000000003', 'row', 'Row', 'Pull, then rest.', 'cable', false, '2026-01-03 00:00:00+00')
  on conflict (slug) do update set id = excluded.id, name = excluded.name, instructions = excluded.instructions,
    required_equipment = excluded.required_equipment, reviewed = excluded.reviewed, created_at = excluded.created_at;
insert into public.workout_plans (id, user_id, summary, start_date, status, created_at) values
  ('a0000000-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', 'Strength, "first"', '2026-11-23', 'active', '2026-11-20 08:00:00+00'),
  ('a0000000-0000-4000-8000-000000000011', '11111111-1111-4111-8111-111111111111', null, '2026-09-07', 'paused', '2026-09-01 08:00:00.123456+00'),
  ('a0000000-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', 'Of user 2', '2026-11-23', 'active', '2026-11-21 08:00:00+00');
insert into public.workout_entries (id, workout_plan_id, week_number, day_name, day, position, date, exercise_id, sets, reps, streak_exercise_id) values
  ('b0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 1, 'Push', 'monday', 0, '2026-11-23', 'e0000000-0000-4000-8000-000000000001', 3, '8-12', 'e0000000-0000-4000-8000-000000000002'),
  ('b0000000-0000-4000-8000-000000000011', 'a0000000-0000-4000-8000-000000000001', 1, 'Push', 'monday', 1, '2026-11-23', 'e0000000-0000-4000-8000-000000000002', 4, '30 s', null),
  ('b0000000-0000-4000-8000-000000000021', 'a0000000-0000-4000-8000-000000000001', 2, 'Pull', 'tuesday', 0, '2026-12-01', 'e0000000-0000-4000-8000-000000000003', null, '5', null),
  ('b0000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000002', 1, 'Pull', 'monday', 0, '2026-11-23', 'e0000000-0000-4000-8000-000000000003', 2, '5', null);
insert into public.weekly_base_plans (id, user_id, days, status, week_start_date, version, created_at) values
  ('c0000000-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111',
    '{"monday": {"reason": "start, \"easy\"", "nutrition": {"total_kcal": 2100, "meals": [{"name": "Breakfast"}, {"name": "Lunch"}]}}}', 'active', '2026-11-23', 2, '2026-11-22 10:00:00+00'),
  ('c0000000-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', '{"monday": null}', 'active', '2026-11-23', 1, '2026-11-22 11:00:00+00');
insert into public.plan_generation_jobs (id, user_id, profile_snapshot, status, completed_at, created_at) values
  ('d0000000-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', '{"goal": "ENDURANCE", "trainingDays": 3, "equipment": ["Gym", "Mat"]}', 'completed', '2026-11-01 00:00:00+00', '2026-10-31 23:59:59.123456+00'),
  ('d0000000-0000-4000-8000-000000000011', '11111111-1111-4111-8111-111111111111', '{"goal": "MUSCLE_GAIN", "trainingDays": 4}', 'failed', '2026-11-02 00:00:00+00', '2026-11-01 12:00:00+00'),
  ('d0000000-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', '{"goal": "WEIGHT_LOSS"}', 'failed', '2026-11-02 00:00:00+00', '2026-11-01 13:00:00+00');
insert into public.plan_schedules (user_id, cron, time_zone, enabled, next_at) values
  ('11111111-1111-4111-8111-111111111111', '0 18 * * SUN', 'Europe/Berlin', true, '2027-01-03 17:00:00+00'),
  ('22222222-2222-4222-8222-222222222222', '0 6 * * MON', 'UTC', false, null);
insert into public.push_tokens (id, user_id, token, device_info) values
  ('f0000000-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', 'ExponentPushToken[one]', '{"os": "ios"}'),
  ('f0000000-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', 'ExponentPushToken[two]', null);
insert into public.user_notifications (id, user_id, title, body, type, created_at) values
  ('90000000-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', 'Ready', 'Your plan, at last.', 'base_plan_ready', '2026-11-20 00:00:00+00'),
  ('90000000-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', 'Ready', 'Other plan.', 'base_plan_ready', '2026-11-20 00:00:00+00');
insert into public.workout_plan_requests (id, request_id, user_id, user_profile, status, workout_plan_id, completed_at, created_at) values
  ('70000000-0000-4000-8000-000000000001', '70000000-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', 'I want to be strong', 'completed', 'a0000000-0000-4000-8000-000000000001', '2026-11-20 00:00:00+00', '2026-11-19 00:00:00+00'),
  ('70000000-0000-4000-8000-000000000002', '70000000-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', 'Me too', 'failed', null, '2026-11-20 00:00:00+00', '2026-11-19 00:00:00+00');
insert into public.workout_plan_inputs (id, request_id, user_id, system_prompt)
  select id, request_id, user_id, 'Be kind.' from public.workout_plan_requests
  on conflict (id) do update set system_prompt = excluded.system_prompt;
-- What nothing else refers to, and requests without inputs.
insert into public.exercises (id, slug, name) values ('e0000000-0000-4000-8000-000000000004', 'unused', 'Unused');
insert into public.workout_plan_requests (id, request_id, user_id, user_profile, status, completed_at) values
  ('70000000-0000-4000-8000-000000000011', '70000000-0000-4000-8000-000000000011', '11111111-1111-4111-8111-111111111111', 'More', 'failed', '2026-11-20 00:00:00+00'),
  ('70000000-0000-4000-8000-000000000012', '70000000-0000-4000-8000-000000000012', '22222222-2222-4222-8222-222222222222', 'More', 'failed', '2026-11-20 00:00:00+00');
delete from public.workout_plan_inputs where id::text ~ '^70000000.*1[12]$';
insert into public.exercise_texts (exercise_id, language, name) values ('e0000000-0000-4000-8000-000000000001', 'de', 'Kniebeuge')
  on conflict do nothing;
