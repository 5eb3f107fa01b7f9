//! The plan as data: what is stored, shown, approved and explained.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::brief::State;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::rules::Finding;

/// A plan for one issue at one commit.
///
/// Texts in it are prose: what stands between backticks is code, all else is plain and is escaped by the renderer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The issue.
    pub number: IssueNumber,
    /// Its title when the plan was made.
    pub title: String,
    /// Page of the repository; empty where it is not known.
    pub repo_url: String,
    /// Commit that was read, 40 hex digits; empty where it is not known.
    pub base_sha: String,
    /// May it be worked on?
    pub verdict: Verdict,
    /// The verdict in one or two sentences.
    pub headline: Vec<String>,
    /// The maintainer who turned it down, as long as nobody has said that this no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turned_down_by: Option<String>,
    /// What kind of issue it is.
    pub classification: Classification,
    /// What the issue asks, in its own words.
    pub requirements: Vec<Requirement>,
    /// Everything that was looked up.
    pub feasibility: Vec<Lookup>,
    /// Issues that come first.
    pub dependencies: Vec<Dependency>,
    /// How many more come first by the text alone, that nobody looked up and that are not told one by one.
    #[serde(default)]
    pub unseen: usize,
    /// Issues of other repositories that come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Elsewhere>,
    /// Files that use what is changed.
    pub importers: Vec<Importers>,
    /// What must be answered, heaviest first; the first three are shown.
    pub questions: Vec<Question>,
    /// What the questions are called, by slot, those of earlier revisions included.
    #[serde(default)]
    pub asked: BTreeMap<String, usize>,
    /// How ambiguous words were taken.
    pub read_as: Vec<String>,
    /// What is proposed, in the order of doing.
    pub work_items: Vec<WorkItem>,
    /// Sub-issues that exist already and are no work item here.
    pub existing: Vec<String>,
    /// Those of them that are still to be done, as far as it is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub existing_open: Vec<IssueNumber>,
    /// How it is tested here.
    pub tests: Tests,
    /// Formatters and linters that have to be content, as the end of a sentence.
    #[serde(default)]
    pub judged_by: Option<String>,
    /// Rules of the repository that apply, each with file and line.
    #[serde(default)]
    pub customs: Vec<String>,
    /// What is there and named like what is asked for.
    #[serde(default)]
    pub reuse: Vec<String>,
    /// What has to be green.
    pub gates: Vec<Gate>,
    /// Who reviews, from CODEOWNERS.
    pub owners: Vec<String>,
    /// When it is done.
    pub done_when: Vec<String>,
    /// How it is taken back.
    pub rollback: Vec<String>,
    /// Decision between options the issue lists; empty where it lists fewer than two.
    pub decision: Vec<String>,
    /// What nobody looked at.
    pub not_checked: Vec<String>,
    /// Cited path to blob id: `/approve` refuses when one of them changed.
    pub cited: BTreeMap<String, String>,
    /// What the rules for work items found.
    #[serde(default)]
    pub rules: Vec<Finding>,
    /// Id (`R1`, `1`, `size`, `priority`, `order`, `type`, `tests`) to the evidence and the arithmetic.
    pub why: BTreeMap<String, Vec<String>>,
}

impl Plan {
    /// Issues of other repositories that an item waits for; what waits for another item waits through that one.
    pub fn outside<'p>(&'p self, item: &'p WorkItem) -> impl Iterator<Item = &'p Elsewhere> {
        let first = !item.depends_on.iter().any(|wait| matches!(wait.on, WaitOn::Item(_)));
        self.elsewhere.iter().filter(move |one| first && one.is_left())
    }

    /// How many issues an item waits for that nobody looked up and that are not told one by one.
    pub fn unseen_by(&self, item: &WorkItem) -> usize {
        let waits = item.depends_on.iter().any(|wait| matches!(wait.on, WaitOn::Issue(_)));
        if waits { self.unseen } else { 0 }
    }

