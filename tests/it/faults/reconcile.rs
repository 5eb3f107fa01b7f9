//! Events that GitHub never sent, not even into its log: found by looking at what there is.

use millwright::ctx::crash::CrashPoints;
use millwright::domain::ids::{CommentId, IssueNumber};
use millwright::sandbox::{HookDelivery, HookFault, IssueEdit, REPOSITORY, Rates, World};
use millwright::store::{Claimant, CommandState, RunState, WorkItemState};

use super::{at_rest, count, reactions};
use crate::flows::harness::{Restart, Setup, Talk, on_both};

/// Minute after minute goes by, as for a running program.
async fn minutes(talk: &Talk, minutes: usize) {
    for _ in 0..minutes {
        talk.app.timetable.tick().await.unwrap();
        talk.minutes_pass(1).await;
    }
}

/// Said, and GitHub tells nobody.
async fn says_unheard(talk: &Talk, login: &str, number: i64, text: &str) -> i64 {
    talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Lose);
    let comment = talk.says(login, number, text).await;
    assert!(talk.world.webhook_log().iter().all(|sent| sent.payload["comment"]["id"] != comment));
    comment
}

/// The event as it would have been sent.
fn late(talk: &Talk, like: &HookDelivery, comment: i64) -> serde_json::Value {
    let said = talk.world.comments(REPOSITORY, 2).into_iter().find(|said| said.id == comment).unwrap();
    let mut payload = (*like.payload).clone();
    payload["comment"]["id"] = comment.into();
    payload["comment"]["body"] = said.body.into();
    payload
}

fn last_comment(talk: &Talk) -> HookDelivery {
    talk.world.webhook_log().into_iter().find(|sent| sent.event == "issue_comment").unwrap()
}

#[tokio::test]
async fn f24_a_command_that_no_delivery_told_us_of_is_answered_within_the_hour_and_once() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "Hello.").await;
        let like = last_comment(&talk);
        minutes(&talk, 1).await;
        let comment = says_unheard(&talk, "ada", 2, "/enhance").await;
        assert_eq!(talk.answers(2), [""; 0]);
        minutes(&talk, 60).await;
        assert_eq!(talk.answers(2).len(), 1);
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        // It arrives after all, under a GUID of its own.
        assert_eq!(talk.deliver("issue_comment", "late", &late(&talk, &like, comment)).await, 202);
        minutes(&talk, 120).await;
        assert_eq!(talk.answers(2).len(), 1);
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        at_rest_but_timed(&talk).await;
    })
    .await;
}

#[tokio::test]
async fn f24_where_little_is_left_of_the_hour_the_look_waits_for_the_next_one() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.world.set_rates(Rates { core_per_hour: 900, ..Rates::default() });
        // From its answers we learn what is left.
        talk.says("ada", 2, "/status").await;
        let before = talk.answers(2).len();
        says_unheard(&talk, "ada", 2, "/enhance").await;
        minutes(&talk, 55).await;
        assert_eq!(talk.answers(2).len(), before, "what is left is for people");
        minutes(&talk, 70).await;
        assert_eq!(talk.answers(2).len(), before + 1);
    })
    .await;
}

/// Nothing is dead, and nothing is due.
async fn at_rest_but_timed(talk: &Talk) {
    let counts = talk.app.ctx.store.jobs().counts().await.unwrap();
    assert_eq!((counts.open, counts.behind, counts.running, counts.dead), (0, 0, 0, 0));
}

#[tokio::test]
async fn f24_what_was_heard_refused_edited_or_meant_for_others_is_left_alone() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "/status").await;
        // Refused: no row tells of it, but our reaction does.
        talk.says("rita", 2, "/approve 1").await;
        minutes(&talk, 61).await;
        let before = (talk.answers(2).len(), count(&talk.world, "POST", "/reactions"));
        let edited = says_unheard(&talk, "ada", 2, "Nothing.").await;
        talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Lose);
        talk.hand.advance_ms(5_000);
        // Whoever may edit other people's comments must not speak in their names.
        talk.world.act_as("walt").edit_comment(REPOSITORY, edited, "/enhance").unwrap();
        says_unheard(&talk, "helper[bot]", 2, "/enhance").await;
        says_unheard(&talk, "ada", 2, "/deploy now").await;
        says_unheard(&talk, "ada", 2, "> /enhance").await;
        minutes(&talk, 120).await;
        assert_eq!((talk.answers(2).len(), count(&talk.world, "POST", "/reactions")), before);
        at_rest_but_timed(&talk).await;
    })
    .await;
}

