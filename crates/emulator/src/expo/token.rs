//! How a token's text chooses what happens to its messages.
//!
//! Inside the brackets: `[project/]word[-anything]`. The project is `app` if none is named. The word is
//! - a documented error code: the ticket is that error;
//! - `error.X`: the ticket is an error with code `X`, known or not; `error.` alone is an error without a code;
//! - `receipt.X`: the ticket is ok, the receipt is an error with code `X`;
//! - `receipt.X.once`: the receipt of the first message of each collapse id is that error, later ones are delivered;
//! - `missing`: the ticket is ok and there is never a receipt; `late`: none at the first question for it;
//! - anything else: all is well.

/// What a token's text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) project: String,
    pub(super) behaviour: Behaviour,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Behaviour {
    Well,
    TicketError(String),
    ReceiptError { code: String, once: bool },
    MissingReceipt,
    LateReceipt,
}

/// The codes of the official SDK's types, and `MismatchSenderId` of the documentation.
const CODES: [&str; 8] = [
    "DeveloperError",
    "DeviceNotRegistered",
    "ExpoError",
    "InvalidCredentials",
    "MessageRateExceeded",
    "MessageTooBig",
    "MismatchSenderId",
    "ProviderError",
];

impl Token {
    /// `None` when the text is no Expo push token.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let inner = ["ExponentPushToken[", "ExpoPushToken["]
            .iter()
            .find_map(|open| text.strip_prefix(open)?.strip_suffix(']'));
        let inner = match inner {
            Some(inner) => inner,
            None if is_bare(text) => "",
            None => return None,
        };
        let (project, word) = inner.split_once('/').unwrap_or(("app", inner));
        let word = word.split('-').next().unwrap_or_default();
        Some(Self {
            project: format!("@emulator/{project}"),
            behaviour: Behaviour::of(word),
        })
    }
}

impl Behaviour {
    fn of(word: &str) -> Self {
        if CODES.contains(&word) {
            return Self::TicketError(word.to_owned());
        }
        if let Some(code) = word.strip_prefix("error.") {
            return Self::TicketError(code.to_owned());
        }
        if let Some(code) = word.strip_prefix("receipt.") {
            let once = code.strip_suffix(".once");
            return Self::ReceiptError {
                code: once.unwrap_or(code).to_owned(),
                once: once.is_some(),
            };
        }
        match word {
            "missing" => Self::MissingReceipt,
            "late" => Self::LateReceipt,
            _ => Self::Well,
        }
    }
}

fn is_bare(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_token_chooses_project_and_behaviour() {
        let error = |code: &str| Behaviour::TicketError(code.to_owned());
        let receipt = |code: &str, once| Behaviour::ReceiptError {
            code: code.to_owned(),
            once,
        };
        for (text, project, behaviour) in [
            ("ExponentPushToken[abc]", "@emulator/app", Behaviour::Well),
            (
                "ExponentPushToken[DeviceNotRegistered-1]",
                "@emulator/app",
                error("DeviceNotRegistered"),
            ),
            (
                "ExpoPushToken[two/error.New-7]",
                "@emulator/two",
                error("New"),
            ),
            (
                "ExpoPushToken[receipt.ExpoError-7]",
                "@emulator/app",
                receipt("ExpoError", false),
            ),
            (
                "ExpoPushToken[receipt.ExpoError.once-7]",
                "@emulator/app",
                receipt("ExpoError", true),
            ),
            (
                "ExpoPushToken[missing]",
                "@emulator/app",
                Behaviour::MissingReceipt,
            ),
            (
                "ExpoPushToken[x/late-1]",
                "@emulator/x",
                Behaviour::LateReceipt,
            ),
            (
                "F5741A13-BCDA-434B-A316-5DC0E6FFA94F",
                "@emulator/app",
                Behaviour::Well,
            ),
        ] {
            let token = Token::parse(text).unwrap();
            assert_eq!(
                (token.project.as_str(), token.behaviour),
                (project, behaviour),
                "{text}"
            );
        }
        assert_eq!(Token::parse("nonsense"), None);
    }
}
