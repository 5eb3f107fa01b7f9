//! What the page shows, read from the world: one issue with everything around it.

mod graph; // what waits for what
mod markdown; // comments as HTML
mod timeline; // comments and what happened, in order

use serde::Serialize;

use crate::cli::demo::view::markdown::Surroundings;
use crate::sandbox::{Issue, REPOSITORY, World};

/// The people one can be, with the role each has in the default world.
pub const PEOPLE: [(&str, &str); 5] =
    [("ada", "admin"), ("walt", "write"), ("tess", "triage"), ("rita", "read"), ("stan", "no role")];

/// Everything the page shows at once.
#[derive(Serialize)]
pub struct View {
    repository: &'static str,
    bot: String,
    people: Vec<Person>,
    /// Each issue with its sub-issues below it.
    issues: Vec<Line>,
    issue: Option<Opened>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Person {
    login: &'static str,
    role: &'static str,
}

/// An issue in a list.
#[derive(Serialize)]
struct Line {
    number: i64,
    title: String,
    open: bool,
    is_child: bool,
}

/// The issue that is read.
#[derive(Serialize)]
struct Opened {
    number: i64,
    title: String,
    open: bool,
    state: &'static str,
    author: String,
    created_ms: i64,
    html: String,
    labels: Vec<Label>,
    parent: Option<Line>,
    sub_issues: Vec<Line>,
    blocked_by: Vec<Line>,
    graph: Option<String>,
    timeline: Vec<timeline::Entry>,
    /// The newest revision of the plan that the bot has told of.
    newest: Option<i64>,
    working: bool,
}

#[derive(Serialize, Clone)]
struct Label {
    name: String,
    color: String,
}

/// Reads the world; `origin` is the address of the page.
pub fn view(world: &World, number: Option<i64>, origin: &str) -> View {
    let bot = format!("{}[bot]", world.app().slug);
    let issues = world.issues(REPOSITORY);
    let numbers: Vec<i64> = issues.iter().map(|issue| issue.number).collect();
    let people = PEOPLE.map(|(login, _)| login);
    let around = Surroundings { origin, repository: REPOSITORY, issues: &numbers, people: &people };
    let opened = issues.iter().find(|issue| Some(issue.number) == number);
    View {
        repository: REPOSITORY,
        people: PEOPLE.iter().map(|(login, role)| Person { login, role }).collect(),
        issue: opened.map(|issue| Scene { world, around, issues: &issues, bot: &bot }.opened(issue)),
        issues: list(&issues),
        files: world.files(REPOSITORY),
        bot,
    }
}

/// What an issue is shown among.
struct Scene<'a> {
    world: &'a World,
    around: Surroundings<'a>,
    issues: &'a [Issue],
    bot: &'a str,
}

impl Scene<'_> {
    fn opened(&self, issue: &Issue) -> Opened {
        let timeline = timeline::timeline(self, issue);
        Opened {
            number: issue.number,
            title: issue.title.clone(),
            open: issue.open,
            state: state(issue),
            author: issue.author.clone().unwrap_or_else(|| "ghost".to_owned()),
            created_ms: issue.created_ms,
            html: self.html(issue.body.as_deref().unwrap_or_default()),
            labels: self.labels(issue),
            parent: issue.parent.and_then(|id| self.line(id)),
            sub_issues: issue.sub_issues.iter().filter_map(|id| self.line(*id)).collect(),
            blocked_by: issue.blocked_by.iter().filter_map(|id| self.line(*id)).collect(),
            graph: graph::graph(self.issues, issue),
            working: timeline.iter().any(timeline::Entry::is_worked_on),
            newest: self.newest(issue),
            timeline,
        }
    }

    /// The last lines of the bot's comments name the revision that each is about.
    fn newest(&self, issue: &Issue) -> Option<i64> {
        let comments = self.world.comments(REPOSITORY, issue.number);
        let own = comments.iter().filter(|comment| comment.via_installation.is_some());
        let footers = own.filter_map(|comment| comment.body.rsplit_once("<sub>rev ")?.1.split(' ').next());
        footers.filter_map(|digits| digits.parse().ok()).max()
    }

    fn html(&self, text: &str) -> String {
        markdown::render(text, &self.around)
    }

    fn labels(&self, issue: &Issue) -> Vec<Label> {
        let known = self.world.repository_labels(REPOSITORY);
        let of_issue = issue
            .labels
            .iter()
            .filter_map(|name| known.iter().find(|label| label.name.to_lowercase() == *name));
        of_issue.map(|label| Label { name: label.name.clone(), color: label.color.clone() }).collect()
    }

    fn by_id(&self, id: i64) -> Option<&Issue> {
        self.issues.iter().find(|issue| issue.id == id)
    }

    fn line(&self, id: i64) -> Option<Line> {
        self.by_id(id).map(line)
    }
}

/// In the order of their numbers, each child below its parent.
fn list(issues: &[Issue]) -> Vec<Line> {
    let is_here = |parent: i64| issues.iter().any(|issue| issue.id == parent);
    let roots = issues.iter().filter(|issue| !issue.parent.is_some_and(is_here));
    let mut rest: Vec<&Issue> = roots.rev().collect();
    let mut listed = Vec::new();
    while let Some(issue) = rest.pop() {
        listed.push(line(issue));
        let children = issues.iter().rev().filter(|child| child.parent == Some(issue.id));
        rest.extend(children);
    }
    listed
}

fn line(issue: &Issue) -> Line {
    Line {
        number: issue.number,
        title: issue.title.clone(),
        open: issue.open,
        is_child: issue.parent.is_some(),
    }
}

fn state(issue: &Issue) -> &'static str {
    match (issue.open, issue.state_reason.as_deref()) {
        (true, _) => "Open",
        (false, Some("not_planned")) => "Closed as not planned",
        (false, _) => "Closed",
    }
}
