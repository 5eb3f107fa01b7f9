//! The named points of `ctx/crash.rs` with the built program, and answers of GitHub that are lost.

use millwright::ctx::crash::POINTS;
use millwright::sandbox::{Effect, Fault, FaultAnswer, When};

use super::dice::Dice;
use super::invariants;
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish, repositories};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f1_the_program_ends_at_each_named_point_and_the_next_one_finishes() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(1));
        // The comment of a plan.
        for (point, repo) in POINTS.iter().zip(repositories()) {
            crash(&rig, point, || script.says("tess", (&repo, 1), "/enhance")).await;
            assert_eq!(count(&rig, "POST", &format!("/repos/{repo}/issues/1/comments")), 1, "{point}");
        }
        // The issues of an approval.
        for (point, repo) in POINTS.iter().skip(2).zip(repositories()) {
            crash(&rig, point, || script.says("ada", (&repo, 1), "/approve 1")).await;
            assert_eq!(rig.world.sub_issues(&repo, 1).len(), 2, "{point}");
            assert_eq!(count(&rig, "POST", &format!("/repos/{repo}/issues")), 2, "{point}");
        }
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// Lets a program run until it ends itself at `point`, and another one finish what it began.
async fn crash(rig: &Rig, point: &str, speak: impl FnOnce() -> i64) {
    let life = rig.start(&[("MILLWRIGHT_CRASH_AT", point)]).await;
    speak();
    assert_eq!(rig.bury(life, None).await, None, "{point}: it was to crash");
    let life = rig.start(&[]).await;
    let lives = rig.settle(vec![life]).await;
    rig.stop_all(lives).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f3_a_write_whose_answer_is_lost_is_found_and_not_repeated() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(1));
        let mut lives = rig.start_many(1, &[]).await;
        for (effect, repo) in
            [Effect::Answer(FaultAnswer::status(502)), Effect::Cut].into_iter().zip(repositories())
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