    /// Whether this is an item that was done already, so that nothing waits for it any more.
    pub fn is_done(&self, on: WaitOn) -> bool {
        let WaitOn::Item(ordinal) = on else { return false };
        let mut items = self.work_items.iter().filter(|item| item.ordinal == ordinal);
        items.any(|item| item.already.is_some_and(|already| already.done))
    }
}

/// May it be worked on?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing is open.
    Feasible,
    /// Questions are open; each has a default.
    FeasibleWithUnknowns,
    /// Contradicts the tree, waits in a circle, or was turned down.
    NotFeasible,
    /// Nothing in it can be observed.
    TooVague,
}

/// What kind of issue it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// `code`, `workflow`, `infrastructure`, `security`, `dx`, `bug`, `question` or `unclassified`.
    #[serde(rename = "type")]
    pub kind: String,
    /// 0 to 1.
    pub confidence: f64,
    /// What speaks for it.
    pub evidence: Vec<String>,
}

/// One demand of the issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// `R1`, `R2` …
    pub id: String,
    /// Its words in the issue, verbatim; long ones end in `…`.
    pub quote: String,
    /// Line in the text it comes from, from 1; 0 is the title.
    pub line: usize,
    /// Whose words, where it is not the issue itself.
    pub by: Option<String>,
    /// Where it is done.
    #[serde(rename = "where")]
    pub places: Vec<Place>,
    /// What speaks for the places, where nobody names them.
    #[serde(default)]
    pub likely: Option<String>,
    /// What a report proposes to change there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
    /// What one will see.
    pub cases: Vec<String>,
    /// What may go wrong though each case holds, as this kind of change has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
    /// The sub-issue that carries it already.
    #[serde(default)]
    pub within: Option<IssueNumber>,
}

impl Requirement {
    /// The places that work is planned in: of those of which only one is it, the likeliest.
    pub fn taken(&self) -> &[Place] {
        let most = if self.likely.is_some() { 1 } else { self.places.len() };
        self.places.get(..most).unwrap_or(&self.places)
    }
}

/// A file of the tree, or one that is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From the root.
    pub path: String,
    /// Does not exist yet.
    pub new: bool,
    /// For a new file: an existing one of its kind.
    pub beside: Option<String>,
    /// Line, where one is known.
    pub line: Option<usize>,
}

/// One name of the issue and what the tree says to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// As the issue spells it.
    pub name: String,
    /// What was looked for.
    pub kind: LookupKind,
    /// Is it there?
    pub found: bool,
    /// Path, and line where one is known.
    pub place: Option<Place>,
    /// Names that are there and close.
    pub similar: Vec<String>,
}

/// What a name of the issue stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookupKind {
    /// File or folder.
    Path,
    /// Function, type or constant.
    Symbol,
    /// Package of a manifest.
    Dependency,
    /// Something to type.
    Command,
    /// Another issue.
    Issue,
}

/// An issue that comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// Its number.
    pub issue: IssueNumber,
    /// `open`, `closed` or `unknown`.
    pub state: String,
    /// Who says so.
    pub reason: String,
}

/// An issue of another repository that comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// As people write it: `other/repo#7`.
    pub name: String,
    /// `open`, `closed` or `unknown`: nobody looks there.
    pub state: String,
    /// Who says so.
    pub reason: String,
}

impl Elsewhere {
    /// Whether it still comes first: what nobody knows to be closed does.
    pub fn is_left(&self) -> bool {
        self.state != State::Closed.word()
    }

    /// Its name as code, which refers to nothing: whoever reads it there is told nothing of this plan.
    pub fn told(&self) -> String {
        format!("`{}`", self.name)
    }
}

/// Who uses a file that is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Importers {
    /// The file.
    pub path: String,
    /// Files that name it.
    pub by: Vec<String>,
}

