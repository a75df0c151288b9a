//! The settings: the only reader of the environment and of `mesocycle.toml`.
//!
//! Every setting is declared once, in [`SETTINGS`]. A flag wins over the environment, the environment over the file, the
//! file over the default.

mod alerts;
mod providers;
mod reference;
mod settings;
mod source;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub(crate) use providers::{Link, OpenAiApi, Providers, Terms};
pub(crate) use reference::{reference, reference_json};
pub(crate) use settings::{DatabasePooler, LogFormat, Settings};

/// One setting: its name in the file (and, with hyphens, as a flag where there is one), its environment variable, its
/// default as it would stand in the file (none: unset), and what it is for.
struct Setting {
    name: &'static str,
    variable: &'static str,
    default: Option<&'static str>,
    doc: &'static str,
}

const fn setting(
    name: &'static str,
    variable: &'static str,
    default: Option<&'static str>,
    doc: &'static str,
) -> Setting {
    Setting {
        name,
        variable,
        default,
        doc,
    }
}

/// Every setting there is.
const SETTINGS: &[Setting] = &[
    setting(
        "database_url",
        "DATABASE_URL",
        None,
        "The PostgreSQL database (15 or newer), as a URI. `dev` starts a private one when it is unset.",
    ),
    setting(
        "database_connections",
        "MESOCYCLE_DATABASE_CONNECTIONS",
        Some("20"),
        "The most connections that one process keeps open.",
    ),
    setting(
        "database_pooler",
        "MESOCYCLE_DATABASE_POOLER",
        Some("\"auto\""),
        "Whether the URL leads through a pooler in transaction mode: `transaction` (pgbouncer, Supabase's), `none`, or `auto`: where its port is 6543 or it says `pgbouncer=true`. Workers then poll.",
    ),
    setting(
        "database_listen_url",
        "MESOCYCLE_DATABASE_LISTEN_URL",
        None,
        "Behind a pooler: a URL of the same database that does not lead through it, for hearing at once that work has come.",
    ),
    setting(
        "data_dir",
        "MESOCYCLE_DATA_DIR",
        Some("\".mesocycle\""),
        "Where `dev` keeps its private database, its keys and `dev.env`.",
    ),
    setting(
        "host",
        "MESOCYCLE_HOST",
        Some("\"127.0.0.1\""),
        "The address to listen on; `0.0.0.0` lets other machines and phones in.",
    ),
    setting(
        "port",
        "MESOCYCLE_PORT",
        Some("54321"),
        "The port to listen on; 0 takes a free one.",
    ),
    setting(
        "jwt_secret",
        "SUPABASE_JWT_SECRET",
        None,
        "The legacy secret that signs access tokens (HS256), at least 32 characters. `dev` and `token` make one in the data directory when it is unset.",
    ),
    setting(
        "jwks_url",
        "MESOCYCLE_JWKS_URL",
        None,
        "Where the public keys of access tokens are (ES256, RS256): `https://<project>.supabase.co/auth/v1/.well-known/jwks.json`.",
    ),
    setting(
        "jwks",
        "MESOCYCLE_JWKS",
        None,
        "The key set itself, as JSON text, instead of its address.",
    ),
    setting(
        "anon_key",
        "SUPABASE_ANON_KEY",
        None,
        "The project's public key, for `doctor`, which sees by it whether the secret is the same project's.",
    ),
    setting(
        "service_role_key",
        "SUPABASE_SERVICE_ROLE_KEY",
        None,
        "The project's key that passes row level security, for `doctor` likewise. Nothing else reads it.",
    ),
    setting(
        "publishable_keys",
        "MESOCYCLE_PUBLISHABLE_KEYS",
        Some("[]"),
        "The project's keys `sb_publishable_…`, each of which stands for `anon`. In the environment: separated by commas.",
    ),
    setting(
        "secret_keys",
        "MESOCYCLE_SECRET_KEYS",
        Some("[]"),
        "The project's keys `sb_secret_…`, each of which stands for `service_role`. In the environment: separated by commas.",
    ),
    setting(
        "allowed_origins",
        "MESOCYCLE_ALLOWED_ORIGINS",
        Some("[\"*\"]"),
        "The web pages that may call, such as `https://app.example.com`; `*` is every page. `/auth/v1` takes pages by name only, and this machine's.",
    ),
    setting(
        "development_auth",
        "MESOCYCLE_DEVELOPMENT_AUTH",
        None,
        "Whether `/auth/v1` serves accounts for development: `dev` does unless this is false, `serve` only if it is true. Never beside Supabase, which has its own.",
    ),
    setting(
        "worker_name",
        "MESOCYCLE_WORKER_NAME",
        Some("\"mesocycle\""),
        "What this process's worker is called; a number is added.",
    ),
    setting(
        "worker_concurrency",
        "MESOCYCLE_WORKER_CONCURRENCY",
        Some("50"),
        "How many jobs of a kind one process works on at once.",
    ),
    setting(
        "keep_tasks_days",
        "MESOCYCLE_KEEP_TASKS_DAYS",
        Some("30"),
        "How many days the engine's own record of an ended job is kept: its steps and events.",
    ),
    setting(
        "expo_push_url",
        "EXPO_PUSH_URL",
        Some("\"https://exp.host/--/api/v2/push\""),
        "Where pushes are sent: Expo's push service, or one that speaks like it.",
    ),
    setting(
        "expo_access_token",
        "EXPO_ACCESS_TOKEN",
        None,
        "The access token of \"enhanced push security\", if the Expo account asks for one.",
    ),
    setting(
        "drain_seconds",
        "MESOCYCLE_DRAIN_SECONDS",
        Some("20"),
        "How long running jobs may take to finish when the process is told to stop; what is unfinished then is given back.",
    ),
    setting(
        "jobs_per_day",
        "MESOCYCLE_JOBS_PER_DAY",
        Some("20"),
        "How many plans a user may ask for in a day; cancelled ones count.",
    ),
    setting(
        "anonymous_jobs_per_day",
        "MESOCYCLE_ANONYMOUS_JOBS_PER_DAY",
        Some("3"),
        "The same for an anonymous user.",
    ),
    setting(
        "redos_per_day",
        "MESOCYCLE_REDOS_PER_DAY",
        Some("2"),
        "How often a user may have a plan done again in a day.",
    ),
    setting(
        "max_retries",
        "MESOCYCLE_MAX_RETRIES",
        Some("3"),
        "How often a failed job is tried again.",
    ),
    setting(
        "run_limit_seconds",
        "MESOCYCLE_RUN_LIMIT_SECONDS",
        Some("2700"),
        "How long one try of a job may take.",
    ),
    setting(
        "one_plan_per_cycle",
        "MESOCYCLE_ONE_PLAN_PER_CYCLE",
        Some("false"),
        "Whether a user who has a plan of this week is answered with it instead of a new one.",
    ),
    setting(
        "min_days_between",
        "MESOCYCLE_MIN_DAYS_BETWEEN",
        Some("7"),
        "How many days an athlete's own schedule leaves between two weekly plans, at least. Apps use 14.",
    ),
    setting(
        "keep_ended_jobs_days",
        "MESOCYCLE_KEEP_ENDED_JOBS_DAYS",
        Some("7"),
        "How many days ended jobs are kept before a clean-up deletes them.",
    ),
    setting(
        "providers",
        "PROVIDERS",
        None,
        "Who drafts plans, in the order in which they are asked: `openai`, `deepseek`, `compatible`, and last `rules`, the planner in code. Unset: those of them, in this order, that have a key (`compatible`: an address), then `rules`. Without `rules` a plan fails when the last of them did.",
    ),
    setting(
        "openai_api_key",
        "OPENAI_API_KEY",
        None,
        "OpenAI's key. Prompts hold the athlete's profile without names.",
    ),
    setting(
        "openai_base_url",
        "OPENAI_BASE_URL",
        Some("\"https://api.openai.com/v1\""),
        "Where OpenAI, or one that speaks exactly like it, is.",
    ),
    setting(
        "openai_model",
        "OPENAI_MODEL",
        Some("\"gpt-6-luna\""),
        "The model that OpenAI is asked for.",
    ),
    setting(
        "openai_api",
        "OPENAI_API",
        Some("\"responses\""),
        "`responses`: in the background, so that a paid answer is picked up again after a crash; or `chat`.",
    ),
    setting(
        "openai_effort",
        "OPENAI_EFFORT",
        Some("\"none\""),
        "How hard OpenAI's model thinks: `none`, `minimal`, `low`, `medium`, `high`; `auto` leaves it to the model. Thoughts are paid for and count towards an answer's length.",
    ),
    setting(
        "openai_timers",
        "OPENAI_TIMERS",
        Some("[]"),
        "Waits in seconds that are to differ from connect=10, headers=60, first_byte=75, byte_idle=75, queued=600, content_idle=180, ceiling=900; first_token=N is the four of them until the first token at once.",
    ),
    setting(
        "openai_limits",
        "OPENAI_LIMITS",
        Some("[]"),
        "What all processes together may ask in a minute: requests=N, input_tokens=N, output_tokens=N; and at once: concurrent=N. What is not named is not limited.",
    ),
    setting(
        "deepseek_api_key",
        "DEEPSEEK_API_KEY",
        None,
        "DeepSeek's key. Its servers stand in China.",
    ),
    setting(
        "deepseek_base_url",
        "DEEPSEEK_BASE_URL",
        Some("\"https://api.deepseek.com\""),
        "Where DeepSeek is.",
    ),
    setting(
        "deepseek_model",
        "DEEPSEEK_MODEL",
        Some("\"deepseek-flash\""),
        "The model that DeepSeek is asked for.",
    ),
    setting(
        "deepseek_timers",
        "DEEPSEEK_TIMERS",
        Some("[]"),
        "As openai_timers.",
    ),
    setting(
        "deepseek_limits",
        "DEEPSEEK_LIMITS",
        Some("[]"),
        "As openai_limits.",
    ),
    setting(
        "compatible_base_url",
        "COMPATIBLE_BASE_URL",
        None,
        "Where a server is that speaks OpenAI's Chat Completions, such as `http://127.0.0.1:11434/v1`: Ollama, llama.cpp, vLLM, a gateway.",
    ),
    setting(
        "compatible_api_key",
        "COMPATIBLE_API_KEY",
        None,
        "Its key, if it asks for one.",
    ),
    setting(
        "compatible_model",
        "COMPATIBLE_MODEL",
        None,
        "The model that it is asked for. One that costs nothing is told so in `prices`.",
    ),
    setting(
        "compatible_structured",
        "COMPATIBLE_STRUCTURED",
        Some("\"schema\""),
        "How it is told what the answer must be: `schema`, `json` (JSON mode, the schema in the prompt) or `prompt` (the prompt alone).",
    ),
    setting(
        "compatible_timers",
        "COMPATIBLE_TIMERS",
        Some("[\"first_token=600\"]"),
        "As openai_timers. A small machine reads a long prompt for minutes, in silence.",
    ),
    setting(
        "compatible_limits",
        "COMPATIBLE_LIMITS",
        Some("[]"),
        "As openai_limits.",
    ),
    setting(
        "prices",
        "MESOCYCLE_PRICES",
        Some("[]"),
        "Prices that win over the bundled ones, in dollars per 1,000,000 tokens: `model=input/cached input/output`, or `model=0`. A model without a price counts as the dearest known.",
    ),
    setting(
        "dollars_per_job",
        "MESOCYCLE_DOLLARS_PER_JOB",
        Some("0.5"),
        "The most that models may cost for one job, its retries included. A call that might pass it is not made.",
    ),
    setting(
        "dollars_per_user_and_day",
        "MESOCYCLE_DOLLARS_PER_USER_AND_DAY",
        Some("1"),
        "The same for one user in a day (UTC).",
    ),
    setting(
        "dollars_per_day",
        "MESOCYCLE_DOLLARS_PER_DAY",
        None,
        "The same for everybody in a day (UTC). Unset: 20, and 1 in `dev` and `demo`.",
    ),
    setting(
        "alert_webhook",
        "MESOCYCLE_ALERT_WEBHOOK",
        None,
        "Where a POST goes when somebody should act. A provider needs it, or alert_thresholds were passed; when that begins, while it lasts and when it is over: `{\"alert\", \"state\", \"about\", \"since\", \"text\"}`. The log says it in any case.",
    ),
    setting(
        "alert_thresholds",
        "MESOCYCLE_ALERT_THRESHOLDS",
        Some("[]"),
        "What is to differ from failed_percent=20 (of a kind's tasks, if failed_least=10 of them ended in the last window_minutes=15), queue_seconds=300 (the first in line is ready for so long), no_worker_seconds=60 (a queue has work and nobody alive to do it), spend_percent=80 (of dollars_per_day), repeat_minutes=240 (what lasts is said again), look_seconds=30 (between two looks). 0 switches an alert off. All processes should have the same.",
    ),
    setting(
        "otlp_endpoint",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        None,
        "Where traces of jobs go: an OpenTelemetry collector that takes OTLP over HTTP, such as `http://localhost:4318`. Unset: there are none.",
    ),
    setting(
        "otlp_headers",
        "OTEL_EXPORTER_OTLP_HEADERS",
        Some("[]"),
        "Headers that the collector asks for, `name=value`. In the environment: separated by commas.",
    ),
    setting(
        "log",
        "MESOCYCLE_LOG",
        Some("\"info,sqlx=warn\""),
        "What is logged: `error`, `warn`, `info`, `debug` or `trace`, also by room: `info,durable=debug`.",
    ),
    setting(
        "log_format",
        "MESOCYCLE_LOG_FORMAT",
        Some("\"auto\""),
        "`people`, `json`, or `auto`: for people on a terminal, JSON otherwise.",
    ),
];

