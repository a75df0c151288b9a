select to_regclass('auth.account') is not null as "has_accounts!"
