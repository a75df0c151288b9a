//! Starting, being killed, being alone, stopping.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use local_postgres::{Error, LocalPostgres, is_own_url};

/// A folder of one test's own, under a parent that only its owner may enter; removed at the end.
struct Folder {
    parent: PathBuf,
}

impl Folder {
    fn new(name: &str) -> Folder {
        let parent = PathBuf::from(format!("/tmp/mesocycle-it-{}-{name}", std::process::id()));
        fs::DirBuilder::new().mode(0o700).create(&parent).unwrap();
        Folder { parent }
    }

    /// A name that a careless shell would trip over.
    fn data_dir(&self) -> PathBuf {
        self.parent.join("an athlete's data")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.parent);
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn server_pid(data_dir: &Path) -> i32 {
    let text = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

fn kill_9(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[test]
fn it_starts_under_a_closed_folder_and_is_warm_the_second_time() {
    let folder = Folder::new("start");
    let began = Instant::now();
    let postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    println!("first start: {:?}", began.elapsed());
    assert!(is_own_url(&folder.data_dir(), postgres.url()));
    assert!(!is_own_url(&folder.parent, postgres.url()));
    assert_eq!(
        fs::metadata(folder.data_dir())
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    postgres.stop().unwrap();

    drop(postgres);
    let began = Instant::now();
    let postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    println!("warm start: {:?}", began.elapsed());
    assert!(
        !postgres.ensure_running().unwrap(),
        "it was running already"
    );
    drop(postgres);
    assert!(!folder.data_dir().join("postgres/postmaster.pid").exists());
}

#[test]
fn it_comes_back_after_the_server_is_killed() {
    let folder = Folder::new("kill");
    let postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    for _ in 0..3 {
        let killed = server_pid(&folder.data_dir());
        kill_9(killed);
        let began = Instant::now();
        // The operating system may still let the dying server answer for a moment.
        while !postgres.ensure_running().unwrap() {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "the killed server goes on answering"
            );
        }
        println!("back after {:?}", began.elapsed());
        assert_ne!(server_pid(&folder.data_dir()), killed);
    }
}

#[test]
fn it_takes_no_other_process_for_its_server() {
    let folder = Folder::new("stale");
    let postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    let pid_file = folder.data_dir().join("postgres/postmaster.pid");
    let recorded = fs::read_to_string(&pid_file).unwrap();
    kill_9(server_pid(&folder.data_dir()));
    // As after a restart of a container: the recorded number now belongs to somebody else, here to this test.
    let stale = recorded.replacen(
        &recorded[..recorded.find('\n').unwrap()],
        &std::process::id().to_string(),
        1,
    );
    fs::write(&pid_file, stale).unwrap();
    while !postgres.ensure_running().unwrap() {}
    assert_ne!(
        server_pid(&folder.data_dir()).unsigned_abs(),
        std::process::id()
    );
}

#[test]
fn it_comes_back_after_its_socket_is_tidied_away() {
    let folder = Folder::new("socket");
    let postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    let (_, socket) = postgres.url().split_once("host=").unwrap();
    fs::remove_dir_all(socket).unwrap();
    assert!(postgres.ensure_running().unwrap());
    assert!(!postgres.ensure_running().unwrap());
}

#[test]
fn a_second_instance_is_told_who_holds_the_directory() {
    let folder = Folder::new("second");
    let _postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    match LocalPostgres::start(&folder.data_dir()) {
        Err(Error::InUse { pid, .. }) => assert_eq!(pid, std::process::id().to_string()),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn an_unfinished_cluster_is_made_again() {
    let folder = Folder::new("half");
    let half = folder.data_dir().join("postgres.unfinished");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("PG_VERSION"), "15\n").unwrap();
    let postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    assert!(!half.exists());
    drop(postgres);
}

#[test]
fn a_cluster_of_a_version_that_is_not_installed_is_named() {
    let folder = Folder::new("version");
    let cluster = folder.data_dir().join("postgres");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let error = LocalPostgres::start(&folder.data_dir())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("no PostgreSQL 9 (the version that made this data directory)"),
        "{error}"
    );
}

/// The tests above run as whoever runs them; where that is root, this one runs them as an ordinary user too.
#[test]
fn an_ordinary_user_needs_nothing_more_than_root() {
    if !is_root() {
        it_starts_under_a_closed_folder_and_is_warm_the_second_time();
        return;
    }
    let folder = Folder::new("user");
    let program = folder.parent.join("it");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    std::os::unix::fs::chown(&folder.parent, Some(65534), Some(65534)).unwrap();
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let mut tests = Command::new("setpriv");
    tests
        .args(nobody)
        .arg(&program)
        .args(["lifecycle::it", "--nocapture"])
        .env("HOME", &folder.parent)
        .current_dir("/");
    let output = tests.stdin(Stdio::null()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    println!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && printed.contains("4 passed"));
}

/// `./demo | cat` must end: nothing that was started may keep the caller's standard output.
#[test]
fn the_server_holds_no_file_of_its_caller() {
    let folder = Folder::new("stdout");
    let _postgres = LocalPostgres::start(&folder.data_dir()).unwrap();
    let pid = server_pid(&folder.data_dir());
    for descriptor in [0, 1, 2] {
        let Ok(target) = fs::read_link(format!("/proc/{pid}/fd/{descriptor}")) else {
            continue;
        };
        let ours = target == Path::new("/dev/null")
            || target.starts_with(fs::canonicalize(folder.data_dir()).unwrap());
        assert!(ours, "descriptor {descriptor} is {}", target.display());
    }
}
