//! Deliveries that GitHub could not deliver: found in its log, fetched, and worked off once.

use millwright::sandbox::{Effect, Fault, FaultAnswer, HookDelivery, HookFault, REPOSITORY, When};
use millwright::store::JobState;
use millwright::triggers::events;
use serde_json::{Value, json};

use super::{at_rest, count};
use crate::flows::harness::{Restart, Setup, Talk, on_both};

const LIST: &str = "/app/hook/deliveries";
const ONE: &str = "/app/hook/deliveries/*";

/// How the requests for the log and for single deliveries add up.
fn asked(talk: &Talk) -> (usize, usize) {
    (talk.requested("GET", LIST), talk.requested("GET", ONE))
}

/// The program starts: its sweep is queued, and everything that is due is done. Its second sweep is not due yet.
async fn sweep(talk: &Talk) {
    talk.app.timetable.start().await.unwrap();
    talk.work().await;
}

/// Nothing is left to do, the second sweep of the start included.
async fn rests(talk: &Talk) {
    talk.work_through().await;
    at_rest(talk, 0).await;
}

/// So many deliveries while nobody is there; every `relevant`-th is a comment of ada's on issue 2, the others nobody here asks for.
async fn downtime(talk: &Talk, all: usize, relevant: usize, say: impl Fn(usize) -> String) {
    talk.world.faults().add_for_webhooks("*", u32::MAX, HookFault::Fail(503));
    let others =
        [("star", "created"), ("issues", "labeled"), ("issue_comment", "deleted"), ("label", "edited")];
    let mut said = 0;
    for number in 0..all {
        if number * relevant / all < (number + 1) * relevant / all {
            talk.world.act_as("ada").comment(REPOSITORY, 2, &say(said)).unwrap();
            said += 1;
        } else {
            let (event, action) = others[number % others.len()];
            let installation = talk.world.installation_id(REPOSITORY).unwrap();
            let payload = json!({ "action": action, "installation": { "id": installation } });
            talk.world.add_webhook(event, payload);
        }
        if number % 100 == 0 {
            talk.hand.advance_ms(3_600_000 / (all as i64 / 100 + 1));
            talk.work().await;
        }
    }
    talk.work().await;
    talk.world.faults().clear();
    assert_eq!(said, relevant);
    assert_eq!(asked(talk), (0, 0));
}

/// Every relevant delivery in GitHub's log is stored, and its job is done.
async fn all_worked_off(talk: &Talk) -> usize {
    let log = talk.world.webhook_log();
    let wanted = log.iter().filter(|sent| events::wanted(&sent.event, sent.action.as_deref()));
    let guids = wanted.map(|sent| sent.guid.clone()).collect::<std::collections::BTreeSet<_>>();
    for guid in &guids {
        let jobs = talk.app.ctx.store.jobs().of_delivery(guid).await.unwrap();
        assert!(!jobs.is_empty() && jobs.iter().all(|job| job.state == JobState::Done), "{guid}: {jobs:#?}");
    }
    guids.len()
}

#[tokio::test]
async fn f23_an_hour_of_downtime_is_caught_up_and_the_irrelevant_is_never_fetched() {
    // On one database, for its size; the restart below is tried on both.
    let talk = Talk::begin().await;
    downtime(
        &talk,
        7_000,
        270,
        |said| if said % 27 == 0 { format!("/why R{said}") } else { format!("{said}") },
    )
    .await;
    assert_eq!(talk.world.webhook_log().len(), 7_000);
    sweep(&talk).await;
    assert_eq!(asked(&talk), (70, 270));
    assert_eq!(talk.answers(2).len(), 10);
    assert!(all_worked_off(&talk).await >= 270);
    // The next two rounds, the second of the start and that of the next one, read the last five minutes of that hour again, the
    // one after them a page, and nothing is fetched twice.
    talk.minutes_pass(30).await;
    talk.says("ada", 2, "Back again.").await;
    sweep(&talk).await;
    let (pages, details) = asked(&talk);
    assert_eq!(details, 270);
    assert!(pages - 70 <= 16, "{} pages", pages - 70);
    sweep(&talk).await;
    assert_eq!(asked(&talk), (pages + 1, 270));
    rests(&talk).await;
}

#[tokio::test]
async fn f23_commands_are_run_in_the_order_in_which_they_were_written() {
    let talk = Talk::begin().await;
    downtime(&talk, 300, 2, |said| ["/enhance", "/approve 1"][said].to_owned()).await;
    sweep(&talk).await;
    assert_eq!(asked(&talk), (3, 2));
    assert_eq!(talk.answers(2).len(), 2, "{:#?}", talk.answers(2));
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2).len(), 2);
}

