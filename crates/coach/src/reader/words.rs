//! A text as words: folded to plain lower case, each with its place in the text, its number if it is one, and what parts it from the word before.

/// What stands between a word and the one before it, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing that parts: spaces, hyphens, quotes.
    Soft,
    /// A colon or equals sign, between a key and its value.
    Key,
    /// A comma, slash, bracket, bullet or emoji.
    List,
    /// The end of a sentence or line.
    Stop,
}

/// A word or a number.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Lower case without accents; `ä ö ü ß` are `ae oe ue ss`. A number: its digits as written.
    pub(super) text: String,
    /// Its value, if it is written in digits.
    pub(super) number: Option<f64>,
    /// Where it starts and ends in the text, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What parts it from the word before.
    pub(super) gap: Gap,
}

/// The words of a text. `CamelCase`, `snake_case` and `80kg` are divided; `1,80`, `1.5` and `20,000` are one number.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut place = 0;
    let mut between = 0;
    let mut in_list = false;
    while let Some(next) = text[place..].chars().next() {
        let end = match next {
            _ if next.is_ascii_digit() => number_end(text, place),
            '×' | '&' => place + next.len_utf8(),
            _ if next.is_alphabetic() => word_end(text, place),
            _ => {
                place += next.len_utf8();
                continue;
            }
        };
        let piece = &text[place..end];
        let number = if next.is_ascii_digit() {
            value(piece)
        } else {
            None
        };
        let after_number = words.last().is_some_and(|word| word.number.is_some());
        let gap = match (
            text[between..place].trim(),
            gap(&text[between..place], words.is_empty(), &mut in_list),
        ) {
            ("-" | "–" | "—", Gap::List) if after_number && number.is_some() => Gap::Soft,
            // `im 5. Monat` goes on.
            (".", Gap::Stop) if after_number && !text[between..place].contains('\n') => Gap::List,
            (_, gap) => gap,
        };
        words.push(Word {
            text: fold(piece),
            number,
            start: place,
            end,
            gap,
        });
        place = end;
        between = end;
    }
    words
}

fn word_end(text: &str, start: usize) -> usize {
    let mut lower = false;
    for (at, letter) in text[start..].char_indices() {
        let mark = ('\u{300}'..='\u{36f}').contains(&letter);
        if !letter.is_alphabetic() && !mark || lower && letter.is_uppercase() {
            return start + at;
        }
        lower = letter.is_lowercase();
    }
    text.len()
}

fn number_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = start;
    while digit(end) || matches!(bytes.get(end), Some(b'.' | b',')) && digit(end + 1) {
        end += 1;
    }
    match text[end..].chars().next() {
        Some(part @ ('½' | '¼' | '¾')) => end + part.len_utf8(),
        _ => end,
    }
}

/// The value of digits with at most one decimal mark; `20,000` and `2.500` are thousands. A date is no number.
fn value(piece: &str) -> Option<f64> {
    let plain = piece.trim_end_matches(['½', '¼', '¾']);
    let part = match piece.chars().last() {
        Some('½') => 0.5,
        Some('¼') => 0.25,
        Some('¾') => 0.75,
        _ => 0.0,
    };
    let number = match plain.split_once(['.', ',']) {
        None => plain.parse::<f64>().ok()?,
        Some((_, tail)) if tail.contains(['.', ',']) => return None,
        Some((head, tail)) if tail.len() == 3 && head.len() <= 3 && head != "0" => {
            format!("{head}{tail}").parse().ok()?
        }
        Some((head, tail)) => format!("{head}.{tail}").parse().ok()?,
    };
    Some(number + part).filter(|number| *number < 1e6)
}

