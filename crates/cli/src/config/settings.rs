//! The settings with their types, from what was said and the defaults.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{anyhow, bail};
use serde_json::Value;
use server::admin::Setting;

use super::alerts::Alerts;
use super::providers::Providers;
use super::source::{self, Values};
use super::{IN_DATABASE, SETTINGS};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people on a terminal, JSON otherwise.
    Auto,
    /// For people.
    People,
    /// One JSON object a line.
    Json,
}

/// What stands between us and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatabasePooler {
    /// Known by the URL.
    Auto,
    /// A pooler in transaction mode.
    Transaction,
    /// Nothing, or a pooler in session mode.
    None,
}

/// The settings of a process. What each means stands in [`SETTINGS`].
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) database_url: Option<String>,
    pub(crate) database_connections: u32,
    pub(crate) database_pooler: DatabasePooler,
    pub(crate) database_listen_url: Option<String>,
    pub(crate) data_dir: PathBuf,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) jwt_secret: Option<String>,
    pub(crate) jwks_url: Option<String>,
    pub(crate) jwks: Option<String>,
    pub(crate) anon_key: Option<String>,
    pub(crate) service_role_key: Option<String>,
    pub(crate) publishable_keys: Vec<String>,
    pub(crate) secret_keys: Vec<String>,
    pub(crate) allowed_origins: Vec<String>,
    /// None: as the verb has it.
    pub(crate) development_auth: Option<bool>,
    pub(crate) worker_name: String,
    pub(crate) worker_concurrency: usize,
    pub(crate) keep_tasks: Duration,
    pub(crate) expo_push_url: String,
    pub(crate) expo_access_token: Option<String>,
    pub(crate) drain: Duration,
    pub(crate) providers: Providers,
    pub(crate) alert_webhook: Option<String>,
    pub(crate) alerts: Alerts,
    /// None: no traces.
    pub(crate) otlp_endpoint: Option<String>,
    #[cfg_attr(
        not(feature = "otlp"),
        expect(dead_code, reason = "only traces have headers")
    )]
    pub(crate) otlp_headers: Vec<String>,
    pub(crate) log: String,
    /// Whether `log` was said or is the default.
    pub(crate) log_is_set: bool,
    pub(crate) log_format: LogFormat,
    /// What is to be written into the database: names and JSON values.
    pub(crate) in_database: Vec<(&'static str, Value)>,
    /// Every setting as an operator may see it: secrets are masked.
    pub(crate) shown: Vec<Setting>,
}

impl Settings {
    /// Reads every setting from what was said.
    pub(super) fn from(values: &Values) -> anyhow::Result<Settings> {
        Ok(Settings {
            database_url: text(values, "database_url"),
            database_connections: number(values, "database_connections", 1)?,
            database_pooler: database_pooler(values)?,
            database_listen_url: text(values, "database_listen_url"),
            data_dir: required(values, "data_dir").into(),
            host: required(values, "host"),
            port: number(values, "port", 0)?,
            jwt_secret: text(values, "jwt_secret"),
            jwks_url: text(values, "jwks_url"),
            jwks: text(values, "jwks"),
            anon_key: text(values, "anon_key"),
            service_role_key: text(values, "service_role_key"),
            publishable_keys: list(values, "publishable_keys"),
            secret_keys: list(values, "secret_keys"),
            allowed_origins: list(values, "allowed_origins"),
            development_auth: truth(values, "development_auth")?,
            worker_name: required(values, "worker_name"),
            worker_concurrency: number(values, "worker_concurrency", 1)?,
            keep_tasks: DAY * u32::from(number::<u16>(values, "keep_tasks_days", 1)?),
            expo_push_url: required(values, "expo_push_url"),
            expo_access_token: text(values, "expo_access_token"),
            drain: Duration::from_secs(number(values, "drain_seconds", 0)?),
            providers: Providers::from(values)?,
            alert_webhook: text(values, "alert_webhook"),
            alerts: Alerts::from(values)?,
            otlp_endpoint: text(values, "otlp_endpoint"),
            otlp_headers: list(values, "otlp_headers"),
            log: required(values, "log"),
            log_is_set: values.said("log").is_some(),
            log_format: log_format(values)?,
            in_database: IN_DATABASE
                .iter()
                .filter_map(|name| in_database(values, name).transpose())
                .collect::<Result<_, _>>()?,
            shown: SETTINGS
                .iter()
                .map(|setting| shown(setting, text(values, setting.name)))
                .collect(),
        })
    }
}

