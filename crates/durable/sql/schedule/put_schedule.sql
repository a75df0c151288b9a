-- Makes or changes a schedule. One that keeps its cron pattern and time zone keeps its next fire time too, so that a
-- deployment never skips one; whether it is paused is left as it is. Raises 22023 when the kind is unknown.
create or replace function durable.put_schedule(
  p_name text, p_kind text, p_input jsonb, p_cron text, p_time_zone text, p_misfire text, p_misfire_cap integer,
  p_next_at timestamptz)
returns void language plpgsql set search_path = '' as $$
begin
  perform from durable.kind k where k.name = p_kind;
  if not found then
    raise exception using errcode = '22023', message = format('no task kind "%s" is registered', p_kind),
      hint = 'Call durable.register_kind first.';
  end if;
  insert into durable.schedule as s (name, kind, input, cron, time_zone, misfire, misfire_cap, next_at)
  values (p_name, p_kind, p_input, p_cron, p_time_zone, p_misfire, p_misfire_cap, p_next_at)
  on conflict (name) do update set kind = excluded.kind, input = excluded.input, cron = excluded.cron,
    time_zone = excluded.time_zone, misfire = excluded.misfire, misfire_cap = excluded.misfire_cap,
    next_at = case when s.cron = excluded.cron and s.time_zone = excluded.time_zone then s.next_at else excluded.next_at end;
end $$;