/// How strongly the marks between two words part them. A bullet list under a line that ends in a colon goes on with that line.
fn gap(between: &str, first: bool, in_list: &mut bool) -> Gap {
    let mut rest = between;
    let mut gap = Gap::Soft;
    if between.contains('\n') {
        let head = between.split('\n').next().unwrap_or_default();
        let bullet = between
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .trim_start()
            .starts_with(['-', '*', '•', '–']);
        let blank = between.matches('\n').count() > 1;
        *in_list = bullet && !blank && (head.trim_end().ends_with(':') || *in_list);
        if !*in_list || first {
            return Gap::Stop;
        }
        gap = Gap::List;
        rest = head;
    }
    for (at, mark) in rest.char_indices() {
        let after = rest[at + mark.len_utf8()..].chars().next();
        let spaced = after.is_none_or(char::is_whitespace);
        let before = rest[..at].chars().next_back();
        gap = gap.max(match mark {
            ';' | '!' | '?' => Gap::Stop,
            '.' if spaced && !rest[at + 1..].is_empty() => Gap::Stop,
            '-' | '–' | '—' if spaced && before.is_some_and(char::is_whitespace) => Gap::List,
            ':' | '=' => Gap::Key,
            '.' | '-' | '–' | '_' | '#' | '~' | '\'' | '’' | '′' | '"' | '″' | '“' | '”' | '„'
            | '«' | '»' | '`' => Gap::Soft,
            // Joiners and variation selectors of emoji such as `3️⃣`.
            '\u{200b}'..='\u{200f}' | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' => Gap::Soft,
            _ if mark.is_whitespace() => Gap::Soft,
            _ => Gap::List,
        });
    }
    gap
}

/// Lower case without accents, `ä ö ü ß` as `ae oe ue ss`, whether they are written as one character or two.
pub(super) fn fold(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            plain.push(letter.to_ascii_lowercase());
            continue;
        }
        for letter in letter.to_lowercase() {
            match letter {
                '\u{308}' if plain.ends_with(['a', 'o', 'u']) => plain.push('e'),
                '\u{300}'..='\u{36f}' => {}
                'ä' => plain.push_str("ae"),
                'ö' => plain.push_str("oe"),
                'ü' => plain.push_str("ue"),
                'ß' => plain.push_str("ss"),
                'œ' => plain.push_str("oe"),
                'à' | 'á' | 'â' | 'ã' => plain.push('a'),
                'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
                'í' | 'ì' | 'î' | 'ï' => plain.push('i'),
                'ó' | 'ò' | 'ô' | 'õ' => plain.push('o'),
                'ú' | 'ù' | 'û' => plain.push('u'),
                'ç' => plain.push('c'),
                'ñ' => plain.push('n'),
                '×' => plain.push('x'),
                other => plain.push(other),
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_divided() {
        for (text, expected) in [
            ("Rückenschmerzen, Größe", "rueckenschmerzen groesse"),
            ("Ru\u{308}cken cafe\u{301}", "ruecken cafe"),
            ("trainingDays: 4", "training days 4"),
            ("days_per_week=3", "days per week 3"),
            ("80kg 3x 1h30", "80 kg 3 x 1 h 30"),
            ("j'ai 34 ans", "j ai 34 ans"),
            ("3️⃣ days", "3 days"),
        ] {
            let found: Vec<_> = words(text).into_iter().map(|word| word.text).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_with_point_or_comma() {
        for (text, number) in [
            ("1,80", Some(1.8)),
            ("72.5", Some(72.5)),
            ("20,000", Some(20_000.0)),
            ("1½", Some(1.5)),
            ("12.05.2024", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(words(text)[0].number, number, "{text}");
        }
    }

    #[test]
    fn marks_part_words_more_or_less() {
        for (text, gap) in [
            ("knee pain", Gap::Soft),
            ("full-body", Gap::Soft),
            ("Goal: muscle", Gap::Key),
            ("knee, shoulder", Gap::List),
            ("Mon/Wed", Gap::List),
            ("strength - cardio", Gap::List),
            ("day. Knee", Gap::Stop),
            ("a\nb", Gap::Stop),
            ("Injuries:\n- knee", Gap::List),
            ("Injuries: none\n- knee", Gap::Stop),
        ] {
            assert_eq!(words(text).last().map(|word| word.gap), Some(gap), "{text}");
        }
    }
}
