-- Push: what a notification says in each language, and one ticket for each notification and device.

create table coach.notification_text (
  type text not null,
  code text not null default '',            -- of a failure; '' speaks for every code without a text of its own
  language text not null,
  title text not null,
  body text not null,
  primary key (type, code, language)
);

-- The ids have the types of the tables they point to, which may be older than ours.
create table coach.push_ticket as
  select n.id as notification_id, t.id as push_token_id from public.user_notifications n, public.push_tokens t
  with no data;
alter table coach.push_ticket
  add column state text not null default 'waiting' check (state in (
    'waiting',                              -- to be sent once due
    'sending',                              -- begun; until the answer is written here, nobody knows whether it was accepted
    'accepted',                             -- the service has it, its receipt is to come
    'delivered',                            -- Apple or Google has it
    'refused',                              -- error_code says why
    'gone',                                 -- the device was signed out or disabled before it could be sent
    'expired')),                            -- a day passed without a receipt
  add column sends integer not null default 0,
  add column repeats integer not null default 0,      -- sends after one whose fate is unknown
  add column due_at timestamptz not null,
  add column begun_at timestamptz,
  add column accepted_at timestamptz,
  add column receipt_id text,
  add column error_code text,
  add primary key (notification_id, push_token_id);
create index push_ticket_token on coach.push_ticket (push_token_id);

-- Tickets go with their notification and their device, save where an older table's ids are not unique.
do $$
declare
  v_column text;
begin
  foreach v_column in array array['notification_id', 'push_token_id'] loop
    begin
      execute format('alter table coach.push_ticket add foreign key (%I) references public.%I (id) on delete cascade', v_column,
        case v_column when 'notification_id' then 'user_notifications' else 'push_tokens' end);
    exception when invalid_foreign_key then
      null;
    end;
  end loop;
end $$;