/// Works until this request has arrived for the `nth` time; it hangs, and everything under way is dropped.
async fn killed_at(talk: &Talk, path: &str, nth: u32) {
    talk.world.faults().add(Fault::on("GET", path, Effect::Hang).when(When::Nth(nth)));
    let arrived = async {
        while talk.requested("GET", path) < nth as usize {
            // Looking is dear, for it copies the log of requests.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        }
    };
    tokio::select! {
        biased;
        () = arrived => {}
        () = talk.work() => panic!("{path} was not asked for {nth} times"),
    }
    talk.world.faults().clear();
}

#[tokio::test]
async fn f23_a_restart_in_the_middle_goes_on_where_it_was() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        downtime(&talk, 1_200, 30, |said| format!("{said}")).await;
        talk.app.timetable.start().await.unwrap();
        killed_at(&talk, LIST, 7).await;
        talk.restart(Restart::default()).await;
        talk.hand.advance_ms(61_000);
        // The one that was under way is asked for once more, and then the others behind it.
        killed_at(&talk, ONE, 20).await;
        assert_eq!(asked(&talk), (13, 20));
        talk.restart(Restart::default()).await;
        talk.hand.advance_ms(61_000);
        talk.work_through().await;
        let (pages, details) = asked(&talk);
        assert_eq!(details, 31, "only what was under way is fetched again");
        // The last five minutes are, by each round that the starts have asked for.
        assert!(pages <= 13 + 6, "the log is not read to its end again: {pages} pages");
        assert!(all_worked_off(&talk).await >= 30);
        rests(&talk).await;
    })
    .await;
}

#[tokio::test]
async fn f23_whatever_the_log_says_of_its_end_a_missed_command_is_answered_once() {
    let talk = Talk::begin().await;
    sweep(&talk).await;
    // Nobody there, refused, out of time, and a proxy that answered in our place.
    for status in [502, 503, 504, 200, 202] {
        talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(status));
        let before = talk.answers(2).len();
        let comment = talk.says("ada", 2, "/status").await;
        assert_eq!(talk.answers(2).len(), before, "{status}: it did not reach us");
        sweep(&talk).await;
        assert_eq!(talk.answers(2).len(), before + 1, "{status}");
        // Somebody presses GitHub's button, or the event arrives after all.
        let sent = sent(&talk, comment);
        assert_eq!(talk.deliver("issue_comment", &sent.guid, &sent.payload).await, 200, "{status}");
        assert_eq!(talk.deliver("issue_comment", &format!("again-{status}"), &sent.payload).await, 202);
        sweep(&talk).await;
        assert_eq!(talk.answers(2).len(), before + 1, "{status}: once");
    }
    assert_eq!(asked(&talk).1, 5);
    rests(&talk).await;
}

fn sent(talk: &Talk, comment: i64) -> HookDelivery {
    let log = talk.world.webhook_log();
    log.into_iter().find(|sent| sent.payload["comment"]["id"] == comment).unwrap()
}

#[tokio::test]
async fn f23_what_is_held_is_not_fetched_and_a_new_database_repeats_nothing() {
    let mut talk = Talk::begin().await;
    talk.says("ada", 2, "/status").await;
    // The first attempt failed, and somebody asked GitHub for another one.
    talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(502));
    let comment = talk.says("ada", 2, "/enhance").await;
    assert!(talk.world.redeliver(sent(&talk, comment).id));
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), 2);
    sweep(&talk).await;
    assert_eq!(asked(&talk), (1, 0));
    // A database that knows nothing takes the answers that GitHub got for what they say.
    talk.lose_database().await;
    sweep(&talk).await;
    assert_eq!((asked(&talk), talk.answers(2).len()), ((2, 0), 2));
    // A delivery that nobody answered is fetched all the same.
    talk.lose_database().await;
    talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(502));
    talk.says("ada", 1, "/status").await;
    sweep(&talk).await;
    assert_eq!((asked(&talk), talk.answers(1).len()), ((3, 1), 1));
}

#[tokio::test]
async fn f23_the_apps_own_limit_makes_the_sweep_wait() {
    let talk = Talk::begin().await;
    downtime(&talk, 250, 5, |said| format!("{said}")).await;
    talk.asks("ada", 2, "/status").await;
    let limited = Effect::Answer(FaultAnswer::primary_limit(600));
    talk.world.faults().add(Fault::on("GET", LIST, limited).when(When::Nth(2)));
    talk.app.timetable.start().await.unwrap();
    talk.work().await;
    assert_eq!(asked(&talk), (2, 0));
    // People are answered meanwhile: it is the App's budget, not the installation's.
    talk.asks("ada", 2, "/status").await;
    for _ in 0..9 {
        talk.app.timetable.start().await.unwrap();
        talk.minutes_pass(1).await;
    }
    assert_eq!(asked(&talk), (2, 0), "nothing is asked before the time");
    talk.minutes_pass(2).await;
    talk.work_through().await;
    let (pages, details) = asked(&talk);
    assert_eq!(details, 5);
    // One of them by the second round of the start.
    assert!(pages <= 6, "{pages} pages");
    rests(&talk).await;
}

