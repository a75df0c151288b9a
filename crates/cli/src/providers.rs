//! Makes the chain of who drafts plans from the settings.

use std::sync::Arc;

use anyhow::{Context, bail};
use coach::ask::{Caps, Provider};
use coach::chain::Chain;
use durable::budget::{self, Limits};
use durable::{MicroDollars, Pool};
use llm::models::{
    Compatible, CompatibleOptions, DeepSeek, OpenAiChat, OpenAiOptions, OpenAiResponses,
};
use llm::{Endpoint, Model};

use crate::config::{Link, OpenAiApi, Providers, Terms};

/// The most that models may cost in a day where nothing is said.
const DOLLARS_PER_DAY: MicroDollars = MicroDollars(20_000_000);
/// The same for `dev` and `demo`.
const DOLLARS_PER_DEVELOPMENT_DAY: MicroDollars = MicroDollars(1_000_000);

/// A provider's model, and the budget that all processes share for it.
struct Asked {
    model: Box<dyn Model>,
    limits: Limits,
}

impl Asked {
    /// What the budget is called, and its use is counted under.
    fn budget(&self) -> String {
        format!("{} {}", self.model.provider(), self.model.model())
    }
}

impl Providers {
    /// With the caps of `dev` and `demo` where none is set.
    pub(crate) fn for_development(mut self) -> Providers {
        self.per_day.get_or_insert(DOLLARS_PER_DEVELOPMENT_DAY);
        self
    }

    /// The most that models may cost in a day.
    pub(crate) fn day_cap(&self) -> MicroDollars {
        self.per_day.unwrap_or(DOLLARS_PER_DAY)
    }

    fn caps(&self) -> Caps {
        Caps {
            job: self.per_job,
            user_day: self.per_user_and_day,
            day: self.day_cap(),
        }
    }
}

/// The chain, with its budgets made known to the database.
///
/// # Errors
/// What a provider of the chain lacks, or what the database said.
pub(crate) async fn chain(pool: &Pool, settings: &Providers) -> anyhow::Result<Chain> {
    let asked = asked(settings)?;
    let mut providers = Vec::new();
    for one in asked {
        let name = one.budget();
        budget::set(pool, &name, one.limits)
            .await
            .with_context(|| format!("the limits of {name} cannot be set"))?;
        providers.push(Provider::new(one.model, settings.caps(), Some(name)));
    }
    Ok(Chain::new(providers, settings.chain.contains(&Link::Rules)))
}

/// What the chain is, one line for each, without asking anybody anything.
///
/// # Errors
/// What a provider of the chain lacks.
pub(crate) fn describe(settings: &Providers) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    for one in asked(settings)? {
        let model = one.model.model();
        let price = match settings.prices.of(model) {
            Some(_) => "",
            None => {
                ", whose price is not known: it counts as the dearest known (`prices` tells it)"
            }
        };
        lines.push(format!("{} with {model}{price}", one.model.provider()));
    }
    if settings.chain.contains(&Link::Rules) {
        lines.push("rules, the planner in code".to_owned());
    }
    Ok(lines)
}

/// Those of the chain that are models.
fn asked(settings: &Providers) -> anyhow::Result<Vec<Asked>> {
    let of = |link: &Link| match link {
        Link::OpenAi => Some(openai(settings)),
        Link::DeepSeek => Some(deepseek(settings)),
        Link::Compatible => Some(compatible(settings)),
        Link::Rules => None,
    };
    settings.chain.iter().filter_map(of).collect()
}

fn openai(settings: &Providers) -> anyhow::Result<Asked> {
    let terms = &settings.openai;
    let options = OpenAiOptions {
        endpoint: endpoint(settings, Link::OpenAi, terms, true)?,
        effort: settings.openai_effort.clone(),
    };
    let model: Result<Box<dyn Model>, _> = match settings.openai_api {
        OpenAiApi::Responses => OpenAiResponses::new(&options).map(|model| Box::new(model) as _),
        OpenAiApi::Chat => OpenAiChat::new(&options).map(|model| Box::new(model) as _),
    };
    Ok(Asked {
        model: model.context("openai cannot be asked")?,
        limits: terms.limits,
    })
}

fn deepseek(settings: &Providers) -> anyhow::Result<Asked> {
    let terms = &settings.deepseek;
    let endpoint = endpoint(settings, Link::DeepSeek, terms, true)?;
    Ok(Asked {
        model: Box::new(DeepSeek::new(&endpoint).context("deepseek cannot be asked")?),
        limits: terms.limits,
    })
}

fn compatible(settings: &Providers) -> anyhow::Result<Asked> {
    let terms = &settings.compatible;
    let options = CompatibleOptions {
        endpoint: endpoint(settings, Link::Compatible, terms, false)?,
        structured: settings.compatible_structured,
        first_token: None,
    };
    Ok(Asked {
        model: Box::new(Compatible::new(&options).context("compatible cannot be asked")?),
        limits: terms.limits,
    })
}

/// Where a provider is asked.
///
/// # Errors
/// Names the variable that is missing.
fn endpoint(
    settings: &Providers,
    link: Link,
    terms: &Terms,
    needs_key: bool,
) -> anyhow::Result<Endpoint> {
    let name = link.name();
    let missing = |what: &str| {
        format!(
            "{name} is to be asked for plans, but {}_{what} is not set",
            name.to_uppercase()
        )
    };
    if needs_key && terms.api_key.is_none() {
        bail!(missing("API_KEY"));
    }
    Ok(Endpoint {
        provider: name.to_owned(),
        base_url: terms
            .base_url
            .clone()
            .with_context(|| missing("BASE_URL"))?,
        api_key: terms.api_key.clone(),
        model: terms.model.clone().with_context(|| missing("MODEL"))?,
        timers: terms.timers.clone(),
        prices: Arc::clone(&settings.prices),
    })
}
