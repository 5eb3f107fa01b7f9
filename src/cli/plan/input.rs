//! The issue as the `plan` command reads it.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::domain::brief::{self, Alert, Brief, ClosedIssue, Comment, IssueState, OpenIssue, State};
use crate::domain::command::{self, Dialect};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::Presentation;
use crate::domain::snapshot::{Check, Repository, Snapshot};
use crate::domain::{lenient, misread};

#[derive(Deserialize)]
struct Input {
    number: i64,
    title: String,
    #[serde(default, deserialize_with = "lenient::scalar")]
    body: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    author: Option<String>,
    #[serde(default, deserialize_with = "brief::state")]
    state: Option<State>,
    #[serde(default, deserialize_with = "lenient::names")]
    labels: Vec<String>,
    #[serde(default)]
    issue_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::objects")]
    comments: Vec<Comment>,
    #[serde(default, deserialize_with = "lenient::object")]
    repository: Option<Repository>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    base_sha: Option<String>,
    #[serde(default, deserialize_with = "lenient::scalars")]
    blocked_by: Vec<i64>,
    #[serde(default, deserialize_with = "lenient::scalars")]
    sub_issues: Vec<i64>,
    #[serde(default, deserialize_with = "lenient::objects")]
    open_issues: Vec<OpenIssue>,
    #[serde(default, deserialize_with = "lenient::objects")]
    history: Vec<ClosedIssue>,
    #[serde(default, deserialize_with = "lenient::objects")]
    checks: Vec<Check>,
    #[serde(default, deserialize_with = "lenient::objects")]
    alerts: Vec<Alert>,
    #[serde(default)]
    reactions: usize,
    #[serde(default)]
    presentation: Option<Shown>,
}

/// How the comment is written where the App writes it; without it, as for a first revision and an App nobody knows.
#[derive(Deserialize)]
struct Shown {
    #[serde(default = "first")]
    revision: u32,
    #[serde(default = "slash")]
    prefix: String,
}

fn first() -> u32 {
    1
}

fn slash() -> String {
    "/".to_owned()
}

/// What the input asks for.
pub struct Asked {
    /// The issue.
    pub brief: Brief,
    /// What the input itself says of the repository; a folder adds to it.
    pub snapshot: Snapshot,
    /// How the comment is written.
    pub presentation: Presentation,
}

/// The issue and what is said about its repository; a problem names file, line and mend.
pub fn parse(name: &str, text: &str) -> Result<Asked, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let input: Input = serde_json::from_str(text).map_err(|error| problem((name, text), &error))?;
    let sha = input.base_sha.unwrap_or_default();
    let commit = (7..=64).contains(&sha.len()) && sha.chars().all(|c| c.is_ascii_hexdigit());
    if !sha.is_empty() && !commit {
        return Err(format!(
            "{name}: `base_sha` is no commit id; give its hexadecimal digits or leave it out"
        ));
    }
    let state = |number: i64| {
        let number = IssueNumber(number);
        let known = input.open_issues.iter().find(|open| open.number == number);
        IssueState {
            number,
            title: known.map(|open| open.title.clone()).unwrap_or_default(),
            state: known.and_then(|open| open.state),
            state_reason: known.and_then(|open| open.state_reason.clone()),
            carries: Vec::new(),
        }
    };
    let presentation = input.presentation.map_or_else(Presentation::default, |shown| Presentation {
        revision: shown.revision,
        prefix: shown.prefix,
    });
    let brief = Brief {
        title: input.title,
        body: input.body.unwrap_or_default(),
        author: input.author.unwrap_or_default(),
        state: input.state,
        labels: input.labels,
        issue_type: input.issue_type,
        comments: said(input.comments, &presentation),
        blocked_by: input.blocked_by.iter().map(|number| state(*number)).collect(),
        sub_issues: input.sub_issues.iter().map(|number| state(*number)).collect(),
        open_issues: input.open_issues,
        history: input.history,
        alerts: input.alerts,
        reactions: input.reactions,
        ..Brief::new(IssueNumber(input.number))
    };
    let snapshot = Snapshot {
        repository: input.repository.map(with_page).unwrap_or_default(),
        base_sha: sha,
        checks: input.checks,
        ..Snapshot::default()
    };
    Ok(Asked { brief, snapshot, presentation })
}

/// Comments that say something: whoever only gives a command has said nothing about the issue.
fn said(comments: Vec<Comment>, presentation: &Presentation) -> Vec<Comment> {
    let slug = presentation.prefix.trim().strip_prefix('@').unwrap_or("millwright").to_owned();
    let dialect = Dialect { slug, taken: BTreeSet::new() };
    comments.into_iter().filter(|comment| !command::is_all(&comment.body, &dialect)).collect()
}

/// The page, from owner and name where it is not given.
fn with_page(repository: Repository) -> Repository {
    let known = !repository.owner.is_empty() && !repository.name.is_empty();
    match repository.url.is_empty() && known {
        true => Repository {
            url: format!("https://github.com/{}/{}", repository.owner, repository.name),
            ..repository
        },
        false => repository,
    }
}

fn problem((name, text): (&str, &str), error: &serde_json::Error) -> String {
    let what = misread::told::<Input>(text, error);
    let mend = match error.classify() {
        serde_json::error::Category::Data => "docs/command-line.md lists the fields",
        _ => "write one JSON object",
    };
    format!("{name}:{}:{}: {what}; {mend}", error.line(), error.column())
}
