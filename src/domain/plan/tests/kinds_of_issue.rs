//! How often the kind of an issue is recognized, on issues that were written apart from the words and weights.
//!
//! The fixture is one issue a line: kind, title, body, with tabs between them and `\n` for line ends. Nobody may change a
//! weight because of a line in it; what is learned from it goes into the figure in `docs/plans.md`.

use std::collections::BTreeMap;

use crate::domain::plan::classify::classify;
use crate::domain::plan::lookup::Lookups;

use super::world::issue;

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
