//! Traces, as a collector gets them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use coach::answer::sound::sound_answer;
use coach::prompt::Prompt;
use emulator::{Asked, Emulator, Options, models};
use local_postgres::testing::fresh_database;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::{
    Folder, Running, USER, ask_for_plan, end_of, eventually, exchange, execute, query, snapshot,
};

/// Words of profiles that could stand nowhere else, and others that are no collector's business.
const PRIVATE: [&str; 6] = [
    "Zebulonia",
    "87.125",
    "torn left labrum",
    "kiwano",
    "ExponentPushToken",
    USER,
];

/// A collector that decodes what it is sent.
struct Collector {
    url: String,
    spans: Arc<Mutex<Vec<Span>>>,
    asked: Arc<AtomicUsize>,
    is_away: Arc<AtomicBool>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let collector = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            spans: Arc::default(),
            asked: Arc::default(),
            is_away: Arc::default(),
        };
        let (spans, asked, is_away) = (
            Arc::clone(&collector.spans),
            Arc::clone(&collector.asked),
            Arc::clone(&collector.is_away),
        );
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (head, body) = request(&mut stream);
                asked.fetch_add(1, Ordering::SeqCst);
                let status = match is_away.load(Ordering::SeqCst) {
                    true => "503 Service Unavailable",
                    false => {
                        assert!(head.starts_with("POST /v1/traces HTTP/1.1"), "{head}");
                        assert!(head.contains("x-api-key: key-of-the-collector"), "{head}");
                        assert!(head.contains("application/x-protobuf"), "{head}");
                        let message = ExportTraceServiceRequest::decode(&*body).unwrap();
                        let scopes = message.resource_spans.into_iter();
                        let scopes = scopes.flat_map(|resource| resource.scope_spans);
                        spans
                            .lock()
                            .unwrap()
                            .extend(scopes.flat_map(|scope| scope.spans));
                        "200 OK"
                    }
                };
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        collector
    }

    fn watched(&self, mut command: Command) -> Command {
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &self.url);
        command.env(
            "OTEL_EXPORTER_OTLP_HEADERS",
            "x-api-key=key-of-the-collector",
        );
        command
    }

    /// The trace of a job: each span once, however often it was sent.
    fn trace(&self, job: &str) -> Trace {
        let trace = hex(job);
        let spans = self.spans.lock().unwrap();
        let ours = spans.iter().filter(|span| span.trace_id == trace);
        Trace(
            ours.map(|span| (span.span_id.clone(), span.clone()))
                .collect(),
        )
    }
}

fn request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let (mut read, mut buffer) = (Vec::new(), [0; 65_536]);
    loop {
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "the request is whole");
        read.extend_from_slice(&buffer[..length]);
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(read[..end].to_vec())
            .unwrap()
            .to_lowercase();
        let head = head.replace("post /v1/traces http/1.1", "POST /v1/traces HTTP/1.1");
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.lines().next().unwrap().parse().unwrap();
        if read.len() == end + 4 + length {
            return (head, read[end + 4..].to_vec());
        }
    }
}

fn hex(uuid: &str) -> Vec<u8> {
    let digits = uuid.replace('-', "");
    (0..16)
        .map(|no| u8::from_str_radix(&digits[2 * no..2 * no + 2], 16).unwrap())
        .collect()
}

struct Trace(BTreeMap<Vec<u8>, Span>);

impl Trace {
    /// How often each name stands in it.
    fn names(&self) -> BTreeMap<&str, usize> {
        let mut names = BTreeMap::new();
        for span in self.0.values() {
            *names.entry(span.name.as_str()).or_default() += 1;
        }
        names
    }

    fn named(&self, name: &str) -> Vec<&Span> {
        self.0.values().filter(|span| span.name == name).collect()
    }

    /// One root, whose name this is, and every other span's parent is there; none ends before it begins.
    fn check(&self, root: &str) {
        let roots: Vec<_> = self
            .0
            .values()
            .filter(|span| span.parent_span_id.is_empty())
            .collect();
        assert_eq!(roots.len(), 1, "{:?}", self.names());
        assert_eq!(roots[0].name, root);
        for span in self.0.values() {
            assert!(
                span.parent_span_id.is_empty() || self.0.contains_key(&span.parent_span_id),
                "{} is an orphan in {:?}",
                span.name,
                self.names()
            );
            assert!(
                span.start_time_unix_nano > 0
                    && span.end_time_unix_nano >= span.start_time_unix_nano
            );
        }
        let told = format!("{:?}", self.0);
        for private in PRIVATE {
            assert!(!told.contains(private), "a span tells {private}: {told}");
        }
    }