#[tokio::test]
async fn f23_a_delivery_that_cannot_be_fetched_does_not_hold_up_the_others() {
    let talk = Talk::begin().await;
    downtime(&talk, 20, 3, |_| "/status".to_owned()).await;
    let strange = FaultAnswer { body: Value::String("?".to_owned()), ..FaultAnswer::status(200) };
    for (nth, answer) in [(1, FaultAnswer::status(404)), (2, strange)] {
        talk.world.faults().add(Fault::on("GET", ONE, Effect::Answer(answer)).when(When::Nth(nth)));
    }
    sweep(&talk).await;
    assert_eq!((asked(&talk), talk.answers(2).len()), ((1, 3), 1));
    rests(&talk).await;
}

#[tokio::test]
async fn f23_whom_we_do_not_work_for_is_not_fetched_again_and_again() {
    let variables = vec![("GITHUB_ALLOWED_OWNERS", "globex")];
    let talk = Talk::with(Setup { variables, ..Setup::default() }).await;
    sweep(&talk).await;
    talk.says("ada", 2, "/status").await;
    talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(503));
    talk.says("ada", 2, "/status").await;
    sweep(&talk).await;
    assert_eq!(asked(&talk).1, 1, "only the payload tells whose it is");
    assert_eq!(count(&talk.world, "POST", "/comments"), 0);
    assert!(talk.app.ctx.store.inbox().recent(10).await.unwrap().is_empty(), "nothing is kept");
}

#[tokio::test]
async fn f23_a_server_without_a_log_is_no_failure() {
    let talk = Talk::begin().await;
    talk.world.faults().add(Fault::on("GET", LIST, Effect::Answer(FaultAnswer::status(404))));
    sweep(&talk).await;
    rests(&talk).await;
}

#[tokio::test]
async fn f28_what_a_lost_database_has_answered_is_found_even_when_the_first_look_fails() {
    for (later_ms, fails) in [(31_000, false), (600_000, true)] {
        let mut talk = Talk::begin().await;
        let comment = talk.says("ada", 2, "/help").await;
        assert_eq!(talk.answers(2).len(), 1);
        let sent = sent(&talk, comment);
        talk.lose_database().await;
        talk.hand.advance_ms(later_ms);
        if fails {
            let look = "/repos/acme/web/issues/2/comments";
            talk.world.faults().add(Fault::on("GET", look, Effect::Answer(FaultAnswer::status(502))));
        }
        assert_eq!(talk.deliver("issue_comment", "again", &sent.payload).await, 202);
        talk.work().await;
        talk.world.faults().clear();
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1, "after {later_ms} ms");
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
        rests(&talk).await;
    }
}

#[tokio::test]
async fn f23_what_fails_while_the_program_starts_is_found_half_a_minute_later() {
    let talk = Talk::begin().await;
    sweep(&talk).await;
    talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(502));
    talk.says("ada", 2, "/status").await;
    assert_eq!(talk.answers(2).len(), 0);
    talk.hand.advance_ms(29_000);
    talk.work().await;
    assert_eq!(talk.answers(2).len(), 1);
    rests(&talk).await;
}

#[tokio::test]
async fn p7_a_program_that_was_killed_in_its_sweep_keeps_the_next_one_from_it_for_ten_seconds() {
    on_both(async |setup: Setup| {
        let mut talk = Talk::with(setup).await;
        talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(502));
        talk.says("ada", 2, "/status").await;
        talk.app.timetable.start().await.unwrap();
        killed_at(&talk, LIST, 1).await;
        talk.restart(Restart::default()).await;
        sweep(&talk).await;
        assert_eq!(talk.answers(2).len(), 0, "the lease of the one before still holds");
        talk.hand.advance_ms(10_001);
        talk.work().await;
        assert_eq!(talk.answers(2).len(), 1);
        rests(&talk).await;
    })
    .await;
}