/// What two readers would take differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stable name of what it asks, such as `rate_limit.key`; `/revise 1: …` fills it.
    pub slot: String,
    /// The question.
    pub text: String,
    /// What is done when nobody answers.
    pub default: String,
    /// Why it matters; may be empty.
    pub why: String,
    /// Heavier ones are asked first.
    pub weight: u32,
}

impl Question {
    /// A question without a reason beside it.
    pub fn new(slot: String, text: String, default: String, weight: u32) -> Self {
        Self { slot, text, default, why: String::new(), weight }
    }
}

/// One pull request's worth of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkItem {
    /// From 1, in the order of doing.
    pub ordinal: usize,
    /// Imperative, no period.
    pub title: String,
    /// `feature`, `bug`, `docs`, `test`, `config`, `performance`, `dependency`, `infrastructure` or `security`.
    pub kind: String,
    /// Ids of the requirements it meets.
    pub requirements: Vec<String>,
    /// Cases, each observable.
    pub acceptance: Vec<String>,
    /// How large.
    pub size: Size,
    /// How soon.
    pub priority: Priority,
    /// What comes first.
    pub depends_on: Vec<Wait>,
    /// Files it changes or adds.
    pub paths: Vec<String>,
    /// The sub-issue that it is already.
    #[serde(default)]
    pub already: Option<Already>,
}

impl WorkItem {
    /// Nothing is open for it yet, and nothing was done.
    pub fn is_new(&self) -> bool {
        self.already.is_none()
    }

    /// The open sub-issue that it is.
    pub fn open_as(&self) -> Option<IssueNumber> {
        self.already.filter(|already| !already.done).map(|already| already.issue)
    }
}

/// A sub-issue that a work item is already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Already {
    /// Its number.
    pub issue: IssueNumber,
    /// It is closed, and not as dropped.
    pub done: bool,
}

/// Estimated size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// `XS` to 20 lines, `S` to 100, `M` to 400, `L` to 1,000, `XL`.
    pub bucket: String,
    /// Changed lines, median.
    pub p50: u64,
    /// Changed lines, nine of ten stay below.
    pub p90: u64,
    /// Closed issues of known size.
    pub n: usize,
    /// Too few of them: the numbers come from what is named, not from history.
    pub prior: bool,
}

/// Estimated urgency; compares items, means nothing alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Priority {
    /// `(value + urgency + unblock) × confidence ÷ size`.
    pub score: f64,
    /// The terms by name.
    pub terms: BTreeMap<String, f64>,
}

/// What an item waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Another item of this plan, or another issue.
    #[serde(flatten)]
    pub on: WaitOn,
    /// Why.
    pub reason: String,
}

/// Item or issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitOn {
    /// Ordinal in this plan.
    Item(usize),
    /// Number of an issue.
    Issue(IssueNumber),
}

/// How the repository tests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tests {
    /// Such as `cargo test`, `pytest`; `None` where nothing tells.
    pub framework: Option<String>,
    /// The command a workflow runs.
    pub command: Option<String>,
    /// Why it runs, where no line of the workflow types it: `the default of Travis for Java`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What the change needs switched on and no step tests with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untested: Vec<String>,
    /// Workflow file and job that run it.
    pub workflow: Option<String>,
    /// Id of the job.
    pub job: Option<String>,
    /// What to type on one's own machine for these tests alone.
    pub local: Option<String>,
    /// What another service than GitHub's own runs them by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
    /// The task of that file which runs them, where it is a script that builds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// The line of the file that asserts what comes out today, where the issue calls that wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<usize>,
    /// Where the cases go.
    pub file: Option<Place>,
    /// Is the file a guess, by words that it has or because what changes is one?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guessed: bool,
    /// For a case that is a pair of files: the other one, with what has to come out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<String>,
}

/// One thing that has to be green.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Job or check run.
    pub name: String,
    /// Workflow file, where known.
    pub workflow: Option<String>,
    /// Its state at the base commit, where known.
    pub base: Option<String>,
}
