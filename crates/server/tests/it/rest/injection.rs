//! Whatever is written into a request is a value or a name that is not there, and never SQL.

use serde_json::{Value, json};

use super::dice::Dice;
use super::world::{Asker, ONE, World};

const NASTY: [&str; 14] = [
    "'",
    "''; drop table public.user_notifications; --",
    "\"",
    "\\",
    "\\\"",
    "$1",
    "$$; select 1; $$",
    "a,b",
    "(a)",
    "{a}",
    "ünïcødé 💪 \u{202e}",
    "%_*",
    "a\nb\t",
    "/* */ -- ;",
];

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// In double quotes, as the official client writes a value into a list.
fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[tokio::test]
async fn a_nasty_text_is_stored_and_found_as_it_is() {
    let world = World::new().await;
    let service = Asker::Service;
    for text in NASTY {
        let row = json!({ "user_id": ONE, "title": text, "data": { text: text } }).to_string();
        let stored = world
            .send(service, "POST", "user_notifications", &[], &row)
            .await;
        assert_eq!(stored.status, 201, "{text}: {}", stored.text);
        let quoted = in_quotes(text);
        for filter in [
            format!("title=eq.{}", encoded(text)),
            format!("title=in.({})", encoded(&quoted)),
            format!("or=(title.eq.{},id.is.null)", encoded(&quoted)),
            format!(
                "{}=eq.{}",
                encoded(&format!("data->>{quoted}")),
                encoded(text)
            ),
        ] {
            let answer = world
                .get(&format!("user_notifications?select=title&{filter}"))
                .await;
            assert_eq!(
                (answer.status, answer.json()),
                (200, json!([{ "title": text }])),
                "{text} by {filter}"
            );
        }
        let alias = format!(
            "user_notifications?select={}&limit=1",
            encoded(&format!("{quoted}:type"))
        );
        let answer = world.get(&alias).await;
        let row = answer.json()[0].as_object().unwrap().clone();
        assert_eq!(row.keys().collect::<Vec<_>>(), [text], "{text} as an alias");
    }
}

#[tokio::test]
async fn a_name_that_is_not_there_is_refused_wherever_it_stands() {
    let world = World::new().await;
    let before = counts(&world).await;
    for text in NASTY.into_iter().chain([
        "id\" from pg_authid --",
        "id;delete from exercises",
        "ctid",
        "t0",
        "*",
    ]) {
        let (raw, quoted) = (encoded(text), encoded(&in_quotes(text)));
        for path in [
            format!("exercises?select={quoted}"),
            format!("exercises?select=slug::{raw}"),
            format!("exercises?select=x:exercise_texts!{quoted}(language)"),
            format!("exercises?select={quoted}(id)"),
            format!("exercises?{quoted}=eq.1"),
            format!("exercises?order={quoted}.desc"),
            format!("exercises?order=slug.{raw}"),
            format!("exercises?limit={raw}"),
            format!("exercises?slug={raw}.1"),
            format!("exercises?slug=fts({raw}).a"),
            format!("exercises?or=({quoted}.eq.1)"),
            format!("{raw}?select=id"),
            format!("rpc/{raw}"),
        ] {
            let answer = world.send(Asker::Service, "GET", &path, &[], "").await;
            assert!(
                (400..500).contains(&answer.status),
                "{path}: {} {}",
                answer.status,
                answer.text
            );
            assert_ne!(answer.json()["code"], "42601", "{path} is a syntax error");
        }
        for path in [
            format!("push_tokens?columns={quoted}"),
            format!("push_tokens?on_conflict={quoted}"),
        ] {
            let merge = ["prefer: resolution=merge-duplicates"];
            let row = json!({ "user_id": ONE, "token": "t" }).to_string();
            let answer = world
                .send(Asker::Service, "POST", &path, &merge, &row)
                .await;
            assert_eq!(answer.refused(400), "PGRST204", "{path}");
        }
        let row = json!({ text: 1 }).to_string();
        let answer = world
            .send(Asker::Service, "POST", "push_tokens", &[], &row)
            .await;
        assert_eq!(answer.refused(400), "PGRST204", "{row}");
        let answer = world
            .send(Asker::Service, "POST", "rpc/cancel_plan_job", &[], &row)
            .await;
        assert_eq!(answer.refused(404), "PGRST202", "{row}");
    }
    assert_eq!(counts(&world).await, before);
}

/// What the languages of a query string are made of, and what they are not.
const PIECES: [&str; 48] = [
    "id",
    "slug",
    "name",
    "reviewed",
    "created_at",
    "exercise_texts",
    "workout_entries",
    "eq",
    "in",
    "is",
    "not",
    "or",
    "and",
    "like",
    "fts",
    "cs",
    "any",
    "order",
    "select",
    "limit",
    "offset",
    "null",
    "1",
    "-1",
    "(",
    ")",
    "(",
    ")",
    ",",
    ",",
    ".",
    ".",
    ":",
    "::",
    "->",
    "->>",
    "!",
    "!inner",
    "*",
    "...",
    "\"",
    "\\",
    "'",
    "{",
    "}",
    " ",
    "ü",
    "%",
];

fn gibberish(dice: &mut Dice) -> String {
    (0..1 + dice.roll(9)).map(|_| dice.pick(&PIECES)).collect()
}

#[tokio::test]
async fn gibberish_is_answered_or_refused_and_breaks_nothing() {
    let (seed, mut dice) = Dice::seeded();
    println!("seed {seed}");
    let world = World::new().await;
    let mut answered = 0;
    for _ in 0..600 {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for _ in 0..1 + dice.roll(3) {
            let key = match dice.roll(3) {
                0 => gibberish(&mut dice),
                _ => dice
                    .pick(&[
                        "select", "order", "or", "and", "slug", "name", "id", "reviewed",
                    ])
                    .to_owned(),
            };
            let operator = dice.pick(&["", "", "eq.", "in.(", "is.", "(", "not.like."]);
            query.append_pair(&key, &format!("{operator}{}", gibberish(&mut dice)));
        }
        let path = format!("exercises?{}", query.finish());
        let answer = world.get(&path).await;
        assert!(
            answer.status < 500,
            "seed {seed}: {path}: {} {}",
            answer.status,
            answer.text
        );
        assert!(
            !answer.text.contains("syntax error at"),
            "seed {seed}: {path}: {}",
            answer.text
        );
        answered += usize::from(answer.status == 200);
    }
    assert!(answered > 0, "seed {seed}: nothing at all was understood");
}

async fn counts(world: &World) -> Vec<Value> {
    let mut counts = Vec::new();
    for table in [
        "exercises",
        "push_tokens",
        "user_notifications",
        "workout_plans",
    ] {
        let head = world
            .send(Asker::Service, "HEAD", table, &["prefer: count=exact"], "")
            .await;
        counts.push(json!([table, head.header("content-range")]));
    }
    counts
}
