//! Requests and tokens a minute.

use std::time::Duration;

use emulator::Options;
use serde_json::json;

use super::support::{Door, start_with};

#[tokio::test]
async fn requests_beyond_the_limit_get_429_until_the_wait_that_it_names_is_over() {
    let options = Options {
        requests_per_minute: Some(20),
        ..Options::default()
    };
    let emulator = start_with(options).await;
    let request = Door::Chat.request(false);
    let mut remaining = Vec::new();
    let refused = loop {
        let answer = Door::Chat.ask(&emulator, "plain", &request).await;
        if answer.status != 200 {
            break answer;
        }
        let left = answer
            .header("x-ratelimit-remaining-requests")
            .and_then(|left| left.parse::<u32>().ok());
        remaining.push(left.expect("a number"));
    };
    let passed = remaining.len();
    assert!((20..25).contains(&passed), "{passed}");
    assert_eq!((remaining[0], remaining[1]), (19, 18));
    assert_eq!(refused.status, 429);
    let wait = refused
        .header("retry-after")
        .and_then(|wait| wait.parse().ok());
    let wait: u64 = wait.expect("a wait");
    assert!((1..=3).contains(&wait), "{wait}");
    assert_eq!(refused.header("x-ratelimit-limit-requests"), Some("20"));
    assert_eq!(refused.header("x-ratelimit-remaining-requests"), Some("0"));
    let error = &refused.json()["error"];
    assert_eq!(
        (&error["type"], &error["code"]),
        (&json!("requests"), &json!("rate_limit_exceeded"))
    );
    assert_eq!(emulator.ledger().calls().len(), passed);
    assert_eq!(emulator.ledger().refused()["429"], 1);

    // Another model has its own.
    let other = Door::Responses
        .ask(&emulator, "plain", &Door::Responses.request(false))
        .await;
    assert_eq!(other.status, 200);
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(
        Door::Chat.ask(&emulator, "plain", &request).await.status,
        200
    );
}

#[tokio::test]
async fn tokens_of_question_and_answer_count() {
    let measure = start_with(Options::default()).await;
    let request = Door::Chat.request(false);
    Door::Chat.ask(&measure, "plain", &request).await;
    let call = &measure.ledger().calls()[0];
    let each = u32::try_from(call.input_tokens + call.output_tokens).expect("few");

    let emulator = start_with(Options {
        tokens_per_minute: Some(each * 3 - 1),
        ..Options::default()
    })
    .await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(Door::Chat.ask(&emulator, "plain", &request).await);
    }
    let codes: Vec<u16> = statuses.iter().map(|answer| answer.status).collect();
    assert_eq!(codes, [200, 200, 429]);
    let refused = &statuses[2];
    assert_eq!(refused.json()["error"]["type"], "tokens");
    assert!(
        refused
            .header("retry-after")
            .is_some_and(|wait| wait.parse::<u32>().is_ok_and(|wait| wait >= 1))
    );
    assert_eq!(
        statuses[0].header("x-ratelimit-remaining-tokens"),
        Some((each * 2 - 1).to_string().as_str())
    );

    let tiny = start_with(Options {
        tokens_per_minute: Some(each - 1),
        ..Options::default()
    })
    .await;
    let never = Door::Chat.ask(&tiny, "plain", &request).await;
    assert_eq!((never.status, never.header("retry-after")), (429, None));
    assert!(never.text().contains("Request too large"));
}

#[tokio::test]
async fn deepseek_names_no_wait() {
    let emulator = start_with(Options {
        requests_per_minute: Some(1),
        ..Options::default()
    })
    .await;
    let request = Door::Deepseek.request(false);
    assert_eq!(
        Door::Deepseek
            .ask(&emulator, "plain", &request)
            .await
            .status,
        200
    );
    let refused = Door::Deepseek.ask(&emulator, "plain", &request).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    assert!(
        refused
            .headers
            .iter()
            .all(|(name, _)| !name.starts_with("x-ratelimit"))
    );
}
