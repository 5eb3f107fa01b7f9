//! What kind of issue it is, with what speaks for it: type, label, alert, paths, then words.

use std::collections::BTreeMap;

use crate::domain::brief::Brief;
use crate::domain::plan::lookup::Lookups;
use crate::domain::plan::model::Classification;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::trace;
use crate::domain::plan::words;

/// Words and what they weigh for a kind.
struct Words {
    kind: &'static str,
    pattern: Pattern,
    weight: f64,
}

static WORDS: [Words; 8] = [
    Words {
        kind: "bug",
        pattern: Pattern::new(
            r"\b(bugs?|crash(?:es)?|broken|regression|fails?|failing|error|exception|panics?|wrong|fehler|absturz|kaputt)\b",
        ),
        weight: 1.0,
    },
    Words {
        kind: "bug",
        pattern: Pattern::new(r"(steps to reproduce|expected behaviou?r|actual behaviou?r|stack ?trace)"),
        weight: 2.0,
    },
    Words {
        kind: "security",
        pattern: Pattern::new(
            r"\b(security|vulnerabilit\w+|cve-\d+-\d+|xss|csrf|injection|brute.?force|leak(?:s|ed)?|secrets?|rate.?limit\w*)\b",
        ),
        weight: 1.2,
    },
    Words {
        kind: "infrastructure",
        pattern: Pattern::new(
            r"\b(docker\w*|terraform|kubernetes|k8s|helm|deploy\w*|hosting|server|cluster)\b",
        ),
        weight: 1.0,
    },
    Words {
        kind: "workflow",
        pattern: Pattern::new(r"\b(workflow|github actions?|ci|pipeline|n8n|automation)\b"),
        weight: 1.0,
    },
    Words {
        kind: "dx",
        pattern: Pattern::new(
            r"\b(docs?|documentation|readme|typo|tooling|lint\w*|contribut\w+|dokumentation)\b",
        ),
        weight: 1.0,
    },
    Words {
        kind: "question",
        pattern: Pattern::new(r"^(how (?:do|can|to)|why|what|is it possible|can i|wie|warum)\b"),
        weight: 1.5,
    },
    Words {
        kind: "code",
        pattern: Pattern::new(
            r"\b(add|support|implement|feature|refactor\w*|optimi[sz]e|faster|cache|option|flag|limit|allow|neue|hinzufügen)\b",
        ),
        weight: 0.8,
    },
];

/// Classifies an issue; below 0.5 it stays `unclassified`.
pub fn classify(brief: &Brief, lookups: &Lookups) -> Classification {
    let mut scores: BTreeMap<&'static str, f64> = BTreeMap::new();
    let mut evidence: Vec<(&'static str, String)> = Vec::new();
    let mut add = |kind: &'static str, weight: f64, what: String| {
        *scores.entry(kind).or_insert(0.0) += weight;
        evidence.push((kind, what));
    };
    if let Some((kind, name)) =
        brief.issue_type.as_deref().and_then(|name| named(name).map(|kind| (kind, name)))
    {
        add(kind, 8.0, format!("issue type {}", words::quoted(name)));
    }
    for label in &brief.labels {
        if let Some(kind) = named(label) {
            add(kind, 5.0, format!("label {}", words::quoted(label)));
        }
    }
    for alert in &brief.alerts {
        add("security", 4.0, format!("{} alert {}", alert.severity, alert.number));
    }
    if trace::has_trace(&brief.body) {
        add("bug", 3.0, "a stack trace".to_owned());
    }
    for path in lookups.existing() {
        if let Some(kind) = by_path(&path) {
            add(kind, 1.5, format!("path {}", words::code(&path)));
        }
    }
    for Words { kind, pattern, weight } in &WORDS {
        if let Some(word) = pattern.first(&brief.title, 1) {
            add(kind, weight * 1.5, format!("title says {}", words::quoted(word)));
        }
        let head: String = brief.body.chars().take(4_000).collect();
        if let Some(word) = pattern.first(&head, 1) {
            add(kind, weight * 0.7, format!("text says {}", words::quoted(word)));
        }
    }
    verdict(&scores, evidence)
}

fn verdict(scores: &BTreeMap<&'static str, f64>, evidence: Vec<(&'static str, String)>) -> Classification {
    let total: f64 = scores.values().sum();
    let best = scores.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
    let Some((kind, score)) = best else {
        return Classification { kind: "unclassified".into(), confidence: 0.0, evidence: Vec::new() };
    };
    let confidence = ((score / (total + 0.5)) * 100.0).round() / 100.0;
    let evidence = evidence.into_iter().filter(|(of, _)| of == kind).map(|(_, what)| what).collect();
    let kind = if confidence < 0.5 { "unclassified" } else { kind };
    Classification { kind: kind.to_owned(), confidence, evidence }
}

fn named(label: &str) -> Option<&'static str> {
    let label = label.to_lowercase();
    let word = label.rsplit(['/', ':']).next().unwrap_or(&label).trim();
    match word {
        "bug" | "defect" | "regression" | "fehler" => Some("bug"),
        "security" | "vulnerability" => Some("security"),
        "infra" | "infrastructure" | "ops" | "deployment" => Some("infrastructure"),
        "workflow" | "ci" | "automation" => Some("workflow"),
        "documentation" | "docs" | "dx" | "tooling" => Some("dx"),
        "question" | "support" => Some("question"),
        "enhancement" | "feature" | "feature request" | "refactor" | "performance" | "code" | "task" => {
            Some("code")
        }
        _ => None,
    }
}

fn by_path(path: &str) -> Option<&'static str> {
    match path {
        _ if path.starts_with(".github/workflows/") => Some("workflow"),
        _ if path.ends_with(".tf") || path.ends_with("Dockerfile") || path.ends_with("fly.toml") => {
            Some("infrastructure")
        }
        _ if path.ends_with(".md") || path.starts_with("docs/") => Some("dx"),
        _ => None,
    }
}