    fn parent(&self, span: &Span) -> &Span {
        &self.0[&span.parent_span_id]
    }
}

fn attribute<'a>(span: &'a Span, key: &str) -> Option<&'a Any> {
    let found = span
        .attributes
        .iter()
        .find(|attribute| attribute.key == key);
    found?.value.as_ref()?.value.as_ref()
}

fn text_of(span: &Span, key: &str) -> String {
    match attribute(span, key) {
        Some(Any::StringValue(text)) => text.clone(),
        other => panic!("{} has {key} = {other:?}", span.name),
    }
}

fn number_of(span: &Span, key: &str) -> i64 {
    match attribute(span, key) {
        Some(Any::IntValue(number)) => *number,
        other => panic!("{} has {key} = {other:?}", span.name),
    }
}

fn emulator(runtime: &Runtime, options: Options) -> Emulator {
    let answer = |asked: &Asked| {
        let system = asked.system();
        let known = |prompt: &&Prompt| system.starts_with(prompt.system());
        let sound = Prompt::ALL.iter().find(known).and_then(|prompt| {
            let turn = serde_json::from_str(&asked.user()).ok()?;
            sound_answer(prompt.name(), &turn)
        });
        sound.map_or_else(|| models::minimal(asked), |answer| answer.to_string())
    };
    let options = Options {
        answer: Arc::new(answer),
        ..options
    };
    runtime.block_on(Emulator::start(&options)).unwrap()
}

fn asking(mut command: Command, emulator: &Emulator) -> Command {
    command.env("OPENAI_API_KEY", "sk-for-the-emulator");
    command.env("OPENAI_BASE_URL", emulator.openai_url());
    command.env("EXPO_PUSH_URL", emulator.expo_url());
    command.env("MESOCYCLE_DOLLARS_PER_DAY", "100");
    command
}

/// Both flows by HTTP, and a job by INSERT; one trace each, from the request to the push.
#[test]
fn a_collector_gets_one_connected_trace_for_each_job_and_no_word_of_the_athlete() {
    let runtime = Runtime::new().unwrap();
    let emulator = emulator(&runtime, Options::default());
    let collector = Collector::start();
    let folder = Folder::new();
    let command = asking(folder.command(&["dev", "--port", "0"]), &emulator);
    let mut dev = Running::start(collector.watched(command), &folder.path.join("dev.log"));
    let url = dev.line().replace("Mesocycle is ready at ", "");
    let (token, database) = (folder.token(), folder.dev_env("DATABASE_URL"));
    execute(
        &database,
        &format!(
            "insert into public.push_tokens (user_id, token) values ('{USER}', 'ExponentPushToken[aaaaaaaaaaaaaaaaaaaaaa]')"
        ),
    );

    let mut profile = snapshot();
    profile["name"] = json!(PRIVATE[0]);
    profile["weight"] = json!(87.125);
    profile["dietaryNotes"] = json!("no kiwano");
    let (caller, span) = CALLER;
    let head = format!(
        "POST /functions/v1/create-plan-job HTTP/1.1\r\nAuthorization: Bearer {token}\r\ntraceparent: 00-{caller}-{span}-01\r\n"
    );
    let body = json!({ "profileSnapshot": profile }).to_string();
    let (_, answer) = exchange(&url, &head, &body).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let weekly = answer["jobId"].as_str().unwrap().to_owned();
    let head = format!(
        "POST /functions/v1/trigger-workout-plan HTTP/1.1\r\nAuthorization: Bearer {token}\r\n"
    );
    let text = "Ich heiße Zebulonia, bin 34 Jahre alt, wiege 87.125 kg und will Muskeln aufbauen. Ich trainiere dreimal die Woche im Fitnessstudio.";
    let (_, answer) = exchange(&url, &head, &json!({ "userProfile": text }).to_string()).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let workout = answer["request_id"].as_str().unwrap().to_owned();
    let other = USER.replace("6f3c", "6f3d");
    let inserted = format!(
        "insert into public.plan_generation_jobs (user_id, profile_snapshot) values ('{other}', '{}') returning id::text",
        snapshot()
    );
    let inserted = query(&database, &inserted).unwrap();

    eventually("the end of all three and their pushes", || {
        let pushed = format!(
            "select count(distinct t.input ->> 'job_id')::text from durable.task t
             where t.kind = 'send_push' and t.outcome = 'succeeded' and t.input ->> 'job_id' in ('{weekly}', '{workout}', '{inserted}')"
        );
        query(&database, &pushed).filter(|count| count == "3")
    });
    // What has ended by now is sent before the process ends.
    let log = dev.stop();
    assert!(
        !log.contains("sk-for-the-emulator") && !log.contains("key-of-the-collector"),
        "{log}"
    );

    judge_week(&collector.trace(&weekly));
    judge_block(&collector.trace(&workout));
    let trace = collector.trace(&inserted);
    trace.check("generate_weekly_plan");
    assert!(!trace.names().keys().any(|name| name.starts_with("POST")));
    assert_eq!(trace.names()["send push"], 1);
}

