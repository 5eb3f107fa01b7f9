//! Comments and what happened to an issue, in the order of time.

use serde::Serialize;

use crate::cli::demo::script::face;
use crate::cli::demo::view::Scene;
use crate::sandbox::{Comment, EventKind, Issue, IssueEvent, REPOSITORY};

/// One entry of the timeline.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// A comment.
    Comment(Said),
    /// Something that happened.
    Event(Happened),
}

/// A comment.
#[derive(Serialize)]
pub struct Said {
    id: i64,
    author: String,
    bot: bool,
    created_ms: i64,
    edited: bool,
    minimized: Option<String>,
    html: String,
    /// As it was typed, for editing.
    text: String,
    reactions: Vec<Faces>,
    #[serde(skip)]
    worked_on: bool,
}

#[derive(Serialize)]
struct Faces {
    face: String,
    count: usize,
    by: String,
}

/// Something that happened.
#[derive(Serialize)]
pub struct Happened {
    id: i64,
    actor: String,
    at_ms: i64,
    what: String,
    /// The label or the other issue that it is about.
    about: Option<String>,
    /// Number of the other issue.
    number: Option<i64>,
}

impl Entry {
    /// Whether the bot has seen a command in it and has not answered yet.
    pub fn is_worked_on(&self) -> bool {
        matches!(self, Self::Comment(said) if said.worked_on)
    }

    fn at(&self) -> i64 {
        match self {
            Self::Comment(said) => said.created_ms,
            Self::Event(happened) => happened.at_ms,
        }
    }
}

/// The timeline of an issue.
pub fn timeline(scene: &Scene<'_>, issue: &Issue) -> Vec<Entry> {
    let comments = scene.world.comments(REPOSITORY, issue.number);
    let comments = comments.iter().map(|comment| Entry::Comment(said(scene, comment)));
    let events = issue.events.iter().filter_map(|event| happened(scene, event)).map(Entry::Event);
    let mut entries: Vec<Entry> = comments.chain(events).collect();
    entries.sort_by_key(Entry::at);
    entries
}

fn said(scene: &Scene<'_>, comment: &Comment) -> Said {
    let mut reactions: Vec<Faces> = Vec::new();
    for reaction in &comment.reactions {
        let shown = face(&reaction.content);
        match reactions.iter_mut().find(|faces| faces.face == shown) {
            Some(faces) => {
                faces.count += 1;
                faces.by = format!("{}, {}", faces.by, reaction.user);
            }
            None => {
                reactions.push(Faces { face: shown.to_owned(), count: 1, by: reaction.user.clone() });
            }
        }
    }
    let by_bot = |content: &str| {
        comment.reactions.iter().any(|reaction| reaction.user == scene.bot && reaction.content == content)
    };
    let author = comment.author.clone().unwrap_or_else(|| "ghost".to_owned());
    Said {
        id: comment.id,
        bot: comment.via_installation.is_some(),
        created_ms: comment.created_ms,
        edited: comment.updated_ms != comment.created_ms,
        minimized: comment.minimized.clone(),
        html: scene.html(&comment.body),
        text: comment.body.clone(),
        reactions,
        worked_on: by_bot("eyes") && !by_bot("rocket") && !by_bot("confused"),
        author,
    }
}

fn happened(scene: &Scene<'_>, event: &IssueEvent) -> Option<Happened> {
    let (what, about, other) = match &event.kind {
        EventKind::Labeled(label) => ("added the label", Some(label.name.clone()), None),
        EventKind::Unlabeled(label) => ("removed the label", Some(label.name.clone()), None),
        EventKind::Closed(Some(reason)) if reason == "not_planned" => {
            ("closed this as not planned", None, None)
        }
        EventKind::Closed(_) => ("closed this", None, None),
        EventKind::Reopened => ("reopened this", None, None),
        EventKind::Locked => ("locked this", None, None),
        EventKind::Unlocked => ("unlocked this", None, None),
        EventKind::Renamed { to, .. } => ("changed the title to", Some(to.clone()), None),
        EventKind::Assigned(login) => ("assigned", Some(login.clone()), None),
        EventKind::Unassigned(login) => ("unassigned", Some(login.clone()), None),
        EventKind::Related { event, other, .. } => (related(event)?, None, Some(*other)),
    };
    let other = other.and_then(|id| scene.by_id(id));
    Some(Happened {
        id: event.id,
        actor: event.actor.clone(),
        at_ms: event.at_ms,
        what: what.to_owned(),
        about: about.or_else(|| other.map(|issue| format!("#{} {}", issue.number, issue.title))),
        number: other.map(|issue| issue.number),
    })
}

/// GitHub's name of a relation in words.
fn related(event: &str) -> Option<&'static str> {
    match event {
        "sub_issue_added" => Some("added the sub-issue"),
        "sub_issue_removed" => Some("removed the sub-issue"),
        "parent_issue_added" => Some("made this a sub-issue of"),
        "parent_issue_removed" => Some("took this away from"),
        "blocked_by_added" => Some("made this wait for"),
        "blocked_by_removed" => Some("no longer lets this wait for"),
        "blocking_added" => Some("made this come before"),
        "blocking_removed" => Some("no longer puts this before"),
        _ => None,
    }
}
