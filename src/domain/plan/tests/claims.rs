//! What a plan claims stands in the issue or in the tree, or follows from a number that does.

use std::collections::BTreeSet;

use super::golden::{self, Golden};
use super::world::{comment, planned};
use crate::domain::plan::mentions;

/// Everything a plan may quote: the issue with its comments, paths and contents of the tree, the commit.
fn sources(golden: &Golden) -> String {
    let brief = &golden.brief;
    let mut all = format!("{}\n{}\n{}\n{}", brief.number, brief.title, brief.body, brief.author);
    for said in &brief.comments {
        all.push_str(&format!("\n{}\n{}", said.author, said.body));
    }
    for other in brief.open_issues.iter().map(|one| (one.number, &one.title)) {
        all.push_str(&format!("\n#{} {}", other.0, other.1));
    }
    for child in &brief.sub_issues {
        all.push_str(&format!("\n#{} {}", child.number, child.title));
    }
    for entry in &golden.snapshot.tree {
        all.push_str(&format!("\n{}", entry.path));
    }
    for text in golden.snapshot.files.values() {
        all.push_str(&format!("\n{text}"));
    }
    all.push_str("\nsha");
    all
}

/// The comment without its links, its commands and the defaults of its questions, which are proposals and no claims.
fn claims(golden: &Golden) -> Vec<String> {
    let text = comment(&golden.brief, &golden.snapshot);
    let told = |line: &&str| {
        !line.starts_with('[')
            && !line.starts_with("`/")
            && !line.starts_with("<sub>")
            && !line.starts_with("| |")
    };
    let sha = golden.snapshot.short_sha();
    let plain = |line: &str| {
        let line = line.replace('\\', "").replace(sha, "sha");
        let line = line.split("*Default:").next().unwrap_or_default().to_owned();
        let mut out = String::new();
        let mut rest = line.as_str();
        while let Some((before, after)) = rest.split_once("][") {
            out.push_str(before);
            rest = after.split_once(']').map_or("", |(_, rest)| rest);
        }
        out.push_str(rest);
        out.replace(['[', ']'], "").replace("&lt;", "<").replace("&gt;", ">")
    };
    text.lines().filter(told).map(plain).collect()
}

fn numbers(text: &str) -> BTreeSet<u64> {
    let joined = text.replace(',', "");
    let digits =
        joined.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty() && part.len() < 9);
    digits.filter_map(|part| part.parse().ok()).collect()
}

/// Boundaries of a number: itself, its neighbors, and those in the next finer unit.
fn boundaries(n: u64) -> Vec<u64> {
    let fine = [1, 7, 24, 60, 1_000].map(|unit| n * unit);
    fine.into_iter().flat_map(|n| [n.saturating_sub(1), n, n + 1]).collect()
}

#[test]
fn every_number_is_said_counted_or_next_to_one_that_is_said() {
    for golden in golden::all() {
        let plan = planned(&golden.brief, &golden.snapshot);
        let said = numbers(&sources(&golden));
        let mut known: BTreeSet<u64> = said.iter().flat_map(|n| boundaries(*n)).collect();
        // What the plan counts: its demands, items, cases, questions, options, files and the issue's lines.
        let cases: usize = plan.requirements.iter().map(|one| one.cases.len()).sum();
        let most = [
            cases,
            plan.requirements.len(),
            golden.snapshot.tree.len(),
            golden.brief.body.lines().count(),
            3,
        ];
        known.extend(0..=most.into_iter().max().unwrap_or_default() as u64);
        // The trial values of a configured limit are made up: any two that differ from the issue's do.
        known.extend([2, 9, 10, 11]);
        for line in claims(&golden) {
            for number in numbers(&line) {
                assert!(known.contains(&number), "{}: {number} in {line}", golden.name);
            }
        }
    }
}

/// Words of commands that run tests, by language.
const RUNNERS: &[&str] = &[
    "cargo", "test", "pytest", "npm", "go", "mvn", "dotnet", "filter", "bundle", "exec", "rspec", "ruby",
    "Itest", "Ilib", "Ispec", "Dtest",
];

/// Names of a text, whole: `write_row` is one, and `row` is not in it.
fn names(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|part| !part.is_empty()).collect()
}

#[test]
fn every_name_of_code_stands_in_the_issue_or_the_tree() {
    for golden in golden::all() {
        let sources = sources(&golden);
        let known = names(&sources);
        let plan = planned(&golden.brief, &golden.snapshot);
        let test = plan.tests.file.as_ref().map_or(String::new(), |file| file.path.clone());
        let test = names(&test);
        for line in claims(&golden) {
            for (span, code) in mentions::spans(&line) {
                if !code || span.starts_with("/revise") {
                    continue;
                }
                // A code span that was cut ends in `…`, with its last name whole.
                for word in names(span) {
                    // `xtext` is the refused neighbor of the choice `text`.
                    let neighbor = word.strip_prefix('x').is_some_and(|word| known.contains(word));
                    let counted = word.chars().all(|c| c.is_ascii_digit());
                    assert!(
                        RUNNERS.contains(&word)
                            || test.contains(word)
                            || neighbor
                            || counted
                            || known.contains(word),
                        "{}: `{word}` in {line}",
                        golden.name
                    );
                }
            }
        }
    }
}

#[test]
fn names_that_nobody_wrote_are_told_in_the_words_of_the_title() {
    let snapshot = super::world::repository(
        "acme/kit",
        "abc1234",
        &[("src/whole_thing.rs", "fn x() {}\n"), ("Cargo.toml", "")],
    );
    let brief =
        super::world::issue(7, "The whole thing stops at noon", "When the clock says 12, nothing is shown.");
    let text = comment(&brief, &snapshot);
    assert!(!text.contains("WholeThing") && text.contains("“whole thing”"), "{text}");
}

#[test]
fn every_link_leads_to_a_line_that_is_there() {
    for golden in golden::all() {
        let snapshot = &golden.snapshot;
        let blob = format!("{}/blob/{}/", snapshot.repository.url, snapshot.base_sha);
        let tree = format!("{}/tree/{}", snapshot.repository.url, snapshot.base_sha);
        let text = comment(&golden.brief, snapshot);
        for (label, target) in text.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: ")) {
            if target == tree {
                continue;
            }
            let (path, line) =
                match target.strip_prefix(&blob).map(|rest| rest.split_once("#L").unwrap_or((rest, "1"))) {
                    Some(found) => found,
                    None => panic!("{}: {label} leads to {target}", golden.name),
                };
            let held = snapshot.files.get(path).map(|text| text.lines().count().max(1));
            let line: usize = line.parse().expect("a line");
            assert!(held.is_some_and(|count| line <= count), "{}: {target}", golden.name);
        }
    }
}
