//! What kind of issue it is, with what speaks for it: type, label, alert, template section, paths, then words.

use std::collections::BTreeMap;

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::lookup::Lookups;
use crate::domain::plan::mentions;
use crate::domain::plan::model::Classification;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{self, Origin};
use crate::domain::plan::trace;
use crate::domain::plan::words;

/// What speaks for no kind alone, so that one weak word does not decide.
const DOUBT: f64 = 0.5;
/// Characters of the body whose words count.
const HEAD: usize = 4_000;

/// What the form of a title weighs.
const TITLE: f64 = 1.0;
/// A statement: somebody or something does this to that.
static HAPPENS: Pattern = Pattern::new(
    r"^.{2,50}? [a-z]{3,}[^s\W]s (?:the|an?|its|all|no|every|each|only|nothing|everything|too|two|twice)\b",
);

/// Words and what they weigh for a kind.
struct Words {
    kind: &'static str,
    pattern: Pattern,
    weight: f64,
}

static WORDS: [Words; 13] = [
    Words {
        kind: "bug",
        pattern: Pattern::new(
            r"\b(bugs?|crash(?:es|ed|ing)?|broken|breaks|regression|fail(?:s|ed|ing|ure)?|errors?|exceptions?|panics?|wrong(?:ly)?|incorrect(?:ly)?|unexpected(?:ly)?|hangs?|freezes?|deadlocks?|segfaults?|corrupt(?:s|ed|ion)?|stuck|does(?: not|n['’]t) work|not working|no longer works?|race condition|infinite loop|off.by.one|fehler|absturz|kaputt)\b",
        ),
        weight: 1.0,
    },
    Words {
        kind: "bug",
        pattern: Pattern::new(
            r"\b(steps to reproduce|to reproduce|expected behaviou?r|actual behaviou?r|stack ?trace|instead of|should(?: not|n['’]t)|even though|twice|ignored|loses|lost)\b",
        ),
        weight: 0.7,
    },
    Words {
        kind: "security",
        pattern: Pattern::new(
            r"\b(security|vulnerab\w+|cve(?:-\d+-\d+)?|xss|csrf|ssrf|rce|injections?|inject|exploit\w*|brute.?forc\w+|leak(?:s|ed|ing)? (?:\w+ )?(?:secrets?|tokens?|passwords?|credentials?|keys?)|secrets?|credentials?|plain ?text passwords?|passwords? in plain|rate.?limit\w*|path traversal|privilege|escalation|encrypt\w*|sanitiz\w+|two.factor|2fa|mfa|totp|session fixation|audit log|content.security.policy|csp|unsigned|signatures? (?:check|verif|valid|mismatch|forg)\w*|(?:verif\w+|check\w*|validat\w+|forge\w*|webhook|request|payload|hmac|digital|cryptographic) (?:\w+ )?signatures?|brute|dos attack|denial of service)\b",
        ),
        weight: 1.4,
    },
    Words {
        kind: "infrastructure",
        pattern: Pattern::new(
            r"\b(docker\w*|containers?|terraform|kubernetes|k8s|helm|deploy\w*|hosting|clusters?|nginx|load.?balancer|autoscal\w+|staging|production|backups?|prometheus|grafana|alertmanager|dns|cdn|aws|s3|gcp|azure|fly\.io|heroku|replicas?|health.?checks?|readiness|liveness|systemd|provision\w*|vpc|ansible|rollout|base image|postgres upgrade|disk space|memory limits?)\b",
        ),
        weight: 1.3,
    },
    Words {
        kind: "workflow",
        pattern: Pattern::new(
            r"\b(workflows?|github actions?|actions?/\w+|ci|pipelines?|n8n|automat\w+|nightly|cron|stale bot|dependabot|renovate|auto.?merge|release job|publish(?:ing)? on|matrix|runners?|build artifacts?|zapier|on every (?:push|pull request|merge|release)|merge queue|required checks?|labeler)\b",
        ),
        weight: 1.4,
    },
    Words {
        kind: "dx",
        pattern: Pattern::new(
            r"\b(docs?|documentation|document|documented|readme|typos?|tutorials?|guides?|docstrings?|contribut\w+|tooling|lint\w*|formatter|devcontainer|makefile|onboarding|quick ?start|type hints?|type stubs?|api reference|set.?up instructions|local(?:ly)? development|develop(?:er|ment) (?:setup|environment|experience)|pre-commit|eslint|prettier|clippy|rustfmt|ruff|changelog|examples?|faq|glossary|dokumentation|anleitung)\b",
        ),
        weight: 1.3,
    },
    Words {
        kind: "question",
        pattern: Pattern::new(
            r"^\W*(how (?:do|can|to|does|should|would)|why|what|which|where|is it possible|is there|are there|can i|can we|does|do i|do you|should i|wie|warum|wo|kann man)\b",
        ),
        weight: 1.2,
    },
    Words {
        kind: "question",
        pattern: Pattern::new(
            r"(\?\s*$|\bquestion\b|\bwondering\b|\bconfused\b|\bbest (?:way|practice)\b|\bany(?:one|body) (?:know|else)\b|\bcan(?:no|')t figure out\b|\bhelp me\b)",
        ),
        weight: 1.0,
    },
    Words {
        kind: "code",
        pattern: Pattern::new(
            r"^\W*(add|support|implement|allow|introduce|provide|extend|expose|enable|improve|refactor|optimi[sz]e|speed up|cache|replace|rename|remove|deprecate|make|let|use|split|extract|simplify|accept|return|validate|parse|export|import|show|store|new)\b",
        ),
        weight: 0.8,
    },
    Words {
        kind: "code",
        pattern: Pattern::new(
            r"\b(feature request|feature|support for|option(?:al)?|flags?|ability to|would be (?:nice|great|useful|helpful)|faster|performance|slow|refactor\w*|endpoint|parameter|pagination|sort(?:ing)?|filter(?:ing)?|api|neue|hinzufügen)\b",
        ),
        weight: 0.6,
    },
    Words {
        kind: "security",
        pattern: Pattern::new(
            r"\b(without (?:a )?(?:permission|authenticat\w+|authori[sz]ation)|unauthenticated|unauthori[sz]ed|any user can|anyone can|other users?['’]s?|bypass\w*|log(?:s|ged)? (?:the )?(?:passwords?|tokens?)|hash(?:ed)? passwords?)\b",
        ),
        weight: 1.2,
    },
    Words {
        kind: "workflow",
        pattern: Pattern::new(
            r"\b((?:release|build|test|deploy|nightly|lint) (?:job|workflow|pipeline)s?)\b",
        ),
        weight: 0.8,
    },
    Words {
        kind: "dx",
        pattern: Pattern::new(
            r"\b(misspell\w*|spelling|broken link|dead link|outdated|unclear|explain|describe how)\b",
        ),
        weight: 0.9,
    },
];

