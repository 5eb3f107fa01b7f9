//! The issue as the `plan` command reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::cli::plan::nested;
use crate::domain::brief::{self, Alert, Brief, ClosedIssue, Comment, IssueState, OpenIssue, State, Target};
use crate::domain::command::closest::closest;
use crate::domain::command::{self, Dialect};
use crate::domain::escape::shorten;
use crate::domain::event::Milestone;
use crate::domain::failure::Failure;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::Presentation;
use crate::domain::snapshot::{Check, Repository, Snapshot};
use crate::domain::{lenient, misread};
use crate::features::enhance::aim::{Aim, aim};

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
    #[serde(default, deserialize_with = "lenient::object")]
    milestone: Option<Milestone>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    today: Option<String>,
    #[serde(default, deserialize_with = "lenient::objects")]
    comments: Vec<Comment>,
    #[serde(default, deserialize_with = "lenient::object")]
    repository: Option<Repository>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    base_sha: Option<String>,
    #[serde(default)]
    blocked_by: Option<Vec<Neighbor>>,
    #[serde(default)]
    sub_issues: Option<Vec<Neighbor>>,
    #[serde(default, deserialize_with = "lenient::scalars")]
    gone: Vec<i64>,
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
    #[serde(default, deserialize_with = "lenient::names")]
    unread: Vec<String>,
    #[serde(default, deserialize_with = "lenient::names")]
    missing_permissions: Vec<String>,
    #[serde(default)]
    enhance: Option<Command>,
    #[serde(default, deserialize_with = "lenient::objects")]
    revise: Vec<Command>,
    #[serde(default)]
    presentation: Option<Shown>,
}

/// An issue beside this one: what is known of it, or its number alone.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a number is needed, or an object with `number`")]
enum Neighbor {
    Number(IssueNumber),
    Known(IssueState),
}

/// A command to the App: who gave it, and what stood behind its name.
#[derive(Deserialize)]
pub struct Command {
    /// Login.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub author: String,
    /// The words behind the command.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub text: String,
}

/// How the comment is written where the App writes it; without it, as for a first revision and an App nobody knows.
#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    revision: Option<u32>,
    #[serde(default = "slash")]
    prefix: String,
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
    /// What was said to the plan, oldest first; each makes a revision.
    pub revise: Vec<Command>,
    /// How the comment is written, but for its revision where that is counted.
    pub presentation: Presentation,
    /// The revision that the input names.
    pub revision: Option<u32>,
    /// What of the input plays no part, one line each.
    pub notes: Vec<String>,
}

/// The issue and what is said about its repository; a problem names file, line and mend.
pub fn parse(name: &str, text: &str) -> Result<Asked, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let keys = keys(name, text)?;
    let input: Input = serde_json::from_str(text).map_err(|error| problem((name, text), &error))?;
    let notes = unknown(name, &keys)?;
    written(name, text)?;
    if let Some(what) = nested::problem(text) {
        return Err(format!("{name}: {what}"));
    }
    if input.title.trim().is_empty() {
        return Err(format!("{name}: `title` is empty; give the title of the issue"));
    }
    let sha = input.base_sha.unwrap_or_default();
    let commit = (7..=64).contains(&sha.len()) && sha.chars().all(|c| c.is_ascii_hexdigit());
    if !sha.is_empty() && !commit {
        return Err(format!(
            "{name}: `base_sha` is no commit id; give its hexadecimal digits or leave it out"
        ));
    }
    let told = |neighbor: Neighbor| match neighbor {
        Neighbor::Known(state) => state,
        Neighbor::Number(number) => {
            let known = input.open_issues.iter().find(|open| open.number == number);
            IssueState {
                number,
                title: known.map(|open| open.title.clone()).unwrap_or_default(),
                state: known.and_then(|open| open.state),
                state_reason: known.and_then(|open| open.state_reason.clone()),
                carries: Vec::new(),
            }
        }
    };
    let (revision, prefix) =
        input.presentation.map_or_else(|| (None, slash()), |shown| (shown.revision, shown.prefix));
    let presentation = Presentation { prefix, ..Presentation::default() };
    let aim = input.enhance.filter(|aim| !aim.text.trim().is_empty());
    let target = aim.as_ref().map(|aim| target(name, &aim.text, input.number)).transpose()?;
    let brief = Brief {
        title: input.title,
        body: input.body.unwrap_or_default(),
        author: input.author.unwrap_or_default(),
        state: input.state,
        labels: input.labels,
        issue_type: input.issue_type,
        milestone: input.milestone,
        today: input.today,
        comments: said(input.comments, &presentation),
        target: target.unwrap_or_default(),
        aimed_by: aim.map(|aim| aim.author).filter(|author| !author.is_empty()),
        blocked_by: input.blocked_by.unwrap_or_default().into_iter().map(told).collect(),
        sub_issues: input.sub_issues.unwrap_or_default().into_iter().map(told).collect(),
        gone: input.gone.into_iter().map(IssueNumber).collect(),
        unread: input.unread,
        open_issues: input.open_issues,
        history: input.history,
        alerts: input.alerts,
        reactions: input.reactions,
        ..Brief::new(IssueNumber(input.number))
    }
    .bounded();
    let snapshot = Snapshot {
        repository: input.repository.map(with_page).unwrap_or_default(),
        base_sha: sha,
        checks: input.checks,
        missing_permissions: input.missing_permissions,
        ..Snapshot::default()
    };
    Ok(Asked { brief, snapshot, revise: input.revise, presentation, revision, notes })
}

