//! The settings of who drafts plans: the chain of providers, where each is and on which terms, what models cost and may cost.

use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use durable::MicroDollars;
use durable::budget::Limits;
use llm::chat::Structured;
use llm::{ApiKey, Price, Prices, Timers};

use super::settings::{list, required, text, wrong};
use super::source::Values;

/// One who drafts plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    OpenAi,
    DeepSeek,
    Compatible,
    /// The planner in code.
    Rules,
}

/// By which of its interfaces OpenAI is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenAiApi {
    Responses,
    Chat,
}

/// Where one provider is, and on which terms it is asked.
#[derive(Clone)]
pub(crate) struct Terms {
    pub(crate) api_key: Option<ApiKey>,
    pub(crate) base_url: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) timers: Timers,
    pub(crate) limits: Limits,
}

/// Who drafts plans, and what that may cost.
#[derive(Clone)]
pub(crate) struct Providers {
    /// In the order in which they are asked; [`Link::Rules`] stands last, if at all.
    pub(crate) chain: Vec<Link>,
    pub(crate) openai: Terms,
    pub(crate) openai_api: OpenAiApi,
    /// In OpenAI's words; none leaves it to the model.
    pub(crate) openai_effort: Option<String>,
    pub(crate) deepseek: Terms,
    pub(crate) compatible: Terms,
    pub(crate) compatible_structured: Structured,
    pub(crate) prices: Arc<Prices>,
    pub(crate) per_job: MicroDollars,
    pub(crate) per_user_and_day: MicroDollars,
    /// None: as the verb has it.
    pub(crate) per_day: Option<MicroDollars>,
}

impl Link {
    /// All of them, in the order of a chain that nobody named.
    const ALL: [Link; 4] = [Link::OpenAi, Link::DeepSeek, Link::Compatible, Link::Rules];

    /// As `PROVIDERS` has it; it begins the names of the provider's settings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Link::OpenAi => "openai",
            Link::DeepSeek => "deepseek",
            Link::Compatible => "compatible",
            Link::Rules => "rules",
        }
    }
}

impl Providers {
    pub(super) fn from(values: &Values) -> anyhow::Result<Providers> {
        let terms = |link: Link| Terms::from(values, link.name());
        let effort = required(values, "openai_effort");
        Ok(Providers {
            chain: chain(values)?,
            openai: terms(Link::OpenAi)?,
            openai_api: choice(
                values,
                "openai_api",
                &[
                    ("responses", OpenAiApi::Responses),
                    ("chat", OpenAiApi::Chat),
                ],
            )?,
            openai_effort: (effort != "auto").then_some(effort),
            deepseek: terms(Link::DeepSeek)?,
            compatible: terms(Link::Compatible)?,
            compatible_structured: choice(
                values,
                "compatible_structured",
                &[
                    ("schema", Structured::StrictSchema),
                    ("json", Structured::JsonObject),
                    ("prompt", Structured::Prompt),
                ],
            )?,
            prices: Arc::new(prices(values)?),
            per_job: dollars(values, "dollars_per_job")?,
            per_user_and_day: dollars(values, "dollars_per_user_and_day")?,
            per_day: match text(values, "dollars_per_day") {
                Some(_) => Some(dollars(values, "dollars_per_day")?),
                None => None,
            },
        })
    }
}

impl Terms {
    fn from(values: &Values, provider: &str) -> anyhow::Result<Terms> {
        let said = |what: &str| text(values, &format!("{provider}_{what}"));
        Ok(Terms {
            api_key: said("api_key").map(ApiKey::new),
            base_url: said("base_url"),
            model: said("model"),
            timers: timers(values, &format!("{provider}_timers"))?,
            limits: limits(values, &format!("{provider}_limits"))?,
        })
    }
}

/// The chain as it was said, else those who can be asked and the rules.
fn chain(values: &Values) -> anyhow::Result<Vec<Link>> {
    let said = list(values, "providers");
    if said.is_empty() {
        return Ok(Link::ALL
            .into_iter()
            .filter(|link| {
                let needs = match link {
                    Link::OpenAi => "openai_api_key",
                    Link::DeepSeek => "deepseek_api_key",
                    Link::Compatible => "compatible_base_url",
                    Link::Rules => return true,
                };
                text(values, needs).is_some()
            })
            .collect());
    }
    let known = "openai, deepseek, compatible and rules, each once, rules last";
    let mut chain = Vec::new();
    for name in &said {
        match Link::ALL.into_iter().find(|link| link.name() == name) {
            Some(link) if !chain.contains(&link) && !chain.contains(&Link::Rules) => {
                chain.push(link);
            }
            _ => bail!(wrong(values, "providers", known)),
        }
    }
    Ok(chain)
}

fn choice<T: Copy>(values: &Values, name: &str, known: &[(&str, T)]) -> anyhow::Result<T> {
    let said = required(values, name);
    match known.iter().find(|(word, _)| *word == said) {
        Some((_, choice)) => Ok(*choice),
        None => {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            Err(wrong(values, name, &words.join(" or ")))
        }
    }
}

