//! The list of candidates as a comment.

use serde::Serialize;

use crate::domain::discover::candidate::{Candidate, Evidence};
use crate::domain::discover::facts::Facts;
use crate::domain::hash;
use crate::domain::plan::markdown;
use crate::domain::plan::words as plan_words;
use crate::features::discover::Shown;
use crate::features::voice::Voice;
use crate::features::words;
use crate::render::view::{Stamp, View};

/// The best candidates, each with its evidence.
#[derive(Serialize)]
pub struct Candidates {
    headline: String,
    rows: Vec<Row>,
    looked_at: String,
    unseen: String,
    commands: String,
    base: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    title: String,
    evidence: String,
    score: String,
}

impl Candidates {
    /// What is shown of a discovery.
    pub fn new(shown: &Shown, facts: &Facts, voice: &Voice) -> Self {
        let mut numbered = shown.candidates.iter().enumerate();
        let issue = numbered.find_map(|(at, candidate)| Some((at + 1, candidate.issue?)));
        let first_other = shown.candidates.iter().position(|candidate| candidate.issue.is_none());
        let mut commands = Vec::new();
        if let Some((number, issue)) = issue {
            commands.push(format!("{} plans D{number}", voice.code(&format!("enhance #{issue}"))));
        }
        if let Some(at) = first_other {
            let command = voice.code("enhance");
            commands.push(format!("D{} is no issue yet: open one, and {command} plans it", at + 1));
        }
        if !shown.candidates.is_empty() {
            commands.push(format!("{} shows the arithmetic", voice.code("why D1")));
        }
        let unseen = facts.unseen.iter().map(|what| markdown::plain(what)).collect::<Vec<_>>();
        Self {
            headline: headline(shown),
            rows: shown.candidates.iter().enumerate().map(|(at, candidate)| row(at + 1, candidate)).collect(),
            looked_at: looked_at(facts),
            unseen: unseen.join("; "),
            commands: commands.join(" · "),
            base: hash::commit(&shown.base_sha),
        }
    }
}

impl View for Candidates {
    const TEMPLATE: &'static str = "enhance/candidates.md.j2";

    fn samples() -> Vec<Self> {
        let nothing = Self {
            headline: "No candidate found.".to_owned(),
            rows: vec![],
            looked_at: "no open issue".to_owned(),
            unseen: String::new(),
            commands: String::new(),
            base: "4f1c2ab".to_owned(),
        };
        let row = Row {
            name: "D1".to_owned(),
            title: "Mend `ci.yml`: it fails on `main`".to_owned(),
            evidence: "[run 12 failed](https://github.com/acme/web/actions/runs/12)".to_owned(),
            score: "9.9".to_owned(),
        };
        let some = Self {
            headline: "One candidate.".to_owned(),
            rows: vec![row],
            commands: "`/why D1` shows the arithmetic".to_owned(),
            ..Self::samples_base()
        };
        vec![nothing, some]
    }

    fn stamp(&self) -> Stamp {
        Stamp::Commit { base: self.base.clone() }
    }
}

impl Candidates {
    fn samples_base() -> Self {
        Self {
            headline: String::new(),
            rows: vec![],
            looked_at: "2 open issues without a plan".to_owned(),
            unseen: "code scanning alerts: not switched on here".to_owned(),
            commands: String::new(),
            base: "4f1c2ab".to_owned(),
        }
    }
}

fn headline(shown: &Shown) -> String {
    let Some(first) = shown.candidates.first() else {
        return "Nothing found that should be done next.".to_owned();
    };
    let title = told(&first.title);
    let title = first.issue.map_or(title.clone(), |issue| format!("#{issue} “{title}”"));
    match (shown.candidates.len(), shown.found) {
        (1, _) => format!("One candidate: {title}."),
        (count, found) if found > count => {
            format!(
                "The best {} of {} candidates. First: {title}.",
                plan_words::number(count),
                plan_words::number(found)
            )
        }
        (count, _) => {
            format!("{} candidates. First: {title}.", plan_words::capitalized(&plan_words::number(count)))
        }
    }
}

fn row(number: usize, candidate: &Candidate) -> Row {
    let evidence = candidate.evidence.iter().map(evidence).collect::<Vec<_>>();
    Row {
        name: format!("D{number}"),
        title: told(&candidate.title),
        evidence: evidence.join(" · "),
        score: candidate.terms.score().to_string(),
    }
}

/// Linked where there is a page for it.
fn evidence(evidence: &Evidence) -> String {
    let text = told(&evidence.text);
    // The number that it begins with is ours; others stand in what was written outside.
    let text = text.strip_prefix("#\u{200b}").map_or_else(|| text.clone(), |number| format!("#{number}"));
    let safe = evidence.url.starts_with("http") && !evidence.url.contains(['(', ')', '<', '>', ' ', '\n']);
    if safe { format!("[{text}]({})", evidence.url) } else { text }
}

/// One line of our own words, with code in it.
fn told(text: &str) -> String {
    markdown::plain(&text.replace(['\n', '\r'], " "))
}

fn looked_at(facts: &Facts) -> String {
    let count = |n: usize, what: &str| match n {
        1 => format!("1 {what}"),
        n => format!("{} {what}s", plan_words::thousands(n)),
    };
    let mut workflows: Vec<&str> = facts.runs.iter().map(|run| run.workflow.as_str()).collect();
    workflows.sort_unstable();
    workflows.dedup();
    let snapshot = &facts.snapshot;
    let mut all = vec![
        format!("{} without a plan", count(facts.unplanned.len(), "open issue")),
        format!("{} of {}", count(facts.runs.len(), "run"), count(workflows.len(), "workflow")),
        format!(
            "{} of {}",
            plan_words::thousands(snapshot.files.len()),
            count(snapshot.file_count(), "file")
        ),
        count(facts.commits, "commit"),
    ];
    all.extend(facts.alerts.as_ref().map(|alerts| match alerts.len() {
        0 => "no alert".to_owned(),
        n => count(n, "alert"),
    }));
    words::listed(&all)
}