/// What `/enhance` was pointed at.
fn target(name: &str, text: &str, number: i64) -> Result<Target, String> {
    match aim(text) {
        Ok(Aim::Plan { issue, target }) if issue.is_none_or(|issue| issue.0 == number) => Ok(target),
        Ok(Aim::Plan { .. }) => Err(format!(
            "{name}: `enhance.text` names another issue than `number`; give that one's input, or leave it out"
        )),
        Ok(Aim::Discover) => Err(format!(
            "{name}: `enhance.text` asks for candidates, not for a plan; give a path, a symbol or a sentence"
        )),
        Ok(Aim::Misspelled(word)) => Err(format!(
            "{name}: `enhance.text` is `{}`, which is near `discover` and asks for nothing; give a path, a symbol or a sentence",
            printable(&word)
        )),
        Err(Failure::User(said)) => Err(format!("{name}: `enhance.text`: {said}")),
        Err(failure) => Err(format!("{name}: `enhance.text`: {failure:?}")),
    }
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

/// The fields of the input, in the order of the documentation.
const FIELDS: [&str; 25] = [
    "number",
    "title",
    "body",
    "author",
    "state",
    "labels",
    "comments",
    "issue_type",
    "milestone",
    "today",
    "reactions",
    "repository",
    "base_sha",
    "blocked_by",
    "sub_issues",
    "gone",
    "open_issues",
    "history",
    "checks",
    "alerts",
    "unread",
    "missing_permissions",
    "enhance",
    "revise",
    "presentation",
];

/// What a field may be misspelled by: letters more, less, other or swapped.
const REACH: usize = 2;

/// The names of the fields that are given. Values are passed over, however deep they are.
fn keys(name: &str, text: &str) -> Result<Vec<String>, String> {
    let fields: Result<BTreeMap<String, IgnoredAny>, _> = serde_json::from_str(text);
    match fields {
        Ok(fields) => Ok(fields.into_keys().collect()),
        Err(error) if error.classify() == Category::Data => {
            let place = format!("{name}:{}:{}", error.line(), error.column());
            Err(format!(
                "{place}: the input is no JSON object; write one, as in `{{\"number\": 1, \"title\": \"…\"}}`"
            ))
        }
        Err(error) => Err(problem((name, text), &error)),
    }
}

/// A misspelled field is refused: what was meant by it would be missing. Others, such as those GitHub sends, are told of.
fn unknown(name: &str, keys: &[String]) -> Result<Vec<String>, String> {
    let mut left = Vec::new();
    for key in keys.iter().filter(|key| !FIELDS.contains(&key.as_str())) {
        let free = FIELDS.into_iter().filter(|field| !keys.iter().any(|given| given == field));
        let shown = printable(key);
        if let Some(meant) = closest(&key.to_lowercase(), free, REACH.min(key.chars().count() / 3)) {
            return Err(format!("{name}: unknown field `{shown}`; `{meant}` is probably meant"));
        }
        left.push(format!("`{shown}`"));
    }
    Ok(match left.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!(
            "{name}: {one} is no field of the input and plays no part; docs/command-line.md lists them"
        )],
        [first, rest @ ..] => vec![format!(
            "{name}: {first} and {} more are no fields of the input and play no part; docs/command-line.md lists them",
            rest.len()
        )],
    })
}

/// Words of which there are only a few.
#[derive(Deserialize)]
struct Written {
    #[serde(default, deserialize_with = "lenient::scalar")]
    state: Option<String>,
    #[serde(default, deserialize_with = "lenient::objects")]
    comments: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default, deserialize_with = "lenient::scalar")]
    permission: Option<String>,
}

/// A word that is none of those there are would count as nothing.
fn written(name: &str, text: &str) -> Result<(), String> {
    const PERMISSIONS: [&str; 6] = ["none", "read", "triage", "write", "maintain", "admin"];
    let Ok(Written { state, comments }) = serde_json::from_str(text) else { return Ok(()) };
    if let Some(state) =
        state.filter(|state| !["open", "closed"].iter().any(|word| state.eq_ignore_ascii_case(word)))
    {
        return Err(format!("{name}: `state` is `{}`; give `open` or `closed`", printable(&state)));
    }
    let strange = |word: &String| !word.is_empty() && !PERMISSIONS.contains(&word.as_str());
    for (at, said) in comments.iter().enumerate() {
        if let Some(word) = said.permission.as_ref().filter(|word| strange(word)) {
            return Err(format!(
                "{name}: `comments[{at}].permission` is `{}`; give `none`, `read`, `triage`, `write`, `maintain` or `admin`",
                printable(word)
            ));
        }
    }
    Ok(())
}

/// On one line of a terminal.
fn printable(text: &str) -> String {
    shorten(&text.replace(char::is_control, " "), 60)
}

fn problem((name, text): (&str, &str), error: &serde_json::Error) -> String {
    let what = misread::told::<Input>(text, error);
    let mend = match error.classify() {
        Category::Data => "docs/command-line.md lists the fields",
        _ if what.contains("surrogate") || what.contains("hex escape") => {
            "write the letter itself, or both halves of its `\\u` pair"
        }
        _ if what.starts_with("control character") => "write it as an escape, such as `\\n`",
        _ if what.starts_with("number out of range") => "give a smaller number",
        _ => "write one JSON object",
    };
    format!("{name}:{}:{}: {what}; {mend}", error.line(), error.column())
}
