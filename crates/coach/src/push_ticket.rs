//! The push tickets of a notification: what is about to be sent to which device, what became of it, what follows from that.
//!
//! ```text
//! waiting → sending → accepted → delivered, expired
//!    ↑         ↓          ↓
//!    └──── refused, or to be sent again;  gone: signed out before it was sent
//! ```
//! `sending` is written before the call and left after it; a ticket found in it is one whose fate nobody knows.

use std::time::Duration;

use durable::{Failure, Pool};
use push::{Code, Message, Refusal, RequestFailure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sqlx::{PgExecutor, types::Json};
use uuid::Uuid;

/// A message that the service asks to slow down for, or could not pass on, is sent again after 1, 4, 16 and 64 minutes and then
/// given up ("slowly retry", says Expo's documentation; the numbers are ours).
const MOST_SENDS: i32 = 5;

/// What both kinds of task are given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PushInput {
    /// The row of `user_notifications`: a uuid, or a number where that table is older than ours.
    pub notification_id: String,
    /// The job whose end is announced; the messages' collapse id.
    pub job_id: Uuid,
}

/// A push that is about to be sent: its intent is written.
#[derive(Debug)]
pub(crate) struct Begun {
    push_token: String,
    token: String,
    sends: i32,
    pub(crate) perhaps_sent: bool,
    title: Option<String>,
    body: Option<String>,
    data: Option<Json<Map<String, Value>>>,
}

impl Begun {
    pub(crate) fn message(&self, input: &PushInput) -> Message {
        Message::new(
            &self.token,
            self.title.clone().unwrap_or_default(),
            self.body.clone().unwrap_or_default(),
            self.data.clone().unwrap_or_default().0,
            input.job_id.to_string(),
        )
    }

    /// Says what became of it.
    pub(crate) fn became(&self, state: &'static str) -> Outcome {
        Outcome::of(&self.push_token, "sending", self.sends, state)
    }

    pub(crate) fn refused(&self, refusal: &Refusal) -> Outcome {
        self.became("refused").because(&refusal.code)
    }
}

/// A push whose receipt is to come.
#[derive(Debug)]
pub(crate) struct Accepted {
    push_token: String,
    sends: i32,
    pub(crate) receipt_id: String,
    age_seconds: f64,
}

impl Accepted {
    /// Time since the service accepted it.
    pub(crate) fn age(&self) -> Duration {
        Duration::try_from_secs_f64(self.age_seconds).unwrap_or_default()
    }

    /// Says what became of it.
    pub(crate) fn became(&self, state: &'static str) -> Outcome {
        Outcome::of(&self.push_token, "accepted", self.sends, state)
    }

    pub(crate) fn refused(&self, refusal: &Refusal) -> Outcome {
        self.became("refused").because(&refusal.code)
    }
}

/// What became of one push, as `coach.record_push` takes it.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    push_token: String,
    was: &'static str,
    sends: i32,
    state: &'static str,
    pub(crate) receipt_id: Option<String>,
    pub(crate) code: Option<String>,
    wait_seconds: Option<f64>,
    disable: bool,
}

impl Outcome {
    fn of(push_token: &str, was: &'static str, sends: i32, state: &'static str) -> Self {
        Self {
            push_token: push_token.to_owned(),
            was,
            sends,
            state,
            receipt_id: None,
            code: None,
            wait_seconds: None,
            disable: false,
        }
    }

    pub(crate) fn is(&self, state: &str) -> bool {
        self.state == state
    }

    /// What follows from a refusal, in a ticket and in a receipt alike.
    fn because(mut self, code: &Code) -> Self {
        self.code = Some(code.as_str().to_owned());
        match code {
            Code::DeviceNotRegistered => self.disable = true,
            Code::MessageRateExceeded | Code::ExpoError | Code::ProviderError => {
                if self.sends < MOST_SENDS {
                    self.state = "waiting";
                    self.wait_seconds = Some(60.0 * 4f64.powi(self.sends - 1));
                }
            }
            Code::InvalidCredentials | Code::MismatchSenderId => tracing::warn!(
                code = code.as_str(),
                "no push reaches these devices: the app's push credentials at Expo are missing or wrong (`eas credentials`)"
            ),
            Code::DeveloperError | Code::MessageTooBig | Code::InvalidToken | Code::Other(_) => {
                tracing::warn!(code = code.as_str(), "a push was refused for good");
            }
        }
        self
    }
}

/// Writes the intent to send what is due of a notification, and returns it.
pub(crate) async fn begin(pool: &Pool, input: &PushInput) -> Result<Vec<Begun>, sqlx::Error> {
    sqlx::query_file_as!(Begun, "queries/begin_push.sql", input.notification_id)
        .fetch_all(pool)
        .await
}

/// The pushes of a notification whose receipts are to come.
pub(crate) async fn accepted(pool: &Pool, input: &PushInput) -> Result<Vec<Accepted>, sqlx::Error> {
    sqlx::query_file_as!(
        Accepted,
        "queries/accepted_pushes.sql",
        input.notification_id
    )
    .fetch_all(pool)
    .await
}

/// Writes what became of pushes and plans what follows: sends that wait, and a look for receipts in `check_in`.
pub(crate) async fn record(
    executor: impl PgExecutor<'_>,
    input: &PushInput,
    outcomes: &[Outcome],
    check_in: Option<Duration>,
) -> Result<(), sqlx::Error> {
    let seconds = check_in.map(|wait| wait.as_secs_f64());
    sqlx::query_file!(
        "queries/record_push.sql",
        json!(input),
        json!(outcomes),
        seconds
    )
    .execute(executor)
    .await
    .map(drop)
}

/// The failure of an attempt whose request failed: tried again after a wait, unless only an operator can help.
pub(crate) fn failure(failure: &RequestFailure) -> Failure {
    let (code, retry_after) = match failure {
        RequestFailure::Retry { after, .. } => ("NETWORK_ERROR", *after),
        RequestFailure::Ambiguous { .. } => ("NETWORK_ERROR", None),
        RequestFailure::Permanent { .. } => ("CONFIG_ERROR", None),
    };
    Failure::Failed {
        code: code.to_owned(),
        message: format!("push service: {failure}"),
        retry_after,
    }
}
