//! The named points of `ctx/crash.rs` with the built program, and answers of GitHub that are lost.

use millwright::ctx::crash::POINTS;
use millwright::sandbox::{Effect, Fault, FaultAnswer, When};

use super::dice::{Dice, seed};
use super::invariants;
use super::rig::{End, Place, Rig, on_each};
use super::script::{Script, furnish, repositories, revision};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f1_the_program_ends_at_each_named_point_and_the_next_one_finishes() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let places = (1..=3).flat_map(|issue| repositories().into_iter().map(move |repo| (repo, issue)));
        let tried: Vec<_> = tries().zip(places).collect();
        let mut lives = rig.start_many(1, &[]).await;
        // What the commands need before they can be tried.
        for before in ["/enhance", "/approve 1"] {
            for ((_, command), (repo, issue)) in &tried {
                if (before, *command) != ("/approve 1", "/approve 1") && *command != "/enhance" {
                    script.says("ada", (repo, *issue), before);
                }
            }
            lives = rig.settle(lives).await;
        }
        rig.stop_all(lives).await;
        for ((point, command), (repo, issue)) in &tried {
            crash(&rig, point, || script.says("ada", (repo, *issue), command)).await;
        }
        // Each comment and each issue was sent once: what had been sent before the end was found.
        for ((point, command), (repo, issue)) in &tried {
            let (plans, items) = match *command {
                "/enhance" => (1, 0),
                "/approve 1" => (2, 2),
                _ => (3, 2),
            };
            let comments = count(&rig, "POST", &format!("/repos/{repo}/issues/{issue}/comments"));
            assert_eq!(comments, plans, "{point} {command}");
            assert_eq!(rig.world.sub_issues(repo, *issue).len(), items, "{point} {command}");
        }
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// Each point with a command that comes past it; those of an effect also with the issues of an approval.
fn tries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let command = |point: &str| match point.rsplit_once(':') {
        Some((_, "closing")) => "/undo",
        Some((_, "link")) => "/approve 1",
        _ if point == "after_decision" => "/approve 1",
        _ => "/enhance",
    };
    let issues = ["after_intent", "after_post_before_remote_id", "after_remote_id_before_done"];
    POINTS.iter().map(move |point| (*point, command(point))).chain(issues.map(|point| (point, "/approve 1")))
}

/// Lets a program run until it ends itself at `point`, and another one finish what it began.
async fn crash(rig: &Rig, point: &str, speak: impl FnOnce() -> i64) {
    let life = rig.start(&[("MILLWRIGHT_CRASH_AT", point)]).await;
    speak();
    assert_eq!(rig.bury(life, End::Aborted).await, None, "{point}: it was to crash");
    let life = rig.start(&[]).await;
    let lives = rig.settle(vec![life]).await;
    rig.stop_all(lives).await;
}

/// For as long as this a new comment is in no list, longer than a lease and the start of a program.
const LAG_MS: i64 = 5_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f2_a_crash_around_the_comment_leaves_one_also_when_lists_show_it_late() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        rig.world.faults().set_comment_lag_ms(LAG_MS);
        let points = ["after_post_before_remote_id", "after_remote_id_before_done"];
        for (point, repo) in points.into_iter().zip(repositories()) {
            crash(&rig, point, || script.says("tess", (&repo, 1), "/enhance")).await;
            let bodies = rig.world.comments(&repo, 1).into_iter().map(|comment| comment.body);
            let plans = bodies.filter_map(|body| revision(&body)).collect::<Vec<_>>();
            assert_eq!(plans, [1], "{}: {point}", place.name);
            assert_eq!(count(&rig, "POST", &format!("/repos/{repo}/issues/1/comments")), 1, "{point}");
        }
        invariants::check(&rig, &script).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f3_a_write_whose_answer_is_lost_is_found_and_not_repeated() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let mut lives = rig.start_many(1, &[]).await;
        for (effect, repo) in [Effect::Answer(FaultAnswer::status(502)), Effect::Cut, Effect::Hang]
            .into_iter()
            .zip(repositories())
        {
            for (path, login, text) in [
                (format!("/repos/{repo}/issues/1/comments"), "tess", "/enhance"),
                (format!("/repos/{repo}/issues"), "ada", "/approve 1"),
            ] {
                let lost = Fault::on("POST", &path, effect.clone()).after().when(When::First(1));
                rig.world.faults().add(lost);
                script.says(login, (&repo, 1), text);
                lives = rig.settle(lives).await;
            }
            // Plan and answer, two work items: each was sent once.
            assert_eq!(count(&rig, "POST", &format!("/repos/{repo}/issues/1/comments")), 2);
            assert_eq!(count(&rig, "POST", &format!("/repos/{repo}/issues")), 2);
        }
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}

fn count(rig: &Rig, method: &str, path: &str) -> usize {
    rig.world.requests().iter().filter(|request| request.method == method && request.path == path).count()
}
