-- Accounts for development, where there is no Supabase: what `/auth/v1` of `mesocycle dev` keeps. Nothing refers to them, so that a
-- minted token needs none. The names are not those of Supabase's tables.
do $accounts$
begin
  if coach.on_supabase() then
    return;
  end if;
  create table if not exists auth.account (
    id uuid primary key default gen_random_uuid(),
    email text unique,                      -- lower case; null: an anonymous user
    password_hash text,
    user_metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    confirmed_at timestamptz,
    last_sign_in_at timestamptz
  );
  -- A refresh token is no row: it names its session and its number there, and is signed. The newest one has the number `refreshes`.
  create table if not exists auth.session (
    id uuid primary key default gen_random_uuid(),
    account_id uuid not null references auth.account (id) on delete cascade,
    method text not null,                   -- how the user signed in: anonymous or password
    refreshes integer not null default 0,
    created_at timestamptz not null default now(),
    refreshed_at timestamptz not null default now()
  );
  create index if not exists session_account on auth.session (account_id);
  revoke all on auth.account, auth.session from public, anon, authenticated, service_role;
end $accounts$;
