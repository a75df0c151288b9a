//! From the database's names to GraphQL's: as they are, inflected, or as a comment `@graphql({…})` says.

use serde_json::Value;

/// What a comment says to GraphQL, if anything.
pub(super) fn directive(comment: Option<&str>) -> Option<Value> {
    let (_, said) = comment?.split_once("@graphql(")?;
    // The JSON ends where it ends; the closing bracket and whatever follows are the comment's.
    serde_json::Deserializer::from_str(said)
        .into_iter::<Value>()
        .next()?
        .ok()
}

/// The text that a comment's directive has under `key`, if it can be a name.
pub(super) fn said(comment: Option<&str>, key: &str) -> Option<String> {
    let name = directive(comment)?.get(key)?.as_str()?.to_owned();
    is_name(&name).then_some(name)
}

/// Whether GraphQL can name a thing so; what begins with two underscores is the language's own.
pub(super) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_ascii_alphanumeric())
        && !text.starts_with("__")
}

/// `workout_plans` stays, or becomes `WorkoutPlans`.
pub(super) fn type_name(name: &str, inflect: bool) -> String {
    match inflect {
        true => name.split('_').map(capitalised).collect(),
        false => name.to_owned(),
    }
}

/// `exercise_id` stays, or becomes `exerciseId`.
pub(super) fn field_name(name: &str, inflect: bool) -> String {
    match inflect {
        true => decapitalised(&type_name(name, true)),
        false => name.to_owned(),
    }
}

/// `WorkoutPlans` as the beginning of a field: `workoutPlans`.
pub(super) fn decapitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + letters.as_str()
    })
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_may_say_something_among_other_things() {
        let comment =
            "Days. @graphql({\"name\": \"Day\", \"totalCount\": {\"enabled\": true}}) More.";
        assert_eq!(said(Some(comment), "name").as_deref(), Some("Day"));
        assert_eq!(said(Some(comment), "foreign_name"), None);
        for silent in [
            "",
            "@graphql",
            "@graphql(",
            "@graphql({",
            "@graphql({\"name\": 1})",
            "@graphql({\"name\": \"a b\"})",
            "@graphql({\"name\": \"__x\"})",
        ] {
            assert_eq!(said(Some(silent), "name"), None, "{silent}");
        }
    }

    #[test]
    fn inflection_is_as_the_other_side_has_it() {
        assert_eq!(
            type_name("workout_plan_requests", true),
            "WorkoutPlanRequests"
        );
        assert_eq!(
            field_name("workout_plan_requests", true),
            "workoutPlanRequests"
        );
        assert_eq!(field_name("exercise_id", false), "exercise_id");
        assert!(
            !is_name("1a") && !is_name("a b") && !is_name("") && !is_name("__a") && is_name("_a1")
        );
    }
}
