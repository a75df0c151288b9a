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

/// Words after which a date or a year is one of birth.
const BIRTHS: [&str; 9] = [
    "born", "birth", "birthday", "dob", "geboren", "geb", "né", "née", "nací",
];

/// The text without them. `name` is the athlete's, where the app sent one.
pub(super) fn without_identity(text: &str, name: &str) -> String {
    let names: Vec<String> = name
        .split_whitespace()
        .map(plain)
        .filter(|part| part.chars().count() >= 3)
        .collect();
    let mut kept = String::new();
    let mut before: Vec<String> = Vec::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let bare = plain(word);
        let letter = bare.chars().next().is_some_and(char::is_alphabetic);
        let personal = letter && introduces(&before)
            || word.contains('@')
            || is_date(&bare, &before)
            || is_phone(&bare)
            || names.contains(&bare);
        kept.push_str(if personal { TAKEN } else { word });
        kept.push_str(&piece[word.len()..]);
        if !bare.is_empty() {
            before.push(bare);
        }
    }
    kept
}

fn plain(word: &str) -> String {
    let edge = |letter: char| !letter.is_alphanumeric() && letter != '+';
    word.trim_matches(edge).to_lowercase()
}

fn introduces(before: &[String]) -> bool {
    let tail = last(before, 3).join(" ").replace('’', "'");
    INTRODUCTIONS.iter().any(|phrase| tail.ends_with(phrase))
}

fn last(words: &[String], count: usize) -> &[String] {
    &words[words.len().saturating_sub(count)..]
}

/// A date with a year of four digits (`12.03.1990`, `1990-03-12`), and after a word of birth any date or year; `12-10-8` is a pyramid of sets.
fn is_date(word: &str, before: &[String]) -> bool {
    let birth = last(before, 2)
        .iter()
        .any(|one| BIRTHS.contains(&one.as_str()));
    let number = |part: &str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let year = |part: &str| {
        part.len() == 4 && number(part) && (part.starts_with("19") || part.starts_with("20"))
    };
    let dated = ['.', '-', '/'].iter().any(|mark| {
        let parts: Vec<&str> = word.split(*mark).collect();
        parts.len() == 3
            && parts.iter().all(|part| number(part))
            && (birth || parts.iter().any(|part| year(part)))
    });
    dated || birth && year(word)
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
                "born 12.03.90, 80.5 kg, 5/3/1 please",
                "",
                "born […] 80.5 kg, 5/3/1 please",
            ),
            (
                "born in 1990,\n12-10-8 reps, since 2019",
                "",
                "born in […]\n12-10-8 reps, since 2019",
            ),
            ("my date is 1990-03-12", "", "my date is […]"),
            ("Ada wants\nto squat", "Ada Byron", "[…] wants\nto squat"),
            ("je m’appelle Zoé.", "", "je m’appelle […]"),
        ] {
            assert_eq!(without_identity(text, name), kept);
        }
    }
}
