//! `mesocycle serve` and `mesocycle work`: two processes, one database.

use local_postgres::testing::fresh_database;

use crate::support::{
    Folder, Running, USER, ask_for_plan, end_of, eventually, get, snapshot, text,
};

const SECRET: &str = "a development secret of forty characters";

#[test]
fn one_process_takes_the_job_and_another_does_it() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    let start = |verb: &str, arguments: &[&str]| {
        let mut command =
            folder.command(&[&[verb, "--database-url", database.url()], arguments].concat());
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
    assert_eq!(end_of(database.url(), &job), "completed", "{}", work.log());
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
