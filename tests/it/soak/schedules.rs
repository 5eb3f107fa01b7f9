//! What starts by itself, with the built program: slots that several programs see, slots that all have missed, and commands
//! that no delivery tells of.

use std::collections::BTreeMap;

use chrono::DateTime;
use millwright::sandbox::HookFault;
use sqlx::Row as _;

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::rig::{Place, Rig, on_each, on_sqlite};
use super::script::{Script, furnish};

const HOUR_MS: i64 = 3_600_000;

/// Jobs of schedules that have run, by name; none while one is still to be run. Not those of the sweep: it also runs at each
/// start, and of equal ones that wait one is folded into another.
async fn runs(rig: &Rig) -> Option<BTreeMap<String, i64>> {
    let text = "SELECT name, state, COUNT(*) AS number FROM jobs
        WHERE lane IN ('schedule/retention', 'schedule/reconcile') GROUP BY name, state";
    let mut runs = BTreeMap::new();
    for row in rig.books.rows(text).await.ok()? {
        let (name, state): (String, String) = (row.get("name"), row.get("state"));
        if state != "done" {
            return None;
        }
        runs.insert(name, row.get("number"));
    }
    Some(runs)
}

/// The slots that each schedule will take next.
async fn next_slots(rig: &Rig) -> BTreeMap<String, i64> {
    let rows = rig.books.rows("SELECT name, next_run FROM schedules").await.unwrap();
    rows.iter().map(|row| (row.get("name"), row.get("next_run"))).collect()
}

/// Waits until every slot that is due was taken, and its job has run; the runs so far.
async fn slots_are_taken(rig: &Rig) -> BTreeMap<String, i64> {
    until("the next slots", async || {
        let all = next_slots(rig).await.values().all(|next_ms| *next_ms > rig.world.now());
        if all { runs(rig).await } else { None }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f27_three_programs_run_each_slot_once_and_a_night_of_missed_ones_once() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(3, &[]).await;
        script.says("tess", ("acme/app", 1), "/enhance");
        let mut lives = rig.settle(lives).await;
        until("the timetable", async || (next_slots(&rig).await.len() == 3).then_some(())).await;
        for away_ms in [9 * HOUR_MS, HOUR_MS + 60_000] {
            let before = until("the jobs of before", async || runs(&rig).await).await;
            let now_ms = rig.world.now();
            lives = rig.jump_to(now_ms + away_ms, lives).await;
            let after = slots_are_taken(&rig).await;
            for name in ["retention.v1", "reconcile.v1"] {
                let ran = |runs: &BTreeMap<String, i64>| runs.get(name).copied().unwrap_or_default();
                assert_eq!(ran(&after) - ran(&before), 1, "{name} after {away_ms} ms, by three programs");
            }
            script.says("ada", ("acme/app", 2), "/status");
            lives = rig.settle(lives).await;
        }
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// Lord Howe Island, whose clocks go half an hour ahead for summer time, from the first Sunday of October to that of April: a
/// table that is read by them moves even lines of every hour. Written out, for not every machine knows the zones by name.
const LORD_HOWE: &str = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f27_where_clocks_change_by_half_an_hour_the_table_stays_in_utc() {
    on_sqlite(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        for evening in ["2027-04-03T12:50:00Z", "2027-10-02T12:50:00Z"] {
            let evening_ms = DateTime::parse_from_rfc3339(evening).unwrap().timestamp_millis();
            rig.jump_to(evening_ms, vec![]).await;
            let mut life = rig.start(&[("TZ", LORD_HOWE)]).await;
            until("the timetable", async || (next_slots(&rig).await.len() == 3).then_some(())).await;
            let (mut ran, mut slots) = (slots_are_taken(&rig).await, next_slots(&rig).await);
            // The clocks there go back at 15:00 UTC, and forward at 15:30 UTC.
            for hour in 1..=5 {
                rig.stop(life).await;
                rig.jump_to(evening_ms + hour * HOUR_MS, vec![]).await;
                life = rig.start(&[("TZ", LORD_HOWE)]).await;
                let (ran_by_now, next) = (slots_are_taken(&rig).await, next_slots(&rig).await);
                for name in ["retention", "reconcile"] {
                    let count = |runs: &BTreeMap<String, i64>| {
                        runs.get(&format!("{name}.v1")).copied().unwrap_or_default()
                    };
                    assert_eq!(count(&ran_by_now) - count(&ran), 1, "{name}, {hour} hours after {evening}");
                    assert_eq!(next[name] - slots[name], HOUR_MS, "{name}, {hour} hours after {evening}");
                }
                (ran, slots) = (ran_by_now, next);
            }
            script.says("tess", ("acme/app", 1), "/enhance");
            let lives = rig.settle(vec![life]).await;
            rig.stop_all(lives).await;
        }
        invariants::check(&rig, &script).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f24_a_command_that_no_delivery_told_of_is_answered_within_the_hour() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(2, &[]).await;
        script.says("tess", ("acme/app", 1), "/enhance");
        let lives = rig.settle(lives).await;
        rig.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Lose);
        let lost = script.says("ada", ("acme/app", 1), "/approve 1");
        let lives = rig.settle(lives).await;
        assert!(rig.world.webhook_log().iter().all(|sent| sent.payload["comment"]["id"] != lost));
        assert_eq!(rig.world.sub_issues("acme/app", 1).len(), 0);
        // A repository's look comes up to 25 minutes after the slot, and a slot every half an hour.
        let mut lives = lives;
        for _ in 0..4 {
            lives = rig.jump_to(rig.world.now() + HOUR_MS / 4, lives).await;
            slots_are_taken(&rig).await;
        }
        // The receipt comes last: what has no delivery is not seen by whoever waits for the end of all work.
        until("the receipt", async || rig.is_done(("acme/app", 1), lost).then_some(())).await;
        assert_eq!(rig.world.sub_issues("acme/app", 1).len(), 2);
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}
