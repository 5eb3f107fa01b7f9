//! How often a plan names the place of a change that is known: `cargo bench --bench places -- FOLDER`.
//!
//! The folder has one folder for each case, with `issue.json` as `millwright plan` takes it, `repo/`, a checkout of the
//! commit before the change, and `truth.txt`, the paths that the change touched, one in each line. Without a folder there
//! is nothing to measure: issues of other projects are no part of this one.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers: it runs the planner and prints what it measured"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a plan's places met the change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    First,
    Another,
    Missed,
    None,
}

fn main() {
    // `cargo bench -- quick` names a part of another program.
    let Some(folder) = std::env::args().skip(1).find(|argument| Path::new(argument).is_dir()) else {
        println!("places: no folder of cases is given, nothing is measured");
        return;
    };
    let Ok(listed) = fs::read_dir(&folder) else {
        eprintln!("{folder}: cannot be read; give a folder with one folder for each case");
        std::process::exit(2);
    };
    let mut cases: Vec<PathBuf> = listed.flatten().map(|entry| entry.path()).collect();
    cases.retain(|case| case.join("truth.txt").is_file());
    cases.sort();
    let mut all: Vec<(Met, usize)> = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        let Some(places) = planned(case) else {
            eprintln!("{name}: no plan");
            all.push((Met::None, 0));
            continue;
        };
        let truth = fs::read_to_string(case.join("truth.txt")).unwrap_or_default();
        let is_it = |place: &String| truth.lines().any(|path| path.trim() == place);
        let met = match places.iter().position(is_it) {
            Some(0) => Met::First,
            Some(_) => Met::Another,
            None if places.is_empty() => Met::None,
            None => Met::Missed,
        };
        let told = match met {
            Met::First => "first",
            Met::Another => "among",
            Met::Missed => "missed",
            Met::None => "none",
        };
        println!("{told:6} {name}: {}", places.join(", "));
        all.push((met, places.len()));
    }
    let count = |wanted: Met| all.iter().filter(|(met, _)| *met == wanted).count();
    let alone = |wanted: Met| all.iter().filter(|(met, places)| *met == wanted && *places == 1).count();
    println!(
        "of {}: {} first, {} among several, {} missed, {} without a place; told as the only one: {} right, {} wrong",
        all.len(),
        count(Met::First),
        count(Met::Another),
        count(Met::Missed),
        count(Met::None),
        alone(Met::First),
        alone(Met::Missed)
    );
}

/// The files that exist and are told as the place, in their order.
fn planned(case: &Path) -> Option<Vec<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_millwright"))
        .args(["plan", "--format", "json", "--input"])
        .arg(case.join("issue.json"))
        .arg("--repo")
        .arg(case.join("repo"))
        .output()
        .ok()?;
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    let mut places: Vec<String> = Vec::new();
    for place in plan["requirements"].as_array()?.iter().filter_map(|one| one["where"].as_array()).flatten() {
        let said = place.as_str()?;
        let path = said.split(':').next().unwrap_or(said);
        if !said.starts_with("new ") && !places.iter().any(|seen| seen == path) {
            places.push(path.to_owned());
        }
    }
    Some(places)
}