/// A setting as it may be shown. What is a secret by its name, or holds a password in a URL, is masked.
fn shown(
    &super::Setting {
        name,
        variable,
        doc,
        ..
    }: &super::Setting,
    value: Option<String>,
) -> Setting {
    let is_secret = |value: &str| {
        let name = name.split('_').next_back().unwrap_or_default();
        [
            "secret", "key", "keys", "token", "password", "webhook", "headers", "url", "urls",
        ]
        .contains(&name)
            && (!name.starts_with("url") || value.contains('@'))
    };
    Setting {
        name: name.to_owned(),
        variable: variable.to_owned(),
        meaning: doc.to_owned(),
        value: value
            .filter(|value| !value.is_empty())
            .map(|value| match is_secret(&value) {
                true => "***".to_owned(),
                false => value,
            }),
    }
}

/// What was said, else the default as text.
pub(super) fn text(values: &Values, name: &str) -> Option<String> {
    values
        .said(name)
        .map(|(value, _)| value.to_owned())
        .or_else(|| default(name))
}

/// The text of a setting that has a default.
pub(super) fn required(values: &Values, name: &str) -> String {
    text(values, name).unwrap_or_default()
}

fn default(name: &str) -> Option<String> {
    let default = SETTINGS
        .iter()
        .find(|setting| setting.name == name)?
        .default?;
    source::parse(&format!("{name} = {default}"))
        .ok()?
        .remove(name)
}