/// Headings that templates give to one kind.
static SECTIONS: [(&str, Pattern); 3] = [
    (
        "bug",
        Pattern::new(r"(?m)^#{1,6}\s*(steps to reproduce|to reproduce|actual behaviou?r|describe the bug)\b"),
    ),
    (
        "code",
        Pattern::new(
            r"(?m)^#{1,6}\s*(describe the solution|feature description|proposed solution|describe alternatives)\b",
        ),
    ),
    ("question", Pattern::new(r"(?m)^#{1,6}\s*(your question|what have you tried)\b")),
];

/// What a piece of evidence is, from the weakest. All that is weaker says together at most half of what one says, so that two
/// labels do not outweigh a type, nor many words a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// Sections, paths and words of the issue, side by side.
    Text,
    /// An alert that somebody linked.
    Alert,
    /// A label that names a kind.
    Label,
    /// GitHub's own issue type.
    Type,
}

const RANKS: [Rank; 4] = [Rank::Text, Rank::Alert, Rank::Label, Rank::Type];

impl Rank {
    /// What one of it weighs; what stands in the text has weights of its own.
    fn weight(self) -> f64 {
        match self {
            Self::Text => 0.0,
            Self::Alert => 4.0,
            Self::Label => 5.0,
            Self::Type => 8.0,
        }
    }
}

