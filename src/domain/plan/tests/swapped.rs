//! One issue over several repositories: what a plan says of a tree changes with the tree.

use std::collections::{BTreeMap, BTreeSet};

use super::bug::ledger;
use super::golden;
use super::option::tracer;
use super::rate_limit::{sign_ins, web};
use super::standard::skeleton;
use super::vague::shop;
use super::world::{comment, issue, planned};
use crate::domain::brief::Brief;
use crate::domain::plan::{mentions, words};
use crate::domain::snapshot::Snapshot;

/// A name of code that three of the repositories have, and no path.
fn disk() -> Brief {
    issue(
        51,
        "A full disk goes unnoticed",
        "- [ ] `main` must exit with code 3 when the disk is full\n- [ ] it must print at most 40 lines before that\n",
    )
}

/// Words alone, of which each repository has another one.
fn names() -> Brief {
    issue(50, "Length of names in export and search", "At most 40 letters of a name must be taken.\n")
}

/// The lines that say something, without the one that is called as the issue is.
fn told(brief: &Brief, snapshot: &Snapshot) -> BTreeSet<String> {
    let text = comment(brief, snapshot);
    // What a form puts before a title is no part of it.
    let called = |line: &str| {
        let heading = line.strip_prefix("1. **").and_then(|rest| rest.split_once(".**"));
        heading.is_some_and(|(title, _)| brief.title.to_lowercase().ends_with(&title.to_lowercase()))
    };
    let lines = text.lines().filter(|line| !skeleton(line) && !called(line));
    lines.map(str::to_owned).collect()
}

#[test]
fn one_issue_in_two_repositories_shares_no_line() {
    for (brief, homes) in [
        (
            disk(),
            [(web(), "src/main.rs"), (tracer(), "cmd/tracer/main.go"), (ledger(), "ledger/cli.py")].to_vec(),
        ),
        (names(), [(ledger(), "ledger/export.py"), (shop(), "app/models/search.rb")].to_vec()),
    ] {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (snapshot, home) in homes {
            let plan = planned(&brief, &snapshot);
            let tests = plan.tests.file.as_ref().map(|file| file.path.clone()).unwrap_or_default();
            assert_eq!(plan.work_items[0].paths, [home], "{}", snapshot.repository.name);
            let told = told(&brief, &snapshot);
            // Each demand, the end, and what nobody looked at.
            assert!(told.len() >= plan.requirements.len() + 2, "{told:?}");
            let row = |line: &&String| line.starts_with("| R1 ") && line.contains(home);
            assert!(told.iter().any(|line| row(&line)), "{told:?}");
            assert!(comment(&brief, &snapshot).contains(&tests) && !tests.is_empty(), "{told:?}");
            for line in told {
                let name = snapshot.repository.name.clone();
                if let Some(other) = seen.insert(line.clone(), name) {
                    panic!("{} and {other} share: {line}", snapshot.repository.name);
                }
            }
        }
    }
}

#[test]
fn a_line_that_stays_in_another_repository_says_nothing_of_either() {
    let trees = golden::trees();
    for (index, golden) in golden::all().iter().enumerate() {
        let mut over = vec![&golden.snapshot];
        let others = (1..=2).filter_map(|step| trees.get((index + step) % trees.len()));
        over.extend(others.filter(|tree| tree.repository != golden.snapshot.repository));
        assert!(over.len() > 1, "{}", golden.name);
        let plans: Vec<(&Snapshot, BTreeSet<String>)> =
            over.into_iter().map(|tree| (tree, told(&golden.brief, tree))).collect();
        for pair in plans.windows(2) {
            let [(one, lines), (other, theirs)] = pair else { continue };
            let names = format!("{}: {} and {}", golden.name, one.repository.name, other.repository.name);
            for line in lines.intersection(theirs) {
                assert!(!line.contains("]["), "{names} link alike: {line}");
                for (span, _) in mentions::spans(line).into_iter().filter(|(_, code)| *code) {
                    let has = |tree: &Snapshot| tree.tree.iter().any(|entry| entry.path == span);
                    let said = golden.brief.title.contains(span) || golden.brief.body.contains(span);
                    assert!(has(one) == has(other) && (said || !has(one)), "{names}: `{span}` in {line}");
                }
            }
        }
    }
}

