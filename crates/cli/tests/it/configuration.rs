//! Flags, environment, file.

use crate::support::{Folder, USER, text};

#[test]
fn the_reference_file_in_the_repository_is_true() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../mesocycle.reference.toml"
    );
    let printed = text(&Folder::new().run(&["settings"]).stdout);
    let written = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        written, printed,
        "write it anew: mesocycle settings > mesocycle.reference.toml"
    );
}

#[test]
fn the_reference_file_changes_nothing_and_can_be_uncommented() {
    let folder = Folder::new();
    let reference = text(&folder.run(&["settings"]).stdout);
    assert!(
        reference
            .lines()
            .all(|line| line.is_empty() || line.starts_with('#'))
    );
    let settings = reference
        .lines()
        .filter(|line| line.contains(" = "))
        .map(|line| line.trim_start_matches("# "));
    folder.write("mesocycle.toml", &settings.collect::<Vec<_>>().join("\n"));
    folder.token();
}

#[test]
fn a_misspelt_setting_earns_a_suggestion() {
    let folder = Folder::new();
    let output = folder
        .command(&["token", "--user", USER])
        .env("MESOCYCLE_DATADIR", "x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("MESOCYCLE_DATADIR is no setting; did you mean MESOCYCLE_DATA_DIR?"),
        "{said}"
    );

    folder.write("mesocycle.toml", "worker_concurency = 3\n");
    let output = folder.run(&["token", "--user", USER]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    let expected =
        "mesocycle.toml: there is no setting worker_concurency; did you mean worker_concurrency?";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn the_file_the_environment_and_flags_are_read() {
    let folder = Folder::new();
    folder.write("mesocycle.toml", "data_dir = 'from-file'\n");
    folder.token();
    assert!(folder.path.join("from-file/jwt-secret").exists());
    let mut command = folder.command(&["token", "--user", USER]);
    assert!(
        command
            .env("MESOCYCLE_DATA_DIR", "from-environment")
            .output()
            .unwrap()
            .status
            .success()
    );
    assert!(folder.path.join("from-environment/jwt-secret").exists());
    folder.run(&["token", "--user", USER, "--data-dir", "from-flag"]);
    assert!(folder.path.join("from-flag/jwt-secret").exists());
}

#[test]
fn a_verb_without_a_database_says_what_to_do() {
    for arguments in [vec!["serve", "--port", "0"], vec!["work"], vec!["migrate"]] {
        let folder = Folder::new();
        let output = folder
            .command(&arguments)
            .env("SUPABASE_JWT_SECRET", "x".repeat(32))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text(&output.stderr).contains("set DATABASE_URL"),
            "{}",
            text(&output.stderr)
        );
    }
}