/// What a type or label weighs that only says that there is work.
const TASK: f64 = 2.0;

/// What speaks for a kind.
struct Evidence {
    kind: &'static str,
    rank: Rank,
    weight: f64,
    told: String,
}

/// Classifies an issue; below 0.5 it stays `unclassified`, and the first piece of evidence says because of what.
pub fn classify(brief: &Brief, lookups: &Lookups) -> Classification {
    let mut evidence = given(brief);
    let mut add = |kind: &'static str, weight: f64, told: String| {
        evidence.push(Evidence { kind, rank: Rank::Text, weight, told });
    };
    if trace::has_trace(&brief.body) {
        add("bug", 3.0, "a stack trace".to_owned());
    }
    for (kind, section) in &SECTIONS {
        if let Some(heading) = section.first(&brief.body, 1) {
            add(kind, 1.5, format!("section {}", words::quoted(heading)));
        }
    }
    for path in lookups.existing() {
        if let Some(kind) = by_path(&path) {
            add(kind, 1.5, format!("path {}", words::code(&path)));
        }
    }
    let head: String = brief.body.chars().take(HEAD).collect();
    for Words { kind, pattern, weight } in &WORDS {
        for (where_, text, share) in [("title", brief.title.as_str(), 1.5), ("text", head.as_str(), 0.5)] {
            let mut share = share;
            for word in distinct(pattern, text) {
                add(kind, weight * share, format!("{where_} says {}", words::quoted(word)));
                // The second word of a kind says less than the first.
                share /= 2.0;
            }
        }
    }
    // The form of a title says little: it counts where nothing speaks for another kind.
    let form = match () {
        () if evidence.iter().any(|one| !matches!(one.kind, "bug" | "code")) => None,
        () if asks::is_imperative(&brief.title) => Some(("code", "the title says what to do")),
        () if asks::tells_fault(&brief.title) && !statement::is_wanted(&brief.title)
            || HAPPENS.is_in(&brief.title) =>
        {
            Some(("bug", "the title tells what happens"))
        }
        () => None,
    };
    if let Some((kind, told)) = form {
        evidence.push(Evidence { kind, rank: Rank::Text, weight: TITLE, told: told.to_owned() });
    }
    verdict(evidence)
}

/// What people and scanners have said of the kind, beside the text.
fn given(brief: &Brief) -> Vec<Evidence> {
    let said = |rank: Rank, what: &str, name: &str| {
        let told = format!("{what} {}", words::quoted(name));
        match bare(name).as_str() {
            // Work of any kind is a task.
            "task" => Some(Evidence { kind: "code", rank: Rank::Text, weight: TASK, told }),
            name => named(name).map(|kind| Evidence { kind, rank, weight: rank.weight(), told }),
        }
    };
    let mut out: Vec<Evidence> =
        brief.issue_type.iter().filter_map(|name| said(Rank::Type, "issue type", name)).collect();
    out.extend(brief.labels.iter().filter_map(|label| said(Rank::Label, "label", label)));
    out.extend(brief.alerts.iter().map(|alert| Evidence {
        kind: "security",
        rank: Rank::Alert,
        weight: Rank::Alert.weight(),
        told: format!("{} alert {}", alert.severity, alert.number),
    }));
    out
}

/// What speaks for each kind, all in all.
fn scores(evidence: &[Evidence]) -> BTreeMap<&'static str, f64> {
    let mut scores: BTreeMap<&'static str, f64> = BTreeMap::new();
    for rank in RANKS {
        let mut own = evidence.iter().filter(|one| one.rank == rank).peekable();
        let (weaker, most) = (scores.values().sum::<f64>(), rank.weight() / 2.0);
        if own.peek().is_some() && weaker > most {
            scores.values_mut().for_each(|score| *score *= most / weaker);
        }
        for one in own {
            *scores.entry(one.kind).or_insert(0.0) += one.weight;
        }
    }
    scores
}

