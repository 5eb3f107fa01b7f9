//! Every figure of `docs/performance.md`: `cargo bench`, or `cargo bench -- quick ingest` for a part of it in less time.
//!
//! Receivers run as processes of their own, one at a time and in turns (floor, ceiling, Millwright, floor, …), over the same
//! disk with the same sync, so that what disturbs one disturbs all. What counts is the ratio within one run.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a program for developers: it measures, prints, and stops at the first thing that is wrong"
)]

mod burst;
mod ceiling;
mod claim;
mod comments;
mod flood;
mod floor;
mod footprint;
mod full;
mod goals;
mod ingest;
mod load;
mod machine;
mod payload;
mod report;
mod running;
mod sweep;

use std::time::Duration;

use crate::goals::Verdicts;

/// How long everything takes.
#[derive(Clone, Copy)]
pub struct Effort {
    /// Turns of each receiver; the median is shown.
    pub rounds: usize,
    /// One turn.
    pub window: Duration,
    /// Deliveries before the memory is read.
    pub deliveries: usize,
    /// Jobs in the queue when a claim is timed.
    pub queues: &'static [usize],
}

const FULL: Effort = Effort {
    rounds: 7,
    window: Duration::from_secs(2),
    deliveries: 50_000,
    queues: &[1_000, 100_000, 1_000_000],
};

const QUICK: Effort =
    Effort { rounds: 3, window: Duration::from_secs(1), deliveries: 50_000, queues: &[1_000, 100_000] };

const PARTS: [&str; 7] = ["ingest", "comments", "claim", "sweep", "burst", "flood", "footprint"];

fn main() {
    // Cargo itself passes `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match words.as_slice() {
        ["floor", secret] => return runtime.block_on(floor::serve(secret)),
        ["ceiling", secret, file] => return runtime.block_on(ceiling::serve(secret, file)),
        _ => {}
    }
    if let Some(unknown) = words.iter().find(|word| **word != "quick" && !PARTS.contains(word)) {
        eprintln!("{unknown:?} is none of: quick, {}", PARTS.join(", "));
        std::process::exit(2);
    }
    let effort = if words.contains(&"quick") { QUICK } else { FULL };
    let all = !words.iter().any(|word| PARTS.contains(word));
    let mut verdicts = Verdicts::default();
    runtime.block_on(async {
        machine::print().await;
        for part in PARTS.iter().filter(|part| all || words.contains(part)) {
            println!();
            match *part {
                "ingest" => ingest::run(effort, &mut verdicts).await,
                "comments" => comments::run(effort, &mut verdicts).await,
                "claim" => claim::run(effort, &mut verdicts).await,
                "sweep" => sweep::run(&mut verdicts).await,
                "burst" => burst::run(&mut verdicts).await,
                "flood" => flood::run(effort, &mut verdicts).await,
                _ => footprint::run(effort, &mut verdicts).await,
            }
        }
    });
    if !verdicts.print() {
        std::process::exit(1);
    }
}
