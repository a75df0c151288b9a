//! What is said after the scenario's changes and the limit of tokens.

use serde_json::Value;

use super::{
    Asked, Endpoint, Provider,
    asked::pieces,
    change,
    request::{Format, Request},
    scenario::{Ending, Shape, Step},
};

const REFUSAL: &str = "I'm sorry, but I can't help with that request.";

/// An answer and its end.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) ending: Ending,
    /// Tokens of thinking before it.
    pub(super) reasoning: usize,
}

impl Said {
    /// Makes of the right answer what is said.
    pub(super) fn new(
        endpoint: Endpoint,
        asked: &Asked,
        request: &Request,
        steps: &[Step],
        answer: String,
    ) -> Self {
        let json_mode = request.format != Format::Text;
        let mut text = answer;
        let mut ending = Ending::Stop;
        for step in steps {
            match step {
                Step::Say(how) => text = change::change(*how, text, asked, json_mode),
                Step::End(how) => ending = *how,
                _ => {}
            }
        }
        let is_json = serde_json::from_str::<Value>(&text).is_ok_and(|answer| answer.is_object());
        if asked.provider == Provider::Deepseek && json_mode && !is_json {
            text = change::blank();
        }
        match ending {
            Ending::Stop => {}
            Ending::Refusal => text = REFUSAL.to_owned(),
            _ => text = first(&text, pieces(&text).len() / 2),
        }
        if ending == Ending::NoResources && endpoint == Endpoint::Responses {
            ending = Ending::Failure(Shape::Failed, "server_error");
        }
        let most = request.most_tokens.unwrap_or(usize::MAX);
        let reasoning = request.reasoning.min(most);
        if reasoning + pieces(&text).len() > most {
            text = first(&text, most - reasoning);
            ending = Ending::Length;
        }
        Self {
            text,
            ending,
            reasoning,
        }
    }
}

fn first(text: &str, tokens: usize) -> String {
    pieces(text).into_iter().take(tokens).collect()
}
