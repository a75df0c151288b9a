//! What a push service is to the rest: messages go in, one typed answer a message comes out.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use serde::Serialize;
use serde_json::{Map, Value};

/// An answer under way; boxed, so that a service can be chosen while the program runs.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A service that brings messages to phones, in two phases: it accepts a message, and later has a receipt for it.
pub trait PushService: Send + Sync + 'static {
    /// Hands over the messages. Answers one [`Sent`] a message, in their order.
    fn send<'a>(&'a self, messages: &'a [Message]) -> Answer<'a, Vec<Sent>>;

    /// Asks what became of accepted messages, by the ids of [`Sent::Accepted`]. Answers one [`Receipt`] an id, in their order.
    fn receipts<'a>(&'a self, ids: &'a [String]) -> Answer<'a, Vec<Receipt>>;
}

/// A notification for one device.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// The device's push token.
    pub to: String,
    /// The heading.
    pub title: String,
    /// The text; cut by the service at a character's border where the message would be too large.
    pub body: String,
    /// What the app gets; never cut. Ids, not contents.
    pub data: Map<String, Value>,
    /// Messages of one such id show as one on the device, so a message may be sent again without showing twice.
    /// At most 64 bytes (Apple's limit for `apns-collapse-id`).
    pub collapse_id: String,
    /// The sound's name; `None` is silent.
    pub sound: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// Android's notification channel. One that the app has not created shows nothing, so `None` unless the app is known.
    pub channel_id: Option<String>,
}

impl Message {
    /// A message with the usual manners: default sound, high priority, default channel.
    pub fn new(
        to: impl Into<String>,
        title: impl Into<String>,
        body: impl Into<String>,
        data: Map<String, Value>,
        collapse_id: impl Into<String>,
    ) -> Self {
        Self {
            to: to.into(),
            title: title.into(),
            body: body.into(),
            data,
            collapse_id: collapse_id.into(),
            sound: Some("default".to_owned()),
            priority: Priority::High,
            channel_id: None,
        }
    }
}

/// Shows the collapse id alone.
impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Message")
            .field("collapse_id", &self.collapse_id)
            .finish_non_exhaustive()
    }
}

/// How urgently a device is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// The platform's own: normal on Android, high on iOS.
    #[default]
    Default,
    /// May wait for the device to wake.
    Normal,
    /// At once, waking the device.
    High,
}

/// What became of a message that was to be sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    /// The service has it. Not yet on the device: the receipt says more.
    Accepted {
        /// The id to ask for its receipt by.
        receipt_id: String,
    },
    /// The service (or, before any call, this crate) will not take this message.
    Refused(Refusal),
    /// The request that carried it failed.
    Failed(RequestFailure),
}

/// What the service knows of an accepted message.
#[derive(Debug, Clone, PartialEq)]
pub enum Receipt {
    /// Apple's or Google's service has it.
    Delivered,
    /// It will not arrive.
    Refused(Refusal),
    /// There is no receipt: not yet, or no more (they are kept for about a day).
    Missing,
    /// The question failed; ask again.
    Unknown(RequestFailure),
}

/// Why one message was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, to decide by.
    pub code: Code,
    /// The service's sentence for the operator, without the device's token; may be empty.
    pub message: String,
}

/// The reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// The device no longer takes notifications of this app: stop sending to the token.
    DeviceNotRegistered,
    /// More than 4,096 bytes; the same message will never pass.
    MessageTooBig,
    /// Too many for this one device: wait, then send again.
    MessageRateExceeded,
    /// The app's push credentials are wrong: an operator must act.
    InvalidCredentials,
    /// The app's Firebase project and its credentials do not belong together: an operator must act.
    MismatchSenderId,
    /// The message or the app is set up wrongly: a developer must act.
    DeveloperError,
    /// The push service itself is at fault: send again later.
    ExpoError,
    /// Apple's or Google's service is at fault: send again later.
    ProviderError,
    /// Not a token of this service; found before any call.
    InvalidToken,
    /// A reason that this version does not know, as the service wrote it; empty if it gave none.
    Other(String),
}

impl Code {
    /// The code as the service writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::DeviceNotRegistered => "DeviceNotRegistered",
            Self::MessageTooBig => "MessageTooBig",
            Self::MessageRateExceeded => "MessageRateExceeded",
            Self::InvalidCredentials => "InvalidCredentials",
            Self::MismatchSenderId => "MismatchSenderId",
            Self::DeveloperError => "DeveloperError",
            Self::ExpoError => "ExpoError",
            Self::ProviderError => "ProviderError",
            Self::InvalidToken => "InvalidToken",
            Self::Other(code) => code,
        }
    }
}

impl From<&str> for Code {
    fn from(code: &str) -> Self {
        match code {
            "DeviceNotRegistered" => Self::DeviceNotRegistered,
            "MessageTooBig" => Self::MessageTooBig,
            "MessageRateExceeded" => Self::MessageRateExceeded,
            "InvalidCredentials" => Self::InvalidCredentials,
            "MismatchSenderId" => Self::MismatchSenderId,
            "DeveloperError" => Self::DeveloperError,
            "ExpoError" => Self::ExpoError,
            "ProviderError" => Self::ProviderError,
            "InvalidToken" => Self::InvalidToken,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Why a request failed, by what the caller can do. No variant holds a token or a text of a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestFailure {
    /// Nothing of it was accepted; the same request may pass later.
    #[error("not accepted for now: {reason}")]
    Retry {
        /// The wait that the service asked for, if it did.
        after: Option<Duration>,
        /// What happened, for the operator.
        reason: String,
    },
    /// Nobody knows whether it was accepted: cut off, timed out, or answered beyond understanding after it was sent.
    #[error("perhaps accepted: {reason}")]
    Ambiguous {
        /// What happened, for the operator.
        reason: String,
    },
    /// Nothing of it was accepted, nor will be: an operator must act.
    #[error("refused: {reason}")]
    Permanent {
        /// The service's code, or the HTTP status.
        reason: String,
    },
}
