//! A client of a fresh emulator, and messages to send.

use std::time::Duration;

use emulator::{Emulator, Options, Scenario};
use push::{Expo, Message, services::ExpoOptions};
use serde_json::json;

/// An emulator with this scenario, and a client of it that waits for 10 s at most.
pub(crate) async fn expo(scenario: Scenario) -> (Emulator, Expo) {
    let options = Options {
        scenario,
        ..Options::default()
    };
    let emulator = Emulator::start(&options).await.expect("a port");
    let expo = client(&emulator.expo_url());
    (emulator, expo)
}

pub(crate) fn client(url: &str) -> Expo {
    Expo::new(&ExpoOptions {
        url: url.to_owned(),
        timeout: Duration::from_secs(10),
        ..ExpoOptions::default()
    })
    .expect("a client")
}

pub(crate) fn message(to: &str) -> Message {
    let data = json!({ "planId": "7" })
        .as_object()
        .cloned()
        .expect("an object");
    Message::new(
        to,
        "Your plan is ready",
        "Seven days are waiting.",
        data,
        "job-7",
    )
}

/// Messages to `ExponentPushToken[{project}/{number}]`.
pub(crate) fn messages(project: &str, count: usize) -> Vec<Message> {
    (0..count)
        .map(|number| message(&format!("ExponentPushToken[{project}/{number}]")))
        .collect()
}
