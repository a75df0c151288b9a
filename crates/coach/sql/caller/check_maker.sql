-- Everybody asks for themselves, the service role for anybody. Raises 42501.
create or replace function coach.check_maker(p_user uuid)
returns void language plpgsql set search_path = '' as $$
begin
  if p_user is null or not coach.is_service() and p_user is distinct from auth.uid() then
    raise exception using errcode = '42501', message = 'a plan can only be asked for by its user';
  end if;
end $$;
