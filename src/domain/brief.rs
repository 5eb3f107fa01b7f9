//! What a person asked for: the issue, its conversation and its neighbors, as plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::event::{self, Milestone};
use crate::domain::ids::IssueNumber;
use crate::domain::lenient;

/// Everything about one issue that the planner may look at. Nothing here is trusted; texts are as people typed them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// The issue to plan.
    pub number: IssueNumber,
    /// Its title.
    pub title: String,
    /// Its body, GitHub Markdown; may be empty.
    pub body: String,
    /// Login of its author.
    pub author: String,
    /// Open or closed, where that is known.
    #[serde(default, deserialize_with = "state")]
    pub state: Option<State>,
    /// Label names.
    pub labels: Vec<String>,
    /// GitHub's issue type (`Bug`, `Feature`, `Task`), where the organization uses them.
    pub issue_type: Option<String>,
    /// The milestone that it belongs to.
    #[serde(default)]
    pub milestone: Option<Milestone>,
    /// The day on which it is planned, RFC 3339; without one, no date presses.
    #[serde(default)]
    pub today: Option<String>,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// What `/revise` has said so far, oldest first.
    pub answers: Vec<Answer>,
    /// The numbers that questions had in earlier revisions, by slot: a question keeps its number.
    #[serde(default)]
    pub asked: BTreeMap<String, usize>,
    /// What `/enhance` was pointed at.
    pub target: Target,
    /// Login of who pointed it there, where that is known.
    #[serde(default)]
    pub aimed_by: Option<String>,
    /// Issues that GitHub itself lists as blocking this one.
    pub blocked_by: Vec<IssueState>,
    /// Issues of other repositories that GitHub itself lists as blocking this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked_elsewhere: Vec<Outside>,
    /// Issues that GitHub itself lists as sub-issues of this one.
    pub sub_issues: Vec<IssueState>,
    /// Other open issues of the repository: duplicates, dependency states and who waits for this one.
    pub open_issues: Vec<OpenIssue>,
    /// Closed issues of known size, for the estimate.
    pub history: Vec<ClosedIssue>,
    /// What was there and was not read, each a noun phrase such as `comments after the first 1,000`.
    #[serde(default)]
    pub unread: Vec<String>,
    /// Issues that the text names as coming first and that are not there.
    #[serde(default)]
    pub gone: Vec<IssueNumber>,
    /// Reactions to it.
    #[serde(default)]
    pub reactions: usize,
    /// Security alerts of the repository that somebody linked to the issue.
    pub alerts: Vec<Alert>,
}

/// Bytes of a conversation that are read, the newest: as much as sixteen comments of the longest that GitHub takes.
const CONVERSATION: usize = 1 << 20;

