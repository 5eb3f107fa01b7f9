//! Two versions of the program on one database, as in the middle of a deploy.

use sqlx::Row as _;

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish};

const HERE: (&str, i64) = ("acme/app", 1);

/// What the newer one has done: added to the tables, by the rule that nothing else is done in one step, and written work of a kind
/// that the older one has never heard of, before everything else in the order.
const NEWER: [&str; 4] = [
    "ALTER TABLE jobs ADD COLUMN color TEXT",
    "CREATE TABLE moons (moon BIGINT PRIMARY KEY, name TEXT NOT NULL)",
    "INSERT INTO schema_migrations (name, digest, applied_at) VALUES ('0099_moons', 'unknown here', 1)",
    "INSERT INTO jobs (name, payload, lane, installation_id, repo_id, state, gate, priority, turn, run_at, max_attempts,
        created_at, color) SELECT 'moon.v1', '{}', 'moon', installation_id, repo_id, 'ready', 0, 0, 0, 0, 3, 0, 'red'
        FROM jobs WHERE installation_id <> 0 ORDER BY seq LIMIT 1",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f21_an_older_program_leaves_the_work_of_a_newer_one_alone_and_does_its_own() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(1, &[]).await;
        script.says("rita", HERE, "/status");
        let lives = rig.settle(lives).await;
        for text in NEWER {
            rig.books.rows(text).await.unwrap();
        }
        // One that was there before, and one that starts on what the newer one has made of the database.
        let mut lives = lives;
        lives.push(rig.start(&[]).await);
        let said = script.says("tess", HERE, "/enhance");
        until("an answer", async || rig.is_done(HERE, said).then_some(())).await;
        rig.stop_all(lives).await;
        let text = "SELECT state, claims, attempts FROM jobs WHERE name = 'moon.v1'";
        let moons = rig.books.rows(text).await.unwrap();
        let [moon] = moons.as_slice() else { panic!("{}: {} such jobs", place.name, moons.len()) };
        let (state, claims, attempts): (String, i64, i64) =
            (moon.get("state"), moon.get("claims"), moon.get("attempts"));
        assert_eq!((state.as_str(), claims, attempts), ("ready", 0, 0), "{}", place.name);
        // The newer one does it.
        rig.books.rows("DELETE FROM jobs WHERE name = 'moon.v1'").await.unwrap();
        let lives = rig.start_many(1, &[]).await;
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}
