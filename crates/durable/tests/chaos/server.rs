//! The PostgreSQL of a round: one of its own, as safe as in earnest, so that a sudden end means something.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use local_postgres::LocalPostgres;

/// A private server whose data directory goes with it.
pub(crate) struct Server {
    postgres: Option<LocalPostgres>,
    directory: PathBuf,
}

impl Server {
    pub(crate) fn start() -> Self {
        let program = std::env::current_exe().expect("this test's own file");
        let target = program.ancestors().nth(3).unwrap_or(Path::new("target"));
        let directory = target.join(format!("chaos-postgres-{}", std::process::id()));
        let postgres = LocalPostgres::start(&directory).expect("a PostgreSQL");
        Self {
            postgres: Some(postgres),
            directory,
        }
    }

    fn postgres(&self) -> &LocalPostgres {
        self.postgres.as_ref().expect("it runs until the end")
    }

    /// A URL whose sessions are known by `name`.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("{}&application_name={name}", self.postgres().url())
    }

    /// The file whose being there says that work is to be quick.
    pub(crate) fn hurry_file(&self) -> PathBuf {
        self.directory.join("hurry")
    }

    /// Ends the server without a word to anybody, as `pg_ctl stop -m immediate` does, and starts it again: it recovers from
    /// its log.
    pub(crate) fn restart_at_once(&self) {
        let pid_file = self.directory.join("postgres/postmaster.pid");
        let recorded = fs::read_to_string(pid_file).expect("postmaster.pid");
        let pid = recorded.lines().next().expect("a process id");
        signal("QUIT", pid);
        while Path::new("/proc").join(pid).exists() && !is_collected(pid) {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        self.postgres().ensure_running().expect("a restart");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.postgres.take());
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Sends a signal by the shell's own `kill`: a bare machine has no program of that name.
pub(crate) fn signal(name: &str, pid: &str) {
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -{name} {pid}")])
        .status();
    assert!(sent.expect("sh").success(), "kill -{name} {pid}");
}

/// Whether a process has ended and only its entry is left.
fn is_collected(pid: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .unwrap_or_default()
        .rsplit_once(") ")
        .is_none_or(|(_, state)| state.starts_with(['Z', 'X']))
}
