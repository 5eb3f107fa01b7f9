//! What recurs: three instances with clocks of their own, and clocks that jump.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use millwright::clock::{Clock, ClockHand};
use millwright::queue::Registry;
use millwright::store::{Claimant, Store};
use millwright::triggers;
use millwright::triggers::timetable::Timetable;

use crate::store::bench::{Bench, LEASE_MS, on_both};

const MINUTE: i64 = 60_000;

/// Several instances on one database, each with its own clock.
struct Instances {
    tables: Vec<Timetable>,
    hands: Vec<ClockHand>,
    store: Store,
    ran: BTreeMap<String, usize>,
}

impl Instances {
    async fn on(bench: &Bench, skews: &[i64]) -> Self {
        let mut instances =
            Self { tables: vec![], hands: vec![], store: bench.store.clone(), ran: BTreeMap::new() };
        for skew in skews {
            let (clock, hand) = Clock::manual(bench.clock.now_ms() + skew);
            let store = Store::connect(&bench.url, clock).await.unwrap();
            instances.tables.push(Timetable::new(store, "app").unwrap());
            instances.hands.push(hand);
        }
        instances
    }

    /// Time goes by for everybody, everybody looks at once, and what was queued is done.
    async fn pass(&mut self, bench: &Bench, ms: i64) {
        bench.hand.advance_ms(ms);
        self.hands.iter().for_each(|hand| hand.advance_ms(ms));
        for looked in join_all(self.tables.iter().map(Timetable::tick)).await {
            looked.unwrap();
        }
        let names = triggers::jobs(Registry::new()).names();
        let claimant = Claimant::new("w", LEASE_MS, &names);
        // An instance whose clock is ahead has queued its job for a moment that is still to come here.
        bench.hand.advance_ms(MINUTE);
        while let Some(claimed) = self.store.jobs().claim(&claimant).await.unwrap() {
            assert!(self.store.jobs().done(&claimed.fence, None).await.unwrap());
            *self.ran.entry(claimed.name).or_default() += 1;
        }
        bench.hand.advance_ms(-MINUTE);
    }

    fn taken(&mut self) -> [usize; 3] {
        let ran = std::mem::take(&mut self.ran);
        ["retention.v1", "reconcile.v1", "sweep.v1"].map(|name| ran.get(name).copied().unwrap_or(0))
    }
}

#[tokio::test]
async fn f27_three_instances_run_each_slot_once() {
    on_both(async |bench: &Bench| {
        let mut three = Instances::on(bench, &[-20_000, 0, 20_000]).await;
        three.pass(bench, 0).await;
        for _ in 0..6 * 60 {
            three.pass(bench, MINUTE).await;
        }
        assert_eq!(three.taken(), [6, 12, 72], "hourly, every half hour, every five minutes");
    })
    .await;
}

#[tokio::test]
async fn f27_missed_slots_run_once_and_a_clock_that_jumps_back_repeats_none() {
    on_both(async |bench: &Bench| {
        let mut three = Instances::on(bench, &[0, 0, 0]).await;
        three.pass(bench, 0).await;
        three.pass(bench, 9 * 60 * MINUTE).await;
        assert_eq!(three.taken(), [1, 1, 1], "nine hours away");
        for _ in 0..60 {
            three.pass(bench, MINUTE).await;
        }
        assert_eq!(three.taken(), [1, 2, 12]);
        three.pass(bench, -40 * MINUTE).await;
        for _ in 0..40 {
            three.pass(bench, MINUTE).await;
        }
        assert_eq!(three.taken(), [0, 0, 0], "the last 40 minutes once more");
        for _ in 0..60 {
            three.pass(bench, MINUTE).await;
        }
        assert_eq!(three.taken(), [1, 2, 12]);
    })
    .await;
}
