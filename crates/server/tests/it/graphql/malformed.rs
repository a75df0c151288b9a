//! Queries that are broken, hostile or merely large: answered, never with 500, never with a part of the statement.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::{Gym, PATH};
use crate::support::{answer, token_of};

/// Queries, and how the refusal of each begins.
const BROKEN: &[(&str, &str)] = &[
    ("", "Unable to parse query"),
    ("   ", "Unable to parse query"),
    ("{", "Unable to parse query"),
    ("{}", "Unable to parse query"),
    ("query", "Unable to parse query"),
    ("{ a(b: \"\\u0000\") }", "Unknown field \"a\" on type Query"),
    (
        "type A { b: Int }",
        "A query may define operations and fragments only",
    ),
    ("fragment A on Query { a }", "Operation not found"),
    ("subscription { a }", "Subscriptions are not supported"),
    (
        "query A { a } { b }",
        "Anonymous operations must be the only defined operation",
    ),
    ("{ nothing }", "Unknown field \"nothing\" on type Query"),
    (
        "mutation { nothing }",
        "Unknown field \"nothing\" on type Mutation",
    ),
    ("{ ...Missing }", "There is no fragment named Missing"),
    (
        "{ __typename @skip(if: true) }",
        "Selection set must not be empty",
    ),
    (
        "{ __typename @include }",
        "The directive @include takes one argument",
    ),
    ("{ __typename @client }", "Unknown directive @client"),
    (
        "{ workout_plansCollection }",
        "Field \"workout_plansCollection\" of type workout_plansConnection must have a selection of subfields",
    ),
    (
        "{ workout_plansCollection { nodes { id } } }",
        "Unknown field \"nodes\" on type workout_plansConnection",
    ),
    (
        "{ workout_plansCollection { edges { id } } }",
        "Unknown field \"id\" on type workout_plansEdge",
    ),
    (
        "{ workout_plansCollection { pageInfo { more } } }",
        "Unknown field \"more\" on type PageInfo",
    ),
    (
        "{ workout_plansCollection(where: {}) { totalCount } }",
        "Input contains extra keys [\"where\"]",
    ),
    (
        "{ workout_plansCollection { edges { node { id(x: 1) } } } }",
        "Input contains extra keys [\"x\"]",
    ),
    (
        "{ a: workout_plansCollection { totalCount } a: exercisesCollection { totalCount } }",
        "Fields \"a\" conflict",
    ),
];

#[tokio::test]
async fn what_cannot_be_a_query_is_refused_with_a_sentence() {
    let gym = Gym::open().await;
    for (query, starts) in BROKEN {
        let message = gym.refused(gym.ada, query, json!({})).await;
        assert!(message.starts_with(starts), "{query:.80}: {message}");
    }
}

#[tokio::test]
async fn what_would_keep_a_server_busy_is_refused_before_it_does() {
    let gym = Gym::open().await;
    let cycle = "{ workout_plansCollection { ...A } } fragment A on workout_plansConnection { ...B } fragment B on workout_plansConnection { ...A }";
    let bomb = (0..20).fold(
        "{ ...F0 } fragment F20 on Query { __typename }".to_owned(),
        |text, n| {
            format!(
                "{text} fragment F{n} on Query {{ ...F{next} ...F{next} }}",
                next = n + 1
            )
        },
    );
    let deep = |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n));
    let there = "workout_entriesCollection { edges { node { workout_plans { ";
    let to_and_fro = format!(
        "{{ workout_plansCollection {{ edges {{ node {{ {} id {} }} }} }} }}",
        there.repeat(5),
        "}".repeat(4 * 5)
    );
    let nested_list = format!(
        "{{ workout_plansCollection(first: {}) {{ totalCount }} }}",
        deep("[", "]", 20_000)
    );
    for (query, starts) in [
        (cycle, "Found a cycle between fragments"),
        (&bomb, "The query is too large: it has too many fields"),
        (&deep("{a", "}", 30_000), "Unable to parse query"),
        (
            &format!("{{ {} }}", "a ".repeat(30_000)),
            "Unable to parse query",
        ),
        (&nested_list, "Unable to parse query"),
        (
            &to_and_fro,
            "The query is too large: collections within collections",
        ),
    ] {
        let message = gym.refused(gym.ada, query, json!({})).await;
        assert!(message.starts_with(starts), "{query:.80}: {message}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused() {
    let gym = Gym::open().await;
    let post = async |body: String| {
        answer(
            gym.server
                .post(PATH)
                .bearer_auth(token_of(gym.ada))
                .body(body),
        )
        .await
    };
    for body in ["{}", "", "{\"query\": 1}", "{\"query\": null}"] {
        let (status, refused) = post(body.to_owned()).await;
        assert_eq!(
            (status, &refused["data"]),
            (200, &Value::Null),
            "{body}: {refused}"
        );
    }
    let variables = post(json!({ "query": "{ __typename }", "variables": [] }).to_string()).await;
    assert_eq!(
        variables.1["errors"][0]["message"],
        "variables must be an object"
    );
    for (body, status) in [
        ("[]", 400),
        ("{", 400),
        ("x", 400),
        ("{\"query\": \"\\u0000\"}", 400),
    ] {
        assert_eq!(post(body.to_owned()).await.0, status, "{body}");
    }
    assert_eq!(post(" ".repeat(300_000)).await.0, 413);
    assert_eq!(
        gym.server
            .client
            .get(format!("{}{PATH}", gym.server.url))
            .send()
            .await
            .unwrap()
            .status(),
        405
    );
}

#[tokio::test]
async fn one_field_that_cannot_be_answered_leaves_the_others_alone() {
    let gym = Gym::open().await;
    let answer = gym
        .ask(
            gym.ada,
            "{ good: workout_plansCollection { totalCount } bad: nothing { a } }",
            json!({}),
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "good": { "totalCount": 1 } }, "errors": [{ "message": "Unknown field \"nothing\" on type Query" }] })
    );
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_refused() {
    let gym = Gym::open().await;
    gym.database
        .run("update public.workout_plans set summary = repeat('x', 6 * 1024 * 1024)")
        .await;
    let query =
        "{ workout_plansCollection { edges { node { a: summary b: summary c: summary } } } }";
    let message = gym.refused(gym.ada, query, json!({})).await;
    assert_eq!(
        message,
        "The query is too large: its answer would be over 16 MiB"
    );
}