pub(super) fn list(values: &Values, name: &str) -> Vec<String> {
    required(values, name)
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn number<N: FromStr + PartialOrd + Display>(
    values: &Values,
    name: &str,
    least: N,
) -> anyhow::Result<N> {
    let value = required(values, name);
    match value.parse::<N>() {
        Ok(number) if number >= least => Ok(number),
        _ => Err(wrong(
            values,
            name,
            &format!("a whole number from {least} that fits"),
        )),
    }
}

fn truth(values: &Values, name: &str) -> anyhow::Result<Option<bool>> {
    match text(values, name).map(|value| value.parse()) {
        None => Ok(None),
        Some(Ok(truth)) => Ok(Some(truth)),
        Some(Err(_)) => Err(wrong(values, name, "true or false")),
    }
}

fn log_format(values: &Values) -> anyhow::Result<LogFormat> {
    match required(values, "log_format").as_str() {
        "auto" => Ok(LogFormat::Auto),
        "people" => Ok(LogFormat::People),
        "json" => Ok(LogFormat::Json),
        _ => Err(wrong(values, "log_format", "auto, people or json")),
    }
}

fn database_pooler(values: &Values) -> anyhow::Result<DatabasePooler> {
    match required(values, "database_pooler").as_str() {
        "auto" => Ok(DatabasePooler::Auto),
        "transaction" => Ok(DatabasePooler::Transaction),
        "none" => Ok(DatabasePooler::None),
        _ => Err(wrong(
            values,
            "database_pooler",
            "auto, transaction or none",
        )),
    }
}

/// A setting of the database, if it was said: a number or a truth value, as its default is.
fn in_database(
    values: &Values,
    name: &'static str,
) -> anyhow::Result<Option<(&'static str, Value)>> {
    let Some((said, _)) = values.said(name) else {
        return Ok(None);
    };
    let is_truth = default(name).is_some_and(|default| default.parse::<bool>().is_ok());
    let value = match is_truth {
        true => said.parse::<bool>().ok().map(Value::from),
        false => said.parse::<u32>().ok().map(Value::from),
    };
    let expected = if is_truth {
        "true or false"
    } else {
        "a whole number from 0"
    };
    match value {
        Some(value) => Ok(Some((name, value))),
        None => bail!(wrong(values, name, expected)),
    }
}

/// Says where a wrong value came from and what would be right.
pub(super) fn wrong(values: &Values, name: &str, expected: &str) -> anyhow::Error {
    match values.said(name) {
        Some((value, place)) => anyhow!("{place} is \"{value}\"; expected {expected}"),
        None => anyhow!("{name}: expected {expected}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn values(flags: &[(&'static str, &str)], environment: &[(&str, &str)], file: &str) -> Values {
        Values {
            flags: flags
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            file: source::parse(file).unwrap(),
        }
    }

    fn error(values: &Values) -> String {
        Settings::from(values)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
        let port = |flags, environment, file| {
            Settings::from(&values(flags, environment, file))
                .unwrap()
                .port
        };
        assert_eq!(port(&[], &[], ""), 54321);
        assert_eq!(port(&[], &[], "port = 1"), 1);
        assert_eq!(port(&[], &[("MESOCYCLE_PORT", "2")], "port = 1"), 2);
        assert_eq!(
            port(&[("port", "3")], &[("MESOCYCLE_PORT", "2")], "port = 1"),
            3
        );
        assert_eq!(
            port(&[], &[("MESOCYCLE_PORT", "")], "port = 1"),
            1,
            "an empty variable says nothing"
        );
    }

    #[test]
    fn lists_are_written_with_commas_or_as_lists() {
        let settings = Settings::from(&values(
            &[],
            &[("MESOCYCLE_SECRET_KEYS", "a, b")],
            "allowed_origins = ['x', 'y']",
        ))
        .unwrap();
        assert_eq!(settings.secret_keys, ["a", "b"]);
        assert_eq!(settings.allowed_origins, ["x", "y"]);
        assert!(settings.publishable_keys.is_empty());
    }

    #[test]
    fn only_what_was_said_goes_into_the_database() {
        assert!(
            Settings::from(&values(&[], &[], ""))
                .unwrap()
                .in_database
                .is_empty()
        );
        let said = values(
            &[],
            &[("MESOCYCLE_ONE_PLAN_PER_CYCLE", "true")],
            "jobs_per_day = 5",
        );
        let expected = [
            ("jobs_per_day", Value::from(5)),
            ("one_plan_per_cycle", Value::from(true)),
        ];
        assert_eq!(Settings::from(&said).unwrap().in_database, expected);
    }

    #[test]
    fn a_wrong_value_is_told_with_its_place_and_what_is_right() {
        assert_eq!(
            error(&values(&[], &[("MESOCYCLE_PORT", "70000")], "")),
            "MESOCYCLE_PORT is \"70000\"; expected a whole number from 0 that fits"
        );
        assert_eq!(
            error(&values(&[], &[], "one_plan_per_cycle = 'maybe'")),
            "one_plan_per_cycle in the file of settings is \"maybe\"; expected true or false"
        );
        assert!(
            error(&values(&[], &[], "log_format = 'xml'"))
                .ends_with("expected auto, people or json")
        );
        assert!(
            error(&values(&[], &[], "worker_concurrency = 0"))
                .ends_with("expected a whole number from 1 that fits")
        );
    }

    #[test]
    fn no_secret_is_shown() {
        let said = values(
            &[],
            &[
                ("DATABASE_URL", "postgres://me:hidden@127.0.0.1/db"),
                ("SUPABASE_JWT_SECRET", "hidden, and long enough"),
                ("MESOCYCLE_SECRET_KEYS", "sb_secret_hidden"),
                ("EXPO_ACCESS_TOKEN", "hidden"),
                ("MESOCYCLE_ALERT_WEBHOOK", "https://example.com/hidden"),
                ("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=hidden"),
            ],
            "port = 7",
        );
        let shown = Settings::from(&said).unwrap().shown;
        assert!(!format!("{shown:?}").contains("hidden"), "{shown:?}");
        let value = |name: &str| {
            let found = shown.iter().find(|setting| setting.name == name);
            found.and_then(|setting| setting.value.as_deref())
        };
        assert_eq!(
            (value("port"), value("jwt_secret")),
            (Some("7"), Some("***"))
        );
        assert_eq!(value("jwks_url"), None);
        assert!(value("expo_push_url").is_some_and(|url| url.starts_with("https://")));
    }

    #[test]
    fn a_misspelt_name_earns_a_suggestion() {
        let file = source::parse("prot = 1").unwrap_err().to_string();
        assert_eq!(file, "there is no setting prot; did you mean port?");
        let variable = BTreeMap::from([("MESOCYCLE_PROT".to_owned(), "1".to_owned())]);
        assert_eq!(
            source::check_variables(&variable).unwrap_err().to_string(),
            "the environment variable MESOCYCLE_PROT is no setting; did you mean MESOCYCLE_PORT?"
        );
        let strange = source::parse("zzzzzzzzzz = 1").unwrap_err().to_string();
        assert_eq!(
            strange,
            "there is no setting zzzzzzzzzz; `mesocycle settings` lists them"
        );
        assert!(
            source::check_variables(&BTreeMap::from([(
                "MESOCYCLE_CONFIG".to_owned(),
                String::new()
            )]))
            .is_ok()
        );
    }

    #[test]
    fn every_default_can_be_read() {
        for setting in SETTINGS.iter().filter(|setting| setting.default.is_some()) {
            assert!(default(setting.name).is_some(), "{}", setting.name);
        }
        assert!(IN_DATABASE.iter().all(|name| default(name).is_some()));
    }
}
