//! OpenAI, by its two interfaces.

mod chat;
pub mod responses;

pub use chat::OpenAiChat;
pub use responses::OpenAiResponses;

use crate::Endpoint;

/// Where OpenAI is, and how hard its model shall think.
#[derive(Debug, Clone)]
pub struct OpenAiOptions {
    /// Address, key, model, timers, prices.
    pub endpoint: Endpoint,
    /// The effort of reasoning, in OpenAI's words (`none`, `low`, `medium` …); `None` leaves it to the model.
    pub effort: Option<String>,
}