#[tokio::test]
async fn f24_the_door_is_the_same_permission_and_configuration_hold() {
    let disabled = |world: &World| {
        world.add_files(REPOSITORY, &[(".github/millwright.yml", "enabled: false\n")]).unwrap();
    };
    let talk = Talk::with(Setup { furnish: disabled, ..Setup::default() }).await;
    talk.says("ada", 2, "Hello.").await;
    says_unheard(&talk, "ada", 2, "/enhance").await;
    minutes(&talk, 61).await;
    assert_eq!(talk.answers(2), [""; 0], "disabled");

    let talk = Talk::begin().await;
    talk.says("ada", 2, "Hello.").await;
    let comment = says_unheard(&talk, "rita", 2, "/approve 1").await;
    minutes(&talk, 121).await;
    assert_eq!(talk.answers(2).len(), 1, "told once that she may not");
    assert_eq!(reactions(&talk, 2, comment), ["confused"]);
}

#[tokio::test]
async fn f24_a_work_item_that_was_closed_by_hand_is_closed_here() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "/enhance").await;
        talk.says("ada", 2, "/approve 1").await;
        minutes(&talk, 61).await;
        let number = talk.world.sub_issues(REPOSITORY, 2)[0];
        let state =
            async || talk.store().work_items().by_issue(IssueNumber(number)).await.unwrap().unwrap().state;
        for (open, expected) in [(false, WorkItemState::Closed), (true, WorkItemState::Open)] {
            let before = state().await;
            talk.world.faults().add_for_webhooks("issues", 1, HookFault::Lose);
            match open {
                true => talk.world.act_as("ada").reopen(REPOSITORY, number).unwrap(),
                false => talk.world.act_as("ada").close(REPOSITORY, number).unwrap(),
            }
            talk.work().await;
            assert_eq!(state().await, before);
            minutes(&talk, 60).await;
            assert_eq!(state().await, expected);
        }
        talk.end().await;
    })
    .await;
}

/// Closed as not planned, planned and opened again, and then reopened beside its twin: one of a kind is open here, and looking
/// through the repository goes on.
#[tokio::test]
async fn f24_a_work_item_that_is_reopened_beside_its_twin_keeps_nothing_else_from_being_found() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "/enhance").await;
        talk.says("ada", 2, "/approve 1").await;
        let first = talk.world.sub_issues(REPOSITORY, 2)[0];
        let dropped = IssueEdit {
            open: Some(false),
            state_reason: Some("not_planned".to_owned()),
            ..IssueEdit::default()
        };
        talk.world.act_as("ada").edit_issue(REPOSITORY, first, dropped).unwrap();
        talk.says("ada", 2, "/enhance").await;
        talk.says("ada", 2, "/approve 2").await;
        assert!(talk.world.sub_issues(REPOSITORY, 2).len() > 2, "it was opened anew");
        minutes(&talk, 61).await;
        talk.world.faults().add_for_webhooks("issues", 1, HookFault::Lose);
        talk.world.act_as("ada").reopen(REPOSITORY, first).unwrap();
        talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Lose);
        let comment = talk.world.act_as("ada").comment(REPOSITORY, 2, "/status").unwrap();
        minutes(&talk, 120).await;
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        talk.end().await;
    })
    .await;
}