/// The caller's place in its own trace.
const CALLER: (&str, &str) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");

fn judge_week(trace: &Trace) {
    trace.check("generate_weekly_plan");
    let expected = [
        "POST /functions/v1/create-plan-job",
        "attempt 1",
        "chat gpt-6-luna",
        "check plan",
        "generate_weekly_plan",
        "publish plan",
        "send push",
        "send_push",
        "wait in queue",
    ];
    let names: Vec<_> = trace.names().into_keys().collect();
    assert_eq!(names, expected);
    let [request] = trace.named("POST /functions/v1/create-plan-job")[..] else {
        panic!("one request")
    };
    assert_eq!(request.links[0].trace_id, hex(CALLER.0));
    assert_eq!(number_of(request, "http.response.status_code"), 200);
    let [call] = trace.named("chat gpt-6-luna")[..] else {
        panic!("one call")
    };
    assert!(text_of(call, "mesocycle.provider.request_id").starts_with("req_"));
    assert_eq!(text_of(call, "gen_ai.provider.name"), "openai");
    assert!(number_of(call, "gen_ai.usage.output_tokens") > 0);
    assert!(
        matches!(attribute(call, "mesocycle.cost_dollars"), Some(Any::DoubleValue(cost)) if *cost > 0.0)
    );
    let [check] = trace.named("check plan")[..] else {
        panic!("one check")
    };
    assert_eq!(text_of(check, "mesocycle.plan.by"), "openai");
    let [publish] = trace.named("publish plan")[..] else {
        panic!("one publishing")
    };
    assert_eq!(trace.parent(publish).name, "attempt 1");
    let [push] = trace.named("send push")[..] else {
        panic!("one push")
    };
    assert_eq!(number_of(push, "mesocycle.push.accepted"), 1);
    assert!(push.start_time_unix_nano >= publish.end_time_unix_nano);
}

fn judge_block(trace: &Trace) {
    trace.check("generate_workout_plan");
    let names = trace.names();
    assert_eq!(names["POST /functions/v1/trigger-workout-plan"], 1);
    assert_eq!(names["send push"], 1);
    assert_eq!(names["publish plan"], 1);
    assert_eq!(names["attempt 2"], 1, "the parent came back: {names:?}");
    let children = trace.named("generate_exercise_profile");
    assert!(!children.is_empty(), "{names:?}");
    for child in children {
        assert_eq!(trace.parent(child).name, "generate_workout_plan");
    }
    let calls = trace.named("chat gpt-6-luna");
    let ids: BTreeSet<_> = calls
        .iter()
        .map(|call| text_of(call, "mesocycle.provider.request_id"))
        .collect();
    assert_eq!(ids.len(), calls.len(), "each call has its own");
    assert!(calls.len() > 2, "the reading, the template, the exercises");
}

