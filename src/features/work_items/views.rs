//! What the comments about work items say, and what a work item's own issue says.

use serde::Serialize;

use crate::domain::escape::{self, link};
use crate::domain::hash;
use crate::domain::plan::dependencies;
use crate::domain::plan::markdown as prose;
use crate::domain::plan::model::{Plan, Requirement, WaitOn, WorkItem};
use crate::domain::plan::size;
use crate::domain::plan::words;
use crate::render::view::{Stamp, View};

/// The body of a work item's issue.
#[derive(Serialize)]
pub struct ItemBody {
    requirements: Vec<Quote>,
    parent: i64,
    rev: i64,
    plan_url: Option<String>,
    /// Over the cases.
    proved: &'static str,
    acceptance: Vec<String>,
    paths: Vec<String>,
    /// What speaks for places that nobody names.
    found: Vec<String>,
    risks: Vec<String>,
    undo: String,
    waits: Vec<String>,
    size: String,
    base: String,
}

#[derive(Serialize)]
struct Quote {
    quote: String,
}

/// What stands over the cases of a kind of work; all others are done when their cases hold.
const PROVED: [(&str, &str); 5] = [
    ("bug", "Red before the change, green after it"),
    ("docs", "Read and tried"),
    ("performance", "Measured, with the base commit in the same run"),
    ("structure", "Done when, with the outcome of every other test as it was"),
    ("security", "Done when each holds against a test that tries the opposite"),
];

impl ItemBody {
    /// The body of one item of `plan`, revision `rev`, whose comment is at `plan_url`.
    pub fn new(plan: &Plan, item: &WorkItem, rev: i64, plan_url: Option<&str>) -> Self {
        let asked: Vec<&Requirement> = plan
            .requirements
            .iter()
            .filter(|requirement| item.requirements.contains(&requirement.id))
            .collect();
        let waits = item.depends_on.iter().filter(|wait| !plan.is_done(wait.on)).map(|wait| {
            let on = match wait.on {
                WaitOn::Issue(number) => format!("#{number}"),
                WaitOn::Item(ordinal) => {
                    let title = plan
                        .work_items
                        .iter()
                        .find(|other| other.ordinal == ordinal)
                        .map(|other| &other.title);
                    let title = title.map(|title| format!(", “{}”", prose::plain(title)));
                    format!("item {ordinal}{}", title.unwrap_or_default())
                }
            };
            format!("{on}: {}", reason(plan, &wait.reason))
        });
        let outside = plan
            .outside(item)
            .map(|one| format!("{}: {}", prose::plain(&one.told()), reason(plan, &one.reason)));
        let mut waits: Vec<String> = waits.chain(outside).collect();
        let more = dependencies::cut(&mut waits, plan.unseen_by(item));
        waits.extend(more);
        Self {
            proved: PROVED
                .iter()
                .find(|(kind, _)| *kind == item.kind)
                .map_or("Done when", |(_, words)| words),
            found: once(asked.iter().filter_map(|requirement| requirement.likely.as_deref())),
            risks: once(asked.iter().filter_map(|requirement| requirement.risk.as_deref())),
            undo: undo(plan, item),
            requirements: asked
                .iter()
                .map(|requirement| Quote { quote: prose::plain(&requirement.quote) })
                .collect(),
            parent: plan.number.0,
            rev,
            plan_url: plan_url.map(str::to_owned),
            acceptance: item.acceptance.iter().map(|line| prose::plain(line)).collect(),
            paths: item.paths.iter().map(|path| place(plan, path)).collect(),
            waits,
            size: size::in_lines(plan, item),
            base: hash::commit(&plan.base_sha),
        }
    }
}

/// Why an item waits. It was written for the plan's own page, where "line 3" is a line of the issue planned.
fn reason(plan: &Plan, reason: &str) -> String {
    let whose = if reason.starts_with("line ") { format!(" of #{}", plan.number) } else { String::new() };
    format!("{}{whose}", prose::plain(reason))
}

