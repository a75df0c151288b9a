//! What the contract grants and a database has lost: an operator is told of each, with the statement that mends it.

use coach::inspect;
use durable::Pool;
use sqlx::AssertSqlSafe;

use super::support::{Db, SUPABASE};

/// Every grant to the roles of the contract on its tables, columns and functions, as what takes it away. What a role may do
/// to a whole table is not listed again by column.
const GRANTS: &str = "
  with relation as (select c.oid, c.relname, c.relacl from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r')
  select format('revoke %s on public.%I from %s', a.privilege_type, r.relname, a.grantee::regrole)
    from relation r, aclexplode(r.relacl) a
    where a.grantee::regrole::text in ('authenticated', 'service_role')
      and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  union all
  select format('revoke %s (%I) on public.%I from %s', a.privilege_type, t.attname, r.relname, a.grantee::regrole)
    from relation r join pg_attribute t on t.attrelid = r.oid, aclexplode(t.attacl) a
    where a.grantee::regrole::text in ('authenticated', 'service_role')
  union all
  select format('revoke execute on function %s from %s', f.oid::regprocedure, a.grantee::regrole)
    from pg_proc f, aclexplode(f.proacl) a
    where f.pronamespace = 'public'::regnamespace and a.grantee::regrole::text in ('authenticated', 'service_role')
  order by 1";

#[tokio::test]
async fn every_grant_that_is_taken_away_is_found_and_its_cure_gives_it_back() {
    let db = Db::with(&format!("{SUPABASE}\n{}", coach::migrate::script())).await;
    let pool = Pool::from(db.pool.clone());
    let missing = async || inspect::missing_access(&pool).await.unwrap();
    let grants: Vec<String> = sqlx::query_scalar(GRANTS)
        .fetch_all(&db.pool)
        .await
        .unwrap();
    assert!(grants.len() > 100, "{grants:?}");
    assert!(missing().await.is_empty());
    for revoke in grants {
        db.owner(&revoke).await;
        let found = missing().await;
        assert_eq!(found.len(), 1, "after {revoke}: {found:?}");
        db.owner(&found[0].cure).await;
        assert!(missing().await.is_empty(), "{}", found[0].cure);
    }
}

#[tokio::test]
async fn hardening_and_the_search_for_what_is_missing_agree() {
    let db = Db::with(&format!("{SUPABASE}\n{}", coach::migrate::script())).await;
    let pool = Pool::from(db.pool.clone());
    for open in [
        "grant all on all tables in schema public to anon, authenticated",
        "grant execute on all functions in schema public to anon, authenticated",
    ] {
        sqlx::raw_sql(AssertSqlSafe(open))
            .execute(&db.pool)
            .await
            .unwrap();
    }
    inspect::harden(&pool).await.unwrap();
    assert!(inspect::findings(&pool).await.unwrap().is_empty());
    let missing = inspect::missing_access(&pool).await.unwrap();
    assert!(missing.is_empty(), "{missing:?}");
}