#[tokio::test]
async fn f24_a_command_that_was_taken_on_and_lost_its_job_is_answered() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "Hello.").await;
        minutes(&talk, 61).await;
        talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(503));
        let comment = talk.says("ada", 2, "/help\n/enhance").await;
        let sent = last_comment(&talk);
        assert_eq!(talk.deliver("issue_comment", &sent.guid, &sent.payload).await, 202);
        talk.worker.step().await.unwrap();
        assert_eq!(reactions(&talk, 2, comment), ["eyes"], "taken on");
        // The repository leaves the installation and comes back: what waited for it was cancelled.
        let (store, repo) = (&talk.app.ctx.store, talk.store().repo());
        let known = store.repositories().get(repo).await.unwrap().unwrap();
        assert_eq!(store.repositories().removed(repo).await.unwrap(), 2);
        store.repositories().upsert(repo, known.installation, &known.name).await.unwrap();
        minutes(&talk, 30).await;
        assert_eq!(talk.answers(2), [""; 0], "not given up so soon");
        minutes(&talk, 90).await;
        assert_eq!(talk.answers(2).len(), 2, "{:#?}", talk.answers(2));
        assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
        at_rest_but_timed(&talk).await;
    })
    .await;
}

/// What a run leaves that keeps its thread: an intent, a command that is under way, and a job that is dead.
async fn keeps_its_thread(talk: &mut Talk, said: &str) -> i64 {
    let (crash, reached) = CrashPoints::freeze_at("after_intent");
    talk.restart(Restart { crash, ..Restart::default() }).await;
    let comment = talk.says_and_leaves("ada", 2, said);
    talk.work_until(&reached).await;
    talk.restart(Restart::default()).await;
    dies(talk).await;
    comment
}

/// The run of the life before is over, and its job is dead at once.
async fn dies(talk: &Talk) {
    let claimant = Claimant::new("keeps its thread", 60_000, &["run_command.v1"]);
    let jobs = talk.app.ctx.store.jobs();
    // The lease of the life before, and the longest wait behind it.
    talk.hand.advance_ms(61_000);
    while jobs.counts().await.unwrap().dead == 0 {
        talk.hand.advance_ms(1_000);
        if let Some(claimed) = jobs.claim(&claimant).await.unwrap() {
            assert!(jobs.dead(&claimed.fence, "it does not give its thread back").await.unwrap());
        }
    }
}

#[tokio::test]
async fn f20_a_command_whose_job_kept_its_thread_is_told_once_and_not_run_again() {
    for said in ["/help", "/enhance"] {
        on_both(async |setup: Setup| {
            let mut talk = Talk::with(setup).await;
            talk.says("ada", 2, "Hello.").await;
            minutes(&talk, 61).await;
            let comment = keeps_its_thread(&mut talk, said).await;
            minutes(&talk, 30).await;
            assert_eq!(talk.answers(2), [""; 0], "not given up so soon");
            minutes(&talk, 90).await;
            let told = format!(
                "`{said}` did not go through: whatever worked on it ended without a word; the operator's log says why. Typing the command again starts it anew."
            );
            let answers = talk.answers(2);
            assert_eq!(answers.iter().map(|answer| answer.trim()).collect::<Vec<_>>(), [told]);
            let row = talk.store().commands().of_comment(CommentId(comment)).await.unwrap().remove(0);
            assert_eq!(row.state, CommandState::Failed);
            assert_eq!(row.note.as_deref(), Some("it does not give its thread back"));
            assert_eq!(reactions(&talk, 2, comment), ["confused"]);
            let runs = talk.store().runs().of_issue(IssueNumber(2)).await.unwrap();
            assert!(runs.iter().all(|run| run.state == RunState::Failed), "{runs:?}");
            minutes(&talk, 120).await;
            assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
            let counts = talk.app.ctx.store.jobs().counts().await.unwrap();
            assert_eq!((counts.open, counts.behind, counts.running, counts.dead), (0, 0, 0, 1));
            // The operator may still queue it again.
            let dead = talk.app.ctx.store.jobs().dead_list(2).await.unwrap();
            assert!(talk.store().commands().retry(row.id, dead[0].id).await.unwrap());
            talk.work().await;
            assert_eq!(talk.answers(2).len(), 1);
            assert_eq!(reactions(&talk, 2, comment), ["rocket"]);
            at_rest_but_timed(&talk).await;
        })
        .await;
    }
}