/// The settings that live in the database, where SQL meets them too. They are written there when a process starts, if they
/// are set anywhere; else the database keeps what it has.
const IN_DATABASE: [&str; 8] = [
    "jobs_per_day",
    "anonymous_jobs_per_day",
    "redos_per_day",
    "max_retries",
    "run_limit_seconds",
    "one_plan_per_cycle",
    "min_days_between",
    "keep_ended_jobs_days",
];

/// Where the file of settings is named.
const FILE_VARIABLE: &str = "MESOCYCLE_CONFIG";
/// The file that is read when none is named.
const FILE: &str = "mesocycle.toml";

/// The flags that every verb with settings takes.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Flags {
    /// A file of settings [default: mesocycle.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where `dev` keeps its private database and its keys [default: .mesocycle]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The PostgreSQL database, as a URI
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// What is logged: error, warn, info, debug, trace, also by room [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
}

/// The flags of the verbs that listen.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Listen {
    /// The address to listen on; 0.0.0.0 lets phones in [default: 127.0.0.1]
    #[arg(long)]
    host: Option<String>,
    /// The port to listen on [default: 54321]
    #[arg(long)]
    port: Option<u16>,
}

impl Flags {
    fn values(&self, listen: Option<&Listen>) -> BTreeMap<&'static str, String> {
        let listen = listen.cloned().unwrap_or_default();
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        [
            ("data_dir", self.data_dir.as_ref().map(path)),
            ("database_url", self.database_url.clone()),
            ("log", self.log.clone()),
            ("host", listen.host),
            ("port", listen.port.map(|port| port.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// Whether the environment forbids colours (`NO_COLOR`, no-color.org) or wants them everywhere (`CLICOLOR_FORCE`,
/// bixense.com/clicolors); none: it says neither.
pub(crate) fn colours() -> Option<bool> {
    let said = |wanted: &str| {
        std::env::vars_os()
            .find_map(|(name, value)| (name == wanted && !value.is_empty()).then_some(value))
    };
    match (said("NO_COLOR"), said("CLICOLOR_FORCE")) {
        (Some(_), _) => Some(false),
        (None, Some(force)) if force != "0" => Some(true),
        _ => None,
    }
}

/// Reads the settings of this process.
///
/// # Errors
/// Names the setting that is misspelt or cannot be read, and what would be right.
pub(crate) fn load(flags: &Flags, listen: Option<&Listen>) -> anyhow::Result<Settings> {
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let named = flags
        .config
        .clone()
        .or_else(|| environment.get(FILE_VARIABLE).map(PathBuf::from));
    let file = source::read_file(named.as_deref())?;
    source::check_variables(&environment)?;
    Settings::from(&source::Values {
        flags: flags.values(listen),
        environment,
        file,
    })
}
