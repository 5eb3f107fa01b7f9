//! The write happened and its answer did not come: one comment, one issue, and no request is repeated by itself.

use std::sync::Arc;

use millwright::sandbox::{Effect, Fault, FaultAnswer, REPOSITORY, When};

use super::{at_rest, count, reactions};
use crate::flows::harness::{Setup, Talk, on_both};

const COMMENTS: &str = "/repos/*/*/issues/*/comments";
const ISSUES: &str = "/repos/*/*/issues";

fn lost() -> [Effect; 3] {
    [Effect::Answer(FaultAnswer::status(502)), Effect::Answer(FaultAnswer::status(504)), Effect::Cut]
}

#[tokio::test]
async fn f3_a_comment_whose_answer_is_lost_is_found_and_not_written_again() {
    on_both(async |setup: Setup| {
        let talk = Arc::new(Talk::with(setup).await);
        for (round, effect) in lost().into_iter().enumerate() {
            talk.world.faults().set_comment_lag_ms(5_000);
            talk.world.faults().add(Fault::on("POST", COMMENTS, effect).after().when(When::First(1)));
            let number = talk
                .world
                .act_as("ada")
                .open_issue(REPOSITORY, "T", "- [ ] `src/auth.rs` must log\n")
                .unwrap();
            let comment = talk.says("ada", number, "/enhance").await;
            assert_eq!(
                count(&talk.world, "POST", &format!("/issues/{number}/comments")),
                1,
                "one POST per try"
            );
            talk.work_through().await;
            assert_eq!(talk.answers(number).len(), 1, "round {round}");
            assert_eq!(count(&talk.world, "POST", &format!("/issues/{number}/comments")), 1);
            assert_eq!(reactions(&talk, number, comment), ["rocket"]);
            talk.world.faults().clear();
        }
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f3_an_issue_whose_answer_is_lost_is_found_and_not_opened_again() {
    for effect in lost() {
        let talk = Talk::begin().await;
        talk.says("ada", 2, "/enhance").await;
        talk.world.faults().add(Fault::on("POST", ISSUES, effect).after().when(When::First(1)));
        talk.says("ada", 2, "/approve 1").await;
        talk.work_through().await;
        assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4]);
        assert_eq!(talk.world.issues(REPOSITORY).len(), 4);
        assert_eq!(count(&talk.world, "POST", "/acme/web/issues"), 2);
        at_rest(&talk, 0).await;
    }
}

#[tokio::test]
async fn f3_links_whose_answer_is_lost_are_made_once() {
    for path in
        ["/repos/*/*/issues/*/sub_issues", "/repos/*/*/issues/*/dependencies/blocked_by", "/repos/*/*/labels"]
    {
        let talk = Talk::begin().await;
        talk.says("ada", 2, "/enhance").await;
        talk.world.faults().add(Fault::on("POST", path, Effect::Cut).after().when(When::First(1)));
        talk.says("ada", 2, "/approve 1").await;
        talk.work_through().await;
        assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4], "{path}");
        assert_eq!(talk.world.blocked_by(REPOSITORY, 4), [3], "{path}");
        assert_eq!(talk.answers(2).len(), 2, "{path}");
        at_rest(&talk, 0).await;
    }
}

#[tokio::test]
async fn f3_a_receipt_whose_answer_is_lost_comes_all_the_same() {
    let talk = Talk::begin().await;
    for path in ["/repos/*/*/issues/comments/*/reactions", "/repos/*/*/issues/comments/*/reactions/*"] {
        for method in ["POST", "DELETE"] {
            talk.world.faults().add(Fault::on(method, path, Effect::Cut).after().when(When::First(1)));
            let comment = talk.says("ada", 2, "/status").await;
            talk.work_through().await;
            assert_eq!(reactions(&talk, 2, comment), ["rocket"], "{method} {path}");
            talk.world.faults().clear();
        }
    }
    at_rest(&talk, 0).await;
}

#[tokio::test]
async fn f4_ten_minutes_of_failures_lose_no_answer() {
    for status in [500, 502, 503, 504] {
        on_both(async |setup: Setup| {
            let talk = Talk::with(setup).await;
            talk.world.faults().add(Fault::on("*", "/**", Effect::Answer(FaultAnswer::status(status))));
            let comment = talk.says("ada", 2, "/enhance").await;
            let mut waited = 0;
            while waited < 600_000 {
                talk.hand.advance_ms(10_000);
                waited += 10_000;
                talk.work().await;
            }
            let asked = talk.world.requests().len();
            assert!(asked <= 20, "{asked} requests in ten minutes of {status}");
            talk.world.faults().clear();
            talk.work_through().await;
            assert_eq!(talk.answers(2).len(), 1, "{status}");
            assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
            at_rest(&talk, 0).await;
        })
        .await;
    }
}