#[test]
fn the_attempt_after_a_killed_worker_continues_the_trace() {
    let runtime = Runtime::new().unwrap();
    let emulator = emulator(
        &runtime,
        Options {
            first_token: Duration::from_secs(3),
            ..Options::default()
        },
    );
    let collector = Collector::start();
    let folder = Folder::new();
    let database = fresh_database(&coach::migrate::script()).unwrap();
    let work = |log: &str| {
        let command = folder.command(&["work", "--database-url", database.url()]);
        let command = collector.watched(asking(command, &emulator));
        Running::start(command, &folder.path.join(log))
    };
    let killed = work("killed.log");
    let job = format!(
        "insert into public.plan_generation_jobs (user_id, profile_snapshot) values ('{USER}', '{}') returning id::text",
        snapshot()
    );
    let job = query(database.url(), &job).unwrap();
    eventually("the call", || {
        let handle = "select count(*)::text from durable.step where handle is not null";
        query(database.url(), handle).filter(|count| count == "1")
    });
    killed.kill_9();
    let next = work("next.log");
    assert_eq!(end_of(database.url(), &job), "completed");
    eventually("the push", || {
        let pushed = "select count(*)::text from durable.task where kind = 'send_push' and outcome = 'succeeded'";
        query(database.url(), pushed).filter(|count| count == "1")
    });
    // The one that was killed was the one to send, and is believed to live for half a minute.
    eventually("the trace", || {
        collector
            .trace(&job)
            .names()
            .contains_key("send push")
            .then_some(())
    });
    next.stop();
    let trace = collector.trace(&job);
    trace.check("generate_weekly_plan");
    let names = trace.names();
    assert_eq!(
        (names["attempt 1"], names["wait in queue"]),
        (2, 3),
        "{names:?}"
    );
    let lost = trace
        .named("attempt 1")
        .into_iter()
        .chain(trace.named("attempt 2"));
    let outcomes: BTreeSet<_> = lost
        .map(|attempt| text_of(attempt, "mesocycle.outcome"))
        .collect();
    assert!(
        outcomes.contains("lost") && outcomes.contains("succeeded"),
        "{outcomes:?}"
    );
    let [call] = trace.named("chat gpt-6-luna")[..] else {
        panic!("one call, paid for once")
    };
    assert_eq!(number_of(call, "mesocycle.step.resumed"), 1);
}

#[test]
fn a_collector_that_is_away_harms_no_job_is_told_of_once_and_gets_its_traces_later() {
    let collector = Collector::start();
    collector.is_away.store(true, Ordering::SeqCst);
    let folder = Folder::new();
    let command = folder.command(&["dev", "--port", "0"]);
    let mut dev = Running::start(collector.watched(command), &folder.path.join("dev.log"));
    let url = dev.line().replace("Mesocycle is ready at ", "");
    let (token, database) = (folder.token(), folder.dev_env("DATABASE_URL"));
    let job = ask_for_plan(&url, &token, &snapshot());
    assert_eq!(end_of(&database, &job), "completed");
    eventually("a third try", || {
        (collector.asked.load(Ordering::SeqCst) >= 3).then_some(())
    });
    assert_eq!(
        dev.log().matches("the collector cannot be reached").count(),
        1
    );
    collector.is_away.store(false, Ordering::SeqCst);
    eventually("the trace", || {
        collector
            .trace(&job)
            .names()
            .contains_key("publish plan")
            .then_some(())
    });
    let log = dev.stop();
    collector.trace(&job).check("generate_weekly_plan");
    assert_eq!(
        log.matches("the collector takes traces again").count(),
        1,
        "{log}"
    );
}

#[test]
fn doctor_says_whether_the_collector_takes_traces() {
    let collector = Collector::start();
    let folder = Folder::new();
    let doctor = || {
        let output = collector.watched(folder.command(&["doctor"])).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let printed = doctor();
    assert!(
        printed.contains("fine   traces: the collector takes them\n"),
        "{printed}"
    );
    collector.is_away.store(true, Ordering::SeqCst);
    let printed = doctor();
    let expected = "traces: the collector cannot be reached: it answers 503 Service Unavailable";
    assert!(printed.contains(expected), "{printed}");
}

#[test]
fn an_address_that_is_none_is_told_at_the_start() {
    let folder = Folder::new();
    let mut command = folder.command(&["dev", "--port", "0"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318");
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("it should look like http://localhost:4318"),
        "{said}"
    );
}
