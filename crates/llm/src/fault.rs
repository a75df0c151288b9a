//! What a provider's own report of an error means: one table for HTTP statuses, one for codes inside streams.

use std::{collections::HashSet, time::Duration};

use serde_json::Value;

use crate::{Class, Permanent, Timer};

/// A failure before it is known to whom it happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What can be done.
    pub class: Class,
    /// What happened, in our words.
    pub reason: String,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The provider's code or type.
    pub code: Option<String>,
    /// The provider's words, as they came.
    pub text: Option<String>,
}

impl Fault {
    pub(crate) fn new(class: Class, reason: impl Into<String>) -> Self {
        Self {
            class,
            reason: reason.into(),
            status: None,
            code: None,
            text: None,
        }
    }

    pub(crate) fn network(reason: impl Into<String>) -> Self {
        Self::new(Class::Network, reason)
    }

    pub(crate) fn timeout(timer: Timer) -> Self {
        Self::new(Class::Timeout(timer), "")
    }

    /// An HTTP answer that is none of success. `wait` is what its headers name.
    pub(crate) fn of_status(status: u16, body: &[u8], wait: Option<Duration>) -> Self {
        let said = Said::of_body(body);
        let class = match (said.class_of_words(), status) {
            (Some(class), _) => class,
            (None, 401 | 403) => Class::Permanent(Permanent::Key),
            (None, 402) => Class::Permanent(Permanent::Quota),
            (None, 404) => Class::Permanent(Permanent::UnknownModel),
            (None, 408 | 409 | 425) => Class::Network,
            (None, 429 | 503 | 529) => Class::RateLimit { retry_after: wait },
            (None, 500..) => Class::Network,
            (None, _) => Class::Permanent(Permanent::BadRequest),
        };
        let mut fault = said.into_fault(class);
        fault.status = Some(status);
        fault
    }

    /// The failure that an event of a stream reports, if it does: in its field `error`, or in itself if its type is `error`.
    pub(crate) fn in_event(event: &Value) -> Option<Self> {
        let nested = event.get("error").filter(|error| !error.is_null());
        let flat = event.get("type").is_some_and(|kind| kind == "error");
        nested.or(flat.then_some(event)).map(Self::of_error)
    }

    /// An error object inside an answer that began with HTTP 200: `{code, message}` or `{type, message}`. A code that nobody knows may
    /// pass the next time, unless its words say that it will not.
    pub(crate) fn of_error(error: &Value) -> Self {
        let said = Said::of_error(error);
        let class = said.class_of_words().unwrap_or_else(|| {
            let code = said.code.as_deref().unwrap_or_default();
            let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
            if has(&["rate_limit", "overloaded", "slow_down", "too_many"]) {
                Class::RateLimit { retry_after: None }
            } else if has(&["policy"]) {
                Class::Refused
            } else if has(&["quota", "billing"]) {
                Class::Permanent(Permanent::Quota)
            } else if has(&["auth", "api_key", "permission"]) {
                Class::Permanent(Permanent::Key)
            } else if has(&["not_found"]) {
                Class::Permanent(Permanent::UnknownModel)
            } else if has(&["invalid", "context_length"]) {
                Class::Permanent(Permanent::BadRequest)
            } else {
                Class::Network
            }
        });
        said.into_fault(class)
    }
}

/// What a provider said of an error.
struct Said {
    code: Option<String>,
    kind: Option<String>,
    text: Option<String>,
}

impl Said {
    /// `{"error": {…}}`, `{"error": "…"}`, or the object itself.
    fn of_body(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match body.get("error") {
            Some(error) => Self::of_error(error),
            None => Self::of_error(&body),
        }
    }

    fn of_error(error: &Value) -> Self {
        if let Some(text) = error.as_str() {
            return Self {
                code: None,
                kind: None,
                text: Some(text.to_owned()),
            };
        }
        Self {
            code: error.get("code").and_then(identifier),
            kind: error.get("type").and_then(identifier),
            text: error
                .get("message")
                .and_then(Value::as_str)
                .map(str::to_owned),
        }
    }

    /// The class that the words give whatever the status is.
    fn class_of_words(&self) -> Option<Class> {
        let says = |words: &[&str]| {
            [&self.code, &self.kind]
                .into_iter()
                .flatten()
                .any(|word| words.contains(&word.as_str()))
        };
        if says(&["insufficient_quota", "billing_hard_limit_reached"]) {
            Some(Class::Permanent(Permanent::Quota))
        } else if says(&["model_not_found"]) || self.text.as_deref() == Some("Model Not Exist") {
            Some(Class::Permanent(Permanent::UnknownModel))
        } else if says(&["invalid_api_key"]) {
            Some(Class::Permanent(Permanent::Key))
        } else if says(&[
            "invalid_prompt",
            "bio_policy",
            "content_filter",
            "content_policy_violation",
        ]) {
            Some(Class::Refused)
        } else {
            None
        }
    }

    fn into_fault(self, class: Class) -> Fault {
        Fault {
            class,
            reason: String::new(),
            status: None,
            code: self.code.or(self.kind),
            text: self.text,
        }
    }
}

/// A short word, so that nothing else gets into an error's print.
fn identifier(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let sound = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    sound.then_some(text)
}

/// The longest words of a provider that are kept, in characters.
const TEXT: usize = 500;
/// Words of a provider that repeat so many bytes of the prompt are withheld.
const REPEATED: usize = 20;

