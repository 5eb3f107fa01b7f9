//! Sub-issues and dependencies between issues, both by database id.

use serde_json::Value;

use crate::sandbox::model::EventKind;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State};
use crate::sandbox::view;
use crate::sandbox::webhooks::Happening;

const MOST_CHILDREN: usize = 100;
const DEEPEST: usize = 8;
const MOST_BLOCKERS: usize = 50;

/// Two webhooks and two timeline entries that one change makes, as (webhook action, field of the other issue).
struct Sides {
    event: &'static str,
    first: (&'static str, &'static str),
    second: (&'static str, &'static str),
}

const SUB_ISSUE_ADDED: Sides = Sides {
    event: "sub_issues",
    first: ("sub_issue_added", "sub_issue"),
    second: ("parent_issue_added", "parent_issue"),
};
const SUB_ISSUE_REMOVED: Sides = Sides {
    event: "sub_issues",
    first: ("sub_issue_removed", "sub_issue"),
    second: ("parent_issue_removed", "parent_issue"),
};
const BLOCKED_BY_ADDED: Sides = Sides {
    event: "issue_dependencies",
    first: ("blocked_by_added", "blocked_by"),
    second: ("blocking_added", "blocking"),
};
const BLOCKED_BY_REMOVED: Sides = Sides {
    event: "issue_dependencies",
    first: ("blocked_by_removed", "blocked_by"),
    second: ("blocking_removed", "blocking"),
};

impl State {
    /// Database ids of the issues that wait for this one.
    pub fn blocking(&self, id: i64) -> Vec<i64> {
        let waiting = self.issues.values().filter(|issue| issue.blocked_by.contains(&id));
        waiting.map(|issue| issue.id).collect()
    }

    /// Makes an issue the child of another. `replace` says whether it may be taken from its present parent.
    pub fn add_sub_issue(
        &mut self,
        by: &Actor,
        parent: i64,
        child: i64,
        replace: ReplaceParent,
    ) -> Result<(), Refusal> {
        self.check_relation(parent, child, "sub_issue_id")?;
        let old = self.issue(child)?.parent;
        if old == Some(parent) {
            return Err(refused("Issue may not contain duplicate sub-issues"));
        }
        if old.is_some() && replace == ReplaceParent::No {
            return Err(refused("Sub issue may only have one parent"));
        }
        let above = self.ancestors(parent);
        if parent == child || above.contains(&child) {
            return Err(refused("An issue cannot be its own sub-issue, directly or through others"));
        }
        if self.issue(parent)?.sub_issues.len() >= MOST_CHILDREN {
            return Err(refused("Parent cannot have more than 100 sub-issues"));
        }
        if above.len() + 1 + self.height(child) > DEEPEST {
            return Err(refused("Sub-issues cannot be nested deeper than 8 levels"));
        }
        if let Some(old) = old {
            self.remove_sub_issue(by, old, child)?;
        }
        self.issue_mut(parent)?.sub_issues.push(child);
        self.issue_mut(child)?.parent = Some(parent);
        self.tell_both(by, (parent, child), &SUB_ISSUE_ADDED)
    }

    /// Takes a child away from its parent.
    pub fn remove_sub_issue(&mut self, by: &Actor, parent: i64, child: i64) -> Result<(), Refusal> {
        let children = &mut self.issue_mut(parent)?.sub_issues;
        let position = children.iter().position(|id| *id == child).ok_or_else(Refusal::not_found)?;
        children.remove(position);
        self.issue_mut(child)?.parent = None;
        self.tell_both(by, (parent, child), &SUB_ISSUE_REMOVED)
    }

    /// Makes an issue wait for another.
    pub fn add_blocked_by(&mut self, by: &Actor, blocked: i64, blocker: i64) -> Result<(), Refusal> {
        self.check_relation(blocked, blocker, "issue_id")?;
        if self.issue(blocked)?.blocked_by.contains(&blocker) {
            return Err(refused("This dependency already exists"));
        }
        if blocked == blocker || self.waits_for(blocker, blocked) {
            return Err(refused("Dependencies cannot form a cycle"));
        }
        if self.issue(blocked)?.blocked_by.len() >= MOST_BLOCKERS
            || self.blocking(blocker).len() >= MOST_BLOCKERS
        {
            return Err(refused("An issue can have at most 50 dependencies of each kind"));
        }
        self.issue_mut(blocked)?.blocked_by.push(blocker);
        self.tell_both(by, (blocked, blocker), &BLOCKED_BY_ADDED)
    }