impl Brief {
    /// Leaves out the oldest comments of a conversation that is longer than what is read of one, and says so. The newest is
    /// always kept.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let mut bytes = 0;
        let fits = |comment: &&Comment| {
            bytes += comment.body.len();
            bytes <= CONVERSATION
        };
        let kept = self.comments.iter().rev().take_while(fits).count().max(1);
        if kept < self.comments.len() {
            self.comments.drain(..self.comments.len() - kept);
            self.unread.retain(|said| !said.starts_with(EARLIER));
            self.unread.insert(0, earlier(kept));
        }
        self
    }

    /// Has somebody of this name, who may sort issues, said something here?
    pub fn triages(&self, login: &str) -> bool {
        self.comments.iter().any(|comment| comment.author == login && comment.by_triage())
    }

    /// An issue with nothing but its number.
    pub fn new(number: IssueNumber) -> Self {
        Self {
            number,
            title: String::new(),
            body: String::new(),
            author: String::new(),
            state: None,
            labels: Vec::new(),
            issue_type: None,
            milestone: None,
            today: None,
            comments: Vec::new(),
            answers: Vec::new(),
            asked: BTreeMap::new(),
            target: Target::Issue,
            aimed_by: None,
            blocked_by: Vec::new(),
            blocked_elsewhere: Vec::new(),
            sub_issues: Vec::new(),
            open_issues: Vec::new(),
            history: Vec::new(),
            unread: Vec::new(),
            gone: Vec::new(),
            reactions: 0,
            alerts: Vec::new(),
        }
    }

    /// Every text that people, or the repository, put into it. Names of people, states and days are none.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        // By name, so that a new field has to say which it is.
        let Self {
            number: _,
            title,
            body,
            author: _,
            state: _,
            labels,
            issue_type: _,
            milestone,
            today: _,
            comments,
            answers,
            asked: _,
            target,
            aimed_by: _,
            blocked_by,
            blocked_elsewhere,
            sub_issues,
            open_issues,
            history,
            unread,
            gone: _,
            reactions: _,
            alerts: _,
        } = self;
        let mut all = vec![title, body];
        all.extend(labels);
        all.extend(milestone.iter_mut().map(|milestone| &mut milestone.title));
        all.extend(comments.iter_mut().map(|comment| &mut comment.body));
        all.extend(answers.iter_mut().map(|answer| &mut answer.text));
        match target {
            Target::Issue => {}
            Target::Path(text) | Target::Symbol(text) | Target::Text(text) => all.push(text),
        }
        for issue in blocked_by.iter_mut().chain(sub_issues) {
            all.push(&mut issue.title);
            all.extend(&mut issue.carries);
        }
        all.extend(blocked_elsewhere.iter_mut().map(|outside| &mut outside.name));
        all.extend(open_issues.iter_mut().flat_map(|issue| [&mut issue.title, &mut issue.body]));
        all.extend(history.iter_mut().map(|issue| &mut issue.title));
        all.extend(unread);
        all
    }

    /// The sub-issue of this number, as GitHub lists it.
    pub fn sub_issue(&self, number: IssueNumber) -> Option<&IssueState> {
        self.sub_issues.iter().find(|child| child.number == number)
    }
}

/// What is not read of a long conversation begins so.
const EARLIER: &str = "comments before the newest ";

/// What was not read where only the newest comments were.
pub fn earlier(read: usize) -> String {
    format!("{EARLIER}{read}")
}

/// One comment below the issue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Comment {
    /// Login.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub author: String,
    /// `none`, `read`, `triage`, `write`, `maintain` or `admin`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub permission: String,
    /// RFC 3339, as GitHub writes it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub created_at: String,
    /// GitHub Markdown.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub body: String,
    /// Written by a Bot account.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub is_bot: bool,
}

impl Comment {
    /// May this person change the repository?
    pub fn by_writer(&self) -> bool {
        matches!(self.permission.as_str(), "write" | "maintain" | "admin")
    }

    /// Said to a program or to one person, and not of the matter: a command, a mention.
    pub fn is_addressed(&self) -> bool {
        self.body.trim_start().starts_with(['/', '@'])
    }

    /// May this person sort issues?
    pub fn by_triage(&self) -> bool {
        self.permission == "triage" || self.by_writer()
    }
}

/// One thing somebody said with `/revise`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The slot of the question it answers (its stable name in the plan); `None` is a further statement.
    pub slot: Option<String>,
    /// What was said.
    pub text: String,
    /// Login of who said it.
    pub author: String,
}

/// What `/enhance` was pointed at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The issue itself.
    #[default]
    Issue,
    /// A path of the tree; requirements without a place of their own mean this one.
    Path(String),
    /// A symbol; its file is the place.
    Symbol(String),
    /// A further sentence.
    Text(String),
}

/// Another issue and whether it still stands in the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssueState {
    /// Its number.
    pub number: IssueNumber,
    /// Its title; empty where only the number is known.
    #[serde(default)]
    pub title: String,
    /// Open or closed; `None` where it was not looked up.
    #[serde(default, deserialize_with = "state")]
    pub state: Option<State>,
    /// Why it is closed, as GitHub says: `completed`, `not_planned`, `duplicate`.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub state_reason: Option<String>,
    /// Demands that stand in it in their own words, where we opened it for them.
    #[serde(default, deserialize_with = "lenient::names")]
    pub carries: Vec<String>,
}