/// The provider's words without what is private: cut, and withheld where they repeat a private text.
pub(crate) fn presentable(text: &str, private: &[&str]) -> String {
    let text: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(TEXT)
        .collect();
    let said: HashSet<&[u8]> = text.as_bytes().windows(REPEATED).collect();
    let repeats = |private: &&str| match private.len() {
        0 => false,
        1..REPEATED => text.contains(private),
        _ => private
            .as_bytes()
            .windows(REPEATED)
            .any(|window| said.contains(window)),
    };
    match private.iter().any(repeats) {
        true => "(withheld: it repeats the request)".to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_status_and_its_words_give_the_class() {
        let wait = Some(Duration::from_secs(7));
        let permanent = |kind| Class::Permanent(kind);
        let body = |kind: &str, code: Value| json!({ "error": { "message": "m", "type": kind, "param": null, "code": code } });
        for (status, body, class) in [
            (
                429,
                body("tokens", json!("rate_limit_exceeded")),
                Class::RateLimit { retry_after: wait },
            ),
            (
                429,
                body("insufficient_quota", json!("insufficient_quota")),
                permanent(Permanent::Quota),
            ),
            (
                429,
                body("insufficient_quota", Value::Null),
                permanent(Permanent::Quota),
            ),
            (
                403,
                body("x", json!("insufficient_quota")),
                permanent(Permanent::Quota),
            ),
            (503, json!("<html>"), Class::RateLimit { retry_after: wait }),
            (
                529,
                body("overloaded_error", Value::Null),
                Class::RateLimit { retry_after: wait },
            ),
            (500, Value::Null, Class::Network),
            (502, Value::Null, Class::Network),
            (408, Value::Null, Class::Network),
            (
                400,
                body("invalid_request_error", json!("context_length_exceeded")),
                permanent(Permanent::BadRequest),
            ),
            (
                400,
                body("invalid_request_error", json!("invalid_prompt")),
                Class::Refused,
            ),
            (400, body("x", json!("content_filter")), Class::Refused),
            (
                401,
                body("invalid_request_error", json!("invalid_api_key")),
                permanent(Permanent::Key),
            ),
            (
                402,
                body("unknown_error", json!("invalid_request_error")),
                permanent(Permanent::Quota),
            ),
            (403, Value::Null, permanent(Permanent::Key)),
            (
                404,
                body("invalid_request_error", json!("model_not_found")),
                permanent(Permanent::UnknownModel),
            ),
            (
                404,
                json!({ "error": "model 'x' not found" }),
                permanent(Permanent::UnknownModel),
            ),
            (413, Value::Null, permanent(Permanent::BadRequest)),
            (
                400,
                json!({ "error": { "message": "Model Not Exist", "code": "invalid_request_error" } }),
                permanent(Permanent::UnknownModel),
            ),
            (422, Value::Null, permanent(Permanent::BadRequest)),
            (307, Value::Null, permanent(Permanent::BadRequest)),
        ] {
            let fault = Fault::of_status(status, body.to_string().as_bytes(), wait);
            assert_eq!(fault.class, class, "{status} {body}");
            assert_eq!(fault.status, Some(status));
        }
    }

    #[test]
    fn an_error_inside_a_stream_may_pass_the_next_time_unless_its_words_say_no() {
        for (code, expected) in [
            ("server_error", "NETWORK_ERROR"),
            ("a_code_of_next_year", "NETWORK_ERROR"),
            ("rate_limit_exceeded", "AI_RATE_LIMIT"),
            ("server_is_overloaded", "AI_RATE_LIMIT"),
            ("insufficient_quota", "QUOTA_EXCEEDED"),
            ("billing_not_active", "QUOTA_EXCEEDED"),
            ("authentication_error", "CONFIG_ERROR"),
            ("invalid_request_error", "CONFIG_ERROR"),
            ("model_not_found", "CONFIG_ERROR"),
            ("invalid_prompt", "AI_REFUSED"),
            ("cyber_policy", "AI_REFUSED"),
        ] {
            let fault = Fault::of_error(&json!({ "code": code, "message": "m" }));
            assert_eq!(fault.class.code(), expected, "{code}");
            assert_eq!(fault.code.as_deref(), Some(code));
        }
        assert_eq!(Fault::of_error(&Value::Null).class, Class::Network);
    }

    #[test]
    fn words_that_repeat_the_prompt_are_withheld_and_others_are_cut() {
        let prompt = "The athlete has had a heart attack in May";
        let withheld = presentable("bad input: 'athlete has had a heart attack'", &[prompt]);
        assert!(!withheld.contains("heart"));
        assert_eq!(
            presentable("context too long", &[prompt]),
            "context too long"
        );
        assert_eq!(
            presentable(&"é\n".repeat(400), &[prompt]).chars().count(),
            TEXT
        );
    }

    #[test]
    fn a_code_is_a_short_word_or_nothing() {
        let code = |code: Value| Fault::of_error(&json!({ "code": code })).code;
        assert_eq!(code(json!("a-b_c.9")).as_deref(), Some("a-b_c.9"));
        assert_eq!(code(json!(503)).as_deref(), Some("503"));
        assert_eq!(code(json!("two words")), None);
        assert_eq!(code(json!("x".repeat(65))), None);
    }
}
