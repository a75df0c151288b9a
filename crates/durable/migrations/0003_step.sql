-- The journal of steps that cost: intent, provider's handle, partial result, output, and what is done where nobody knows.
drop function if exists durable.begin_step(uuid, bigint, text, text, timestamptz);
drop function if exists durable.finish_step(uuid, bigint, text, jsonb, timestamptz);

-- begun: the intent stands; parked: it stands and a person is to decide; approved, declined: the person's word;
-- withdrawn: the sending is known to have cost nothing. A handle or a partial may stand beside begun. Money is in
-- micro-dollars. Rows grow by the second while a result streams in, hence the room in each page.
alter table durable.step
  drop constraint step_state_check,
  add constraint step_state_check check (state in ('begun', 'parked', 'approved', 'declined', 'withdrawn', 'done')),
  add column sending uuid,                        -- the latest begin, so that a statement whose answer was lost may be repeated
  add column repeats integer not null default 0,  -- sendings after one whose end nobody knew
  add column resumed integer not null default 0,  -- attempts that went on with the handle of an earlier one
  add column handle jsonb,
  add column partial jsonb,
  add column estimate bigint not null default 0 check (estimate >= 0),  -- of the latest sending
  add column cost bigint not null default 0,      -- of all sendings: real where known, else the estimate
  add column usage jsonb,
  add column deadline timestamptz,                -- from the first begin, for all attempts
  set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
comment on column durable.step.begun is 'how often it was sent';

-- Handles of tasks that ended before the step did: the provider still works, and is to be told to stop.
create table durable.loose_handle (
  task uuid not null,
  step text not null,
  kind text not null,
  handle jsonb not null,
  since timestamptz not null,
  due_at timestamptz not null,                    -- when a worker may try, or try again
  tries integer not null default 0,
  primary key (task, step)
);

insert into durable.error_class (code, retry) values
  ('STEP_COST_CAP', 'never'), ('STEP_DECLINED', 'never'), ('STEP_DEADLINE_EXCEEDED', 'never'), ('STEP_NOT_STORED', 'never')
on conflict (code) do nothing;
