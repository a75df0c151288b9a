//! A message as Expo takes it: with the right token, and small enough.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use super::token;
use crate::{Code, Message, Priority};

/// Bytes of a notification's payload that Apple and Google take (documented). We count the whole message as JSON without its
/// recipient: Expo's own wrapping then has about the room of the fields that do not travel on.
const LARGEST_PAYLOAD: usize = 4096;
/// Stands where a text was cut.
const CUT: &str = "…";

/// A message that may go out.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Outgoing<'a> {
    pub(super) to: &'a str,
    #[serde(flatten)]
    payload: Payload<'a>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    title: &'a str,
    body: Cow<'a, str>,
    data: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<&'a str>,
    priority: Priority,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_id: Option<&'a str>,
    /// For iOS; `tag` is the same for Android.
    collapse_id: &'a str,
    tag: &'a str,
}

impl<'a> Outgoing<'a> {
    /// Cuts the body where the message is too large. Fails with [`Code::InvalidToken`], or with [`Code::MessageTooBig`] when
    /// it is too large without any body: the data is never cut.
    pub(super) fn of(message: &'a Message) -> Result<Self, Code> {
        if !token::is_expo(&message.to) {
            return Err(Code::InvalidToken);
        }
        let whole = Payload {
            title: &message.title,
            body: Cow::Borrowed(&message.body),
            data: &message.data,
            sound: message.sound.as_deref(),
            priority: message.priority,
            channel_id: message.channel_id.as_deref(),
            collapse_id: &message.collapse_id,
            tag: &message.collapse_id,
        };
        let payload = match whole.fits() {
            true => whole,
            false => whole.cut(&message.body).ok_or(Code::MessageTooBig)?,
        };
        Ok(Self {
            to: &message.to,
            payload,
        })
    }
}

impl<'a> Payload<'a> {
    fn fits(&self) -> bool {
        serde_json::to_vec(self).is_ok_and(|json| json.len() <= LARGEST_PAYLOAD)
    }

    /// With as much of the body as fits, cut between two characters.
    fn cut(&self, body: &'a str) -> Option<Self> {
        let with = |end: usize| Self {
            body: Cow::Owned(format!("{}{CUT}", &body[..end])),
            ..self.clone()
        };
        let ends: Vec<usize> = body.char_indices().map(|(start, _)| start).collect();
        // From one character on: a mark alone would say less than no body.
        match ends.partition_point(|end| with(*end).fits()) {
            0 | 1 => Some(self.without_body()).filter(Self::fits),
            fitting => Some(with(ends[fitting - 1])),
        }
    }

    fn without_body(&self) -> Self {
        Self {
            body: Cow::Borrowed(""),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(body: String, data: &str) -> Message {
        let data = [("id".to_owned(), data.into())].into_iter().collect();
        Message::new("ExponentPushToken[a]", "Title", body, data, "job")
    }

    fn size(outgoing: &Outgoing<'_>) -> usize {
        serde_json::to_vec(&outgoing.payload).unwrap().len()
    }

    #[test]
    fn a_message_that_fits_goes_out_whole() {
        let message = message("Your plan is ready".to_owned(), "1");
        assert_eq!(
            serde_json::to_value(Outgoing::of(&message).unwrap()).unwrap(),
            serde_json::json!({"to": "ExponentPushToken[a]", "title": "Title", "body": "Your plan is ready", "data": {"id": "1"},
                "sound": "default", "priority": "high", "collapseId": "job", "tag": "job"})
        );
    }

    #[test]
    fn data_that_is_too_big_alone_is_refused_and_never_cut() {
        let message = message("short".to_owned(), &"x".repeat(4096));
        assert_eq!(Outgoing::of(&message).unwrap_err(), Code::MessageTooBig);
    }

    #[test]
    fn data_that_leaves_no_room_for_a_body_goes_out_without_one() {
        let bare = size(&Outgoing::of(&message(String::new(), "")).unwrap());
        let message = message("body".to_owned(), &"x".repeat(LARGEST_PAYLOAD - bare));
        let outgoing = Outgoing::of(&message).unwrap();
        assert_eq!(outgoing.payload.body, "");
        assert_eq!(size(&outgoing), LARGEST_PAYLOAD);
    }

    proptest! {
        #[test]
        fn a_cut_body_is_a_prefix_that_fits_and_wastes_no_room(body in "(\\PC|[\"\\\\\n\u{1}]){1000,4500}", data in "[a-z]{0,200}") {
            let message = message(body.clone(), &data);
            let outgoing = Outgoing::of(&message).unwrap();
            prop_assert!(size(&outgoing) <= LARGEST_PAYLOAD);
            if outgoing.payload.body != body {
                let kept = outgoing.payload.body.strip_suffix(CUT).unwrap();
                let next = body.strip_prefix(kept).unwrap().chars().next().unwrap();
                let longer = Payload { body: Cow::Owned(format!("{kept}{next}{CUT}")), ..outgoing.payload.clone() };
                prop_assert!(!longer.fits());
            }
        }
    }
}
