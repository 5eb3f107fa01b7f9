//! Another program writes to the SQLite file and does not come to an end.

use sqlx::{AnyConnection, Connection as _};

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::{the_fault_lasts, until};
use super::rig::{Life, Place, Rig, on_sqlite};
use super::script::{Script, furnish};
use super::told::{self, answered};
use crate::process::stage::{get, text};

const HERE: (&str, i64) = ("acme/app", 1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_a_lock_of_three_seconds_delays_the_answer_and_a_longer_one_is_a_503() {
    on_sqlite(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let life = rig.start(&[]).await;

        let lock = lock(&place.url).await;
        script.says("rita", HERE, "/status");
        the_fault_lasts(3_000).await;
        unlock(lock).await;
        until("the answer to the delivery", async || sent(&rig).into_iter().next()).await;
        assert_eq!(sent(&rig), [(202, None)], "taken in the first attempt");

        let lock = self::lock(&place.url).await;
        let comment = script.says("rita", HERE, "/help");
        tokio::join!(the_fault_lasts(30_000), is_refused(&rig, &life));
        unlock(lock).await;

        // The same program goes on by itself, and still says what it had to refuse a moment ago.
        let ready = ready(&life);
        until("readiness, with a note", async || {
            let is_noted = text(&ready).await.contains("deliveries were turned away within the last minute");
            (is_noted && get(&ready).await == Some(200)).then_some(())
        })
        .await;
        // Nobody sends it again: its own sweep has to fetch it, whose slot would come within five minutes.
        rig.books.rows("UPDATE schedules SET next_run = 0 WHERE name = 'sweep'").await.unwrap();
        until("the answer to what was refused", async || rig.is_done(HERE, comment).then_some(())).await;
        assert_eq!(sent(&rig).len(), 2, "GitHub has tried it once");
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        let lost = told::lines(&rig, "ERROR", "a delivery could not be stored").len()
            + told::lines(&rig, "ERROR", "a delivery could not be stored in time").len();
        assert_eq!(
            lost as u64,
            told::seen_by_github(&rig, 503),
            "the log says which deliveries GitHub has to send again"
        );
        assert!(!told::lines(&rig, "WARN", "not ready").is_empty(), "and what is not in order");
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// While the file is locked, a delivery is refused before GitHub hangs up, and operators see it.
async fn is_refused(rig: &Rig, life: &Life) {
    // GitHub itself hangs up after ten seconds, and that would be a 504.
    until("the refusal", async || (sent(rig).len() == 2).then_some(())).await;
    let (status, retry_after) = sent(rig).remove(0);
    assert_eq!(status, 503);
    assert!(retry_after.is_some_and(|seconds| seconds > 0), "{retry_after:?}");
    assert_eq!(get(&ready(life)).await, Some(503), "it says that it cannot work");
    // The answer to the first is a comment, and GitHub tells of that as well.
    until("figures that agree with GitHub's log", async || {
        let seen = [503, 202].map(|status| told::seen_by_github(rig, status));
        let own = [answered(life, "503").await, answered(life, "202").await];
        (seen == own && seen.iter().all(|count| *count > 0)).then_some(())
    })
    .await;
}

fn ready(life: &Life) -> String {
    format!("http://{}/readyz", life.door.unwrap())
}

/// Status and `Retry-After` of each attempt so far, the newest first.
fn sent(rig: &Rig) -> Vec<(u16, Option<u64>)> {
    let outcomes = rig.world.webhook_log().into_iter().filter(|sent| sent.event == "issue_comment");
    let outcomes =
        outcomes.filter(|sent| sent.payload["sender"]["type"] == "User").filter_map(|sent| sent.outcome);
    outcomes
        .map(|outcome| {
            let after = outcome.response_headers.get("retry-after").and_then(|text| text.parse().ok());
            (outcome.status_code, after)
        })
        .collect()
}

async fn lock(url: &str) -> AnyConnection {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut connection).await.unwrap();
    connection
}

async fn unlock(mut connection: AnyConnection) {
    sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