/// The parts of a list of `name=number`, every number 1 or more.
fn numbers(values: &Values, name: &str, expected: &str) -> anyhow::Result<Vec<(String, u32)>> {
    let read = |item: &String| {
        let (word, number) = item.split_once('=')?;
        let number = number.trim().parse().ok().filter(|number| *number > 0)?;
        Some((word.trim().to_owned(), number))
    };
    let read: Option<Vec<_>> = list(values, name).iter().map(read).collect();
    read.ok_or_else(|| wrong(values, name, expected))
}

fn timers(values: &Values, name: &str) -> anyhow::Result<Timers> {
    let expected = "waits in whole seconds from 1, such as first_token=300,ceiling=600; there are connect, headers, first_byte, byte_idle, queued, content_idle, ceiling and first_token";
    let mut timers = Timers::default();
    for (word, seconds) in numbers(values, name, expected)? {
        let wait = Duration::from_secs(seconds.into());
        let timer = match word.as_str() {
            "connect" => &mut timers.connect,
            "headers" => &mut timers.headers,
            "first_byte" => &mut timers.first_byte,
            "byte_idle" => &mut timers.byte_idle,
            "queued" => &mut timers.queued,
            "content_idle" => &mut timers.content_idle,
            "ceiling" => &mut timers.ceiling,
            "first_token" => {
                timers = timers.with_first_token(wait);
                continue;
            }
            _ => bail!(wrong(values, name, expected)),
        };
        *timer = wait;
    }
    Ok(timers)
}

fn limits(values: &Values, name: &str) -> anyhow::Result<Limits> {
    let expected = "whole numbers from 1, such as requests=500,output_tokens=100000; there are requests, input_tokens, output_tokens and concurrent";
    let mut limits = Limits::default();
    for (word, number) in numbers(values, name, expected)? {
        match word.as_str() {
            "requests" => limits.requests = Some(number.into()),
            "input_tokens" => limits.input_tokens = Some(number.into()),
            "output_tokens" => limits.output_tokens = Some(number.into()),
            "concurrent" => limits.concurrent = i32::try_from(number).ok(),
            _ => bail!(wrong(values, name, expected)),
        }
    }
    Ok(limits)
}

fn prices(values: &Values) -> anyhow::Result<Prices> {
    let read = |item: &String| {
        // A model's name may hold nearly anything.
        let (model, amounts) = item.rsplit_once('=')?;
        let amounts: Option<Vec<_>> = amounts.split('/').map(micro_dollars).collect();
        let price = match *amounts?.as_slice() {
            [0] => Price::default(),
            [input, cached_input, output] => Price {
                input: llm::MicroDollars(input),
                cached_input: llm::MicroDollars(cached_input),
                cache_write: llm::MicroDollars(input),
                output: llm::MicroDollars(output),
                peak: None,
            },
            _ => return None,
        };
        Some((model.trim().to_owned(), price))
    };
    let expected = "prices such as gpt-6-luna=0.10/0.01/0.50 (dollars per 1,000,000 tokens of input, cached input and output) or llama=0";
    let mut prices = Prices::bundled()?;
    for item in list(values, "prices") {
        let (model, price) = read(&item).ok_or_else(|| wrong(values, "prices", expected))?;
        prices = prices.with(model, price);
    }
    Ok(prices)
}

fn dollars(values: &Values, name: &str) -> anyhow::Result<MicroDollars> {
    micro_dollars(&required(values, name))
        .and_then(|amount| i64::try_from(amount).ok())
        .map(MicroDollars)
        .ok_or_else(|| wrong(values, name, "dollars from 0 to 1,000,000, such as 0.5"))
}