/// Each once, as Markdown.
fn once<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines.map(prose::plain) {
        if !out.contains(&line) {
            out.push(line);
        }
    }
    out
}

/// How one item is taken back: whoever builds on it goes first.
fn undo(plan: &Plan, item: &WorkItem) -> String {
    let later = plan.work_items.iter().filter(|other| {
        other.depends_on.iter().any(|wait| wait.on == WaitOn::Item(item.ordinal))
            && !plan.is_done(WaitOn::Item(other.ordinal))
    });
    let later: Vec<String> =
        later.map(|other| format!("item {}, “{}”", other.ordinal, prose::plain(&other.title))).collect();
    let back = match later.as_slice() {
        [] => "revert its pull request".to_owned(),
        later => format!("revert {}, then this one", words::list(later)),
    };
    // What is gone from a store, no revert brings back.
    let concerns = |line: &&String| {
        plan.work_items.len() == 1 || item.requirements.iter().any(|id| words::stands_in(line, id))
    };
    let mut lasts = plan.rollback.iter().filter(|line| line.contains("irreversible")).take(1);
    match lasts.find(concerns) {
        Some(line) => format!("{back}; {}", prose::plain(line)),
        None => back,
    }
}

/// A path as a permalink when it exists at the base, else as new.
fn place(plan: &Plan, path: &str) -> String {
    let code = escape::code_span(path);
    let known = plan.cited.contains_key(path) && !plan.repo_url.is_empty() && !plan.base_sha.is_empty();
    if known {
        format!("[{code}]({})", link::permalink(&plan.repo_url, &plan.base_sha, path, None))
    } else {
        code
    }
}

impl View for ItemBody {
    const TEMPLATE: &'static str = "work_item/body.md.j2";

    fn samples() -> Vec<Self> {
        vec![Self {
            requirements: vec![Quote { quote: "success resets the counter".to_owned() }],
            parent: 2,
            rev: 1,
            plan_url: Some("https://github.com/acme/web/issues/2#issuecomment-1".to_owned()),
            acceptance: vec!["4 failures, success, 5 failures: no 429".to_owned()],
            proved: "Done when",
            paths: vec!["`src/auth.rs`".to_owned()],
            found: vec!["defines `SignIn`".to_owned()],
            risks: vec!["a counter in memory is empty after a restart".to_owned()],
            undo: "revert its pull request".to_owned(),
            waits: vec!["#1: line 3 of #2".to_owned()],
            size: "S, about 60 lines".to_owned(),
            base: "4f1c2ab".to_owned(),
        }]
    }
}

/// A revision was approved.
#[derive(Clone, Serialize)]
pub struct Approved {
    /// Which.
    pub rev: i64,
    /// Kept in one pull request.
    pub one: bool,
    /// How many sub-issues were opened, in words.
    pub opened: String,
    /// One line each.
    pub items: Vec<ApprovedItem>,
    /// What to start with, a sentence.
    pub start: String,
    /// How to take it back, a sentence of Markdown; may be empty.
    pub undo: String,
    /// The default branch has moved since.
    pub moved: bool,
    /// Seven digits.
    pub base: String,
    /// Seven digits.
    pub head: String,
    /// Further sentences.
    pub notes: Vec<String>,
}

/// One line of [`Approved`].
#[derive(Clone, Serialize)]
pub struct ApprovedItem {
    /// `1.`, or `- [ ]` where the server has no sub-issues.
    pub bullet: String,
    /// The sub-issue.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// `S` …
    pub size: String,
    /// `#1 and #3`, empty when it waits for nothing.
    pub waits: String,
    /// `was open already`; empty for what is new.
    pub standing: &'static str,
}

impl View for Approved {
    const TEMPLATE: &'static str = "work_item/approved.md.j2";

