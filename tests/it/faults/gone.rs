//! What we work for goes away: the installation, the repository, the issue, a comment.

use millwright::ctx::crash::CrashPoints;
use millwright::domain::ids::{CommentId, IssueNumber, RepoId};
use millwright::queue::Step;
use millwright::sandbox::{Deliverer, NewRepository, REPOSITORY, Role, World};
use millwright::store::CommandState;

use super::{at_rest, count};
use crate::flows::harness::{Restart, Setup, Talk, on_both};

/// Something happens while the command is between two steps.
async fn meanwhile(setup: Setup, happens: impl Fn(&World)) -> (Talk, i64) {
    let (crash, pause) = CrashPoints::pause_at("after_intent");
    let talk = Talk::with(Setup { crash, ..setup }).await;
    let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
    let act = async {
        pause.reached.notified().await;
        happens(&talk.world);
        pause.go_on.notify_one();
    };
    tokio::join!(talk.work_through(), act);
    (talk, comment)
}

async fn state(talk: &Talk, comment: i64) -> Option<CommandState> {
    let repo = RepoId(talk.world.repository_id(REPOSITORY).unwrap());
    let store = talk.app.ctx.store.repo(repo);
    store.commands().of_comment(CommentId(comment)).await.unwrap().first().map(|row| row.state)
}

#[tokio::test]
async fn f13_an_installation_that_goes_in_the_middle_cancels_the_job() {
    for what in ["deleted", "suspended", "repository removed"] {
        on_both(async |setup: Setup| {
            let (talk, comment) = meanwhile(setup, |world| {
                let id = world.installation_id(REPOSITORY).unwrap();
                match what {
                    "deleted" => world.delete_installation(id).unwrap(),
                    "suspended" => world.suspend_installation(id).unwrap(),
                    _ => world.remove_from_installation(id, &[REPOSITORY]).unwrap(),
                }
            })
            .await;
            let posts = talk
                .world
                .requests()
                .into_iter()
                .filter(|it| it.method == "POST" && it.path.ends_with("/issues/2/comments"));
            assert!(
                posts.clone().count() <= 2
                    && posts.clone().all(|it| it.status.is_some_and(|status| status >= 400)),
                "{what}"
            );
            assert_eq!(talk.world.comments(REPOSITORY, 2).len(), 1, "{what}: nothing was said");
            // With the installation its records went.
            let expected = (what != "deleted").then_some(CommandState::Stopped);
            assert_eq!(state(&talk, comment).await, expected, "{what}");
            at_rest(&talk, 0).await;
        })
        .await;
    }
}

/// Another instance hears of the deletion while this one stands between GitHub's answer and the ledger; all of it is erased
/// under its feet.
#[tokio::test]
async fn f13_a_job_whose_records_are_erased_in_the_middle_is_cancelled_and_not_dead() {
    for at in ["after_post_before_remote_id", "after_post_before_remote_id:reaction", "after_decision"] {
        on_both(async |setup: Setup| {
            let mut talk = Talk::with(setup).await;
            let approves = at == "after_decision";
            if approves {
                talk.says("ada", 2, "/enhance").await;
            }
            let other = talk.second_instance().await;
            let (crash, pause) = CrashPoints::pause_at(at);
            talk.restart(Restart { crash, ..Restart::default() }).await;
            let command = if approves { "/approve 1" } else { "/enhance" };
            talk.world.act_as("ada").comment(REPOSITORY, 2, command).unwrap();
            let delete = async {
                pause.reached.notified().await;
                talk.world.delete_installation(talk.world.installation_id(REPOSITORY).unwrap()).unwrap();
                Deliverer::default().deliver_pending(&talk.world).await;
                while let Step::Worked = other.step().await.unwrap() {}
                pause.go_on.notify_one();
            };
            tokio::join!(talk.work_through(), delete);
            at_rest(&talk, 0).await;
            let left = talk.store().commands().of_issue(IssueNumber(2)).await.unwrap();
            assert!(left.is_empty(), "{at}: nothing is left");
        })
        .await;
    }
}

