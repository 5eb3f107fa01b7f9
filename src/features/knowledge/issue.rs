//! The issue, its conversation and its neighbors.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;

use crate::ctx::RepoCtx;
use crate::domain::brief::{self, Brief, Comment, IssueState as Neighbor, OpenIssue, Outside, State};
use crate::domain::command::{self, Dialect};
use crate::domain::event::{self, Issue, IssueState, PersonKind};
use crate::domain::failure::Outcome;
use crate::domain::ids::{IssueNumber, RepoName};
use crate::domain::plan::{self, dependencies, words};
use crate::domain::snapshot::Repository;
use crate::features::knowledge::{Posted, Subject};
use crate::github::issues::{IssueQuery, StateFilter};

/// Pages of open issues that are read, 100 each: duplicates beyond are not looked for.
const OPEN_PAGES: usize = 2;

/// Issues named as coming first that are looked up, a call each, where they are not among the open ones.
const MAX_NAMED: usize = 5;
/// Pages of comments that are read, 100 each, the newest: a conversation that is longer leaves no calls for the files.
const COMMENT_PAGES: usize = 3;

/// People whose permission is asked for, besides the issue's author; the others count as readers.
const MAX_PEOPLE: usize = 5;

/// Gathers what is asked, and the newest plan among our own comments.
pub async fn gather(ctx: &RepoCtx, subject: Subject) -> Outcome<(Brief, Option<Posted>)> {
    let issue = ctx.github.issue(subject.issue).await?;
    let count = usize::try_from(issue.comments).unwrap_or(0);
    let said = ctx.github.newest_comments(subject.issue, count, COMMENT_PAGES).await?;
    let mut unread = Vec::new();
    if !said.complete {
        unread.push(brief::earlier(said.items.len()));
    }
    let said = said.items;
    let query = IssueQuery { state: StateFilter::Open, max_pages: OPEN_PAGES, ..IssueQuery::default() };
    let open = ctx.github.issues(&query).await?;
    if !open.complete {
        unread.push(format!("duplicates among open issues beyond the newest {}", OPEN_PAGES * 100));
    }
    let open = open.items;
    // A server without the endpoint has none of these.
    let blockers = ctx.blockers(subject.issue).await?.unwrap_or_default();
    let (blocked_by, blocked_elsewhere) = parted(&ctx.name, &blockers);
    let (sub_issues, outside) = children(ctx, subject.issue).await?;
    let beside =
        |child: &Outside| format!("sub-issue {}, which another repository has", words::code(&child.name));
    unread.extend(outside.iter().map(beside));
    let brief = Brief {
        title: issue.title.clone(),
        body: issue.body.clone(),
        author: login(issue.user.as_ref()),
        state: Some(state(issue.state)),
        labels: issue.labels.clone(),
        issue_type: issue.issue_type.clone(),
        milestone: issue.milestone.clone(),
        today: DateTime::from_timestamp_millis(ctx.now_ms()).map(|now| now.date_naive().to_string()),
        comments: comments(ctx, &said).await?,
        answers: subject.answers,
        target: subject.target,
        aimed_by: subject.aimed_by,
        asked: subject.asked,
        blocked_by,
        blocked_elsewhere,
        sub_issues,
        open_issues: others(&open, &issue),
        unread,
        reactions: usize::try_from(issue.reactions).unwrap_or(0),
        ..Brief::new(subject.issue)
    }
    .bounded();
    let brief = with_named(ctx, brief).await?;
    Ok((brief, newest(ctx, &said).await?))
}

/// Looks up the issues that come first by the text and are not among the open ones: closed, or not there at all.
async fn with_named(ctx: &RepoCtx, mut brief: Brief) -> Outcome<Brief> {
    let known = |brief: &Brief, number| {
        brief.open_issues.iter().any(|open| open.number == number)
            || brief.blocked_by.iter().any(|blocker| blocker.number == number)
    };
    let own = Repository {
        owner: ctx.name.owner.clone(),
        name: ctx.name.name.clone(),
        url: ctx.url(),
        default_branch: String::new(),
    };
    let named: Vec<_> =
        dependencies::named(&brief, &own).into_iter().filter(|number| !known(&brief, *number)).collect();
    for number in named.into_iter().take(MAX_NAMED) {
        match ctx.issue_or_gone(number).await? {
            Some(issue) => brief.open_issues.push(open_issue(&issue)),
            None => brief.gone.push(number),
        }
    }
    Ok(brief)
}

fn login(person: Option<&event::Person>) -> String {
    person.map_or_else(|| "ghost".to_owned(), |person| person.login.clone())
}