    fn samples() -> Vec<Self> {
        let item = |number, standing: &'static str| ApprovedItem {
            bullet: "1.".to_owned(),
            number,
            title: "Answer 429".to_owned(),
            size: "S".to_owned(),
            waits: if standing.is_empty() { String::new() } else { "#1".to_owned() },
            standing,
        };
        let many = Self {
            rev: 1,
            one: false,
            opened: "2 work items are open as sub-issues".to_owned(),
            items: vec![item(3, "was open already"), item(4, "")],
            start: "Start with #3.".to_owned(),
            undo: "`/undo` closes the new one again while nobody has touched it.".to_owned(),
            moved: true,
            base: "4f1c2ab".to_owned(),
            head: "9a8b7c6".to_owned(),
            notes: vec!["#9 of rev 0 is not part of it.".to_owned()],
        };
        let one = Self {
            one: true,
            opened: String::new(),
            items: vec![item(0, "")],
            moved: false,
            notes: vec![],
            ..many.clone()
        };
        vec![many, one]
    }

    fn stamp(&self) -> Stamp {
        Stamp::Plan { rev: self.rev, base: self.base.clone() }
    }
}

/// The work items of an issue.
#[derive(Serialize)]
pub struct Items {
    /// How many are open, in words.
    pub headline: String,
    /// One row each.
    pub items: Vec<ItemRow>,
    /// What can be started now, a sentence; may be empty.
    pub start: String,
    /// The plan they come from; nothing where there are none.
    #[serde(skip)]
    pub stamp: Stamp,
}

/// One row of [`Items`].
#[derive(Serialize)]
pub struct ItemRow {
    /// Position in the plan; 0 for one that is not part of it.
    pub ordinal: usize,
    /// The sub-issue.
    pub number: i64,
    /// Its title on GitHub.
    pub title: String,
    /// `open` or `closed`.
    pub state: &'static str,
    /// First assignee, may be empty.
    pub assignee: String,
    /// Open ones it waits for, such as `#1`; may be empty.
    pub waits: String,
}

impl View for Items {
    const TEMPLATE: &'static str = "work_item/items.md.j2";

    fn samples() -> Vec<Self> {
        let row = ItemRow {
            ordinal: 1,
            number: 3,
            title: "Answer | 429".to_owned(),
            state: "open",
            assignee: "ada".to_owned(),
            waits: "#1".to_owned(),
        };
        let empty = Self {
            headline: "No work items yet.".to_owned(),
            items: vec![],
            start: String::new(),
            stamp: Stamp::None,
        };
        vec![
            Self {
                headline: "1 of 1 work items is open.".to_owned(),
                items: vec![row],
                start: "Nothing can be started now.".to_owned(),
                stamp: Stamp::Bare,
            },
            empty,
        ]
    }

    fn stamp(&self) -> Stamp {
        self.stamp.clone()
    }
}

/// Work items were closed again.
#[derive(Serialize)]
pub struct Undone {
    /// How many, in words.
    pub headline: String,
    /// Those left alone.
    pub kept: Vec<Kept>,
    /// How to open them again; Markdown, may be empty.
    pub again: String,
    /// The plan that was taken back.
    #[serde(skip)]
    pub stamp: Stamp,
}

/// One that was left alone.
#[derive(Serialize)]
pub struct Kept {
    /// The sub-issue.
    pub number: i64,
    /// Why.
    pub reason: String,
}

impl View for Undone {
    const TEMPLATE: &'static str = "work_item/undone.md.j2";

    fn samples() -> Vec<Self> {
        let kept = Kept { number: 4, reason: "ada is assigned".to_owned() };
        vec![Self {
            headline: "#3 is closed again.".to_owned(),
            kept: vec![kept],
            again: "`/approve 1` opens it anew.".to_owned(),
            stamp: Stamp::Bare,
        }]
    }

    fn stamp(&self) -> Stamp {
        self.stamp.clone()
    }
}

#[cfg(test)]
mod tests;
