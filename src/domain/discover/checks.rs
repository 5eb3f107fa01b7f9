//! Workflows that fail on the default branch, that pass only sometimes, or that take ever longer.

use crate::domain::discover::Source;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms};
use crate::domain::discover::facts::{Facts, Run};
use crate::domain::discover::issues::counted;

/// The source.
pub static SOURCE: Source = Source { name: "check", find };

/// Runs on each side of a comparison of times: fewer tell nothing.
const ENOUGH: usize = 5;
/// How much slower is worth a word, in hundredths, and in seconds.
const SLOWER: (i64, i64) = (150, 60);

fn find(facts: &Facts) -> Vec<Candidate> {
    let mut names: Vec<&str> = Vec::new();
    for run in &facts.runs {
        if !names.contains(&run.workflow.as_str()) {
            names.push(&run.workflow);
        }
    }
    let mut out = Vec::new();
    for name in names {
        let runs: Vec<&Run> = facts.runs.iter().filter(|run| run.workflow == name).collect();
        out.extend(failing(facts, name, &runs).or_else(|| flaky(name, &runs)));
        out.extend(slower(name, &runs));
    }
    out
}

fn failed(run: &Run) -> bool {
    matches!(run.conclusion.as_str(), "failure" | "timed_out" | "startup_failure")
}

fn passed(run: &Run) -> bool {
    run.conclusion == "success"
}

fn failing(facts: &Facts, name: &str, runs: &[&Run]) -> Option<Candidate> {
    let judged: Vec<&Run> = runs.iter().copied().filter(|run| failed(run) || passed(run)).collect();
    let streak: Vec<&Run> = judged.iter().copied().take_while(|run| failed(run)).collect();
    let (newest, oldest) = (streak.first()?, streak.last()?);
    let branch = &facts.snapshot.repository.default_branch;
    let days = facts.days_since(oldest.started_at_ms).filter(|days| *days > 0);
    let since = days.map(|days| format!(", for {}", counted(days, "day"))).unwrap_or_default();
    let mut evidence = vec![page(newest, &format!("run {} failed", newest.number))];
    if streak.len() > 1 {
        evidence
            .push(page(oldest, &format!("so did the {} before it{since}", counted_runs(streak.len() - 1))));
    }
    evidence.push(match judged.get(streak.len()) {
        Some(good) => page(good, &format!("run {} was the last to pass, at `{}`", good.number, short(good))),
        None => {
            Evidence { text: format!("none of the {} runs seen passed", judged.len()), url: String::new() }
        }
    });
    Some(Candidate {
        title: format!("Mend `{name}`: it fails on `{branch}`"),
        issue: None,
        place: None,
        evidence,
        terms: Terms { value: 8.0, urgency: 13.0, unblock: 1.0, confidence: 0.9, size: 2.0 },
        because: vec![
            "value 8: everybody who opens a pull request meets it".to_owned(),
            "urgency 13: the default branch fails".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.9: a failing check".to_owned(),
            "size 2: S, a guess".to_owned(),
        ],
        since_ms: oldest.started_at_ms,
    })
}

/// The same commit failed and passed, or passed only when somebody started it again.
fn flaky(name: &str, runs: &[&Run]) -> Option<Candidate> {
    let both =
        |run: &&&Run| failed(run) && runs.iter().any(|other| passed(other) && other.head_sha == run.head_sha);
    let again = |run: &&&Run| passed(run) && run.attempt > 1;
    let mut seen: Vec<&Run> = runs.iter().filter(both).copied().collect();
    seen.extend(runs.iter().filter(again).copied());
    let first = seen.first()?;
    let judged = runs.iter().filter(|run| failed(run) || passed(run)).count();
    let mut evidence = vec![Evidence {
        text: format!("{} of {judged} runs changed their mind on one commit", seen.len()),
        url: String::new(),
    }];
    for run in seen.iter().take(2) {
        evidence.push(page(
            run,
            &match run.attempt {
                1 => format!("run {} failed at `{}`, another run of it passed", run.number, short(run)),
                attempt => format!("run {} passed at attempt {attempt}", run.number),
            },
        ));
    }
    Some(Candidate {
        title: format!("Find the flaky test in `{name}`"),
        issue: None,
        place: None,
        evidence,
        terms: Terms { value: 8.0, urgency: 3.0, unblock: 1.0, confidence: 0.9, size: 5.0 },
        because: vec![
            "value 8: everybody who opens a pull request meets it".to_owned(),
            "urgency 3: people learn not to look".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.9: both results on one commit".to_owned(),
            "size 5: M, a guess: nothing says which test it is".to_owned(),
        ],
        since_ms: seen.last().unwrap_or(first).started_at_ms,
    })
}

/// Median of the newest runs against that of the ones before.
fn slower(name: &str, runs: &[&Run]) -> Option<Candidate> {
    let timed: Vec<(&Run, i64)> =
        runs.iter().filter(|run| passed(run)).filter_map(|run| Some((*run, run.seconds?))).collect();
    let (new, old) = timed.split_at_checked(ENOUGH)?;
    if old.len() < ENOUGH {
        return None;
    }
    let (now, before) = (median(new)?, median(old)?);
    if now * 100 < before * SLOWER.0 || now - before < SLOWER.1 {
        return None;
    }
    let times = format!("{before} s to {now} s");
    Some(Candidate {
        title: format!("Make `{name}` faster: it went from {times}"),
        issue: None,
        place: None,
        evidence: vec![page(
            new.first()?.0,
            &format!("median of {} passing runs {before} s, of the newest {}: {now} s", old.len(), new.len()),
        )],
        terms: Terms { value: 5.0, urgency: 2.0, unblock: 1.0, confidence: 0.9, size: 5.0 },
        because: vec![
            "value 5: everybody waits for it".to_owned(),
            "urgency 2: it grows".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.9: measured".to_owned(),
            "size 5: M, a guess".to_owned(),
        ],
        since_ms: new.last().and_then(|(run, _)| run.started_at_ms),
    })
}

fn median(runs: &[(&Run, i64)]) -> Option<i64> {
    let mut seconds: Vec<i64> = runs.iter().map(|(_, seconds)| *seconds).collect();
    seconds.sort_unstable();
    seconds.get(seconds.len() / 2).copied()
}

fn page(run: &Run, text: &str) -> Evidence {
    Evidence { text: text.to_owned(), url: run.url.clone() }
}

fn short(run: &Run) -> &str {
    run.head_sha.get(..7).unwrap_or(&run.head_sha)
}

fn counted_runs(n: usize) -> String {
    if n == 1 { "run".to_owned() } else { format!("{n} runs") }
}
