//! Files that change often and that no test names.

use crate::domain::discover::Source;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms, at};
use crate::domain::discover::facts::Facts;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::{priority, testing};

/// The source.
pub static SOURCE: Source = Source { name: "untested", find };

/// Changes from which a file is much changed.
const MUCH: usize = 3;

fn find(facts: &Facts) -> Vec<Candidate> {
    let places = Places::new(&facts.snapshot);
    let mut out = Vec::new();
    for (path, changes) in &facts.churn {
        let source = places::is_source(path) && !places::is_test(path) && !places::is_aside(path);
        if *changes < MUCH || !source || !places.has(path) {
            continue;
        }
        let Some(missing) = testing::missing_test(&places, path) else { continue };
        // In Rust the tests may stand in the source; one that was not read may have them.
        if path.ends_with(".rs") && places.text(path).is_none() {
            continue;
        }
        out.push(candidate(facts, (path, *changes), &missing));
    }
    out
}

fn candidate(facts: &Facts, (path, changes): (&str, usize), missing: &str) -> Candidate {
    let value = priority::steps(changes.min(5));
    let lines = facts.snapshot.files.get(path).map_or(0, |text| text.lines().count());
    let size = if lines > 400 { 5.0 } else { 2.0 };
    let file = at(&facts.snapshot, path, 0);
    Candidate {
        title: format!("Test `{path}`"),
        issue: None,
        place: None,
        evidence: vec![
            Evidence {
                text: format!("changed in {changes} of the {} newest commits", facts.commits),
                url: file.url,
            },
            Evidence {
                text: format!("no test file is named after it, such as `{missing}`"),
                url: String::new(),
            },
        ],
        terms: Terms { value, urgency: 2.0, unblock: 1.0, confidence: 0.7, size },
        because: vec![
            format!("value {value}: it changed in {changes} of the {} newest commits", facts.commits),
            "urgency 2: each change may break it unseen".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.7: a rule found it, by names; another test may reach it".to_owned(),
            format!("size {size}: {lines} lines to cover"),
        ],
        since_ms: None,
    }
}
