//! The scripted model, which other crates' tests ask.

use llm::{
    Class, Handle, Model, Resume,
    models::{Script, Scripted},
};

use crate::support::{ANSWER, Notes, ask, ask_with, endpoint};

fn reading(scripts: Vec<Script>) -> Scripted {
    let endpoint = endpoint("scripted", "http://nowhere.invalid".to_owned());
    Scripted::reading(&endpoint, 7, scripts).expect("a model")
}

#[tokio::test]
async fn it_reads_its_scripts_in_their_order_and_the_last_for_ever() {
    let busy = Class::RateLimit { retry_after: None };
    let model = reading(vec![
        Script::Fail(busy.clone()),
        Script::Text("{}".to_owned()),
        Script::Text(ANSWER.to_owned()),
    ]);
    assert_eq!(ask(&model).await.expect_err("busy").class, busy);
    assert!(matches!(
        ask(&model).await.expect_err("a mismatch").class,
        Class::Validation { .. }
    ));
    for _ in 0..2 {
        let answer = ask(&model).await.expect("an answer");
        assert_eq!(answer.text, ANSWER);
        assert!(answer.spent.usage.estimated);
    }
    assert_eq!(model.turns(), 4);
}

#[tokio::test]
async fn an_author_sees_the_request_and_the_seed_decides_the_draws() {
    let draws = async |seed| {
        let endpoint = endpoint("scripted", "http://nowhere.invalid".to_owned());
        let model = Scripted::new(&endpoint, seed, |request, turn| {
            assert!(request.user.contains("strength"));
            Script::Text(format!(
                r#"{{"split":"{}","days":[{{"name":"a"}},{{"name":"b"}}]}}"#,
                turn.draw
            ))
        });
        let model = model.expect("a model");
        let mut draws = Vec::new();
        for _ in 0..3 {
            draws.push(ask(&model).await.expect("an answer").value["split"].clone());
        }
        draws
    };
    let (one, same, other) = (draws(1).await, draws(1).await, draws(2).await);
    assert_eq!(one, same);
    assert!(one.iter().all(|draw| !other.contains(draw)));
    assert!(one[0] != one[1] && one[1] != one[2]);
}

#[tokio::test]
async fn a_resumed_call_costs_no_new_turn_and_a_cancelled_one_is_gone() {
    let model = reading(vec![Script::Text(ANSWER.to_owned())]);
    let mut notes = Notes {
        stop_at_text: true,
        ..Notes::default()
    };
    let error = ask_with(&model, &mut notes, None)
        .await
        .expect_err("a stop");
    assert_eq!(error.class, Class::Stopped);
    let handle = notes.handles.remove(0);
    let (cursor, text) = notes.partials.remove(0);
    let resume = Resume {
        handle: handle.clone(),
        cursor,
        text,
    };
    let answer = ask_with(&model, &mut (), Some(resume.clone()))
        .await
        .expect("an answer");
    assert!(answer.resumed);
    assert_eq!(model.turns(), 1);
    model.cancel(&handle).await.expect("an end");
    let error = ask_with(&model, &mut (), Some(resume))
        .await
        .expect_err("cancelled");
    assert_eq!(error.class, Class::HandleGone);
    let unknown = Resume {
        handle: Handle {
            provider: "scripted".to_owned(),
            id: "scripted-9".to_owned(),
        },
        cursor: None,
        text: String::new(),
    };
    let error = ask_with(&model, &mut (), Some(unknown))
        .await
        .expect_err("unknown");
    assert_eq!(error.class, Class::HandleGone);
}
