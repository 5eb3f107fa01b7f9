//! GitHub says no, or no longer knows our token: not retried where it cannot help, and somebody hears of it.

use millwright::ctx::crash::CrashPoints;
use millwright::sandbox::{Effect, Fault, FaultAnswer, REPOSITORY, When};

use super::{at_rest, count, reactions};
use crate::flows::harness::{Setup, Talk, on_both};

const COMMENTS: &str = "/repos/*/*/issues/*/comments";

#[tokio::test]
async fn f7_a_refused_write_is_not_retried_and_the_person_is_told_once() {
    for status in [403, 404, 410, 422] {
        on_both(async |setup: Setup| {
            let talk = Talk::with(setup).await;
            let refusal = Effect::Answer(FaultAnswer::status(status));
            talk.world.faults().add(Fault::on("POST", COMMENTS, refusal).when(When::First(1)));
            let comment = talk.says("ada", 2, "/enhance").await;
            talk.work_through().await;
            let said = talk.answers(2);
            assert_eq!(said.len(), 1, "{status}: {said:#?}");
            let begins = format!(
                "`/enhance` did not go through: GitHub answered `POST /repos/acme/web/issues/2/comments` with {status}, “An answer made up by a fault”."
            );
            assert!(said[0].starts_with(&begins), "{}", said[0]);
            assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 2, "one try and one note");
            assert_eq!(reactions(&talk, 2, comment), ["confused"]);
            at_rest(&talk, 1).await;
        })
        .await;
    }
}

#[tokio::test]
async fn f7_what_cannot_even_be_told_is_a_dead_job_that_says_why() {
    for status in [403, 404, 410, 422] {
        on_both(async |setup: Setup| {
            let talk = Talk::with(setup).await;
            talk.world.faults().add(Fault::on("POST", COMMENTS, Effect::Answer(FaultAnswer::status(status))));
            let comment = talk.says("ada", 2, "/enhance").await;
            talk.work_through().await;
            assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 2, "one try and one note");
            let dead = talk.app.ctx.store.jobs().dead_list(10).await.unwrap();
            let why = dead.iter().filter_map(|job| job.last_error.clone()).collect::<Vec<_>>();
            assert!(why.len() == 1 && why[0].contains(&format!("answered {status}")), "{why:?}");
            assert_eq!(reactions(&talk, 2, comment), ["confused"]);
            // The lane is free, and the next command works.
            talk.world.faults().clear();
            talk.says("ada", 2, "/enhance").await;
            assert_eq!(talk.answers(2).len(), 1, "{status}");
        })
        .await;
    }
}

#[tokio::test]
async fn f7_a_sentence_that_cannot_be_said_ends_the_command_all_the_same() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.world.faults().add(Fault::on("POST", COMMENTS, Effect::Answer(FaultAnswer::status(403))));
        let comment = talk.says("ada", 2, "/approve 1").await;
        talk.work_through().await;
        assert_eq!(reactions(&talk, 2, comment), ["confused"]);
        at_rest(&talk, 1).await;
    })
    .await;
}

#[tokio::test]
async fn f7_no_permission_to_write_at_all_is_said_by_a_dead_job() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let installation = talk.world.installation_id(REPOSITORY).unwrap();
        let read = ["issues", "contents", "metadata"]
            .map(|name| (name.to_owned(), millwright::sandbox::Level::Read));
        talk.world.set_permissions(installation, read.into()).unwrap();
        talk.says("ada", 2, "/enhance").await;
        talk.work_through().await;
        let counts = talk.app.ctx.store.jobs().counts().await.unwrap();
        assert_eq!((counts.open + counts.timed + counts.running, counts.dead), (0, 1), "{counts:?}");
        assert_eq!(talk.answers(2), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn f4_trouble_that_never_ends_is_told_at_last() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let away = Effect::Answer(FaultAnswer::status(503));
        talk.world.faults().add(Fault::on("GET", "/repos/*/*/issues/2", away));
        let comment = talk.says("ada", 2, "/enhance").await;
        talk.work_through().await;
        assert_eq!(
            talk.last(2),
            "`/enhance` did not go through: GitHub answered `GET /repos/acme/web/issues/2` with 503, “An answer made up by a fault”. Typing the command again starts it anew."
        );
        assert_eq!(reactions(&talk, 2, comment), ["confused"]);
        at_rest(&talk, 1).await;
    })
    .await;
}

#[tokio::test]
async fn f8_a_token_that_ends_in_the_middle_is_replaced_once() {
    on_both(async |setup: Setup| {
        let (crash, pause) = CrashPoints::pause_at("after_intent");
        let talk = Talk::with(Setup { crash, ..setup }).await;
        let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
        let asked = |talk: &Talk| count(&talk.world, "POST", "/access_tokens");
        let expire = async {
            pause.reached.notified().await;
            talk.world.expire_all_tokens();
            let before = asked(&talk);
            pause.go_on.notify_one();
            before
        };
        let ((), before) = tokio::join!(talk.work_through(), expire);
        assert_eq!(asked(&talk), before + 1);
        let refused = talk.world.requests().iter().filter(|request| request.status == Some(401)).count();
        assert_eq!(refused, 1);
        assert_eq!(talk.answers(2).len(), 1);
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        at_rest(&talk, 0).await;
    })
    .await;
}
