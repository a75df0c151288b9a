-- What is ours alone stays closed: users reach it only through public functions and triggers that run as the owner.
revoke all on schema coach from public, anon, authenticated, service_role;
revoke all on all functions in schema coach from public, anon, authenticated, service_role;
revoke all on all tables in schema coach from public, anon, authenticated, service_role;
