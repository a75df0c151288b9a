//! `mesocycle doctor`.

use local_postgres::testing::fresh_database;

use crate::support::{Folder, Running, text};

#[test]
fn nothing_is_wrong_beside_a_running_dev() {
    let folder = Folder::new();
    let (running, _) = Running::dev(&folder, &[]);
    let output = folder.run(&["doctor"]);
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{printed}");
    assert!(
        printed.contains("worker: at least one is alive"),
        "{printed}"
    );
    assert!(printed.ends_with("Nothing is wrong.\n"), "{printed}");
    running.stop();
}

#[test]
fn every_finding_comes_with_its_cure() {
    let folder = Folder::new();
    for (arguments, expected) in [
        (vec!["doctor"], "set DATABASE_URL, or run `mesocycle dev`"),
        (
            vec![
                "doctor",
                "--database-url",
                "postgres://nobody@127.0.0.1:1/nowhere",
            ],
            "the database cannot be reached",
        ),
        (
            vec!["doctor", "--database-url", "nonsense"],
            "postgres://user:password@host:5432/database",
        ),
    ] {
        let output = folder.run(&arguments);
        let printed = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        assert!(
            printed.contains(expected) && printed.contains("cure: "),
            "{printed}"
        );
    }
}

#[test]
fn what_is_missing_in_a_database_is_found() {
    let folder = Folder::new();
    let empty = fresh_database("select 1").unwrap();
    let printed = text(
        &folder
            .run(&["doctor", "--database-url", empty.url()])
            .stdout,
    );
    assert!(
        printed.contains("not migrated\n       cure: run `mesocycle migrate`"),
        "{printed}"
    );

    let migrated = fresh_database(&coach::migrate::script()).unwrap();
    let printed = text(
        &folder
            .run(&["doctor", "--database-url", migrated.url()])
            .stdout,
    );
    assert!(printed.contains("worker: none is alive"), "{printed}");
}

#[test]
fn an_open_grant_is_found_and_hardening_closes_it() {
    let folder = Folder::new();
    let grant = "grant update on public.plan_generation_jobs to authenticated";
    let database = fresh_database(&format!("{}\n{grant};", coach::migrate::script())).unwrap();
    let doctor = || {
        text(
            &folder
                .run(&["doctor", "--database-url", database.url()])
                .stdout,
        )
    };
    assert!(
        doctor().contains("public.plan_generation_jobs: authenticated may update"),
        "{}",
        doctor()
    );
    let output = folder.run(&["migrate", "--harden", "--database-url", database.url()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("revoke update"),
        "{}",
        text(&output.stdout)
    );
    assert!(
        doctor().contains("grants and policies: none is too open"),
        "{}",
        doctor()
    );
}
