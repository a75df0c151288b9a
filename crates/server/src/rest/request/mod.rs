//! What a request says before the database is asked: the query string, the headers, the body.

mod answer_form;
mod cursor;
mod field;
mod filter;
mod order;
mod payload;
mod preferences;
mod profile;
mod query;
mod select;

pub(super) use answer_form::AnswerForm;
pub(super) use field::{Field, Target};
pub(super) use filter::{Condition, Quantifier, Test};
pub(super) use order::OrderTerm;
pub(super) use payload::{Payload, check_content_type};
pub(super) use preferences::{Count, Preferences, Resolution, Return};
pub(super) use profile::check_profile;
pub(super) use query::{Part, Query};
pub(super) use select::{Embed, SelectItem};