/// At most three different matches.
fn distinct<'t>(pattern: &Pattern, text: &'t str) -> Vec<&'t str> {
    let mut out: Vec<&str> = Vec::new();
    for word in pattern.all(text, 1) {
        if out.len() < 3 && !out.iter().any(|seen| seen.eq_ignore_ascii_case(word)) {
            out.push(word);
        }
    }
    out
}

fn verdict(evidence: Vec<Evidence>) -> Classification {
    let scores = scores(&evidence);
    let total: f64 = scores.values().sum();
    let mut ranked: Vec<(&str, f64)> = scores.iter().map(|(kind, score)| (*kind, *score)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let Some((kind, score)) = ranked.first().copied() else {
        let because = "unclassified, because no type, label, path or word speaks for a kind".to_owned();
        return Classification { kind: "unclassified".into(), confidence: 0.0, evidence: vec![because] };
    };
    let confidence = ((score / (total + DOUBT)) * 100.0).round() / 100.0;
    if confidence >= 0.5 {
        let evidence = evidence.into_iter().filter(|one| one.kind == kind).map(|one| one.told).collect();
        return Classification { kind: kind.to_owned(), confidence, evidence };
    }
    let because = match ranked.get(1) {
        Some((second, _)) => format!("unclassified, because it may be {kind} as well as {second}"),
        None => format!("unclassified, because little speaks for {kind}"),
    };
    let mut all = vec![because];
    all.extend(evidence.into_iter().map(|one| format!("{}: {}", one.kind, one.told)));
    Classification { kind: "unclassified".to_owned(), confidence, evidence: all }
}

static CONDITION: Pattern = Pattern::new(
    r"\b(?:when|while|after|if|during|whenever|once|on|with|without|for|in|at|as soon as|wenn|nach|beim|bei)\s+([^.,;!?]{3,120})",
);
/// What everybody does with everything: no circumstance.
const ANYHOW: [&str; 12] = [
    "use",
    "using",
    "try",
    "run",
    "running",
    "start",
    "work",
    "time",
    "day",
    "moment",
    "today",
    "everything",
];

/// Is a report nothing but words? It has no step, input, output, name, number or circumstance, however loud.
pub fn tells_nothing(scene: &Scene<'_>) -> bool {
    scene.reading.demands.iter().all(|demand| demand.origin == Origin::Report) && is_wordy(scene)
}

fn is_wordy(scene: &Scene<'_>) -> bool {
    let Scene { brief, reading, .. } = scene;
    let said = std::iter::once(brief.title.as_str())
        .chain(reading.talk.iter().chain(&reading.demands).map(|one| one.text.as_str()));
    let telling = |text: &str, least: usize| {
        let named = !mentions::mentions(text).is_empty() || text.chars().any(|c| c.is_ascii_digit());
        let told = |condition: &str| {
            words::nouns(condition).iter().filter(|word| !ANYHOW.contains(&word.as_str())).count() >= least
        };
        named || CONDITION.all(text, 1).into_iter().any(told)
    };
    let parts = reading.talk.iter().filter_map(|one| one.section.as_deref());
    reading.blocks.is_empty()
        && reading.language.is_none()
        && !trace::has_trace(&brief.body)
        && !parts.into_iter().any(|part| asks::is_steps(part) || asks::is_expected(part))
        && !telling(&brief.title, 1)
        && !said.skip(1).any(|text| telling(text, 2))
}

/// `type: Bug` says `bug`.
fn bare(label: &str) -> String {
    let label = label.to_lowercase();
    label.rsplit(['/', ':']).next().unwrap_or(&label).trim().to_owned()
}

fn named(label: &str) -> Option<&'static str> {
    match label {
        "bug" | "defect" | "regression" | "fehler" => Some("bug"),
        "security" | "vulnerability" => Some("security"),
        "infra" | "infrastructure" | "ops" | "deployment" => Some("infrastructure"),
        "workflow" | "ci" | "automation" => Some("workflow"),
        "documentation" | "docs" | "dx" | "tooling" => Some("dx"),
        "question" | "support" => Some("question"),
        "enhancement" | "feature" | "feature request" | "refactor" | "performance" | "code" => Some("code"),
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
