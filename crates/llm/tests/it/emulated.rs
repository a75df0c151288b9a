//! The model door against the emulator: each scenario's outcome with each interface, and what it cost by the emulator's ledger.

use std::time::Duration;

use emulator::{Emulator, Options};
use llm::{
    Class, Endpoint, Error, Handle, Journal, Model, Next, Partial, Reply, Resume,
    models::{DeepSeek, OpenAiChat, OpenAiOptions, OpenAiResponses},
};
use proptest::{
    prelude::any,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use crate::support::{ask, ask_with, endpoint, timers};

/// What silence costs a test.
const SHORT: Duration = Duration::from_millis(400);

async fn started() -> Emulator {
    Emulator::start(&Options::default()).await.expect("a port")
}

/// An endpoint whose model meets the scenario; keep-alives come every 100 ms.
fn meeting(scenario: &str, url: String) -> Endpoint {
    let mut endpoint = endpoint("openai", url);
    endpoint.model = format!("gpt-6-luna:scenario={scenario}");
    endpoint.timers = timers();
    endpoint.timers.byte_idle = SHORT;
    endpoint.timers.first_byte = SHORT;
    endpoint.timers.queued = 5 * SHORT;
    endpoint
}

/// The interfaces: OpenAI in the background, OpenAI's chat, DeepSeek.
fn models(emulator: &Emulator, scenario: &str) -> [Box<dyn Model>; 3] {
    let options = OpenAiOptions {
        endpoint: meeting(scenario, emulator.openai_url()),
        effort: None,
    };
    let deepseek = meeting(scenario, emulator.deepseek_url());
    [
        Box::new(OpenAiResponses::new(&options).expect("a client")),
        Box::new(OpenAiChat::new(&options).expect("a client")),
        Box::new(DeepSeek::new(&deepseek).expect("a client")),
    ]
}

/// `ok`, or the contract's code.
fn outcome(result: Result<llm::Answer, Error>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

#[tokio::test]
async fn each_scenario_ends_as_the_contract_says() {
    let emulator = started().await;
    let (ok, network, busy) = ("ok", "NETWORK_ERROR", "AI_RATE_LIMIT");
    let (late, invalid, refused) = ("AI_TIMEOUT", "VALIDATION_FAILED", "AI_REFUSED");
    let (quota, config) = ("QUOTA_EXCEEDED", "CONFIG_ERROR");
    for (scenario, outcomes) in [
        ("plain", [ok; 3]),
        ("keep-alive", [ok; 3]),
        ("byte-by-byte", [ok; 3]),
        ("linger", [ok; 3]),
        ("no-usage", [ok; 3]),
        ("fenced-json", [ok; 3]),
        ("rate-limit", [busy; 3]),
        ("rate-limit-ms", [busy; 3]),
        ("rate-limit-bare", [busy; 3]),
        ("overloaded", [busy; 3]),
        ("failed-rate-limit", [busy; 3]),
        ("quota", [quota; 3]),
        ("bad-key", [config; 3]),
        ("unknown-model", [config; 3]),
        ("too-long", [config; 3]),
        ("error", [network; 3]),
        ("reset", [network; 3]),
        ("error-flat", [network; 3]),
        ("error-nested", [network; 3]),
        ("failed", [network; 3]),
        ("expired", [network; 3]),
        ("no-resources", [network, busy, busy]),
        ("reset-mid-stream", [ok, network, network]),
        ("cut", [ok, network, network]),
        ("cut-first", [ok, network, network]),
        ("cut-mid-event", [ok, network, network]),
        ("cut-mid-utf8", [ok, network, network]),
        ("close-early", [ok, network, network]),
        ("resume-refused", [ok, network, network]),
        ("no-terminal", [ok; 3]),
        ("stall", [ok, late, late]),
        ("stall-first", [ok, late, late]),
        ("queued-forever", [late; 3]),
        ("length", [invalid; 3]),
        ("wrong-day-count", [invalid; 3]),
        ("not-json", [invalid; 3]),
        ("blank", [invalid; 3]),
        ("blank-in-json-mode", [invalid, invalid, ok]),
        ("content-filter", [refused; 3]),
        ("refusal", [refused; 3]),
    ] {
        for (model, expected) in models(&emulator, scenario).iter().zip(outcomes) {
            let result = ask(model.as_ref()).await;
            assert_eq!(outcome(result), expected, "{scenario}");
        }
    }
}

/// A process that dies after so many words of the journal: nothing of it is left but what was told.
struct Dying {
    words: u32,
    told: Option<Resume>,
}

impl Dying {
    fn next(&mut self) -> Next {
        self.words = self.words.saturating_sub(1);
        match self.words {
            0 => Next::Stop,
            _ => Next::GoOn,
        }
    }
}

impl Journal for Dying {
    fn accepted<'a>(&'a mut self, handle: &'a Handle) -> Reply<'a, Next> {
        self.told = Some(Resume {
            handle: handle.clone(),
            cursor: None,
            text: String::new(),
        });
        let next = self.next();
        Box::pin(async move { next })
    }

    fn progress<'a>(&'a mut self, partial: Partial<'a>) -> Reply<'a, Next> {
        if let Some(told) = &mut self.told {
            told.cursor = partial.cursor;
            told.text = partial.text.to_owned();
        }
        let next = self.next();
        Box::pin(async move { next })
    }
}

#[tokio::test]
async fn a_process_that_dies_again_and_again_over_cut_streams_pays_once() {
    let emulator = started().await;
    let mut runner = TestRunner::deterministic();
    let mut draw = |most: u32| {
        let tree = any::<u32>().new_tree(&mut runner).expect("a number");
        1 + tree.current() % most
    };
    for round in 0..60 {
        emulator.ledger().reset();
        let [model, ..] = models(
            &emulator,
            ["cut", "cut-mid-event", "close-early", "plain"][round % 4],
        );
        let mut resume = None;
        let mut deaths = 0;
        let answer = loop {
            let mut journal = Dying {
                words: draw(25),
                told: resume.clone(),
            };
            match ask_with(model.as_ref(), &mut journal, resume).await {
                Ok(answer) => break answer,
                Err(error) => assert_eq!(error.class, Class::Stopped, "round {round}: {error}"),
            }
            deaths += 1;
            resume = journal.told;
        };
        let calls = emulator.ledger().calls();
        assert_eq!(calls.len(), 1, "round {round} with {deaths} deaths");
        assert_eq!(answer.spent.usage.output, calls[0].output_tokens as u64);
        assert_eq!(answer.spent.usage.input, calls[0].input_tokens as u64);
    }
}
