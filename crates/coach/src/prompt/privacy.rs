//! What a provider does not need to know: names, addresses of mail, numbers of phones and dates of birth are taken out of a text.

/// What stands where something was taken out.
const TAKEN: &str = "[…]";

/// Words after which a name follows, in the reader's languages.
const INTRODUCTIONS: [&str; 8] = [
    "my name is",
    "i am called",
    "ich heiße",
    "ich heisse",
    "mein name ist",
    "je m'appelle",
    "me llamo",
    "mi nombre es",
];

/// The text without them. `name` is the athlete's, where the app sent one.
pub(super) fn without_identity(text: &str, name: &str) -> String {
    let names: Vec<String> = name
        .split_whitespace()
        .map(plain)
        .filter(|part| part.chars().count() >= 3)
        .collect();
    let mut kept: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let bare = plain(word);
        let introduced = introduces(&kept) && bare.chars().next().is_some_and(char::is_alphabetic);
        let personal =
            word.contains('@') || is_date(&bare) || is_phone(&bare) || names.contains(&bare);
        kept.push(if introduced || personal {
            TAKEN.to_owned()
        } else {
            word.to_owned()
        });
    }
    kept.join(" ")
}

fn plain(word: &str) -> String {
    let edge = |letter: char| !letter.is_alphanumeric() && letter != '+';
    word.trim_matches(edge).to_lowercase()
}

fn introduces(before: &[String]) -> bool {
    let last = &before[before.len().saturating_sub(3)..];
    let tail = last.join(" ").to_lowercase().replace('’', "'");
    INTRODUCTIONS.iter().any(|phrase| tail.ends_with(phrase))
}

/// `12.03.1990`, `1990-03-12`, `3/12/90`.
fn is_date(word: &str) -> bool {
    ['.', '-', '/'].iter().any(|mark| {
        let parts: Vec<&str> = word.split(*mark).collect();
        let number = |part: &&str| {
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        parts.len() == 3 && parts.iter().all(number) && parts.iter().any(|part| part.len() >= 2)
    })
}

/// Eight digits or more in one word.
fn is_phone(word: &str) -> bool {
    word.bytes().filter(u8::is_ascii_digit).count() >= 8
        && word
            .chars()
            .all(|letter| letter.is_ascii_digit() || "+-/.()".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mail_phones_and_dates_of_birth_are_taken_out_and_training_stays() {
        for (text, name, kept) in [
            (
                "My name is Anna and I train 3-4 days",
                "",
                "My name is […] and I train 3-4 days",
            ),
            (
                "Ich heiße Jörg, 3-1-1-0 Tempo",
                "",
                "Ich heiße […] 3-1-1-0 Tempo",
            ),
            (
                "mail a.b@c.de or call +49-171-1234567.",
                "",
                "mail […] or call […]",
            ),
            (
                "born 12.03.1990, 80.5 kg, 5/3/1 please",
                "",
                "born […] 80.5 kg, 5/3/1 please",
            ),
            ("Ada wants to squat", "Ada Byron", "[…] wants to squat"),
            ("je m’appelle Zoé.", "", "je m’appelle […]"),
        ] {
            assert_eq!(without_identity(text, name), kept);
        }
    }
}
