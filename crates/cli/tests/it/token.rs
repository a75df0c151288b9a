//! `mesocycle token`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::{Folder, USER, text};

#[test]
fn the_token_stands_alone_and_needs_no_database() {
    let folder = Folder::new();
    let output = folder.run(&["token", "--user", USER]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    assert_eq!(printed.lines().count(), 1);
    assert_eq!(printed.trim_end().split('.').count(), 3, "{printed}");
    assert!(output.stderr.is_empty());
}

#[test]
fn the_secret_is_made_once_and_is_its_owners_alone() {
    let folder = Folder::new();
    folder.token();
    let path = folder.data_dir().join("jwt-secret");
    let secret = fs::read_to_string(&path).unwrap();
    assert_eq!(secret.len(), 64, "256 bits in hexadecimal");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    folder.run(&[
        "token",
        "--user",
        USER,
        "--role",
        "service_role",
        "--ttl",
        "7d",
    ]);
    assert_eq!(fs::read_to_string(&path).unwrap(), secret);
}

#[test]
fn many_at_once_agree_on_one_secret() {
    let folder = Folder::new();
    let start = |_| {
        folder
            .command(&["token", "--user", USER])
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..8).map(start).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let left: Vec<_> = fs::read_dir(folder.data_dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 2, "the secret and .gitignore: {left:?}");
}

#[test]
fn what_is_wrong_is_said() {
    let folder = Folder::new();
    for (arguments, expected) in [
        (["--user", "me", "--ttl", "1h"], "--user"),
        (
            ["--user", USER, "--ttl", "soon"],
            "such as 90s, 30m, 1h or 7d",
        ),
        (
            ["--user", USER, "--role", "postgres"],
            "anon, authenticated and service_role",
        ),
    ] {
        let output = folder.run(&[&["token"], arguments.as_slice()].concat());
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(
            text(&output.stderr).contains(expected),
            "{}",
            text(&output.stderr)
        );
    }
}
