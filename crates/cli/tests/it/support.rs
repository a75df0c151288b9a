//! A folder, a process and an HTTP call for one test.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A user id for tests.
pub(crate) const USER: &str = "6f3c0a52-0b57-4b6e-9d0e-4a4f3b1c2d01";

/// A working directory of one test's own, removed at its end.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!(
            "/tmp/mesocycle-cli-{}-{number}",
            std::process::id()
        ));
        fs::create_dir(&path).unwrap();
        Folder { path }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.path.join(".mesocycle")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path.join(name), text).unwrap();
    }

    /// The program in this folder, without what the environment of the tests says about databases, keys and models.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mesocycle"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            let ours = [
                "MESOCYCLE_",
                "SUPABASE_",
                "DATABASE_URL",
                "PG",
                "PROVIDERS",
                "OPENAI_",
                "DEEPSEEK_",
                "COMPATIBLE_",
                "EXPO_",
                "OTEL_",
            ];
            if ours.iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(name.as_ref());
            }
        }
        command
            .args(arguments)
            .current_dir(&self.path)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// A value of the folder's `dev.env`, as a shell that sources it has it.
    pub(crate) fn dev_env(&self, name: &str) -> String {
        let script = format!(". .mesocycle/dev.env && printf %s \"${name}\"");
        let output = Command::new("sh")
            .args(["-eu", "-c", &script])
            .current_dir(&self.path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// A token of [`USER`].
    pub(crate) fn token(&self) -> String {
        let output = self.run(&["token", "--user", USER]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim_end().to_owned()
    }

    /// Whether the private PostgreSQL was left running or killed.
    pub(crate) fn has_postgres(&self) -> bool {
        self.data_dir().join("postgres/postmaster.pid").exists()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A verb that goes on running. It is told to stop when the test ends.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    log: PathBuf,
}

impl Running {
    /// Starts it with its standard error in `log`.
    pub(crate) fn start(mut command: Command, log: &Path) -> Running {
        let file = File::create(log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Running {
            child,
            stdout,
            log: log.to_owned(),
        }
    }

    /// `mesocycle dev` in a folder, on a free port, once it says that it is ready; and its URL.
    pub(crate) fn dev(folder: &Folder, arguments: &[&str]) -> (Running, String) {
        let command = folder.command(&[&["dev", "--port", "0"], arguments].concat());
        let mut running = Running::start(command, &folder.path.join("dev.log"));
        let line = running.line();
        let url = line
            .strip_prefix("Mesocycle is ready at ")
            .unwrap_or_else(|| panic!("{line}{}", running.log()));
        (running, url.to_owned())
    }

    /// The next line of standard output; empty at its end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().cast_signed()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Ends it where it stands.
    pub(crate) fn kill_9(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to stop; waits until it has ended and nothing that it started holds its standard output. Its whole log.
    pub(crate) fn stop(mut self) -> String {
        self.signal(Signal::TERM);
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        let status = self.child.wait().unwrap();
        let log = self.log();
        assert!(status.success(), "{status}: {log}");
        log
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            self.signal(Signal::TERM);
            let _ = self.child.wait();
        }
    }
}

/// Waits for something that another process does; there is no event to wait for.
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} did not happen");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The status of a GET; none when nobody listens.
pub(crate) fn get(url: &str, path: &str) -> Option<u16> {
    exchange(url, &format!("GET {path} HTTP/1.1\r\n"), "").map(|(status, _)| status)
}

/// Status and JSON of a POST.
pub(crate) fn post(url: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    );
    let (status, answer) = exchange(url, &head, &body.to_string()).unwrap();
    (status, serde_json::from_str(&answer).unwrap_or(Value::Null))
}

/// Status and body of the answer to a request with this head and body.
pub(crate) fn exchange(url: &str, head: &str, body: &str) -> Option<(u16, String)> {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "{head}Host: {host}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some((status, body.to_owned()))
}

/// Asks for a plan as the token's user; the job's id.
pub(crate) fn ask_for_plan(url: &str, token: &str, snapshot: &Value) -> String {
    let (status, answer) = post(
        url,
        "/functions/v1/create-plan-job",
        token,
        &json!({ "profileSnapshot": snapshot }),
    );
    assert_eq!(
        (status, &answer["status"]),
        (200, &json!("created")),
        "{answer}"
    );
    answer["jobId"].as_str().unwrap().to_owned()
}

/// The first column of a statement's one row, as text.
pub(crate) fn query(url: &str, sql: &str) -> Option<String> {
    try_query(url, sql).unwrap()
}

/// The same, or why the database refuses.
pub(crate) fn try_query(url: &str, sql: &str) -> Result<Option<String>, sqlx::Error> {
    use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(url).await?;
        let row = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut connection)
            .await;
        connection.close().await?;
        row?.try_get(0)
    })
}

/// Runs a statement.
pub(crate) fn execute(url: &str, sql: &str) {
    use sqlx::{AssertSqlSafe, Connection, PgConnection};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.unwrap();
    });
}

/// Waits until a job has ended and answers its status.
pub(crate) fn end_of(database: &str, job: &str) -> String {
    eventually("the job's end", || {
        let sql =
            format!("select status::text from public.plan_generation_jobs where id = '{job}'");
        query(database, &sql).filter(|status| status == "completed" || status == "failed")
    })
}

/// A profile.
pub(crate) fn snapshot() -> Value {
    json!({
        "goal": "MUSCLE_GAIN", "trainingDays": 4, "equipment": ["Gym"], "sessionLength": 60,
        "age": 31, "sex": "Female", "height": 168, "weight": 63, "activityLevel": "Moderately Active",
    })
}
