//! Pages: forward, backward, by cursor, by offset.

use serde_json::{Value, json};

use super::{Gym, nodes};

const PAGE: &str = "query($first: Int, $last: Int, $after: Cursor, $before: Cursor, $offset: Int, $order: [workout_entriesOrderBy!]) {
    workout_entriesCollection(first: $first, last: $last, after: $after, before: $before, offset: $offset, orderBy: $order) {
      edges { cursor node { week_number day notes id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    } }";

async fn page(gym: &Gym, variables: Value) -> Value {
    let mut data = gym.data(gym.ada, PAGE, variables).await;
    data["workout_entriesCollection"].take()
}

fn ids(page: &Value) -> Vec<String> {
    let ids = nodes(page);
    ids.iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect()
}

fn has(page: &Value) -> (bool, bool) {
    let info = &page["pageInfo"];
    let flag = |name: &str| info[name].as_bool().unwrap();
    (flag("hasPreviousPage"), flag("hasNextPage"))
}

#[tokio::test]
async fn pages_forward_and_backward_show_every_row_once_in_one_order() {
    let gym = Gym::open().await;
    let directions = [
        "AscNullsFirst",
        "AscNullsLast",
        "DescNullsFirst",
        "DescNullsLast",
    ];
    for (one, two) in directions
        .iter()
        .flat_map(|one| directions.map(|two| (one, two)))
    {
        // `notes` is null in half of the rows, and both columns repeat.
        let order = json!([{ "notes": one }, { "day": two }]);
        let all = page(&gym, json!({ "order": order })).await;
        let expected = ids(&all);
        assert_eq!((expected.len(), has(&all)), (8, (false, false)), "{order}");

        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let part = page(&gym, json!({ "order": order, "first": 3, "after": after })).await;
            assert_eq!(
                has(&part),
                (!seen.is_empty(), seen.len() + 3 < 8),
                "{order}"
            );
            assert_eq!(part["totalCount"], 8);
            assert_eq!(part["pageInfo"]["startCursor"], part["edges"][0]["cursor"]);
            seen.extend(ids(&part));
            after = part["pageInfo"]["endCursor"].clone();
            if !has(&part).1 {
                break;
            }
        }
        assert_eq!(seen, expected, "{order} forward");

        let (mut seen, mut before) = (Vec::new(), Value::Null);
        loop {
            let part = page(&gym, json!({ "order": order, "last": 3, "before": before })).await;
            assert_eq!(
                has(&part),
                (seen.len() + 3 < 8, !seen.is_empty()),
                "{order}"
            );
            seen.splice(0..0, ids(&part));
            before = part["pageInfo"]["startCursor"].clone();
            if !has(&part).0 {
                break;
            }
        }
        assert_eq!(seen, expected, "{order} backward");
    }
}

#[tokio::test]
async fn an_offset_skips_and_the_cap_holds() {
    let gym = Gym::open().await;
    let all = ids(&page(&gym, json!({})).await);
    let part = page(&gym, json!({ "first": 3, "offset": 2 })).await;
    assert_eq!(
        (ids(&part).as_slice(), has(&part)),
        (&all[2..5], (true, true))
    );
    let part = page(&gym, json!({ "first": 3, "offset": 6 })).await;
    assert_eq!(
        (ids(&part).as_slice(), has(&part)),
        (&all[6..], (true, false))
    );
    let after = page(&gym, json!({ "first": 1 })).await["pageInfo"]["endCursor"].clone();
    let part = page(&gym, json!({ "first": 2, "offset": 1, "after": after })).await;
    assert_eq!(
        (ids(&part).as_slice(), has(&part)),
        (&all[2..4], (true, true))
    );
    let none = json!({ "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null });
    assert_eq!(page(&gym, json!({ "offset": 8 })).await["pageInfo"], none);
    let zero = page(&gym, json!({ "first": 0 })).await;
    assert_eq!((ids(&zero).len(), has(&zero)), (0, (false, true)));

    let exercises = "query($first: Int) { exercisesCollection(first: $first) { edges { cursor } pageInfo { hasNextPage } } }";
    for first in [
        Value::Null,
        json!(30),
        json!(1_000_000),
        json!(9_223_372_036_854_775_807_i64),
    ] {
        let data = gym
            .data(gym.ada, exercises, json!({ "first": first }))
            .await;
        let edges = data["exercisesCollection"]["edges"].as_array().unwrap();
        assert_eq!(
            (
                edges.len(),
                &data["exercisesCollection"]["pageInfo"]["hasNextPage"]
            ),
            (30, &json!(true)),
            "{first}"
        );
    }
}

#[tokio::test]
async fn arguments_that_contradict_each_other_are_refused() {
    let gym = Gym::open().await;
    let cursor = page(&gym, json!({ "first": 1 })).await["pageInfo"]["endCursor"].clone();
    for (variables, message) in [
        (
            json!({ "first": 1, "last": 1 }),
            "only one of \"first\" and \"last\" may be provided",
        ),
        (
            json!({ "before": cursor, "after": cursor }),
            "only one of \"before\" and \"after\" may be provided",
        ),
        (
            json!({ "first": 1, "before": cursor }),
            "\"first\" may only be used with \"after\"",
        ),
        (
            json!({ "last": 1, "after": cursor }),
            "\"last\" may only be used with \"before\"",
        ),
        (
            json!({ "last": 1, "offset": 1 }),
            "\"offset\" may only be used with \"first\" and \"after\"",
        ),
        (
            json!({ "first": -1 }),
            "`first` must be an unsigned integer",
        ),
        (json!({ "first": "1" }), "Invalid input for Int type"),
        (json!({ "after": 1 }), "Invalid input for Cursor type"),
        (json!({ "after": "x" }), "Failed to decode cursor"),
        (
            json!({ "after": "W10=" }),
            "orderBy clause incompatible with pagination cursor",
        ),
        (
            json!({ "after": "WzEsMiwzXQ==" }),
            "orderBy clause incompatible with pagination cursor",
        ),
        (
            json!({ "order": [{ "notes": "Up" }] }),
            "Invalid input for OrderByDirection type",
        ),
        (
            json!({ "order": [{ "nots": "AscNullsLast" }] }),
            "Input for type workout_entriesOrderBy contains extra keys [\"nots\"]",
        ),
    ] {
        assert_eq!(
            gym.refused(gym.ada, PAGE, variables.clone()).await,
            message,
            "{variables}"
        );
    }
}
