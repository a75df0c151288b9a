//! Expo's push service, which passes messages on to Apple's and Google's.
//!
//! Facts and limits: docs.expo.dev, "Send notifications with the Expo Push Service", and the official expo-server-sdk.

mod http;
mod message;
mod token;
mod wire;

use std::{collections::BTreeMap, time::Duration};

use http::{Door, Refused};
use message::Outgoing;
use wire::{GetReceipts, Receipts, Tickets};

use crate::{Answer, Message, PushService, Receipt, Refusal, RequestFailure, Sent};

/// Recipients in one request (documented).
const RECIPIENTS_PER_REQUEST: usize = 100;
/// Receipts asked for in one request; 1,000 are allowed, the official SDK asks for 300.
const RECEIPTS_PER_REQUEST: usize = 300;

/// Where and how Expo is reached.
#[derive(Clone)]
pub struct ExpoOptions {
    /// The address before `/send` and `/getReceipts`.
    pub url: String,
    /// The access token of "enhanced push security", if the Expo account asks for one.
    pub access_token: Option<String>,
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait for a whole answer.
    pub timeout: Duration,
    /// Requests at once; the official SDK opens 6.
    pub concurrency: usize,
}

impl ExpoOptions {
    /// Expo's own address.
    pub const URL: &'static str = "https://exp.host/--/api/v2/push";
}

impl Default for ExpoOptions {
    /// Expo's own address, no access token, 10 s to connect, 30 s in all, 6 requests at once.
    fn default() -> Self {
        Self {
            url: Self::URL.to_owned(),
            access_token: None,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            concurrency: 6,
        }
    }
}

/// Options that cannot work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidExpoOptions {
    /// The address is none.
    #[error("the push service's address must be a URL such as {default}, not {0}", default = ExpoOptions::URL)]
    Url(String),
    /// The access token cannot stand in a header.
    #[error("the push service's access token must be printable ASCII without line breaks")]
    AccessToken,
    /// No HTTPS on this machine.
    #[error("no HTTPS client could be made: {0}")]
    Client(String),
}

/// Expo's push service.
pub struct Expo {
    door: Door,
}

impl Expo {
    /// A client; connects when it is first used.
    ///
    /// # Errors
    /// [`InvalidExpoOptions`].
    pub fn new(options: &ExpoOptions) -> Result<Self, InvalidExpoOptions> {
        Ok(Self {
            door: Door::new(options)?,
        })
    }

    /// Sends up to 100 messages, in one request if they are all of one project.
    async fn send_chunk(&self, chunk: &[Outgoing<'_>]) -> Vec<Sent> {
        match self.post(chunk).await {
            Ok(sent) => sent,
            Err(Refused::Mixed(projects)) => self.send_by_project(chunk, &projects).await,
            Err(Refused::Failure(failure)) => failed(chunk.len(), &failure),
        }
    }

    /// Sends a chunk that Expo found to be of several projects, one request a project. Tokens that Expo did not assign go
    /// together. A group that is called mixed again is not split again.
    async fn send_by_project(
        &self,
        chunk: &[Outgoing<'_>],
        projects: &BTreeMap<String, Vec<String>>,
    ) -> Vec<Sent> {
        let project_of: BTreeMap<&str, &str> = projects
            .iter()
            .flat_map(|(project, tokens)| {
                tokens
                    .iter()
                    .map(move |token| (token.as_str(), project.as_str()))
            })
            .collect();
        let mut groups: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (index, message) in chunk.iter().enumerate() {
            let project = project_of.get(message.to).copied();
            groups.entry(project).or_default().push(index);
        }
        let mut answers = vec![None; chunk.len()];
        for indexes in groups.values() {
            let group: Vec<Outgoing<'_>> =
                indexes.iter().map(|index| chunk[*index].clone()).collect();
            let sent = match self.post(&group).await {
                Ok(sent) => sent,
                Err(refused) => failed(group.len(), &refused.into_failure()),
            };
            for (index, sent) in indexes.iter().zip(sent) {
                answers[*index] = Some(sent);
            }
        }
        answers.into_iter().map(or_unanswered).collect()
    }

    async fn post(&self, chunk: &[Outgoing<'_>]) -> Result<Vec<Sent>, Refused> {
        let tickets: Tickets = self.door.post("send", &chunk).await?;
        if tickets.data.len() != chunk.len() {
            return Err(Refused::Failure(RequestFailure::Ambiguous {
                reason: format!(
                    "{} tickets for {} messages",
                    tickets.data.len(),
                    chunk.len()
                ),
            }));
        }
        Ok(tickets
            .data
            .into_iter()
            .map(wire::Ticket::into_sent)
            .collect())
    }

    async fn ask(&self, ids: &[String]) -> Vec<Receipt> {
        match self
            .door
            .post::<Receipts>("getReceipts", &GetReceipts { ids })
            .await
        {
            Ok(mut receipts) => ids
                .iter()
                .map(|id| match receipts.data.remove(id) {
                    Some(ticket) => ticket.into_receipt(),
                    None => Receipt::Missing,
                })
                .collect(),
            Err(refused) => vec![Receipt::Unknown(refused.into_failure()); ids.len()],
        }
    }

    async fn send_all(&self, messages: &[Message]) -> Vec<Sent> {
        let mut answers = vec![None; messages.len()];
        let mut outgoing = Vec::with_capacity(messages.len());
        for (index, message) in messages.iter().enumerate() {
            match Outgoing::of(message) {
                Ok(ready) => outgoing.push((index, ready)),
                Err(code) => {
                    answers[index] = Some(Sent::Refused(Refusal {
                        code,
                        message: String::new(),
                    }));
                }
            }
        }
        let (indexes, outgoing): (Vec<usize>, Vec<Outgoing<'_>>) = outgoing.into_iter().unzip();
        for (indexes, chunk) in indexes
            .chunks(RECIPIENTS_PER_REQUEST)
            .zip(outgoing.chunks(RECIPIENTS_PER_REQUEST))
        {
            for (index, sent) in indexes.iter().zip(self.send_chunk(chunk).await) {
                answers[*index] = Some(sent);
            }
        }
        answers.into_iter().map(or_unanswered).collect()
    }
}

impl PushService for Expo {
    fn send<'a>(&'a self, messages: &'a [Message]) -> Answer<'a, Vec<Sent>> {
        Box::pin(self.send_all(messages))
    }

    fn receipts<'a>(&'a self, ids: &'a [String]) -> Answer<'a, Vec<Receipt>> {
        Box::pin(async move {
            let mut receipts = Vec::with_capacity(ids.len());
            for chunk in ids.chunks(RECEIPTS_PER_REQUEST) {
                receipts.extend(self.ask(chunk).await);
            }
            receipts
        })
    }
}

fn failed(count: usize, failure: &RequestFailure) -> Vec<Sent> {
    vec![Sent::Failed(failure.clone()); count]
}

/// Every message gets its answer above; this is what one without would be.
fn or_unanswered(answer: Option<Sent>) -> Sent {
    answer.unwrap_or_else(|| {
        Sent::Failed(RequestFailure::Ambiguous {
            reason: "no answer".to_owned(),
        })
    })
}
