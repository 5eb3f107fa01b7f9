//! What `--dry-run` shows: the acts in order, told so that a person recognizes them, and the comment that would be written.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::act::{Act, IssueRef};
use crate::domain::escape;
use crate::domain::ids::EffectKey;
use crate::render::view::{Stamp, View};

/// What the dry run of a command shows.
#[derive(Serialize)]
pub struct DryRun {
    command: String,
    acts: Vec<String>,
    body: Option<String>,
}

impl DryRun {
    /// The dry run of `command` (as it is typed, without the flag) that would do `acts`.
    pub fn new(command: String, acts: &[Act]) -> Self {
        let body = acts.iter().find_map(|act| match act {
            Act::Comment(comment) => Some(comment.body.clone()),
            _ => None,
        });
        Self { command, acts: told_all(acts), body }
    }

    /// With further steps behind the acts, Markdown already.
    #[must_use]
    pub fn then(mut self, steps: Vec<String>) -> Self {
        self.acts.extend(steps);
        self
    }

    /// One that would do what is said in `acts`, Markdown already.
    pub fn told(command: String, acts: Vec<String>) -> Self {
        Self { command, acts, body: None }
    }
}

impl View for DryRun {
    const TEMPLATE: &'static str = "answer/dry_run.md.j2";

    fn samples() -> Vec<Self> {
        let nothing = Self { command: "/approve 1".to_owned(), acts: vec![], body: None };
        let something = Self {
            command: "/enhance".to_owned(),
            acts: vec!["comment on #2 (plan)".to_owned()],
            body: Some("**Plannable**".to_owned()),
        };
        vec![nothing, something]
    }

    fn stamp(&self) -> Stamp {
        // The comment that is shown has a footer of its own.
        match &self.body {
            Some(body) if body.contains("<sub>") => Stamp::None,
            _ => Stamp::Bare,
        }
    }
}

/// Acts, one line of Markdown each, as a person recognizes them.
pub fn told_all(acts: &[Act]) -> Vec<String> {
    let titles = titles(acts);
    acts.iter().map(|act| told(act, &titles)).collect()
}

/// Characters of a title, enough to recognize it.
const SHORT: usize = 48;

type Titles<'a> = BTreeMap<&'a EffectKey, String>;

/// The issues that would be opened, by the act that opens them.
fn titles(acts: &[Act]) -> Titles<'_> {
    let opened = acts.iter().filter_map(|act| match act {
        Act::CreateIssue(issue) => {
            Some((&issue.key, format!("“{}”", escape::inline(&escape::shorten(&issue.title, SHORT)))))
        }
        _ => None,
    });
    opened.collect()
}

fn told(act: &Act, titles: &Titles<'_>) -> String {
    match act {
        Act::Comment(comment) => format!("comment on #{}, as shown below", comment.issue),
        Act::CreateIssue(issue) => {
            let labels = issue.labels.iter().map(|label| escape::code_span(label)).collect::<Vec<_>>();
            format!("open the issue “{}”, labeled {}", escape::inline(&issue.title), labels.join(", "))
        }
        Act::AddSubIssue { parent, child } => {
            format!("make {} a sub-issue of #{parent}", named(child, titles))
        }
        Act::BlockedBy { issue, by } => {
            format!("mark {} as blocked by {}", named(issue, titles), named(by, titles))
        }
        Act::Minimize { .. } => "fold the revision before it away as outdated".to_owned(),
        other => other.to_string(),
    }
}

fn named(issue: &IssueRef, titles: &Titles<'_>) -> String {
    match issue {
        IssueRef::New(key) => titles.get(key).cloned().unwrap_or_else(|| issue.to_string()),
        IssueRef::Known { .. } => issue.to_string(),
    }
}
