//! `mesocycle migrate`.

use local_postgres::testing::fresh_database;

use crate::support::{Folder, query, text};

#[test]
fn what_is_printed_and_what_is_run_are_one() {
    let folder = Folder::new();
    let printed = text(&folder.run(&["migrate", "--print"]).stdout);
    let by_file = fresh_database(&printed).unwrap();
    let history = "select string_agg(name, ' ' order by name) from durable.migration";
    let before = query(by_file.url(), history);
    let output = folder.run(&["migrate", "--database-url", by_file.url()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(
        query(by_file.url(), history),
        before,
        "the program finds the file's work done"
    );

    let by_program = fresh_database("select 1").unwrap();
    folder.run(&["migrate", "--database-url", by_program.url()]);
    assert_eq!(query(by_program.url(), history), before);
}

#[test]
fn settings_that_were_said_are_written_into_the_database() {
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    folder.write("mesocycle.toml", "jobs_per_day = 7\n");
    let mut command = folder.command(&["migrate", "--database-url", database.url()]);
    let output = command
        .env("MESOCYCLE_ONE_PLAN_PER_CYCLE", "true")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let settings = "select string_agg(name || '=' || value, ' ' order by name) from coach.setting";
    let written = query(database.url(), settings).unwrap();
    for expected in [
        "jobs_per_day=7",
        "one_plan_per_cycle=true",
        "redos_per_day=2",
    ] {
        assert!(written.contains(expected), "{written}");
    }
}
