//! How long and in how much memory the planner works on a large tree and a long issue.
//!
//! `cargo bench --bench plans` prints the figures and fails beyond one second or 200 MB, when all is printed. The first run of a process compiles the
//! patterns that it meets; its figures stand apart.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark measures time and prints what it measured"
)]

use std::fmt::Write;
use std::time::{Duration, Instant};

use millwright::domain::brief::Brief;
use millwright::domain::ids::IssueNumber;
use millwright::domain::plan::{self, Options, Presentation};
use millwright::domain::snapshot::{EntryKind, Repository, Snapshot, TreeEntry};

const FILES: usize = 50_000;
/// Of each file.
const BYTES: usize = 30_000;
const ISSUE_BYTES: usize = 60 * 1024;
const RUNS: usize = 9;

fn main() {
    let brief = brief();
    let mut snapshot = snapshot();
    let listed = || {
        let read = Instant::now();
        let wanted = plan::wanted(&brief, &snapshot.tree);
        (read.elapsed(), wanted)
    };
    let (cold_listing, wanted) = listed();
    let mut listings: Vec<Duration> = (0..RUNS).map(|_| listed().0).collect();
    listings.sort();
    for path in &wanted {
        let text = source(snapshot.files.len());
        snapshot.files.insert(path.clone(), text);
    }
    let cold = timed(&brief, &snapshot);
    let mut times: Vec<Duration> = (0..RUNS).map(|_| timed(&brief, &snapshot)).collect();
    times.sort();
    let middle = |times: &[Duration]| times.get(RUNS / 2).copied().unwrap_or_default();
    let (listing, median, worst) =
        (middle(&listings), middle(&times), times.last().copied().unwrap_or_default());
    let memory = peak_megabytes();
    println!(
        "tree of {FILES} files, issue of {} bytes, {} files read",
        brief.body.len(),
        snapshot.files.len()
    );
    println!(
        "reading list {listing:?}; plan and comment: median {median:?}, worst {worst:?} of {RUNS}; peak {memory} MB"
    );
    println!("first of the process: reading list {cold_listing:?}; plan and comment {cold:?}");
    let mut missed = Vec::new();
    if median + listing > Duration::from_secs(1) || memory > 200 {
        missed.push("a plan takes more than one second or 200 MB".to_owned());
    }
    let worst = hostile().into_iter().map(|(name, body)| {
        let took = timed(&Brief { body, ..brief.clone() }, &snapshot);
        println!("hostile: {name}: {took:?}");
        took
    });
    if worst.max() > Some(Duration::from_secs(HOSTILE_S)) {
        missed.push(format!("a hostile issue takes more than {HOSTILE_S} s"));
    }
    let memory = peak_megabytes();
    println!("hostile: peak {memory} MB");
    if memory > HOSTILE_MB {
        missed.push(format!("a hostile issue takes more than {HOSTILE_MB} MB"));
    }
    if !missed.is_empty() {
        eprintln!("missed: {}", missed.join("; "));
        std::process::exit(1);
    }
}

/// A source as people write them, as long as the tree says: a definition in ten lines, names of its own in each file.
fn source(file: usize) -> String {
    let nouns = ["record", "service", "account", "ledger", "berth", "ticket", "queue"];
    let mut text = String::new();
    let mut part = 0;
    while text.len() < BYTES {
        let noun = nouns.get((file + part) % nouns.len()).copied().unwrap_or_default();
        let _ = writeln!(
            text,
            "/// Looks after the {noun} of part {part}, which is closed when it is old.\n\
             pub fn handle_{noun}_{file}_{part}({noun}: &Kind{file}, days: u32) -> Result<Status, Error> {{\n    \
             let age = {noun}.age_in_days()?;\n    \
             if age > days {{\n        \
             return Ok(Status::Missing({noun}.id()));\n    \
             }}\n    \
             let total: usize = {noun}.parts().iter().map(|part| part.len()).sum();\n    \
             Ok(Status::Found {{ total }})\n\
             }}\n"
        );
        part += 1;
    }
    text
}

/// Longest that an issue may take which is written to take long, over the same tree.
const HOSTILE_S: u64 = 5;
/// And no more memory than this, in megabytes: issues are planned one at a time beside whatever else runs.
const HOSTILE_MB: u64 = 400;

/// Texts that nobody writes but to see what happens; GitHub takes 65,536 characters, a file on disk may hold more.
fn hostile() -> Vec<(&'static str, String)> {
    vec![
        ("10,000 boxes", "- [ ] `src/a.rs` must answer 404 when nothing is there\n".repeat(10_000)),
        ("one line of 1 MB", "it must answer 404, ".repeat(50_000)),
        ("quotes 2,000 deep", format!("{} it must fail\n", ">".repeat(2_000)).repeat(30)),
        ("1 MB of backticks", "`".repeat(1_000_000)),
        ("200,000 parentheses", "(".repeat(200_000)),
        ("a table of 20,000 rows", format!("| a | b |\n| - | - |\n{}", "| 1 | 404 |\n".repeat(20_000))),
        ("1 MB of nothing but a path", "src/a.rs".repeat(125_000)),
        ("20,000 headings", "## Expected behavior\n\nIt should end.\n\n".repeat(20_000)),
    ]
}

fn timed(brief: &Brief, snapshot: &Snapshot) -> Duration {
    let start = Instant::now();
    let made = plan::plan(brief, snapshot, &Options::default());
    let text = plan::markdown(&made, &Presentation::default());
    let elapsed = start.elapsed();
    assert!(!text.is_empty());
    elapsed
}

fn brief() -> Brief {
    let mut body = String::from("## Acceptance\n");
    let mut number = 0;
    while body.len() < ISSUE_BYTES {
        number += 1;
        let _ = writeln!(
            body,
            "- [ ] `service{}/part{}.rs` must answer 404 when the record {number} is older than {number} days, see `handle_{number}()`",
            number % 97,
            number % 51
        );
    }
    Brief { title: "Clean up the old records of every service".into(), body, ..Brief::new(IssueNumber(1)) }
}

fn snapshot() -> Snapshot {
    let entry = |n: usize| TreeEntry {
        path: format!("service{}/module{}/part{}.rs", n % 97, n % 977, n),
        kind: EntryKind::File,
        size: BYTES as u64,
        sha: format!("{n:040x}"),
    };
    let mut tree: Vec<TreeEntry> = (0..FILES).map(entry).collect();
    tree.sort_by(|a, b| a.path.cmp(&b.path));
    let repository = Repository {
        owner: "acme".into(),
        name: "large".into(),
        url: "https://github.com/acme/large".into(),
        default_branch: "main".into(),
    };
    Snapshot { repository, base_sha: "ab".repeat(20), tree, ..Snapshot::default() }
}

/// Highest resident memory of this process, where the system tells; 0 elsewhere.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}