/// The job answered and was lost before it could write down that it is done, or even which comment it was.
#[tokio::test]
async fn f20_what_a_dead_job_has_answered_stays_as_it_was_said() {
    for (point, command) in [
        ("after_remote_id_before_done", "/help"),
        ("after_post_before_remote_id", "/help"),
        ("after_remote_id_before_done", "/enhance"),
    ] {
        on_both(async |setup: Setup| {
            let mut talk = Talk::with(setup).await;
            talk.says("ada", 2, "Hello.").await;
            minutes(&talk, 61).await;
            let (crash, reached) = CrashPoints::freeze_at(point);
            talk.restart(Restart { crash, ..Restart::default() }).await;
            let comment = talk.says_and_leaves("ada", 2, command);
            talk.work_until(&reached).await;
            talk.restart(Restart::default()).await;
            let said = talk.answers(2);
            assert_eq!(said.len(), 1, "{point}");
            dies(&talk).await;
            minutes(&talk, 120).await;
            assert_eq!(talk.answers(2), said, "{point}");
            assert_eq!(reactions(&talk, 2, comment), ["confused"]);
        })
        .await;
    }
}

#[tokio::test]
async fn f24_a_quiet_repository_costs_a_question_that_github_answers_for_free() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "Hello.").await;
        minutes(&talk, 61).await;
        let looks = || {
            let requests = talk.world.requests().into_iter();
            requests.filter(|it| it.path == "/repos/acme/web/issues/comments").collect::<Vec<_>>()
        };
        let before = (looks().len(), talk.world.requests().len());
        minutes(&talk, 120).await;
        let new = looks().split_off(before.0);
        assert_eq!(new.len(), 4, "twice an hour");
        let free = new.iter().map(|look| look.status).collect::<Vec<_>>();
        assert_eq!(free, [Some(304); 4]);
        let others = talk.world.requests().split_off(before.1);
        let others = others.iter().map(|it| it.path.as_str());
        let others = others.filter(|path| !path.starts_with("/app/") && !path.ends_with("/issues/comments"));
        assert_eq!(others.collect::<Vec<_>>(), [""; 0], "and nothing else");
    })
    .await;
}

#[tokio::test]
async fn f24_what_was_taken_away_in_silence_is_let_go() {
    for (whole, looked_before) in [(false, true), (true, true), (true, false)] {
        let talk = Talk::begin().await;
        talk.says("ada", 2, "Hello.").await;
        if looked_before {
            minutes(&talk, 61).await;
        }
        talk.world.faults().add_for_webhooks("*", 9, HookFault::Lose);
        let installation = talk.world.installation_id(REPOSITORY).unwrap();
        match whole {
            true => talk.world.delete_installation(installation).unwrap(),
            false => talk.world.remove_from_installation(installation, &[REPOSITORY]).unwrap(),
        }
        minutes(&talk, 61).await;
        at_rest(&talk, 0).await;
        let held = talk.app.ctx.store.inbox().recent(9).await.unwrap();
        let is_kept = held.iter().any(|delivery| delivery.stored_bytes > 0);
        assert!(is_kept, "nothing is erased before GitHub has said so for an hour");
        minutes(&talk, 120).await;
        at_rest(&talk, 0).await;
        let held = talk.app.ctx.store.inbox().recent(9).await.unwrap();
        assert_eq!(
            held.iter().all(|delivery| delivery.stored_bytes == 0),
            whole,
            "erased with the installation"
        );
        let asked = talk.world.requests().len();
        minutes(&talk, 61).await;
        let more = talk.world.requests().split_off(asked);
        let more = more.iter().map(|it| it.path.as_str()).filter(|path| !path.starts_with("/app/hook"));
        assert_eq!(more.collect::<Vec<_>>(), [""; 0], "asked for what is no longer ours");
    }
}
