//! Open issues that nobody has planned.

use crate::domain::brief::Brief;
use crate::domain::discover::Source;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms};
use crate::domain::discover::facts::{Facts, Unplanned};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{dependencies, priority, size, statement, trace, words};

/// The source.
pub static SOURCE: Source = Source { name: "issue", find };

/// Labels by which people say that nothing is to be done.
static SETTLED: Pattern =
    Pattern::new(r"^(?:wontfix|won't fix|duplicate|invalid|question|stale|blocked|on hold|discussion)$");

fn find(facts: &Facts) -> Vec<Candidate> {
    let edges = dependencies::edges(&facts.open, &facts.snapshot.repository);
    let open = facts.unplanned.iter().filter(|issue| !issue.labels.iter().any(|label| SETTLED.is_in(label)));
    open.map(|issue| candidate(facts, issue, dependencies::waiting_on(&edges, issue.number).len())).collect()
}

fn candidate(facts: &Facts, issue: &Unplanned, waiting: usize) -> Candidate {
    let brief = Brief { title: issue.title.clone(), body: issue.body.clone(), ..Brief::new(issue.number) };
    let demands = statement::read(&brief).demands.len();
    let voices = 1 + issue.comments + issue.reactions;
    let value = priority::reach(voices);
    let (urgency, pressing) =
        priority::by_label(&issue.labels).unwrap_or((1.0, "no label says more".to_owned()));
    let (confidence, evidence) = match (trace::can_be_repeated(&issue.body), demands) {
        (true, _) => (0.8, "a report that can be repeated"),
        (false, 0) => (0.4, "a wish that names nothing to see it done by"),
        (false, _) => (0.7, "a report"),
    };
    // Nobody knows how large a wish is that names nothing.
    let bucket = if demands == 0 { "M" } else { size::bucket(size::prior_lines(2 * demands, 0)) };
    let days = facts.days_since(issue.created_at_ms);
    let age = match days {
        None => String::new(),
        Some(0) => ", opened today".to_owned(),
        Some(days) => format!(", open for {}", counted(days, "day")),
    };
    let said = counted(i64::try_from(issue.comments).unwrap_or(i64::MAX), "comment");
    let liked = match issue.reactions {
        0 => String::new(),
        reactions => format!(", {}", counted(i64::try_from(reactions).unwrap_or(i64::MAX), "reaction")),
    };
    Candidate {
        title: words::shorten(issue.title.trim(), 90),
        issue: Some(issue.number),
        place: None,
        evidence: vec![Evidence {
            text: format!("#{}: {said}{liked}{age}, no plan", issue.number),
            url: issue.url.clone(),
        }],
        terms: Terms {
            value,
            urgency,
            unblock: priority::steps(waiting),
            confidence,
            size: priority::weight(bucket),
        },
        because: vec![
            format!("value {value}: voices on it: {voices}"),
            format!("urgency {urgency}: {pressing}"),
            format!("unblock {}: open issues that wait for it: {waiting}", priority::steps(waiting)),
            format!("confidence {confidence}: {evidence}"),
            format!(
                "size {}: {bucket}, by {} and nothing else",
                priority::weight(bucket),
                counted(i64::try_from(demands).unwrap_or(i64::MAX), "demand")
            ),
        ],
        since_ms: issue.created_at_ms,
    }
}

/// `1 day`, `3 days`.
pub fn counted(n: i64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
