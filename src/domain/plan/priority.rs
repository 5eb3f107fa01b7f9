//! How soon: (value + urgency + unblock) × confidence ÷ size, with every term named.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::brief::{Brief, OpenIssue};
use crate::domain::plan::model::{Classification, Priority, WorkItem};
use crate::domain::plan::trace;
use crate::domain::plan::words;
use crate::domain::snapshot::Check;

/// What value, urgency and unblock have to reach together to be called much.
const MUCH: f64 = 8.0;
/// Likeness of titles from which another issue asks for the same.
const SAME: f64 = 0.6;

/// What holds for the whole issue.
pub struct Stakes {
    value: f64,
    urgency: f64,
    waiting: usize,
    confidence: f64,
    why: Vec<String>,
}

/// Weighs the issue; `checks` are those of the commit that is planned on, `waiting` is how many open issues wait for it.
pub fn stakes(brief: &Brief, classification: &Classification, checks: &[Check], waiting: usize) -> Stakes {
    let mut people: BTreeSet<&str> = BTreeSet::from([brief.author.as_str()]);
    people.extend(
        brief.comments.iter().filter(|comment| !comment.is_bot).map(|comment| comment.author.as_str()),
    );
    let own = words::nouns(&brief.title);
    let same = |title: &str| own.len() > 1 && words::jaccard(&own, &words::nouns(title)) >= SAME;
    let alike = |issue: &&OpenIssue| {
        !issue.pull_request && brief.sub_issue(issue.number).is_none() && same(&issue.title)
    };
    let doubles = brief.open_issues.iter().filter(alike).count();
    let value = reach(people.len() + brief.reactions + doubles);
    let names: Vec<&str> = people.iter().copied().filter(|name| !name.is_empty()).collect();
    let mut reached =
        format!("value {value}: people who wrote here, bots and bare commands aside: {}", people.len());
    if !names.is_empty() {
        reached.push_str(&format!(" ({})", words::some(&names, 5)));
    }
    if brief.reactions > 0 {
        reached.push_str(&format!(", reactions: {}", brief.reactions));
    }
    if doubles > 0 {
        reached.push_str(&format!(", issues with nearly this title: {doubles}"));
    }
    let (urgency, because) = urgency(brief, &classification.kind, checks);
    let (confidence, evidence) = match () {
        () if !brief.alerts.is_empty() => (1.0, "an alert"),
        () if broken(brief, checks).is_some() => (0.9, "a failing check"),
        () if trace::can_be_repeated(&brief.body) => (0.8, "a report that can be repeated"),
        () => (0.7, "a report"),
    };
    let why = vec![
        reached,
        format!("urgency {urgency}: {because}"),
        format!("open issues that wait for this one: {waiting}"),
        format!("confidence {confidence}: {evidence}"),
    ];
    Stakes { value, urgency, waiting, confidence, why }
}

/// Priority of one item, whose size is `told` so; `unblocks` is how many later items wait for it.
pub fn of((item, told): (&WorkItem, &str), unblocks: usize, stakes: &Stakes) -> (Priority, Vec<String>) {
    let unblock = steps(unblocks + stakes.waiting);
    let size = weight(&item.size.bucket);
    let Stakes { value, urgency, confidence, .. } = stakes;
    let score = rounded((value + urgency + unblock) * confidence / size);
    let terms = BTreeMap::from([
        ("value".to_owned(), *value),
        ("urgency".to_owned(), *urgency),
        ("unblock".to_owned(), unblock),
        ("confidence".to_owned(), *confidence),
        ("size".to_owned(), size),
    ]);
    let mut why = stakes.why.clone();
    why.push(format!("unblock {unblock}: items of this plan that wait for it: {unblocks}"));
    why.push(format!(
        "({value} + {urgency} + {unblock}) × {confidence} ÷ {size} ({told}) = {score}: {}",
        quadrant(value + urgency + unblock, size)
    ));
    (Priority { score, terms }, why)
}

/// The failing workflow that the issue names.
fn broken<'c>(brief: &Brief, checks: &'c [Check]) -> Option<&'c Check> {
    let says = |name: &str| name.len() > 1 && (brief.title.contains(name) || brief.body.contains(name));
    checks
        .iter()
        .filter(|check| check.conclusion.as_deref() == Some("failure"))
        .find(|check| says(&check.name) || check.workflow.as_deref().is_some_and(says))
}

fn urgency(brief: &Brief, kind: &str, checks: &[Check]) -> (f64, String) {
    if let Some(found) = by_label(&brief.labels) {
        return found;
    }
    if let Some(pressing) = by_milestone(brief) {
        return pressing;
    }
    if let Some(check) = broken(brief, checks) {
        return (13.0, format!("`{}` fails on the default branch, and the issue names it", check.name));
    }
    let worst = brief
        .alerts
        .iter()
        .map(|alert| alert.severity.as_str())
        .find(|it| matches!(*it, "high" | "critical"));
    match (worst, kind) {
        (Some(severity), _) => (8.0, format!("an alert of severity {severity}")),
        (None, "security") => (5.0, "type security".to_owned()),
        (None, "bug") => (3.0, "type bug".to_owned()),
        (None, kind) => (1.0, format!("type {kind}")),
    }
}

/// Days that are left from which a milestone presses, and how much.
const PRESSES: [(i64, f64); 3] = [(0, 13.0), (14, 8.0), (60, 3.0)];