/// The words between quotation marks, code and numbers of the issue: what a line has of it.
fn holds_of(brief: &Brief, line: &str) -> bool {
    let said = format!("{} {}", brief.title, brief.body);
    let lower = said.to_lowercase();
    let words: Vec<&str> = line.split_whitespace().collect();
    let quotes = words.windows(5).any(|run| lower.contains(&run.join(" ").to_lowercase()));
    let codes = mentions::spans(line).into_iter().any(|(span, code)| code && said.contains(span));
    // What is quoted may be cut short, and may have been put in other cases.
    let flat = words::on_one_line(&lower, usize::MAX);
    let said_so = |quote: &str| {
        let mut parts =
            quote.split('…').map(|part| part.trim().to_lowercase()).filter(|part| !part.is_empty());
        parts.clone().next().is_some() && parts.all(|part| flat.contains(&part))
    };
    let quoted =
        line.split('“').skip(1).filter_map(|rest| rest.split_once('”')).any(|(quote, _)| said_so(quote));
    quotes
        || codes
        || quoted
        || line.split(|c: char| !c.is_ascii_digit()).any(|number| !number.is_empty() && said.contains(number))
}

/// The repository and the issue swapped: what a plan says of one issue in one tree it says of no other.
#[test]
fn golden_issues_swapped_with_their_trees_share_no_line() {
    let all = golden::all();
    let mut pairs = 0;
    let mut shared: Vec<String> = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let own = told(&one.brief, &one.snapshot);
        for step in [1, 7] {
            let Some(other) = all.get((index + step) % all.len()) else { continue };
            if other.snapshot.repository == one.snapshot.repository {
                continue;
            }
            pairs += 1;
            let here = told(&one.brief, &other.snapshot);
            let there = told(&other.brief, &one.snapshot);
            let theirs = told(&other.brief, &other.snapshot);
            let names = format!("{} and {}", one.name, other.name);
            // Another issue in another tree, and another issue in the same tree.
            for (left, right) in [(&here, &there), (&here, &theirs), (&own, &there)] {
                shared.extend(left.intersection(right).map(|line| format!("{names}: {line}")));
            }
            // The same issue in another tree: a line may stay that is the issue's own, and none that fits any issue.
            let stays = own.intersection(&here).filter(|line| !holds_of(&one.brief, line));
            shared.extend(stays.map(|line| format!("{names}, of the issue alone: {line}")));
        }
    }
    assert!(pairs > 40, "{pairs}");
    assert!(shared.is_empty(), "{}", shared.join("\n"));
}

#[test]
fn no_other_file_stands_in_for_one_that_is_not_there() {
    let plan = planned(&sign_ins(), &ledger());
    let paths = |index: usize| -> Vec<&str> {
        plan.requirements[index].places.iter().map(|place| place.path.as_str()).collect()
    };
    // `src/auth.rs` is asked for; what configures it is not where it is done.
    assert!(paths(0).is_empty() && paths(2).is_empty(), "{:?}", plan.requirements);
    assert_eq!(paths(1), ["config/limits.toml"]);
    assert!(plan.questions.iter().any(|question| question.slot == "missing.src/auth.rs"));
    let text = comment(&sign_ins(), &ledger());
    assert!(text.contains("how much of `config/limits.toml` changes. Size of 2 is a prior (n=0)."), "{text}");
    // A file that is not there stays as nothing.
    let like =
        issue(9, "One page as the other", "`ledger/cli.py` should work exactly like `ledger/web.py`.\n");
    let cases = &planned(&like, &ledger()).requirements[0].cases;
    assert_eq!(*cases, ["`ledger/cli.py` given what `ledger/web.py` gets: the same result"]);
    let there =
        issue(9, "One page as the other", "`ledger/cli.py` should work exactly like `ledger/export.py`.\n");
    assert_eq!(planned(&there, &ledger()).requirements[0].cases[1], "`ledger/export.py`: as at `c0ffee1`");
}
