//! Whether a revision may be approved now, and what approving it does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::act::{Act, IssueAct, IssueRef};
use crate::domain::event::IssueState;
use crate::domain::ids::{EffectKey, IssueNumber};

/// A plan may be approved without naming its revision only when it stood for this long: nobody approves what they could not read.
pub const READING_TIME_MS: i64 = 60_000;

/// The label on every sub-issue we open.
pub const LABEL: &str = "millwright";

/// What is asked, and what is known when it is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The revision named, if one was.
    pub rev: Option<i64>,
    /// When the command was written, unix milliseconds.
    pub written_at_ms: i64,
    /// The newest revision, none when the issue has no plan.
    pub latest: Option<Latest>,
    /// Hash of the issue's title and body as they are now.
    pub issue_hash: String,
    /// Cited files with the blob they have now; `None` = gone.
    pub blobs: BTreeMap<String, Option<String>>,
    /// Head of the default branch now.
    pub head: String,
}

/// The newest revision of an issue's plan.
#[derive(Debug, Clone)]
pub struct Latest {
    /// Its comment stands in the issue, so that people could read it.
    pub posted: bool,
    /// Counts from 1 on each issue.
    pub rev: i64,
    /// Whether it was approved already.
    pub approved: bool,
    /// When it was posted, unix milliseconds.
    pub posted_at_ms: i64,
    /// Hash of the issue's title and body that it was made for.
    pub issue_hash: String,
    /// Cited files with their blobs at the base.
    pub cited: BTreeMap<String, String>,
    /// The commit it was made at.
    pub base: String,
    /// How many work items it proposes.
    pub items: usize,
}

/// The answer to an [`Ask`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Go on; `moved` when the default branch has moved since without touching a cited file.
    Approved {
        /// The default branch has a newer head than the plan's base.
        moved: bool,
    },
    /// Not now, because.
    Refused(Refusal),
}

/// Why a revision is not approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    /// There is no plan on this issue.
    NoPlan,
    /// No such revision, or not the newest one.
    NotLatest {
        /// The newest.
        latest: i64,
    },
    /// Nobody could read it: its comment was never posted.
    NotPosted {
        /// Which.
        rev: i64,
    },
    /// It was approved before.
    Already {
        /// Which.
        rev: i64,
    },
    /// Posted within [`READING_TIME_MS`] of the command, which named no revision.
    TooNew {
        /// Which.
        rev: i64,
    },
    /// Title or body of the issue changed.
    IssueChanged {
        /// Which.
        rev: i64,
    },
    /// Cited files changed.
    FilesChanged {
        /// Which.
        rev: i64,
        /// Their paths, sorted.
        paths: Vec<String>,
    },
    /// The plan proposes no work items; its questions come first.
    NothingToDo {
        /// Which.
        rev: i64,
    },
}

/// Judges an approval. The order of the checks is the order of what a person would want to hear first.
pub fn judge(ask: &Ask) -> Verdict {
    let Some(latest) = &ask.latest else { return Verdict::Refused(Refusal::NoPlan) };
    let rev = latest.rev;
    if ask.rev.is_some_and(|asked| asked != rev) {
        return Verdict::Refused(match latest.posted {
            true => Refusal::NotLatest { latest: rev },
            false => Refusal::NotPosted { rev },
        });
    }
    if latest.approved {
        return Verdict::Refused(Refusal::Already { rev });
    }
    if !latest.posted {
        return Verdict::Refused(Refusal::NotPosted { rev });
    }
    if ask.rev.is_none() && ask.written_at_ms < latest.posted_at_ms + READING_TIME_MS {
        return Verdict::Refused(Refusal::TooNew { rev });
    }
    if latest.items == 0 {
        return Verdict::Refused(Refusal::NothingToDo { rev });
    }
    if ask.issue_hash != latest.issue_hash {
        return Verdict::Refused(Refusal::IssueChanged { rev });
    }
    let changed = latest
        .cited
        .iter()
        .filter(|(path, blob)| ask.blobs.get(*path).and_then(Option::as_ref) != Some(*blob))
        .map(|(path, _)| path.clone())
        .collect::<Vec<_>>();
    if !changed.is_empty() {
        return Verdict::Refused(Refusal::FilesChanged { rev, paths: changed });
    }
    Verdict::Approved { moved: ask.head != latest.base }
}

/// One work item on its way to becoming a sub-issue.
#[derive(Debug, Clone)]
pub struct Draft {
    /// 1-based position in the plan.
    pub ordinal: usize,
    /// Plain text.
    pub title: String,
    /// Markdown without the marker.
    pub body: String,
    /// Same text and requirement, same fingerprint: see [`fingerprint`].
    pub fingerprint: String,
    /// What it waits for.
    pub waits_for: Vec<Wait>,
    /// An issue that is this work item already; no new one is opened.
    pub existing: Option<Existing>,
    /// A label of the repository's own that fits its kind: see [`labels_for`].
    pub label: Option<String>,
}

/// An issue that is a work item already.
#[derive(Debug, Clone)]
pub struct Existing {
    /// Which.
    pub issue: IssueRef,
    /// A closed one is done: it is named, and left as it is.
    pub state: IssueState,
    /// What it waits for already.
    pub blocked_by: Vec<IssueNumber>,
}