    /// Makes an issue no longer wait for another.
    pub fn remove_blocked_by(&mut self, by: &Actor, blocked: i64, blocker: i64) -> Result<(), Refusal> {
        let blockers = &mut self.issue_mut(blocked)?.blocked_by;
        let position = blockers.iter().position(|id| *id == blocker).ok_or_else(Refusal::not_found)?;
        blockers.remove(position);
        self.tell_both(by, (blocked, blocker), &BLOCKED_BY_REMOVED)
    }

    /// Removes an issue from all relations without telling anybody, as it is about to go.
    pub(super) fn forget_relations(&mut self, id: i64) {
        for issue in self.issues.values_mut() {
            issue.sub_issues.retain(|child| *child != id);
            issue.blocked_by.retain(|blocker| *blocker != id);
            if issue.parent == Some(id) {
                issue.parent = None;
            }
        }
    }

    fn check_relation(&self, issue: i64, other: i64, field: &'static str) -> Result<(), Refusal> {
        let repo = self.issue(issue)?.repo;
        self.check_writable(repo)?;
        let owner = &self.repository(repo)?.owner;
        let other = self.issues.get(&other).and_then(|other| self.repositories.get(&other.repo));
        match other.is_some_and(|repository| repository.owner == *owner) {
            true => Ok(()),
            false => Err(Refusal::invalid("Issue", field, "invalid")),
        }
    }

    fn ancestors(&self, id: i64) -> Vec<i64> {
        let parent = |id: &i64| self.issues.get(id).and_then(|issue| issue.parent);
        std::iter::successors(parent(&id), parent).collect()
    }

    /// Levels below and including an issue.
    fn height(&self, id: i64) -> usize {
        let children = self.issues.get(&id).map(|issue| issue.sub_issues.as_slice()).unwrap_or_default();
        1 + children.iter().map(|child| self.height(*child)).max().unwrap_or(0)
    }

    /// Whether an issue waits for another, directly or through others.
    fn waits_for(&self, id: i64, other: i64) -> bool {
        let mut open = vec![id];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(id) = open.pop() {
            if id == other {
                return true;
            }
            if seen.insert(id) {
                open.extend(self.issues.get(&id).map(|issue| issue.blocked_by.clone()).unwrap_or_default());
            }
        }
        false
    }

    fn tell_both(&mut self, by: &Actor, pair: (i64, i64), sides: &Sides) -> Result<(), Refusal> {
        let (one, two) = pair;
        self.record_event(by, one, related(sides.first, two));
        self.record_event(by, two, related(sides.second, one));
        self.touch(one);
        self.touch(two);
        let fields = self.pair_fields(pair, sides.event)?;
        for (at, other, (action, _)) in [(one, two, sides.first), (two, one, sides.second)] {
            let (repo, other_repo) = (self.issue(at)?.repo, self.issue(other)?.repo);
            let mut fields = fields.clone();
            let other_repository = view::repository(self, self.repository(other_repo)?);
            fields.push((other_repository_field(action), other_repository));
            self.tell(by, repo, Happening::new(sides.event, action, fields));
        }
        Ok(())
    }

    fn pair_fields(&self, pair: (i64, i64), event: &str) -> Result<Vec<(&'static str, Value)>, Refusal> {
        let (one, two) = (self.issue(pair.0)?, self.issue(pair.1)?);
        let (first, second) = (view::issue(self, one), view::issue(self, two));
        Ok(match event {
            "sub_issues" => vec![
                ("parent_issue_id", one.id.into()),
                ("parent_issue", first),
                ("sub_issue_id", two.id.into()),
                ("sub_issue", second),
            ],
            _ => vec![
                ("blocked_issue_id", one.id.into()),
                ("blocked_issue", first),
                ("blocking_issue_id", two.id.into()),
                ("blocking_issue", second),
            ],
        })
    }
}

/// Whether a new parent may take a child from its old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplaceParent {
    /// It may.
    Yes,
    /// It is refused.
    No,
}

fn related(side: (&'static str, &'static str), other: i64) -> EventKind {
    EventKind::Related { event: side.0, field: side.1, other }
}

/// The webhook for one side names the repository of the other side in this field.
fn other_repository_field(action: &str) -> &'static str {
    match action {
        "sub_issue_added" | "sub_issue_removed" => "sub_issue_repo",
        "parent_issue_added" | "parent_issue_removed" => "parent_issue_repo",
        "blocked_by_added" | "blocked_by_removed" => "blocking_issue_repo",
        _ => "blocked_issue_repo",
    }
}

fn refused(message: &str) -> Refusal {
    Refusal::rule("Issue", "base", message)
}
