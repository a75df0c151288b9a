//! `mesocycle serve` and `mesocycle work`: two processes, one database.

use local_postgres::testing::{PgBouncer, fresh_database};

use crate::support::{
    Folder, Running, USER, ask_for_plan, end_of, eventually, get, snapshot, text,
};

const SECRET: &str = "a development secret of forty characters";

#[test]
fn one_process_takes_the_job_and_another_does_it() {
    let database = fresh_database(&coach::migrate::script()).unwrap();
    take_and_do_a_job(database.url(), database.url());
}

#[test]
fn both_processes_work_through_a_pooler_that_has_two_connections() {
    let database = fresh_database("select 1").unwrap();
    let bouncer = PgBouncer::start(&database, 2).unwrap();
    let url = format!("{}&pgbouncer=true", bouncer.url());
    let folder = Folder::new();
    let migrated = folder.run(&["migrate", "--database-url", &url]);
    assert!(migrated.status.success(), "{}", text(&migrated.stderr));
    take_and_do_a_job(&url, database.url());
}

/// Two processes on the database at `url`; what became of the job is looked up `directly`.
fn take_and_do_a_job(url: &str, directly: &str) {
    let folder = Folder::new();
    let start = |verb: &str, arguments: &[&str]| {
        let mut command = folder.command(&[&[verb, "--database-url", url], arguments].concat());
        command.env("SUPABASE_JWT_SECRET", SECRET);
        Running::start(command, &folder.path.join(format!("{verb}.log")))
    };
    let serve = start("serve", &["--port", "0"]);
    let url = eventually("the address", || {
        let log = serve.log();
        let url = log[log.find("http://")?..]
            .split('"')
            .next()
            .map(str::to_owned)?;
        (get(&url, "/readyz") == Some(200)).then_some(url)
    });
    let accounts = get(&url, "/auth/v1/health");
    assert_eq!(accounts, Some(404), "serve has accounts only if asked to");
    let work = start("work", &[]);
    let mut command = folder.command(&["token", "--user", USER]);
    let token = text(
        &command
            .env("SUPABASE_JWT_SECRET", SECRET)
            .output()
            .unwrap()
            .stdout,
    );
    let job = ask_for_plan(&url, token.trim_end(), &snapshot());
    assert_eq!(end_of(directly, &job), "completed", "{}", work.log());
    work.stop();
    serve.stop();
}

#[test]
fn neither_runs_on_a_database_that_is_not_migrated() {
    let folder = Folder::new();
    let database = fresh_database("select 1").unwrap();
    for arguments in [vec!["work"], vec!["serve", "--port", "0"]] {
        let mut command =
            folder.command(&[arguments.as_slice(), &["--database-url", database.url()]].concat());
        let output = command.env("SUPABASE_JWT_SECRET", SECRET).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text(&output.stderr).contains("run `mesocycle migrate` first"),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn serve_has_accounts_if_asked_to_and_never_beside_supabases() {
    let folder = Folder::new();
    let serve = |database: &str| {
        let mut command = folder.command(&["serve", "--port", "0", "--database-url", database]);
        command
            .env("SUPABASE_JWT_SECRET", SECRET)
            .env("MESOCYCLE_DEVELOPMENT_AUTH", "true");
        command
    };
    let alone = fresh_database(&coach::migrate::script()).unwrap();
    let running = Running::start(serve(alone.url()), &folder.path.join("serve.log"));
    eventually("accounts", || {
        let log = running.log();
        let url = log[log.find("http://")?..].split('"').next()?;
        (get(url, "/auth/v1/health") == Some(200)).then_some(())
    });
    running.stop();

    let accounts = "create schema auth; create table auth.users (id uuid primary key);
        create function auth.uid() returns uuid language sql stable as 'select null::uuid';
        create function auth.role() returns text language sql stable as 'select null::text';
        create function auth.jwt() returns jsonb language sql stable as 'select null::jsonb';";
    let beside = fresh_database(&format!("{accounts}\n{}", coach::migrate::script())).unwrap();
    let refused = serve(beside.url()).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let why = text(&refused.stderr);
    assert!(why.contains("Supabase's accounts"), "{why}");
}