impl Draft {
    /// Open or closed, where the issue was there before.
    pub fn existing_state(&self) -> Option<IssueState> {
        self.existing.as_ref().map(|existing| existing.state)
    }

    fn waits_already(&self, by: &IssueRef) -> bool {
        let known = self.existing.as_ref().map(|existing| existing.blocked_by.as_slice()).unwrap_or_default();
        matches!(by, IssueRef::Known { number, .. } if known.contains(number))
    }

    fn is_done(&self) -> bool {
        self.existing_state() == Some(IssueState::Closed)
    }
}

/// What an item of `drafts` still waits for: other items only while they are not done.
pub fn open_waits<'a>(draft: &'a Draft, drafts: &'a [Draft]) -> impl Iterator<Item = &'a Wait> {
    draft.waits_for.iter().filter(|wait| match wait {
        Wait::Item(ordinal) => !drafts.iter().any(|other| other.ordinal == *ordinal && other.is_done()),
        Wait::Issue(_) => true,
    })
}

/// Names that repositories commonly give to a kind of work, the likeliest first. None of them is ever created by us.
pub fn labels_for(kind: &str) -> &'static [&'static str] {
    match kind {
        "bug" => &["bug"],
        "docs" => &["documentation", "docs"],
        "feature" => &["enhancement", "feature"],
        "structure" => &["refactoring", "refactor", "tech debt"],
        "test" => &["tests", "testing"],
        "performance" => &["performance"],
        "dependency" => &["dependencies"],
        "infrastructure" => &["infrastructure", "ci"],
        "security" => &["security"],
        _ => &[],
    }
}

/// What a work item waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// Another item of the same plan, by its ordinal.
    Item(usize),
    /// An issue that exists.
    Issue(IssueRef),
}

/// What the server can do; GitHub Enterprise Server may lack either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// Sub-issues exist.
    pub sub_issues: Support,
    /// Issue dependencies exist.
    pub dependencies: Support,
}

/// Whether a server has a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It has.
    Present,
    /// It answered 404 or 410.
    Missing,
}

/// The acts that turn drafts into sub-issues of `parent`: label, issues in the given order, links, dependencies.
pub fn acts(parent: IssueNumber, drafts: &[Draft], server: Server) -> Vec<Act> {
    let mut acts = Vec::new();
    if drafts.iter().any(|draft| draft.existing.is_none()) {
        acts.push(Act::EnsureLabel {
            name: LABEL.to_owned(),
            color: "5319e7".to_owned(),
            description: "Work item opened by Millwright from an approved plan".to_owned(),
        });
    }
    let left = || drafts.iter().filter(|draft| !draft.is_done());
    for draft in left() {
        if draft.existing.is_none() {
            acts.push(Act::CreateIssue(IssueAct {
                key: item_key(parent, &draft.fingerprint),
                title: draft.title.clone(),
                body: draft.body.clone(),
                labels: std::iter::once(LABEL.to_owned()).chain(draft.label.clone()).collect(),
                fields: vec![
                    ("fingerprint".to_owned(), draft.fingerprint.clone()),
                    ("parent".to_owned(), parent.to_string()),
                ],
            }));
        }
        // What was there before is found among the sub-issues, and so is one already.
        if server.sub_issues == Support::Present && draft.existing.is_none() {
            acts.push(Act::AddSubIssue { parent, child: issue_of(parent, draft) });
        }
    }
    if server.dependencies == Support::Present {
        for draft in left() {
            acts.extend(open_waits(draft, drafts).filter_map(|wait| {
                let by = match wait {
                    Wait::Item(ordinal) => {
                        issue_of(parent, drafts.iter().find(|other| other.ordinal == *ordinal)?)
                    }
                    Wait::Issue(issue) => issue.clone(),
                };
                if draft.waits_already(&by) {
                    return None;
                }
                Some(Act::BlockedBy { issue: issue_of(parent, draft), by })
            }));
        }
    }
    acts
}

/// The issue that a draft is or becomes.
pub fn issue_of(parent: IssueNumber, draft: &Draft) -> IssueRef {
    match &draft.existing {
        Some(existing) => existing.issue.clone(),
        None => IssueRef::New(item_key(parent, &draft.fingerprint)),
    }
}

/// Under which effect a work item of `parent` is opened.
pub fn item_key(parent: IssueNumber, fingerprint: &str) -> EffectKey {
    EffectKey(format!("item/{parent}/{fingerprint}"))
}

/// The effect of making one issue the sub-issue of another.
pub fn link_key(parent: IssueNumber, child: IssueNumber) -> EffectKey {
    EffectKey(format!("sub-issue/{parent}/{child}"))
}

/// Recognizes the same work item in a later revision: title and requirements, without case, spacing and punctuation.
pub fn fingerprint<'a>(title: &str, quotes: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = plain_words(title);
    let mut quotes = quotes.into_iter().map(plain_words).collect::<Vec<_>>();
    quotes.sort();
    words.push('\n');
    words.push_str(&quotes.join("\n"));
    crate::domain::hash::short(&words)
}