async fn comments(ctx: &RepoCtx, said: &[event::Comment]) -> Outcome<Vec<Comment>> {
    let mut roles: BTreeMap<String, String> = BTreeMap::new();
    let mut comments = Vec::new();
    // Whoever only gives a command has said nothing about the issue; else asking twice would change the plan.
    let slug = ctx.app.github.app_identity().await?.slug;
    let dialect = Dialect { slug, taken: BTreeSet::new() };
    for comment in said.iter().filter(|comment| !command::is_all(&comment.body, &dialect)) {
        let author = login(comment.user.as_ref());
        let is_bot = comment.user.as_ref().is_some_and(|person| person.kind != PersonKind::User);
        if !is_bot && comment.user.is_some() && roles.len() < MAX_PEOPLE && !roles.contains_key(&author) {
            roles.insert(author.clone(), ctx.permission_of(&author).await?.word().to_owned());
        }
        comments.push(Comment {
            permission: roles.get(&author).cloned().unwrap_or_else(|| "read".to_owned()),
            created_at: comment
                .created_at_ms
                .and_then(DateTime::from_timestamp_millis)
                .map_or_else(String::new, |at| at.to_rfc3339()),
            body: comment.body.clone(),
            author,
            is_bot,
        });
    }
    Ok(comments)
}

/// Those of this repository, `home`, and those of others, whose numbers say nothing here.
fn parted(home: &RepoName, listed: &[Issue]) -> (Vec<Neighbor>, Vec<Outside>) {
    let (mut own, mut outside) = (Vec::new(), Vec::new());
    for issue in listed {
        match issue.repository().filter(|other| !is_same(other, home)) {
            Some(other) => {
                let name = format!("{other}#{}", issue.number);
                outside.push(Outside { name, state: Some(state(issue.state)) });
            }
            None => own.push(neighbor(issue)),
        }
    }
    (own, outside)
}

fn is_same(one: &RepoName, other: &RepoName) -> bool {
    one.owner.eq_ignore_ascii_case(&other.owner) && one.name.eq_ignore_ascii_case(&other.name)
}

fn neighbor(issue: &Issue) -> Neighbor {
    Neighbor {
        number: issue.number,
        title: issue.title.clone(),
        state: Some(state(issue.state)),
        state_reason: issue.state_reason.clone(),
        carries: Vec::new(),
    }
}

/// The sub-issues, and of those that we opened for this issue the demands that they quote; then those of other repositories.
async fn children(ctx: &RepoCtx, parent: IssueNumber) -> Outcome<(Vec<Neighbor>, Vec<Outside>)> {
    let listed = ctx.sub_issues(parent).await?.unwrap_or_default();
    if listed.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let app = ctx.app.github.app_identity().await?;
    let ours = |issue: &&Issue| {
        let marker = ctx.app.signer.find(ctx.repo, &issue.body);
        app.is_author(issue.app_id, issue.user.as_ref())
            && marker.is_some_and(|marker| marker.get("parent") == Some(parent.to_string().as_str()))
    };
    let quotes = |issue: &Issue| {
        let lines = issue.body.lines().filter_map(|line| line.strip_prefix("> "));
        lines.map(str::to_owned).collect()
    };
    let (mut own, outside) = parted(&ctx.name, &listed);
    for issue in listed.iter().filter(ours) {
        if let Some(child) = own.iter_mut().find(|child| child.number == issue.number) {
            child.carries = quotes(issue);
        }
    }
    Ok((own, outside))
}

fn others(open: &[Issue], issue: &Issue) -> Vec<OpenIssue> {
    let matters =
        |other: &&Issue| !other.is_pull_request || plan::closes(&other.title, &other.body, issue.number);
    open.iter().filter(|other| other.number != issue.number).filter(matters).map(open_issue).collect()
}

fn open_issue(issue: &Issue) -> OpenIssue {
    OpenIssue {
        number: issue.number,
        title: issue.title.clone(),
        state: Some(state(issue.state)),
        state_reason: issue.state_reason.clone(),
        body: issue.body.clone(),
        pull_request: issue.is_pull_request,
    }
}

fn state(state: IssueState) -> State {
    match state {
        IssueState::Open => State::Open,
        IssueState::Closed => State::Closed,
    }
}

async fn newest(ctx: &RepoCtx, said: &[event::Comment]) -> Outcome<Option<Posted>> {
    let app = ctx.app.github.app_identity().await?;
    let ours = said.iter().filter(|comment| app.is_author(comment.app_id, comment.user.as_ref()));
    let plans = ours.filter_map(|comment| {
        let marker = ctx.app.signer.find(ctx.repo, &comment.body).filter(|marker| marker.kind == "plan")?;
        let rev = marker.get("rev")?.parse::<i64>().ok()?;
        Some(Posted { rev, comment: comment.id, node_id: comment.node_id.clone(), key: marker.key })
    });
    Ok(plans.max_by_key(|posted| posted.rev))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_another_repository_has_is_none_of_our_numbers() {
        let listed: Vec<Issue> =
            [("acme/web", 4, "open"), ("Acme/Web", 5, "open"), ("other/repo", 4, "closed")]
                .into_iter()
                .map(|(home, number, state)| {
                    serde_json::from_value(json!({
                        "id": 1, "number": number, "title": "Parser", "state": state,
                        "repository_url": format!("https://api.github.com/repos/{home}"),
                    }))
                    .unwrap()
                })
                .collect();
        let home = RepoName { owner: "acme".to_owned(), name: "web".to_owned() };
        let (own, outside) = parted(&home, &listed);
        assert_eq!(own.iter().map(|one| one.number.0).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(outside, [Outside { name: "other/repo#4".to_owned(), state: Some(State::Closed) }]);
    }
}
