//! The models there are.

mod compatible;
mod deepseek;
pub mod openai;
mod scripted;

pub use compatible::{Compatible, CompatibleOptions};
pub use deepseek::DeepSeek;
pub use openai::{OpenAiChat, OpenAiOptions, OpenAiResponses};
pub use scripted::{Script, Scripted, Turn};

use crate::{Class, Error, Fault, Handle, Reply, call::Line};

/// A handle brought to a model that gives none.
fn no_handles(line: &Line) -> Error {
    line.error(Fault::new(
        Class::HandleGone,
        "this provider keeps no answers",
    ))
}

/// Where closing the connection ends the work, there is nothing more to end.
fn nothing_to_cancel(_handle: &Handle) -> Reply<'static, Result<(), Error>> {
    Box::pin(async { Ok(()) })
}
