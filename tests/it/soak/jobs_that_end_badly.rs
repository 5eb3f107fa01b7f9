//! Jobs that take their program down with them, or never come back, each time they run: dead in the end, seen by operators, and
//! done once when they are queued again.

use super::books::JobLine;
use super::dice::{Dice, seed};
use super::invariants::{self, Deaths};
use super::kills::forgiven;
use super::patience::until;
use super::rig::{End, Life, Place, Rig, on_each};
use super::script::{Script, furnish};
use super::told;
use crate::process::program::Program;
use crate::process::stage::{get, text};

/// A command that computes nothing: what its job does is what the crash point does.
const HERE: (&str, i64) = ("acme/app", 1);
const ELSEWHERE: (&str, i64) = ("borealis/app", 1);

/// So often a job is tried.
const ATTEMPTS: i64 = 8;

/// A life may also end by something else that comes to the crash point, so there may be more of them than tries.
const MOST_LIVES: i64 = 3 * ATTEMPTS;

/// What waits for its next try is due. No clock is moved: in the hours that all waits take together, a look of the program for
/// what nobody answered would come to the crash point instead of the job.
const DUE: &str = "UPDATE jobs SET run_at = 0
    WHERE state = 'ready' AND attempts > 0 AND delivery_guid IS NOT NULL";

/// Room for the program (it needs 0.3 GB of addresses, little of it memory), and no more.
const KIBIBYTES: u32 = 1_000_000;

/// What the job does each time it runs.
struct Trouble {
    at: &'static str,
    ends_its_process: bool,
    /// What is said of it in the end.
    told: &'static str,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f20_a_job_that_aborts_every_program_is_dead_and_others_go_on() {
    ends_dead(&Trouble { at: "after_intent", ends_its_process: true, told: "the worker" }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f20_a_job_that_takes_all_memory_of_every_program_is_dead_and_others_go_on() {
    ends_dead(&Trouble { at: "after_intent:memory", ends_its_process: true, told: "the worker" }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f20_a_job_that_panics_in_every_program_is_dead_and_others_go_on() {
    let told = "the job panicked: asked for by MILLWRIGHT_CRASH_AT";
    ends_dead(&Trouble { at: "after_intent:panic", ends_its_process: false, told }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f20_a_job_that_hangs_in_every_program_is_dead_and_others_go_on() {
    let told = "the job took longer than";
    ends_dead(&Trouble { at: "after_intent:hang", ends_its_process: false, told }).await;
}

async fn ends_dead(trouble: &Trouble) {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        // The first one makes the tables, in which the others are looked for.
        rig.stop(rig.start(&[]).await).await;
        script.says("rita", HERE, "/help");
        let mut lives = 0;
        while dead(&rig).await.is_none() {
            lives += 1;
            assert!(lives <= MOST_LIVES, "{}: it never dies", place.name);
            one_life(&rig, &script, trouble).await;
            if trouble.ends_its_process {
                // Past the lease of the program that has ended, and past the wait of the job after it.
                rig.jump_to(rig.world.now() + 70_000 + i64::pow(lives, 4) * 1_500, vec![]).await;
            } else {
                rig.books.rows(DUE).await.unwrap();
            }
        }
        let life = rig.start(&[]).await;
        operators_see_it(&life).await;
        comes_to_rest(&rig, life).await;
        let jobs = rig.books.jobs().await.unwrap();
        assert_eq!(jobs.iter().filter(|job| job.state == "dead").count(), 1, "{}", place.name);
        let dead = dead(&rig).await.unwrap();
        assert_eq!(dead.attempts, ATTEMPTS, "{}: {dead}", place.name);
        assert!(dead.last_error.as_ref().unwrap().contains(trouble.told), "{}: {dead}", place.name);
        invariants::check_with(&rig, &script, Deaths::OfJobs).await;
        forgiven(&rig, &script).await;
    })
    .await;
}

async fn dead(rig: &Rig) -> Option<JobLine> {
    rig.books.jobs().await.unwrap().into_iter().find(|job| job.state == "dead")
}

/// One program in which the job comes to its trouble, unless something else that is due does so first.
async fn one_life(rig: &Rig, script: &Script, trouble: &Trouble) {
    let limit_ms = if trouble.at.ends_with("hang") { "2000" } else { "900000" };
    let poisoned = [("MILLWRIGHT_CRASH_AT", trouble.at), ("MILLWRIGHT_TIME_LIMIT_MS", limit_ms)];
    let before = tries(rig).await.unwrap();
    let mut life = rig.begin_by(&poisoned, |variables| Program::limited(KIBIBYTES, variables)).await;
    rig.listen(&mut life).await;
    rig.redeliver();
    // In another lane, and without a word of ours: it comes past no crash point.
    script.says("rita", ELSEWHERE, "I see it too.");
    if trouble.ends_its_process {
        // After its last try the next program finds it dead, and lives.
        let over = async || (!life.program.is_alive() || dead(rig).await.is_some()).then_some(());
        until("an end of the program or of the job", over).await;
        if life.program.is_alive() {
            life.program.signal("TERM");
            rig.bury(life, End::StoppedOrAborted).await;
        } else {
            rig.bury(life, End::Aborted).await;
        }
        return;
    }
    until("an end of this try", async || {
        let is_told = rig.world.open_webhooks() == 0;
        let has_run = tries(rig).await? > before;
        let left = rig.books.left().await.ok()?;
        (is_told && has_run && left.due + left.running == 0).then_some(())
    })
    .await;
    let health = format!("http://{}/healthz", life.door.unwrap());
    assert_eq!(get(&health).await, Some(200), "everything else goes on");
    rig.stop(life).await;
}

async fn tries(rig: &Rig) -> Option<i64> {
    Some(rig.books.jobs().await.ok()?.iter().map(|job| job.attempts).sum())
}

/// So much time has passed that the hourly look for what nobody answered is due. It belongs to no delivery, so the work may seem
/// settled before it has written; what GitHub tells of that may find no door, and comes again.
async fn comes_to_rest(rig: &Rig, life: Life) {
    let mut life = Some(life);
    while let Some(next) = life {
        let lives = rig.settle(vec![next]).await;
        rig.stop_all(lives).await;
        until("GitHub to have tried each one", async || (rig.world.open_webhooks() == 0).then_some(())).await;
        life = if rig.redeliver() > 0 { Some(rig.start(&[]).await) } else { None };
    }
}

/// A dead job is noted and counted, and the program is ready all the same.
pub async fn operators_see_it(life: &Life) {
    let ready = format!("http://{}/readyz", life.door.unwrap());
    // Where hours have passed, a look of the program for what nobody answered may have died of the same.
    let is_noted = async || {
        let page = text(&ready).await;
        (page.contains("job is dead") || page.contains("jobs are dead")).then_some(())
    };
    until("a note of the dead job", is_noted).await;
    until("a figure of it", async || (told::figure(life, "millwright_jobs_dead").await > 0).then_some(()))
        .await;
    // What was due long ago stands until the first worker looks.
    until("an open door", async || (get(&ready).await == Some(200)).then_some(())).await;
}