#[tokio::test]
async fn a_row_of_more_than_fifty_fields_is_whole() {
    let gym = Gym::open().await;
    let fields: String = (0..130).map(|n| format!("f{n}: summary ")).collect();
    let data = gym
        .data(
            gym.ada,
            &format!("{{ workout_plansCollection {{ edges {{ node {{ {fields} }} }} }} }}"),
            json!({}),
        )
        .await;
    let node = &data["workout_plansCollection"]["edges"][0]["node"];
    assert_eq!(node.as_object().unwrap().len(), 130);
}

/// Pieces of queries, put together at random: mostly nonsense, sometimes sense.
fn nonsense() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        ",",
        "...",
        "on",
        "$x",
        "!",
        "=",
        "@include(if: true)",
        "query",
        "mutation",
        "fragment A",
        "workout_plansCollection",
        "workout_entriesCollection",
        "exercises",
        "edges",
        "node",
        "id",
        "filter",
        "orderBy",
        "first",
        "after",
        "and",
        "or",
        "not",
        "eq",
        "in",
        "null",
        "1",
        "-1",
        "1e9",
        "\"x\"",
        "\"\"\"",
        "AscNullsLast",
        "__typename",
        "pageInfo",
        "updateworkout_plansCollection",
        "set",
        "atMost",
        "affectedCount",
        "#",
        "\\",
        "'",
        "\"",
        "é",
        "\u{feff}",
        "&",
        "|",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.join(" "))
}

/// Queries of the right shape with something odd in each place.
fn nearly() -> impl Strategy<Value = String> {
    let odd = || {
        prop::sample::select(vec![
            "null",
            "[]",
            "{}",
            "1",
            "-1",
            "1.5",
            "\"\"",
            "\"x\"",
            "true",
            "x",
            "$x",
            "[null]",
            "[{}]",
            "{eq: 1}",
            "{eq: null}",
            "{in: [1]}",
            "{week_number: {eq: 1}}",
            "{id: {eq: \"x\"}}",
            "{not: {not: {}}}",
            "{or: [{}, null]}",
            "{id: AscNullsLast}",
            "99999999999999999999",
            "{day: {in: [monday, null]}}",
            "\"WzFd\"",
            "\"W251bGxd\"",
            "{date: {lt: \"yesterday\"}}",
            "{notes: {like: \"\\\\\"}}",
        ])
    };
    (odd(), odd(), odd(), odd()).prop_map(|(filter, order, first, after)| {
        format!(
            "query($x: Int) {{ workout_entriesCollection(filter: {filter}, orderBy: {order}, first: {first}, after: {after}) {{
               edges {{ cursor node {{ id exercises {{ name }} }} }} pageInfo {{ hasPreviousPage }} totalCount }} }}"
        )
    })
}

#[tokio::test]
async fn no_query_is_answered_with_500_or_with_a_part_of_the_statement() {
    let gym = Gym::open().await;
    let token = token_of(gym.ada);
    let seed = uuid::Uuid::new_v4().as_u128().to_le_bytes();
    let seed: [u8; 32] = [seed, seed].concat().try_into().unwrap();
    println!("seed {seed:?}");
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let queries = prop_oneof![nonsense(), nearly()];
    for _ in 0..600 {
        let query = queries.new_tree(&mut runner).unwrap().current();
        let body = json!({ "query": query, "variables": { "x": 1 } });
        let (status, answer) = answer(gym.server.post(PATH).bearer_auth(&token).json(&body)).await;
        assert_eq!(status, 200, "{query}: {answer}");
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        for trace in [
            "syntax error at or near",
            "b1.",
            "b2.",
            "jsonb_",
            "does not exist",
            "Something went wrong",
        ] {
            assert!(!message.contains(trace), "{query}: {message}");
        }
    }
}