/// An amount of dollars in millionths, rounded.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range was checked"
)]
fn micro_dollars(text: &str) -> Option<u64> {
    let dollars: f64 = text.trim().parse().ok()?;
    let sound = (0.0..=1_000_000.0).contains(&dollars);
    sound.then(|| (dollars * 1_000_000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(environment: &[(&str, &str)]) -> anyhow::Result<Providers> {
        Providers::from(&Values {
            flags: BTreeMap::new(),
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            file: BTreeMap::new(),
        })
    }

    fn names(environment: &[(&str, &str)]) -> Vec<&'static str> {
        let chain = read(environment).unwrap().chain;
        chain.into_iter().map(Link::name).collect()
    }

    fn error(name: &str, value: &str) -> String {
        let error = read(&[(name, value)]).err();
        error.map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_chain_is_who_has_a_key_and_then_the_rules_unless_it_is_said() {
        assert_eq!(names(&[]), ["rules"]);
        assert_eq!(names(&[("OPENAI_API_KEY", "")]), ["rules"]);
        let keys = [
            ("COMPATIBLE_BASE_URL", "http://127.0.0.1:11434/v1"),
            ("DEEPSEEK_API_KEY", "sk-d"),
            ("OPENAI_API_KEY", "sk-o"),
        ];
        assert_eq!(names(&keys), ["openai", "deepseek", "compatible", "rules"]);
        let said = [keys[2], ("PROVIDERS", "deepseek, openai")];
        assert_eq!(names(&said), ["deepseek", "openai"]);
    }

    #[test]
    fn a_chain_that_makes_no_sense_is_refused() {
        for chain in ["opnai", "openai,openai", "rules,openai", "openai;rules"] {
            assert_eq!(
                error("PROVIDERS", chain),
                format!(
                    "PROVIDERS is \"{chain}\"; expected openai, deepseek, compatible and rules, each once, rules last"
                )
            );
        }
    }

    #[test]
    fn waits_and_limits_are_lists_of_what_differs() {
        let providers = read(&[
            ("OPENAI_TIMERS", "ceiling=300, byte_idle=20"),
            (
                "OPENAI_LIMITS",
                "requests=60,input_tokens=5000000000,concurrent=8",
            ),
        ]);
        assert!(providers.is_err(), "more than fits");
        let providers = read(&[
            ("OPENAI_TIMERS", "ceiling=300, byte_idle=20"),
            ("OPENAI_LIMITS", "requests=60,output_tokens=9,concurrent=8"),
        ])
        .unwrap();
        let expected = Timers {
            ceiling: Duration::from_secs(300),
            byte_idle: Duration::from_secs(20),
            ..Timers::default()
        };
        assert_eq!(providers.openai.timers, expected);
        assert_eq!(providers.deepseek.timers, Timers::default());
        let minutes = Duration::from_secs(600);
        assert_eq!(providers.compatible.timers.headers, minutes);
        assert_eq!(providers.compatible.timers.first_byte, minutes);
        let expected = Limits {
            requests: Some(60),
            output_tokens: Some(9),
            concurrent: Some(8),
            ..Limits::default()
        };
        assert_eq!(providers.openai.limits, expected);
        assert_eq!(providers.deepseek.limits, Limits::default());
        for wrong in ["ceiling=0", "ceiling", "patience=3", "ceiling=1.5"] {
            let error = error("OPENAI_TIMERS", wrong);
            assert!(
                error.contains("expected waits in whole seconds"),
                "{wrong}: {error}"
            );
        }
        let error = error("DEEPSEEK_LIMITS", "tokens=5");
        assert!(error.contains("expected whole numbers"), "{error}");
    }

    #[test]
    fn ones_own_prices_win_and_the_rest_stay() {
        let own = [(
            "MESOCYCLE_PRICES",
            "qwen3:8b=0, hf.co/a=b=1/0.05/5,gpt-6-luna=2/1/3.5",
        )];
        let prices = read(&own).unwrap().prices;
        assert_eq!(prices.of("qwen3:8b"), Some(&Price::default()));
        let dollars = |model: &str| {
            let price = prices.of(model).unwrap();
            [price.input.0, price.cached_input.0, price.output.0]
        };
        assert_eq!(dollars("hf.co/a=b"), [1_000_000, 50_000, 5_000_000]);
        assert_eq!(dollars("gpt-6-luna"), [2_000_000, 1_000_000, 3_500_000]);
        assert_eq!(dollars("gpt-6.1-terra"), [1_000_000, 50_000, 5_000_000]);
        for wrong in ["gpt-9", "gpt-9=1", "gpt-9=1/2", "gpt-9=-1/1/1", "gpt-9=nan"] {
            let error = error("MESOCYCLE_PRICES", wrong);
            assert!(
                error.contains("expected prices such as"),
                "{wrong}: {error}"
            );
        }
    }

    #[test]
    fn caps_are_in_dollars() {
        let by_default = read(&[]).unwrap();
        assert_eq!(by_default.per_job, MicroDollars(500_000));
        assert_eq!(by_default.per_user_and_day, MicroDollars(1_000_000));
        assert_eq!(by_default.per_day, None);
        let said = read(&[("MESOCYCLE_DOLLARS_PER_DAY", "0.000001")]).unwrap();
        assert_eq!(said.per_day, Some(MicroDollars(1)));
        for wrong in ["-1", "nan", "inf", "1e12", "a dollar"] {
            let error = error("MESOCYCLE_DOLLARS_PER_DAY", wrong);
            assert!(
                error.contains("expected dollars from 0"),
                "{wrong}: {error}"
            );
        }
    }

    #[test]
    fn a_word_that_is_no_choice_is_told_the_choices() {
        assert_eq!(
            error("OPENAI_API", "rest"),
            "OPENAI_API is \"rest\"; expected responses or chat"
        );
        assert!(
            error("COMPATIBLE_STRUCTURED", "xml").ends_with("expected schema or json or prompt")
        );
        assert_eq!(read(&[]).unwrap().openai_effort.as_deref(), Some("none"));
        let auto = read(&[("OPENAI_EFFORT", "auto")]).unwrap();
        assert_eq!(auto.openai_effort, None);
    }
}
