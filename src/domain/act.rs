//! What deciding hands to doing: every outward act as data, so that performing, dry runs, `observe`, `simulate` and `replay` share one list.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::escape;
use crate::domain::ids::{CommentId, EffectKey, IssueId, IssueNumber};

/// An issue that exists, or one that an earlier act of the same list creates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum IssueRef {
    /// Exists on GitHub.
    Known {
        /// As people see it.
        number: IssueNumber,
        /// As sub-issues and dependencies want it.
        id: IssueId,
    },
    /// Made by the [`Act::CreateIssue`] with this key.
    New(EffectKey),
}

/// A comment to write once, and to edit in place when its text changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentAct {
    /// The same key means the same comment.
    pub key: EffectKey,
    /// Where it stands.
    pub issue: IssueNumber,
    /// `plan`, `answer` …; part of the signed marker.
    pub kind: String,
    /// Markdown without the marker.
    pub body: String,
    /// Further fields of the signed marker, such as `rev`.
    pub fields: Vec<(String, String)>,
}

/// An issue to open once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueAct {
    /// The same key means the same issue.
    pub key: EffectKey,
    /// Plain text, at most 256 characters.
    pub title: String,
    /// Markdown without the marker.
    pub body: String,
    /// Labels; each exists already or is ensured by an earlier act.
    pub labels: Vec<String>,
    /// Further fields of the signed marker, such as `fingerprint`.
    pub fields: Vec<(String, String)>,
}

/// The reactions we use as receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// 👀: seen, at work.
    Eyes,
    /// 🚀: done.
    Rocket,
    /// 😕: refused or not understood; the answer says why.
    Confused,
}

impl Reaction {
    /// GitHub's name of the reaction.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eyes => "eyes",
            Self::Rocket => "rocket",
            Self::Confused => "confused",
        }
    }
}

/// One outward act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Write or edit a comment.
    Comment(CommentAct),
    /// Delete a comment that an earlier try wrote and that the decision of this one does not bear out.
    Withdraw {
        /// The key of the comment.
        key: EffectKey,
        /// Where it stands.
        issue: IssueNumber,
    },
    /// Fold an earlier comment of ours away as outdated.
    Minimize {
        /// The comment.
        comment: CommentId,
        /// Its GraphQL id.
        node_id: String,
    },
    /// Create a label unless the repository has it.
    EnsureLabel {
        /// Name, compared without case.
        name: String,
        /// Six hexadecimal digits.
        color: String,
        /// At most 100 characters.
        description: String,
    },
    /// Open an issue.
    CreateIssue(IssueAct),
    /// Make one issue the sub-issue of another.
    AddSubIssue {
        /// The parent's number.
        parent: IssueNumber,
        /// The child.
        child: IssueRef,
    },
    /// Say that an issue waits for another.
    BlockedBy {
        /// The one that waits.
        issue: IssueRef,
        /// The one it waits for.
        by: IssueRef,
    },
    /// Close an issue as not planned.
    Close {
        /// The same key means the same closing.
        key: EffectKey,
        /// Which.
        issue: IssueNumber,
    },
    /// Leave a receipt on a comment.
    React {
        /// The comment.
        comment: CommentId,
        /// Which.
        reaction: Reaction,
    },
    /// Take a receipt of ours back.
    Unreact {
        /// The comment.
        comment: CommentId,
        /// Which.
        reaction: Reaction,
    },
}

impl Act {
    /// The issue it touches, or the parent of the one it opens, where that is known before it is done.
    pub fn issue(&self) -> Option<IssueNumber> {
        match self {
            Self::Comment(act) => Some(act.issue),
            Self::AddSubIssue { parent: issue, .. }
            | Self::Close { issue, .. }
            | Self::Withdraw { issue, .. }
            | Self::BlockedBy { issue: IssueRef::Known { number: issue, .. }, .. } => Some(*issue),
            Self::CreateIssue(act) => {
                let parent = act.fields.iter().find(|(name, _)| name == "parent")?;
                parent.1.parse().ok().map(IssueNumber)
            }
            _ => None,
        }
    }
}

/// Characters of a text that are enough to recognize it.
const GIST_CHARS: usize = 120;

impl Act {
    /// What it says, in one short line: the title of an issue, the first line of a comment. For the log and the record of mode
    /// `observe`; empty for what says nothing.
    pub fn gist(&self) -> String {
        let text = match self {
            Self::Comment(act) => act.body.as_str(),
            Self::CreateIssue(act) => act.title.as_str(),
            _ => "",
        };
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let printable: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        escape::shorten(printable.trim(), GIST_CHARS)
    }
}

impl fmt::Display for IssueRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { number, .. } => write!(f, "#{number}"),
            Self::New(_) => f.write_str("the new issue"),
        }
    }
}

/// One line for a dry run, a log or the record of mode `observe`. Titles and bodies are not in it.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment(act) => write!(f, "comment on #{} ({})", act.issue, act.kind),
            Self::Withdraw { issue, .. } => write!(f, "delete an earlier answer on #{issue}"),
            Self::Minimize { comment, .. } => write!(f, "fold comment {comment} away as outdated"),
            Self::EnsureLabel { name, .. } => write!(f, "create the label `{name}` unless it exists"),
            Self::CreateIssue(act) => write!(f, "open an issue with {} label(s)", act.labels.len()),
            Self::AddSubIssue { parent, child } => write!(f, "make {child} a sub-issue of #{parent}"),
            Self::BlockedBy { issue, by } => write!(f, "mark {issue} as blocked by {by}"),
            Self::Close { issue, .. } => write!(f, "mark #{issue} as closed, not planned"),
            Self::React { comment, reaction } => {
                write!(f, "react to comment {comment} with {}", reaction.name())
            }
            Self::Unreact { comment, reaction } => {
                write!(f, "take the reaction {} on comment {comment} back", reaction.name())
            }
        }
    }
}