/// What the day by which its milestone is due says of the hurry; `None` where none is near.
fn by_milestone(brief: &Brief) -> Option<(f64, String)> {
    let milestone = brief.milestone.as_ref()?;
    let due = day(milestone.due_on.as_deref()?)?;
    let left = (due - day(brief.today.as_deref()?)?).num_days();
    let (most, weight) = PRESSES.into_iter().find(|(most, _)| left <= *most)?;
    let when = match most {
        0 => format!("was due by {due}"),
        most => format!("is due by {due}, within {most} days"),
    };
    Some((weight, format!("milestone “{}” {when}", milestone.title)))
}

/// The day of an instant, or a day alone.
pub fn day(written: &str) -> Option<NaiveDate> {
    written.get(..10)?.parse().ok()
}

/// What a label says of the hurry, the loudest first; `None` where none does.
pub fn by_label(labels: &[String]) -> Option<(f64, String)> {
    let weighed = labels.iter().filter_map(|label| {
        let lower = label.to_lowercase();
        let mut parts = lower.split(|c: char| !c.is_alphanumeric());
        let weight: f64 = parts.find_map(|part| match part {
            "critical" | "p0" | "urgent" | "blocker" => Some(13.0),
            "high" | "p1" | "major" => Some(8.0),
            "medium" | "p2" => Some(3.0),
            "low" | "p3" | "minor" => Some(1.0),
            _ => None,
        })?;
        Some((weight, format!("label “{label}”")))
    });
    weighed.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
}

/// Value of a matter by how many spoke up for it: a Fibonacci step for each doubling.
pub fn reach(voices: usize) -> f64 {
    steps(voices.max(1).ilog2() as usize + 1)
}

/// The Fibonacci number of a step: 1, 2, 3, 5, 8, then 13.
pub fn steps(step: usize) -> f64 {
    [1.0, 2.0, 3.0, 5.0, 8.0, 13.0].get(step).copied().unwrap_or(13.0)
}

/// A size as the divisor.
pub fn weight(bucket: &str) -> f64 {
    match bucket {
        "XS" => 1.0,
        "S" => 2.0,
        "M" => 5.0,
        "L" => 8.0,
        _ => 13.0,
    }
}

/// Two places are enough to compare by.
pub fn rounded(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}

/// Worth against size, in the words of planning meetings.
pub fn quadrant(worth: f64, size: f64) -> &'static str {
    match (worth >= MUCH, size <= 2.0) {
        (true, true) => "a quick win",
        (true, false) => "a major piece",
        (false, true) => "a fill-in",
        (false, false) => "better avoided",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::event::Milestone;
    use crate::domain::ids::IssueNumber;
    use crate::domain::plan::model::Size;

    fn item(bucket: &str) -> WorkItem {
        WorkItem {
            ordinal: 1,
            title: String::new(),
            kind: String::new(),
            requirements: Vec::new(),
            acceptance: Vec::new(),
            size: Size { bucket: bucket.to_owned(), p50: 0, p90: 0, n: 0, prior: true },
            priority: Priority { score: 0.0, terms: BTreeMap::new() },
            depends_on: Vec::new(),
            paths: Vec::new(),
            already: None,
        }
    }

    proptest! {
        #[test]
        fn the_terms_sum_to_the_score(value in 1_u8..14, urgency in 1_u8..14, waiting in 0_usize..9, size in 0_usize..5) {
            let stakes = Stakes {
                value: f64::from(value),
                urgency: f64::from(urgency),
                waiting,
                confidence: 0.7,
                why: Vec::new(),
            };
            let bucket = ["XS", "S", "M", "L", "XL"][size];
            let (priority, why) = of((&item(bucket), bucket), 1, &stakes);
            let term = |name: &str| priority.terms[name];
            let sum = (term("value") + term("urgency") + term("unblock")) * term("confidence") / term("size");
            prop_assert!((sum - priority.score).abs() < 0.0051);
            let shown = format!("= {}: ", priority.score);
            prop_assert!(why.last().is_some_and(|line| line.contains(&shown)));
        }
    }

    #[test]
    fn a_milestone_presses_the_more_the_nearer_it_is() {
        let brief = |due: Option<&str>| Brief {
            milestone: Some(Milestone { title: "2.0".to_owned(), due_on: due.map(str::to_owned) }),
            today: Some("2024-05-01".to_owned()),
            ..Brief::new(IssueNumber(1))
        };
        let of = |due| by_milestone(&brief(due));
        let told = |weight: f64, why: &str| Some((weight, why.to_owned()));
        assert_eq!(of(Some("2024-04-30T07:00:00Z")), told(13.0, "milestone “2.0” was due by 2024-04-30"));
        assert_eq!(
            of(Some("2024-05-15T07:00:00Z")),
            told(8.0, "milestone “2.0” is due by 2024-05-15, within 14 days")
        );
        assert_eq!(of(Some("2024-05-16")).map(|found| found.0), Some(3.0));
        assert_eq!(of(Some("2024-09-01T07:00:00Z")), None);
        assert_eq!(of(None), None);
        assert_eq!(of(Some("soon")), None);
        assert_eq!(by_milestone(&Brief { today: None, ..brief(Some("2024-05-02")) }), None);
    }

    #[test]
    fn labels_are_read_by_their_words() {
        let by = |labels: &[&str]| {
            by_label(&labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>()).map(|found| found.0)
        };
        assert_eq!(by(&["highlight", "lower-case"]), None);
        assert_eq!(by(&["priority: low", "P1"]), Some(8.0));
        assert_eq!(by(&["prio/critical"]), Some(13.0));
    }
}
