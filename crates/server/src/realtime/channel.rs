//! Joining a topic, and what a joined channel may say.

use std::sync::Arc;
use std::time::Duration;

use coach::caller::Caller;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::bindings::{self, Binding};
use super::check::{Checked, check};
use super::hub::Hub;
use super::member::{Member, PREFIX};
use super::outbox::{Outbox, Outgoing};
use super::{broadcast, frames, token};
use crate::auth::{Keys, LEEWAY};

/// The longest topic, in bytes.
const LONGEST_TOPIC: usize = 255;

/// What a socket has to join with.
pub(super) struct Door<'a> {
    pub(super) hub: &'a Arc<Hub>,
    pub(super) keys: &'a Keys,
    pub(super) outbox: &'a Arc<Outbox>,
    /// What the connection was opened with; it stands in where a join brings no token.
    pub(super) api_key: &'a str,
}

/// A channel of a socket.
pub(super) struct Channel {
    pub(super) member: Arc<Member>,
    /// When its token ends.
    pub(super) expires_at: Option<Instant>,
}

/// A `phx_join`: who sent it, and for what.
pub(super) struct Join {
    pub(super) join_ref: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) topic: String,
    pub(super) payload: Map<String, Value>,
}

impl Door<'_> {
    /// Joins, and answers; `None` where the answer was a refusal.
    pub(super) async fn join(&self, join: Join) -> Option<Channel> {
        match self.try_join(&join).await {
            Ok(channel) => Some(channel),
            Err(reason) => {
                self.reply(&join, &frames::refused(&reason));
                None
            }
        }
    }

    async fn try_join(&self, join: &Join) -> Result<Channel, String> {
        let name = join.topic.strip_prefix(PREFIX).unwrap_or_default();
        if name.is_empty() || join.topic.len() > LONGEST_TOPIC {
            return Err("unmatched topic".into());
        }
        let caller = token::of_join(self.keys, &join.payload, self.api_key).await?;
        let config = join.payload.get("config").unwrap_or(&Value::Null);
        if config["private"] == json!(true) {
            return Err(
                "Unauthorized: private channels are not offered here; leave out private: true"
                    .into(),
            );
        }
        let list = config.get("postgres_changes");
        let (bindings, read) = bindings::parse(list);
        if bindings.len() > bindings::MOST {
            return Err(format!("a channel has at most {} bindings", bindings::MOST));
        }
        let checked = match read {
            Ok(()) => check(self.hub, &bindings, caller.role).await?,
            Err(reason) => Checked::Refused(reason),
        };
        let waits = config["postgres_changes_options"]["wait"] == json!(true);
        if let (true, Checked::Refused(reason)) = (waits, &checked) {
            return Err(reason.clone());
        }
        Ok(self.enter(join, caller, &bindings, &checked, config))
    }

    /// Enters the member and greets it: the reply, then what became of its bindings.
    fn enter(
        &self,
        join: &Join,
        caller: Caller,
        bindings: &[Binding],
        checked: &Checked,
        config: &Value,
    ) -> Channel {
        let expires_at = expiry(&caller);
        let served = match checked {
            Checked::Served { .. } => bindings,
            Checked::Refused(_) => &[],
        };
        let member = Arc::new(Member::new(
            self.hub.next_id(),
            (join.topic.clone(), join.join_ref.clone()),
            Arc::clone(self.outbox),
            self.hub.identity(caller),
            served.into(),
            config["broadcast"]["self"] == json!(true),
        ));
        let echoes: Vec<Value> = bindings.iter().map(Binding::echo).collect();
        self.hub.join(&member, || {
            self.reply(join, &frames::ok(&json!({ "postgres_changes": echoes })));
            let tell = |extension: &str, status: &str, message: &str| {
                let payload = frames::system(extension, status, message, member.name());
                member.send("system", &payload);
            };
            match checked {
                _ if bindings.is_empty() => {}
                Checked::Refused(reason) => tell("postgres_changes", "error", reason),
                Checked::Served { warning } => {
                    tell("postgres_changes", "ok", "Subscribed to PostgreSQL");
                    if let Some(warning) = warning {
                        tell("system", "warning", warning);
                    }
                }
            }
            if config["presence"]["enabled"] == json!(true) {
                member.send("presence_state", "{}");
            }
        });
        Channel { member, expires_at }
    }

    /// Takes an `access_token` event: the channel goes on as whom the new token names.
    pub(super) async fn refresh(&self, channel: &mut Channel, payload: &Map<String, Value>) {
        let Some(text) = payload.get("access_token").and_then(Value::as_str) else {
            return;
        };
        if text.starts_with("sb_") || channel.member.is_over() {
            return;
        }
        match token::verify(self.keys, text).await {
            Err(reason) => channel.member.fail("system", &reason),
            Ok(caller) => {
                let former = &channel.member;
                channel.expires_at = expiry(&caller);
                let member = Arc::new(Member::new(
                    self.hub.next_id(),
                    (former.topic.clone(), former.join_ref.clone()),
                    Arc::clone(self.outbox),
                    self.hub.identity(caller),
                    Arc::clone(&former.bindings),
                    former.hears_itself,
                ));
                self.hub.replace(former, &member);
                channel.member = member;
            }
        }
    }

    /// Takes an event of a joined channel that is neither join, leave nor token.
    pub(super) fn hear(&self, channel: &Channel, frame: super::serializer::Frame) {
        let member = &channel.member;
        match frame.event.as_str() {
            "broadcast" => {
                broadcast::relay(self.hub, member, &frame.payload);
                self.acknowledge(member, frame.reference.as_deref());
            }
            "presence" => self.acknowledge(member, frame.reference.as_deref()),
            _ => {}
        }
    }

    /// Answers `ok` to an event that asked for an answer.
    pub(super) fn acknowledge(&self, member: &Member, reference: Option<&str>) {
        if reference.is_some() {
            self.outbox.send(Outgoing {
                join_ref: member.join_ref.as_deref(),
                reference,
                topic: &member.topic,
                event: "phx_reply",
                payload: &frames::ok(&json!({})),
            });
        }
    }

    fn reply(&self, join: &Join, payload: &str) {
        self.outbox.send(Outgoing {
            join_ref: join.join_ref.as_deref(),
            reference: join.reference.as_deref(),
            topic: &join.topic,
            event: "phx_reply",
            payload,
        });
    }
}

/// When a caller's token ends, as long as clocks may differ.
fn expiry(caller: &Caller) -> Option<Instant> {
    let exp = caller.claims.get("exp").and_then(Value::as_f64)?;
    let now = Timestamp::now().as_millisecond() as f64 / 1000.0;
    // Far enough for any token, and near enough for the clock to count to.
    const A_YEAR: f64 = 365.0 * 86_400.0;
    let left = (exp + LEEWAY as f64 - now).clamp(0.0, A_YEAR);
    Instant::now().checked_add(Duration::from_secs_f64(left))
}
