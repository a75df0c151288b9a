//! Who drafts a plan: the providers in their order, and the rules as the last resort.

use std::sync::Arc;

use crate::ask::Provider;

/// The providers that are asked one after the other, as the contract's section 4 says, and whether the rules make the plan
/// when none of them did.
#[derive(Clone)]
#[expect(dead_code, reason = "no flow asks a model yet")]
pub struct Chain {
    providers: Arc<[Provider]>,
    rules: bool,
}

impl Chain {
    /// These providers in this order; `rules`: with the rule planner at the end.
    #[must_use]
    pub fn new(providers: Vec<Provider>, rules: bool) -> Self {
        Self {
            providers: providers.into(),
            rules,
        }
    }

    /// The rule planner alone.
    #[must_use]
    pub fn rules() -> Self {
        Self::new(Vec::new(), true)
    }
}
