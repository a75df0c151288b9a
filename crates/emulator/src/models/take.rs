//! Admission: from an HTTP request to a call that is being answered, or to what it meets instead.

use std::sync::Arc;

use axum::http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Asked, Endpoint, Models, Provider, Reason,
    asked::{pieces, tokens},
    check_key,
    limits::Left,
    refusal::Refusal,
    request::{Format, Request},
    said::Said,
    scenario::{Ending, Plan, Step},
    schema,
    taken::{Taken, Usage},
    wire::Meter,
};
use crate::{Call, CallStatus, seed::drawn};

/// What a call meets in the place of an answer.
pub(super) enum Stop {
    Refused(Refusal),
    Reset,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Models {
    /// Admits a call, or says what it meets. `left` is what the limits still hold, as soon as that is known.
    pub(super) async fn take(
        &self,
        endpoint: Endpoint,
        headers: &HeaderMap,
        body: &[u8],
        left: &mut Option<Left>,
    ) -> Result<Taken, Stop> {
        let provider = endpoint.provider();
        check_key(headers, provider)?;
        let mut body: Value = serde_json::from_slice(body).map_err(|error| {
            Refusal::invalid(
                None,
                format!("We could not parse the JSON body of your request: {error}."),
            )
        })?;
        let named = scenario_of(headers, &mut body)?;
        let (asked, request) = self.read(endpoint, &body)?;
        let text = (self.answer)(&asked);
        let (now_left, within) =
            self.limits
                .take(provider, &asked.model, asked.tokens() + tokens(&text));
        *left = Some(now_left);
        within.map_err(|passed| Refusal::for_limit(passed, provider, &asked.model))?;
        let (steps, draw) = self.steps(named);
        for step in &steps {
            match step {
                Step::HoldHeaders(time) => tokio::time::sleep(*time).await,
                Step::Refuse(reason) => Err(Refusal::for_reason(*reason, provider, &asked.model))?,
                Step::Reset => return Err(Stop::Reset),
                _ => {}
            }
        }
        let said = Said::new(endpoint, &asked, &request, &steps, text);
        let usage = self.usage(&asked, &said);
        let id = uuid::Uuid::now_v7().simple().to_string();
        let at = jiff::Timestamp::now();
        let meter = self.bill(endpoint.id(&id), &asked, usage, said.ending, at);
        Ok(Taken {
            id,
            asked,
            request,
            body,
            text: said.text,
            ending: said.ending,
            usage,
            omits_usage: steps.contains(&Step::OmitUsage),
            steps,
            meter,
            at: at.as_second(),
            pace: self.pace,
            draw,
        })
    }

    fn read(&self, endpoint: Endpoint, body: &Value) -> Result<(Asked, Request), Refusal> {
        let provider = endpoint.provider();
        let model = body["model"].as_str().unwrap_or_default().to_owned();
        if model.is_empty() {
            return Err(Refusal::invalid(
                Some("model"),
                "you must provide a model parameter",
            ));
        }
        if model.starts_with("no-such") {
            return Err(Refusal::for_reason(Reason::UnknownModel, provider, &model));
        }
        let request = endpoint.read(body)?;
        let mut asked = Asked {
            provider,
            model,
            schema: None,
            json: request.format != Format::Text,
            seed: 0,
            turns: request.turns.clone(),
        };
        asked.schema = match &request.format {
            Format::Schema(schema) => Some(schema.clone()),
            _ => schema::in_prompt(&asked.system()).or_else(|| schema::in_prompt(&asked.user())),
        };
        let hash = asked.hash();
        let number = hash
            .get(..16)
            .and_then(|hex| u64::from_str_radix(hex, 16).ok());
        asked.seed = drawn(self.seed, number.unwrap_or_default());
        Ok((asked, request))
    }

    /// The steps of the next call of its scenario, and what that call draws.
    fn steps(&self, named: Option<(String, Plan)>) -> (Vec<Step>, u64) {
        let (text, plan) = match &named {
            Some((text, plan)) => (text, plan),
            None => (&self.plan_text, &self.plan),
        };
        let mut memory = self.memory();
        let number = memory.calls.entry(text.clone()).or_default();
        *number += 1;
        let draw = drawn(self.seed, *number);
        (plan.steps(*number, draw), drawn(draw, 0))
    }

    fn usage(&self, asked: &Asked, said: &Said) -> Usage {
        let (cached, written) = self.cache(asked);
        Usage {
            input: asked.tokens(),
            cached,
            written,
            reasoning: said.reasoning,
            output: said.reasoning + pieces(&said.text).len(),
        }
    }

    /// Books a call under the id that the client gets.
    fn bill(
        &self,
        id: String,
        asked: &Asked,
        usage: Usage,
        ending: Ending,
        at: Timestamp,
    ) -> Meter {
        let outcome = match ending {
            Ending::Stop | Ending::Refusal => Some(CallStatus::Completed),
            Ending::Failure(..) => None,
            Ending::Length | Ending::ContentFilter | Ending::NoResources => {
                Some(CallStatus::Incomplete)
            }
        };
        let meter = Meter::new(Arc::clone(&self.ledger), &id, outcome);
        self.ledger.bill(Call {
            id,
            provider: asked.provider,
            model: asked.model.clone(),
            request_hash: asked.hash(),
            input_tokens: usage.input,
            cached_tokens: usage.cached,
            output_tokens: 0,
            status: CallStatus::InProgress,
            resumed: 0,
            at: at.to_string(),
        });
        meter
    }

    /// Tokens of the system text read from the cache and written to it. `OpenAI` caches from 1,024 tokens on, in units of 128,
    /// `DeepSeek` in units of 64.
    fn cache(&self, asked: &Asked) -> (usize, usize) {
        let system = asked.system();
        let size = tokens(&system);
        let (least, unit) = match asked.provider {
            Provider::Openai => (1_024, 128),
            Provider::Deepseek => (64, 64),
        };
        if size < least {
            return (0, 0);
        }
        let key = (asked.provider, asked.model.clone(), system);
        match self.memory().prefixes.insert(key) {
            true => (0, size),
            false => (size / unit * unit, 0),
        }
    }
}

/// The scenarios that a request names, in its header or in its model, whose name is then the part before.
fn scenario_of(headers: &HeaderMap, body: &mut Value) -> Result<Option<(String, Plan)>, Refusal> {
    let mut named = headers
        .get("x-emulator-scenario")
        .and_then(|name| name.to_str().ok())
        .map(str::to_owned);
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    if let Some((model, name)) = model.split_once(":scenario=") {
        named = Some(name.to_owned());
        body["model"] = model.into();
    }
    named
        .map(|text| Plan::parse(&text).map(|plan| (text, plan)))
        .transpose()
        .map_err(|error| Refusal::invalid(Some("x-emulator-scenario"), error))
}
