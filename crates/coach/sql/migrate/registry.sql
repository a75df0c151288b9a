-- Settings with their defaults, and what follows each error code and how it is said.
insert into coach.setting (name, value) values
  ('jobs_per_day', '20'),              -- of a user, cancelled ones counted
  ('anonymous_jobs_per_day', '3'),
  ('redos_per_day', '2'),
  ('max_retries', '3'),
  ('run_limit_seconds', '2700'),       -- three questions to a model, each at its ceiling of 900 s
  ('one_plan_per_cycle', 'false'),
  ('min_days_between', '7'),           -- plans that an athlete's schedule makes; apps use 14
  ('allow_system_prompt', 'true'),     -- whether an app may send a style note with a free-text profile
  ('time_zone', '"UTC"'),              -- of athletes who name none
  ('keep_ended_jobs_days', '7')
on conflict (name) do nothing;

insert into coach.error (code, retry, sentence, explains_itself) values
  ('AI_RATE_LIMIT', 'backoff', 'Very many plans are being made right now.', false),
  ('AI_TIMEOUT', 'at_once', 'Making your plan took too long.', false),
  ('DEADLINE_EXCEEDED', 'at_once', 'Making your plan took too long.', false),
  ('NETWORK_ERROR', 'backoff', 'The connection broke while your plan was being made.', false),
  ('QUOTA_EXCEEDED', 'never', 'Plans cannot be made at the moment. We have been told; please try again later.', false),
  ('CONFIG_ERROR', 'never', 'Plans cannot be made at the moment. We have been told; please try again later.', false),
  ('BUDGET_EXCEEDED', 'never', 'No more plans can be made today. Please try again tomorrow.', false),
  ('AI_REFUSED', 'never', 'No plan could be made from this profile. Please check what you wrote in it and try again.', false),
  ('VALIDATION_FAILED', 'never', 'The plan that was made did not pass our checks, so it was not kept. Please try again.', false),
  ('INVALID_PROFILE', 'never', 'Something in your profile is missing or cannot be right. Please check it and try again.', true),
  ('NEEDS_CLEARANCE', 'never', 'Please ask a doctor first whether training is right for you now, then note the answer in your profile.', true),
  ('WORKER_LOST', 'backoff', 'Making your plan was interrupted.', false),
  ('USER_CANCELLED', 'never', 'You cancelled this plan.', false),
  ('CANCELLED', 'never', 'Your plan was cancelled by the operator. Please ask for a new one.', false),
  ('CLIENT_RESET', 'at_once', 'Making your plan got stuck.', false),
  ('MAX_RETRIES_EXCEEDED', 'never', 'Your plan could not be made after several tries. Please ask for a new one.', false),
  ('UNKNOWN', 'backoff', 'Something went wrong while your plan was being made.', false)
on conflict (code) do update set retry = excluded.retry, sentence = excluded.sentence, explains_itself = excluded.explains_itself;

do $$ begin
  perform durable.register_error(e.code, e.retry) from coach.error e;
  perform coach.register_kinds();
end $$;
