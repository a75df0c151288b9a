//! Both flows with models to ask, as a worker runs them: the emulated providers answer, the contract's rows tell what became of it.

mod again;
mod athlete;
mod deploy;
mod hostile;
mod order;
mod profiles;
mod progress;
mod scenarios;
pub(crate) mod scene;