#[tokio::test]
async fn f13_work_that_waits_when_the_installation_goes_is_cancelled_without_a_request() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        talk.says("ada", 2, "/enhance").await;
        let (crash, reached) = CrashPoints::freeze_at("mid_claim");
        talk.restart(Restart { crash, ..Restart::default() }).await;
        talk.world.act_as("ada").comment(REPOSITORY, 2, "/status").unwrap();
        talk.work_until(&reached).await;
        let id = talk.world.installation_id(REPOSITORY).unwrap();
        talk.world.delete_installation(id).unwrap();
        let asked = talk.world.requests().len();
        talk.restart(Restart::default()).await;
        talk.work().await;
        talk.hand.advance_ms(61_000);
        talk.work_through().await;
        let written = talk.world.requests()[asked..]
            .iter()
            .filter(|it| it.status.is_some_and(|status| status < 300) && it.method != "GET")
            .count();
        assert_eq!(written, 0);
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f14_a_comment_that_a_person_deleted_stays_deleted() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        let (crash, reached) = CrashPoints::freeze_at("after_remote_id_before_done");
        talk.restart(Restart { crash, ..Restart::default() }).await;
        talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
        talk.work_until(&reached).await;
        let ours = talk.world.comments(REPOSITORY, 2).pop().unwrap();
        talk.world.act_as("ada").delete_comment(REPOSITORY, ours.id).unwrap();
        talk.restart(Restart::default()).await;
        talk.hand.advance_ms(61_000);
        talk.work_through().await;
        assert_eq!(talk.answers(2), [""; 0]);
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
        at_rest(&talk, 0).await;
        // Asked for again, it comes again, as a comment of the new command.
        let again = talk.asks("ada", 2, "/enhance").await;
        assert!(
            again.starts_with("**Plannable as 2 small pull requests") && again.contains("rev 2 ·"),
            "{again}"
        );
        // What is there is not asked for.
        let asked = talk.requested("GET", "/repos/acme/web/issues/comments/*");
        let again = talk.asks("ada", 2, "/enhance").await;
        assert!(again.contains("Rev 2") && again.contains("still stands"), "{again}");
        assert_eq!(talk.requested("GET", "/repos/acme/web/issues/comments/*"), asked);
    })
    .await;
}

#[tokio::test]
async fn f14_a_command_whose_comment_is_deleted_is_worked_off() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let ada = talk.world.act_as("ada");
        let comment = ada.comment(REPOSITORY, 2, "/enhance").unwrap();
        ada.delete_comment(REPOSITORY, comment).unwrap();
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f14_an_issue_that_is_locked_deleted_or_moved_ends_the_command() {
    for (what, dead) in [("locked", 1), ("deleted", 1), ("moved", 0)] {
        on_both(async |setup: Setup| {
            let (talk, _) = meanwhile(setup, |world| {
                let ada = world.act_as("ada");
                match what {
                    "locked" => ada.lock(REPOSITORY, 2).unwrap(),
                    "deleted" => ada.delete_issue(REPOSITORY, 2).unwrap(),
                    _ => {
                        world.add_repository(NewRepository::named("acme/other"));
                        world.set_role("acme/other", "ada", Role::Admin).unwrap();
                        ada.transfer(REPOSITORY, 2, "acme/other").map(drop).unwrap();
                    }
                }
            })
            .await;
            assert!(count(&talk.world, "POST", "/issues/2/comments") <= 2, "{what}");
            assert_eq!(talk.answers(2), [""; 0], "{what}");
            at_rest(&talk, dead).await;
            talk.says("ada", 1, "/enhance").await;
            assert_eq!(talk.answers(1).len(), 1, "{what}: other issues go on");
        })
        .await;
    }
}