impl IssueState {
    /// Closed without being done: whatever it was to bring is still to come.
    pub fn is_dropped(&self) -> bool {
        self.state == Some(State::Closed) && event::is_dropped_for(self.state_reason.as_deref())
    }
}

/// An issue of another repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// As people write it: `other/repo#7`.
    pub name: String,
    /// Open or closed, where that is known.
    #[serde(default, deserialize_with = "state")]
    pub state: Option<State>,
}

/// Whether an issue is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Still to do.
    Open,
    /// Done or dropped.
    Closed,
}

/// `open` or `OPEN`, as GitHub's two interfaces spell it; nothing for anything else.
pub fn state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<State>, D::Error> {
    let written: Option<String> = lenient::scalar(deserializer)?;
    Ok([State::Open, State::Closed]
        .into_iter()
        .find(|state| written.as_deref().is_some_and(|written| written.eq_ignore_ascii_case(state.word()))))
}

impl State {
    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// An issue of the same repository, for duplicates and for who waits for whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenIssue {
    /// Its number.
    pub number: IssueNumber,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub title: String,
    /// Open, or closed within the last months.
    #[serde(default, deserialize_with = "state")]
    pub state: Option<State>,
    /// Why it is closed, as GitHub says: `completed`, `not_planned`, `duplicate`.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub state_reason: Option<String>,
    /// Its body; may be empty.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub body: String,
    /// It is a pull request, which closes what it names when it is merged.
    #[serde(default, deserialize_with = "lenient::is_set")]
    pub pull_request: bool,
}

/// A closed issue whose pull request is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClosedIssue {
    /// Its number.
    pub number: IssueNumber,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub title: String,
    /// Label names.
    #[serde(default, deserialize_with = "lenient::names")]
    pub labels: Vec<String>,
    /// Files its pull request changed.
    #[serde(default, deserialize_with = "lenient::scalars")]
    pub paths: Vec<String>,
    /// Lines added and removed.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub changed_lines: u64,
    /// RFC 3339, as GitHub writes it: estimates are tried in this order.
    #[serde(default)]
    pub closed_at: Option<String>,
}

/// A security alert of GitHub's own scanners.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alert {
    /// Its number on the alerts page.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub number: u64,
    /// `code_scanning`, `dependabot` or `secret_scanning`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub kind: String,
    /// `low`, `medium`, `high` or `critical`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub severity: String,
    /// The file, where there is one.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub path: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{Brief, Comment, IssueNumber};

    fn said(bytes: impl IntoIterator<Item = usize>) -> Brief {
        let comments =
            bytes.into_iter().map(|bytes| Comment { body: "x".repeat(bytes), ..Comment::default() });
        Brief { comments: comments.collect(), ..Brief::new(IssueNumber(1)) }.bounded()
    }

    #[test]
    fn a_conversation_is_read_from_its_end_as_far_as_is_read_of_one() {
        let all = said([60_000; 16]);
        assert_eq!((all.comments.len(), all.unread), (16, vec![]));
        let mut long = said((0..300).map(|at| 60_000 + at));
        assert_eq!(long.comments.len(), 17);
        assert_eq!(long.comments.last().unwrap().body.len(), 60_299);
        assert_eq!(long.unread, ["comments before the newest 17"]);
        long.comments.push(Comment { body: "x".repeat(1 << 20), ..Comment::default() });
        let shorter = long.bounded();
        assert_eq!(
            (shorter.comments.len(), shorter.unread),
            (1, vec!["comments before the newest 1".to_owned()])
        );
    }

    #[test]
    fn the_newest_comment_is_read_whatever_its_length() {
        assert_eq!(said([10, 2 << 20]).comments.len(), 1);
        assert_eq!(said([]).comments.len(), 0);
    }
}
