//! How soon: (value + urgency + unblock) × confidence ÷ size, with every term named.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::Brief;
use crate::domain::plan::dependencies;
use crate::domain::plan::model::{Classification, Priority, WorkItem};
use crate::domain::plan::trace;

/// What holds for the whole issue.
pub struct Stakes {
    value: f64,
    urgency: f64,
    waiting: usize,
    confidence: f64,
    why: Vec<String>,
}

/// Weighs the issue.
pub fn stakes(brief: &Brief, classification: &Classification) -> Stakes {
    let mut people: BTreeSet<&str> = BTreeSet::from([brief.author.as_str()]);
    people.extend(
        brief.comments.iter().filter(|comment| !comment.is_bot).map(|comment| comment.author.as_str()),
    );
    let value = fibonacci(people.len().ilog2() as usize + 1);
    let (urgency, because) = urgency(brief, &classification.kind);
    let waiting = dependencies::waiting(brief).len();
    let (confidence, evidence) = match () {
        () if !brief.alerts.is_empty() => (1.0, "an alert"),
        () if trace::has_trace(&brief.body) => (0.8, "a report with a trace"),
        () => (0.7, "a report"),
    };
    let why = vec![
        format!("value {value}: people who wrote here: {}", people.len()),
        format!("urgency {urgency}: {because}"),
        format!("open issues that wait for this one: {waiting}"),
        format!("confidence {confidence}: {evidence}"),
    ];
    Stakes { value, urgency, waiting, confidence, why }
}

/// Priority of one item; `unblocks` is how many later items wait for it.
pub fn of(item: &WorkItem, unblocks: usize, stakes: &Stakes) -> (Priority, Vec<String>) {
    let unblock = fibonacci(unblocks + stakes.waiting);
    let size = match item.size.bucket.as_str() {
        "XS" => 1.0,
        "S" => 2.0,
        "M" => 5.0,
        "L" => 8.0,
        _ => 13.0,
    };
    let Stakes { value, urgency, confidence, .. } = stakes;
    let score = (((value + urgency + unblock) * confidence / size) * 100.0).round() / 100.0;
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
        "({value} + {urgency} + {unblock}) × {confidence} ÷ {size} ({}) = {score}",
        item.size.bucket
    ));
    (Priority { score, terms }, why)
}

fn urgency(brief: &Brief, kind: &str) -> (f64, String) {
    for label in &brief.labels {
        let lower = label.to_lowercase();
        let weight = match () {
            () if lower.contains("critical") || lower.contains("p0") || lower.contains("urgent") => 13.0,
            () if lower.contains("high") || lower.contains("p1") => 8.0,
            () if lower.contains("low") || lower.contains("p3") => 1.0,
            () => continue,
        };
        return (weight, format!("label “{label}”"));
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

fn fibonacci(step: usize) -> f64 {
    [1.0, 2.0, 3.0, 5.0, 8.0, 13.0].get(step).copied().unwrap_or(13.0)
}