fn plain_words(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest() -> Latest {
        Latest {
            posted: true,
            rev: 2,
            approved: false,
            posted_at_ms: 0,
            issue_hash: "h".to_owned(),
            cited: BTreeMap::from([("src/auth.rs".to_owned(), "b1".to_owned())]),
            base: "c1".to_owned(),
            items: 2,
        }
    }

    fn ask() -> Ask {
        Ask {
            rev: Some(2),
            written_at_ms: 0,
            latest: Some(latest()),
            issue_hash: "h".to_owned(),
            blobs: BTreeMap::from([("src/auth.rs".to_owned(), Some("b1".to_owned()))]),
            head: "c1".to_owned(),
        }
    }

    fn refusal(ask: &Ask) -> Refusal {
        match judge(ask) {
            Verdict::Refused(refusal) => refusal,
            Verdict::Approved { .. } => panic!("approved"),
        }
    }

    #[test]
    fn an_unchanged_plan_is_approved_and_a_moved_branch_is_named() {
        assert_eq!(judge(&ask()), Verdict::Approved { moved: false });
        assert_eq!(judge(&Ask { head: "c2".to_owned(), ..ask() }), Verdict::Approved { moved: true });
    }

    #[test]
    fn each_reason_to_refuse() {
        assert_eq!(refusal(&Ask { latest: None, ..ask() }), Refusal::NoPlan);
        assert_eq!(refusal(&Ask { rev: Some(1), ..ask() }), Refusal::NotLatest { latest: 2 });
        let unread = Ask { latest: Some(Latest { posted: false, ..latest() }), ..ask() };
        assert_eq!(refusal(&unread), Refusal::NotPosted { rev: 2 });
        assert_eq!(refusal(&Ask { rev: Some(1), ..unread }), Refusal::NotPosted { rev: 2 });
        assert_eq!(refusal(&Ask { rev: Some(3), ..ask() }), Refusal::NotLatest { latest: 2 });
        let approved = Latest { approved: true, ..latest() };
        assert_eq!(refusal(&Ask { latest: Some(approved), ..ask() }), Refusal::Already { rev: 2 });
        assert_eq!(refusal(&Ask { issue_hash: "x".to_owned(), ..ask() }), Refusal::IssueChanged { rev: 2 });
        let empty = Latest { items: 0, ..latest() };
        assert_eq!(refusal(&Ask { latest: Some(empty), ..ask() }), Refusal::NothingToDo { rev: 2 });
        for blob in [None, Some("b2".to_owned())] {
            let blobs = BTreeMap::from([("src/auth.rs".to_owned(), blob)]);
            let paths = vec!["src/auth.rs".to_owned()];
            assert_eq!(refusal(&Ask { blobs, ..ask() }), Refusal::FilesChanged { rev: 2, paths });
        }
    }

    #[test]
    fn without_a_number_the_plan_must_have_stood_for_a_minute() {
        let soon = Ask { rev: None, written_at_ms: READING_TIME_MS - 1, ..ask() };
        assert_eq!(refusal(&soon), Refusal::TooNew { rev: 2 });
        let later = Ask { rev: None, written_at_ms: READING_TIME_MS, ..ask() };
        assert_eq!(judge(&later), Verdict::Approved { moved: false });
    }

    fn draft(ordinal: usize, waits_for: Vec<Wait>) -> Draft {
        Draft {
            ordinal,
            title: format!("Item {ordinal}"),
            body: String::new(),
            fingerprint: format!("f{ordinal}"),
            waits_for,
            existing: None,
            label: None,
        }
    }

    #[test]
    fn sub_issues_come_before_the_dependencies_that_name_them() {
        let known = IssueRef::Known { number: IssueNumber(1), id: crate::domain::ids::IssueId(1001) };
        let drafts = [draft(1, vec![Wait::Issue(known)]), draft(2, vec![Wait::Item(1)])];
        let server = Server { sub_issues: Support::Present, dependencies: Support::Present };
        let lines = acts(IssueNumber(2), &drafts, server).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            lines,
            [
                "create the label `millwright` unless it exists",
                "open an issue with 1 label(s)",
                "make the new issue a sub-issue of #2",
                "open an issue with 1 label(s)",
                "make the new issue a sub-issue of #2",
                "mark the new issue as blocked by #1",
                "mark the new issue as blocked by the new issue",
            ]
        );
        let old = Server { sub_issues: Support::Missing, dependencies: Support::Missing };
        assert!(
            acts(IssueNumber(2), &drafts, old)
                .iter()
                .all(|act| !matches!(act, Act::AddSubIssue { .. } | Act::BlockedBy { .. }))
        );
    }

    #[test]
    fn a_fingerprint_survives_spacing_case_and_order_but_not_other_words() {
        let one = fingerprint("Answer 429", ["after 5 attempts", "limit configurable"]);
        assert_eq!(one, fingerprint("answer  429.", ["Limit configurable", "after 5 attempts"]));
        assert_ne!(one, fingerprint("Answer 428", ["after 5 attempts", "limit configurable"]));
    }
}
