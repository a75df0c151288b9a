//! `__schema` and `__type`, as tools ask.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Gym;
use crate::support::anon_key;

/// What graphql-js, and every tool on top of it, sends.
const STANDARD: &str = include_str!("introspection.graphql");

#[tokio::test]
async fn tools_read_the_schema_of_the_one_who_asks() {
    let gym = Gym::open().await;
    let data = gym.data(gym.ada, STANDARD, json!({})).await;
    let types = data["__schema"]["types"].as_array().unwrap();
    let named = |name: &str| types.iter().find(|known| known["name"] == name);
    let fields = |name: &str| -> BTreeSet<&str> {
        let fields = named(name).unwrap()["fields"].as_array().unwrap();
        fields
            .iter()
            .map(|field| field["name"].as_str().unwrap())
            .collect()
    };
    assert!(
        fields("Query")
            .is_superset(&["node", "workout_plansCollection", "workout_plansByPk"].into())
    );
    let mutations = fields("Mutation");
    assert!(
        mutations.contains("updateworkout_plansCollection")
            && !mutations.contains("updateplan_generation_jobsCollection")
    );
    let entry = fields("workout_entries");
    assert!(
        entry.is_superset(&["exercises", "streakExercises", "workout_plans", "nodeId"].into()),
        "{entry:?}"
    );
    assert!(fields("workout_plans").contains("workout_entriesCollection"));
    let status = named("plan_job_status").unwrap()["enumValues"]
        .as_array()
        .unwrap();
    assert_eq!(status.len(), 4);

    let nobody = gym.ask_as(&anon_key(), STANDARD, json!({})).await;
    assert_eq!(
        nobody["data"]["__schema"]["mutationType"],
        Value::Null,
        "{nobody}"
    );
    assert!(!nobody.to_string().contains("workout_plans"));
}

#[tokio::test]
async fn one_type_is_shown_beside_data() {
    let gym = Gym::open().await;
    let query = "query($name: String!) { __type(name: $name) { name kind } workout_plansCollection { totalCount } none: __type(name: \"nothing\") { name } }";
    let data = gym
        .data(gym.ada, query, json!({ "name": "workout_plansFilter" }))
        .await;
    assert_eq!(
        data["__type"],
        json!({ "name": "workout_plansFilter", "kind": "INPUT_OBJECT" })
    );
    assert_eq!(
        (
            &data["workout_plansCollection"]["totalCount"],
            &data["none"]
        ),
        (&json!(1), &Value::Null)
    );
}

#[tokio::test]
async fn types_within_types_within_types_are_too_many() {
    let gym = Gym::open().await;
    let nested = (0..8).fold("name".to_owned(), |inner, _| {
        format!("fields {{ type {{ {inner} }} }}")
    });
    let message = gym
        .refused(
            gym.ada,
            &format!("{{ __schema {{ types {{ {nested} }} }} }}"),
            json!({}),
        )
        .await;
    assert!(message.contains("depth"), "{message}");
}