#[tokio::test]
async fn f23_a_delivery_that_github_never_hands_out_stops_nobody_and_is_tried_again() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        downtime(&talk, 20, 3, |_| "/status".to_owned()).await;
        let first = talk
            .world
            .webhook_log()
            .into_iter()
            .rev()
            .find(|sent| sent.event == "issue_comment" && sent.action.as_deref() == Some("created"));
        let path = format!("{LIST}/{}", first.unwrap().id);
        talk.world.faults().add(Fault::on("GET", &path, Effect::Answer(FaultAnswer::status(502))));
        sweep(&talk).await;
        assert_eq!((asked(&talk), talk.answers(2).len()), ((2, 3), 2), "GitHub's log says that it is there");
        sweep(&talk).await;
        assert_eq!((talk.requested("GET", &path), talk.answers(2).len()), (2, 2), "asked again, in vain");
        talk.world.faults().clear();
        sweep(&talk).await;
        assert_eq!((talk.requested("GET", &path), talk.answers(2).len()), (3, 3));
        rests(&talk).await;
    })
    .await;
}

#[tokio::test]
async fn f23_a_github_that_goes_away_ends_the_sweep_at_once_and_the_order_is_kept() {
    let talk = Talk::begin().await;
    downtime(&talk, 30, 3, |said| ["/enhance", "/approve 1", "/status"][said].to_owned()).await;
    let away = || Effect::Answer(FaultAnswer::status(502));
    talk.world.faults().add(Fault::on("GET", ONE, away()));
    talk.world.faults().add(Fault::on("GET", LIST, away()).when(When::Nth(2)));
    sweep(&talk).await;
    assert_eq!((asked(&talk), talk.answers(2).len()), ((2, 1), 0), "one payload, and no other behind it");
    talk.world.faults().clear();
    talk.work_through().await;
    assert_eq!(asked(&talk).1, 4);
    assert_eq!(talk.answers(2).len(), 3, "{:#?}", talk.answers(2));
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2).len(), 2, "the approval came behind its plan");
    rests(&talk).await;
}

#[tokio::test]
async fn f23_many_payloads_that_fail_end_a_run_and_the_next_goes_on_behind_them() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        downtime(&talk, 20, 5, |_| "/status".to_owned()).await;
        let log = talk.world.webhook_log();
        let said = log.iter().filter(|sent| events::wanted(&sent.event, sent.action.as_deref()));
        let mut ids = said.map(|sent| sent.id).collect::<Vec<_>>();
        ids.sort_unstable();
        for id in &ids[..4] {
            let refused = Effect::Answer(FaultAnswer::status(502));
            talk.world.faults().add(Fault::on("GET", &format!("{LIST}/{id}"), refused));
        }
        sweep(&talk).await;
        assert_eq!((asked(&talk).1, talk.answers(2).len()), (3, 0), "the third in a row ends the run");
        talk.work_through().await;
        assert_eq!(talk.requested("GET", &format!("{LIST}/{}", ids[4])), 1);
        assert_eq!(talk.answers(2).len(), 1, "the last one is reached");
        talk.world.faults().clear();
        sweep(&talk).await;
        rests(&talk).await;
        assert_eq!(talk.answers(2).len(), 5, "and in the end all");
    })
    .await;
}

#[tokio::test]
async fn f23_a_second_look_that_an_earlier_start_has_left_is_taken_at_the_moment_of_this_one() {
    let talk = Talk::begin().await;
    sweep(&talk).await;
    talk.hand.advance_ms(20_000);
    sweep(&talk).await;
    assert_eq!(asked(&talk), (2, 0));
    talk.hand.advance_ms(11_000);
    talk.work().await;
    assert_eq!(asked(&talk), (2, 0), "half a minute after the earlier start");
    talk.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Fail(502));
    talk.says("ada", 2, "/status").await;
    talk.hand.advance_ms(19_001);
    talk.work().await;
    assert_eq!((asked(&talk), talk.answers(2).len()), ((3, 1), 1), "half a minute after this one");
    rests(&talk).await;
}

#[tokio::test]
async fn f23_what_a_log_has_shown_is_fetched_although_it_cannot_be_read_on() {
    let talk = Talk::begin().await;
    downtime(&talk, 250, 5, |_| "/status".to_owned()).await;
    for nth in [2, 4] {
        let refused = Effect::Answer(FaultAnswer::status(422));
        talk.world.faults().add(Fault::on("GET", LIST, refused).when(When::Nth(nth)));
    }
    sweep(&talk).await;
    let fetched = asked(&talk).1;
    assert_eq!((fetched, talk.answers(2).len()), (4, 4), "of the pages that could be read");
    assert_eq!(talk.app.ctx.store.jobs().counts().await.unwrap().dead, 1, "and it is told");
    sweep(&talk).await;
    assert_eq!((asked(&talk).1, talk.answers(2).len()), (5, 5));
}
