//! How often the kind of an issue is recognized, on issues that were written apart from the words and weights.
//!
//! The fixture is one issue a line: kind, title, body, with tabs between them and `\n` for line ends. Nobody may change a
//! weight because of a line in it; what is learned from it goes into the figure in `docs/plans.md`.

use std::collections::BTreeMap;

use crate::domain::plan::classify::classify;
use crate::domain::plan::lookup::Lookups;

use super::rate_limit::web;
use super::world::{issue, planned};
use crate::domain::brief::{Alert, Brief};

const ISSUES: &str = include_str!("issues.tsv");

struct Score {
    right: usize,
    unclassified: usize,
    wrong: Vec<String>,
}

fn measured() -> (BTreeMap<&'static str, Score>, usize) {
    let mut by_kind: BTreeMap<&str, Score> = BTreeMap::new();
    let mut all = 0;
    for line in ISSUES.lines() {
        let mut fields = line.splitn(3, '\t');
        let kind = fields.next().expect("a kind");
        let (title, body) =
            (fields.next().expect("a title"), fields.next().expect("a body").replace("\\n", "\n"));
        let found = classify(&issue(1, title, &body), &Lookups::default());
        let score =
            by_kind.entry(kind).or_insert_with(|| Score { right: 0, unclassified: 0, wrong: Vec::new() });
        all += 1;
        match found.kind.as_str() {
            right if right == kind => score.right += 1,
            "unclassified" => score.unclassified += 1,
            wrong => score.wrong.push(format!("{wrong}: {title}")),
        }
        assert!(!found.evidence.is_empty(), "{title}");
    }
    (by_kind, all)
}

#[test]
fn what_stays_unclassified_says_because_of_what() {
    let told = |title: &str, body: &str| {
        let found = classify(&issue(1, title, body), &Lookups::default());
        assert_eq!(found.kind, "unclassified", "{title}: {found:?}");
        assert!(found.confidence < 0.5, "{title}: {found:?}");
        found.evidence[0].clone()
    };
    assert_eq!(told("Something", ""), "unclassified, because no type, label, path or word speaks for a kind");
    assert_eq!(
        told("Rate limit failed sign-ins", "It must answer 429 after 5 failed attempts."),
        "unclassified, because it may be security as well as bug"
    );
    assert_eq!(told("Something", "There is a parameter."), "unclassified, because little speaks for code");
    // It is what `/why type` begins with, behind the kind itself.
    let plan = planned(&issue(1, "Something", "There is a parameter."), &web());
    assert_eq!(plan.why["type"][1], "unclassified, because little speaks for code");
    assert!(plan.why["type"][2].contains("“parameter”"), "{:?}", plan.why["type"]);
    // A label decides what words leave open.
    let labeled = Brief { labels: vec!["bug".to_owned()], ..issue(1, "Something", "") };
    assert_eq!(classify(&labeled, &Lookups::default()).kind, "bug");
}

#[test]
fn a_type_outweighs_labels_labels_an_alert_and_all_of_them_words() {
    let loud = issue(
        1,
        "Panic: crash with a wrong error",
        "### Steps to reproduce\n\nIt crashes, it hangs, it fails, and it is broken.\n",
    );
    let kind = |issue_type: Option<&str>, labels: &[&str], brief: &Brief| {
        let found = classify(
            &Brief {
                issue_type: issue_type.map(str::to_owned),
                labels: labels.iter().map(|label| (*label).to_owned()).collect(),
                ..brief.clone()
            },
            &Lookups::default(),
        );
        assert!(found.kind == "unclassified" || found.confidence >= 0.5, "{found:?}");
        (found.kind, found.evidence)
    };
    let alert = |brief: &Brief| Brief {
        alerts: vec![Alert { number: 3, severity: "high".to_owned(), ..Alert::default() }],
        ..brief.clone()
    };
    for (issue_type, labels, brief, expected) in [
        (None, &[][..], &loud, "bug"),
        // Neither two labels nor all words are as much as the type.
        (Some("Feature"), &["bug", "kind/regression"][..], &loud, "code"),
        (Some("Bug"), &["documentation", "docs"][..], &issue(1, "Document the API in the README", ""), "bug"),
        (Some("Feature"), &["security", "bug"][..], &alert(&loud), "code"),
        // What words say is less than one label, and so is an alert.
        (None, &["documentation"][..], &loud, "dx"),
        (None, &["question"][..], &alert(&loud), "question"),
        (None, &[][..], &alert(&loud), "security"),
        // Labels that differ leave it to the words.
        (None, &["documentation", "bug"][..], &loud, "bug"),
        (None, &["documentation", "bug"][..], &issue(1, "Something", ""), "unclassified"),
        // Work of any kind is a task: whatever says more decides.
        (Some("Task"), &[][..], &issue(1, "Something", ""), "code"),
        (Some("Task"), &["documentation"][..], &issue(1, "Something", ""), "dx"),
        (Some("Task"), &[][..], &loud, "bug"),
        // A type that names no kind says nothing.
        (Some("Epic"), &["security"][..], &issue(1, "Something", ""), "security"),
    ] {
        let (found, evidence) = kind(issue_type, labels, brief);
        assert_eq!(found, expected, "{issue_type:?} {labels:?} {}: {evidence:?}", brief.title);
    }
    let (_, evidence) = kind(Some("Feature"), &["enhancement"], &issue(1, "Something", ""));
    assert_eq!(evidence, ["issue type “Feature”", "label “enhancement”"]);
}

#[test]
fn features_speed_and_what_only_the_code_shows_are_one_kind_with_what_speaks_for_it() {
    for (title, word) in [
        ("Add an export of the ledger", "Add"),
        ("Support several currencies", "Support"),
        ("Speed up the import", "Speed up"),
        ("Optimize the search", "Optimize"),
        ("Refactor the parser", "Refactor"),
        ("Split the store into two modules", "Split"),
    ] {
        let found = classify(&issue(1, title, ""), &Lookups::default());
        assert_eq!(found.kind, "code", "{title}: {found:?}");
        assert_eq!(found.evidence[0], format!("title says “{word}”"), "{title}");
    }
}

/// `cargo test --lib kinds_are_recognized -- --nocapture` prints the table.
#[test]
fn kinds_are_recognized_better_than_by_the_most_frequent() {
    let (by_kind, all) = measured();
    assert!(all >= 120, "{all}");
    let right: usize = by_kind.values().map(|score| score.right).sum();
    let open: usize = by_kind.values().map(|score| score.unclassified).sum();
    let most = by_kind.values().map(|score| score.right + score.unclassified + score.wrong.len()).max();
    let most = most.expect("kinds");
    for (kind, score) in &by_kind {
        let of = score.right + score.unclassified + score.wrong.len();
        println!(
            "{kind}: {} of {of}, {} unclassified, wrong: {:?}",
            score.right, score.unclassified, score.wrong
        );
    }
    let share = |n: usize, of: usize| 100 * n / of.max(1);
    println!(
        "right {right} of {all} ({} %), unclassified {open}, right where it says a kind {} %, most frequent kind {} %",
        share(right, all),
        share(right, all - open),
        share(most, all)
    );
    assert!(right >= 2 * most, "{right} right, the most frequent kind alone gives {most}");
    assert!(share(right, all - open) >= 75, "{right} of {}", all - open);
}
