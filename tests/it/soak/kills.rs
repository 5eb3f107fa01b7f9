//! Programs that are killed at random moments while people go on talking.

use super::dice::{Dice, kills, seed};
use super::invariants::{self, Deaths};
use super::patience::{the_fault_lasts, until};
use super::rig::{End, Life, Place, Rig, on_postgresql, on_sqlite};
use super::script::{Script, furnish};
use crate::process::program::run;

/// One program is killed so many times in a row while the other works on what is left behind; then they change places. Were
/// both killed all the time, the heavy commands would never get through and only their deaths would be tried.
const SHIFT: u64 = 5;

/// Jobs that may wait or run when the next kill is made ready.
const BACKLOG: i64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f1_random_kills_lose_and_double_nothing_on_sqlite() {
    on_sqlite(random_kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f1_random_kills_lose_and_double_nothing_on_postgresql() {
    on_postgresql(random_kills).await;
}

/// What the invariants say of programs rests on this.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_gone_before_it_is_killed_is_noticed() {
    on_sqlite(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let surprises = || rig.past(|past| past.iter().filter(|life| life.surprise.is_some()).count());
        rig.kill(rig.start(&[]).await).await;
        rig.stop(rig.start(&[]).await).await;
        assert_eq!(surprises(), 0);
        // The last is what the system does to whoever takes all memory: only that it came before ours tells it apart.
        for (signal, seen) in [("ABRT", 1), ("ILL", 2), ("KILL", 3)] {
            let mut life = rig.start(&[]).await;
            life.program.signal(signal);
            until("its end", async || (!life.program.is_alive()).then_some(())).await;
            rig.kill(life).await;
            assert_eq!(surprises(), seen, "{signal}");
        }
        // Nor is any signal good enough where a crash point was to end it.
        let life = rig.start(&[]).await;
        life.program.signal("ILL");
        rig.bury(life, End::Aborted).await;
        assert_eq!(surprises(), 4);
    })
    .await;
}

async fn random_kills(place: &Place) {
    let mut dice = Dice::new(seed());
    let rig = Rig::open(&place.url, furnish).await;
    let script = Script::new(&rig.world, dice.another());
    script.rough();
    let mut torment = Torment { rig: &rig, script: &script, dice: dice.another(), done: 0 };
    let mut lives = [rig.start(&[]).await, rig.start(&[]).await];
    while torment.done < kills() {
        let victim = usize::try_from(torment.done / SHIFT % 2).unwrap();
        let [one, two] = lives;
        lives = match victim {
            0 => torment.kill(one, two).await,
            _ => torment.kill(two, one).await.into_iter().rev().collect::<Vec<_>>().try_into().ok().unwrap(),
        };
    }
    let kills = torment.done;
    for life in &mut lives {
        rig.listen(life).await;
    }
    // What comes now finds programs that have been through all of it.
    script.go_on();
    let lives = rig.settle(lives.into()).await;
    rig.stop_all(lives).await;
    let findings = invariants::check_with(&rig, &script, Deaths::OfKills).await;
    println!("{}: {kills} kills, {} things done\n{findings}", place.name, script.rounds());
    // A kill that meets an idle program tries nothing.
    let at_work = findings.lanes.ended_at_work as u64;
    assert!(at_work * 20 >= kills, "{at_work} of {kills} kills met a program at work");
    if findings.dead > 0 {
        forgiven(&rig, &script).await;
    }
}

/// Whoever operates it queues each dead job again by hand: now nothing is left out, and still nothing is there twice.
pub async fn forgiven(rig: &Rig, script: &Script) {
    rig.world.faults().clear();
    let variables = rig.variables("127.0.0.1:9", &[]);
    let mut dead = rig.books.jobs().await.unwrap();
    dead.retain(|job| job.state == "dead");
    for job in &dead {
        let ended = run(&["replay", &job.seq.to_string(), "--apply"], &variables).await;
        assert_eq!(ended.code, Some(0), "{job}: {:?}", ended.err);
    }
    let lives = rig.settle(vec![rig.start(&[]).await]).await;
    rig.stop_all(lives).await;
    println!("{} forgiven\n{}", dead.len(), invariants::check(rig, script).await);
}

/// Kills, and keeps count.
struct Torment<'a> {
    rig: &'a Rig,
    script: &'a Script,
    dice: Dice,
    done: u64,
}

impl Torment<'_> {
    /// Kills `victim`, now and then `other` with it, and starts anew what it killed.
    async fn kill(&mut self, mut victim: Life, mut other: Life) -> [Life; 2] {
        self.rig.listen(&mut other).await;
        // Most kills meet a program at work, some one that is just starting.
        if !self.dice.percent(15) {
            self.rig.listen(&mut victim).await;
        }
        // However slow the machine is, kills come no faster than work gets done: else the same few jobs die of all of them.
        until("the work to be kept up with", async || {
            let left = self.rig.books.left().await.ok()?;
            (left.due + left.running < BACKLOG).then_some(())
        })
        .await;
        for _ in 0..self.dice.between(1, 2) {
            self.script.go_on();
        }
        // At a random moment a quick program is idle again: every second kill waits for work that has begun.
        if self.dice.percent(50) {
            until("work to begin, or to be over", async || {
                let is_told = self.rig.world.open_webhooks() == 0;
                let left = self.rig.books.left().await.ok()?;
                (left.running > 0 || (is_told && left.due == 0)).then_some(())
            })
            .await;
            the_fault_lasts(self.dice.between(0, 20)).await;
        } else {
            the_fault_lasts(self.dice.between(20, 300)).await;
        }
        self.rig.kill(victim).await;
        self.done += 1;
        let victim = self.rig.begin(&[]).await;
        if !self.dice.percent(8) {
            self.rig.redeliver();
            return [victim, other];
        }
        self.rig.kill(other).await;
        self.done += 1;
        [victim, self.rig.begin(&[]).await]
    }
}
