//! Time to the answer with a full queue, while GitHub takes two seconds for each answer of its own.

use std::time::Duration;

use millwright::sandbox::{Effect, Fault};

use crate::Effort;
use crate::goals::{ACK_FULL, ACK_LONG, Goal, Verdicts};
use crate::ingest::{LOOKS, PLAIN, comments};
use crate::load::{Outcome, Until, send};
use crate::report::median;
use crate::running::{Database, GitHub, Running};

/// Deliveries before those that are timed. On every side as many: a file that has grown is written faster.
const BEFORE: usize = 10_000;

/// Two queues, between which comments are timed in turns.
struct Pair {
    /// Commands in the queue of the one side; on the other, all that came before are commands.
    few: usize,
    said: &'static str,
    /// What the timed comments say.
    text: &'static str,
    goal: Goal,
}

const PAIRS: [Pair; 2] = [
    // What people notice: nobody has anything to do on the one side, and every worker waits for GitHub on the other.
    Pair { few: 0, said: "nothing queued", text: PLAIN, goal: ACK_FULL },
    // The length of the queue alone: every worker waits on both sides, and what is timed is put behind what stands in line.
    Pair { few: 64, said: "64 commands queued", text: LOOKS, goal: ACK_LONG },
];

/// Judges the time to the answer at concurrency 16; how many deliveries were refused.
pub async fn run(
    effort: Effort,
    (name, server): (&'static str, Option<&str>),
    verdicts: &mut Verdicts,
) -> usize {
    let github = GitHub::open().await;
    github.world.faults().add(Fault::on("*", "/**", Effect::Delay(Duration::from_secs(2))));
    let mut refused = 0;
    for pair in PAIRS {
        let (mut ratios, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..effort.rounds {
            let few = acks(&github, server, (pair.few, pair.text), effort.window).await;
            let full = acks(&github, server, (BEFORE, pair.text), effort.window).await;
            refused += few.refused + full.refused;
            ratios.push(full.p99_ms / few.p99_ms);
            first.push(few.p99_ms);
            second.push(full.p99_ms);
        }
        let ratio = median(&mut ratios);
        println!(
            "ack p99 at concurrency 16 on {name}, GitHub answering in 2 s: {:.2} ms with {}, {:.2} ms with {BEFORE}, {ratio:.2} ×",
            median(&mut first),
            pair.said,
            median(&mut second),
        );
        verdicts.judge(pair.goal.on(name), ratio);
    }
    refused
}

/// Comments with this text, to a program that has so many commands in its queue; what was refused on the way there is among them.
async fn acks(
    github: &GitHub,
    server: Option<&str>,
    (queued, text): (usize, &str),
    window: Duration,
) -> Outcome {
    let database = Database::on(server).await;
    let receiver = Running::millwright(github, &database.url);
    let mut refused = 0;
    for (text, count) in [("/help", queued), (PLAIN, BEFORE - queued)] {
        refused += send(&receiver.address, &comments(github, text), 16, Until::Sent(count)).await.refused;
    }
    let timed = send(&receiver.address, &comments(github, text), 16, Until::Over(window)).await;
    drop(receiver);
    database.drop_it().await;
    Outcome { refused: refused + timed.refused, ..timed }
}
