//! Kinds of change the planner understands: each fills its slots from issue and tree, and asks for what is missing.
//!
//! To add one: a file here with `pub static FRAME`, a `mod` line and a line in [`FRAMES`]. The first frame that claims
//! a demand keeps it; `plain` takes what nobody claims.

mod plain;
mod rate_limit;
mod bug;
mod timeout;
mod performance;
mod rename;
mod upgrade;
mod option;
mod endpoint;
mod cache;
mod validation;
mod setting;
mod documentation;
mod migration;
mod removal;
mod default_value;
mod retention;
mod pagination;
mod permission;
mod concurrency;
mod event;
mod telemetry;
mod internationalization;
mod parity;

use std::collections::BTreeSet;

use crate::domain::brief::{Answer, Brief, State};
use crate::domain::hash;
use crate::domain::plan::cover;
use crate::domain::plan::lookup::Lookups;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{LookupKind, Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places, is_prose};
use crate::domain::plan::revise::CHANGED;
use crate::domain::plan::statement::{Reading, Statement};
use crate::domain::plan::words;

pub use documentation::is_matter as is_documentation;

/// A kind of change.
pub struct Frame {
    /// For `/why`.
    pub name: &'static str,
    /// Reads the issue: claims demands, asks, and says how words were taken.
    pub read: fn(&Scene<'_>, &mut Findings),
    /// What may go wrong with it though each case holds.
    pub risk: Option<Risk>,
}

/// What may go wrong with a kind of change though each case holds.
pub struct Risk {
    /// In words; `{name}` is the first name of code in the demand that is of this matter, else `it`.
    pub text: &'static str,
    /// Whether it threatens what became of these cases.
    pub fits: fn(&[String]) -> bool,
    /// Whether a name of code is of this matter; paths never are.
    pub named: fn(&str) -> bool,
}

impl Risk {
    /// One that threatens each change of its kind, and names what is no option and no file.
    pub const fn of(text: &'static str) -> Self {
        Self { text, fits: |_| true, named: |name| !name.starts_with('-') && places::ending(name).is_empty() }
    }
}

/// Does one of the cases hold these words?
pub fn has(cases: &[String], words: &str) -> bool {
    cases.iter().any(|case| case.contains(words))
}

/// What may go wrong with what a frame read.
pub fn risk(claim: &Claim, demand: &str) -> Option<String> {
    let risk = FRAMES.iter().find(|frame| frame.name == claim.frame)?.risk.as_ref()?;
    if !(risk.fits)(&claim.cases) {
        return None;
    }
    let mut spans = mentions::spans(demand)
        .into_iter()
        .filter(|(text, code)| *code && !text.contains('/') && (risk.named)(text));
    let name = spans.next().map_or_else(|| "it".to_owned(), |(name, _)| words::code(name));
    Some(risk.text.replace("{name}", &name))
}

/// All frames, the special before the general.
pub static FRAMES: &[&Frame] = &[
    &bug::FRAME,
    &rate_limit::FRAME,
    &upgrade::FRAME,
    &migration::FRAME,
    &rename::FRAME,
    &removal::FRAME,
    &documentation::FRAME,
    &option::FRAME,
    &default_value::FRAME,
    &retention::FRAME,
    &timeout::FRAME,
    &performance::FRAME,
    &pagination::FRAME,
    &permission::FRAME,
    &concurrency::FRAME,
    &event::FRAME,
    &telemetry::FRAME,
    &internationalization::FRAME,
    &parity::FRAME,
    &cache::FRAME,
    &validation::FRAME,
    &endpoint::FRAME,
    &setting::FRAME,
    &plain::FRAME,
];

/// What a frame looks at.
pub struct Scene<'a> {
    /// The issue.
    pub brief: &'a Brief,
    /// The issue, read.
    pub reading: &'a Reading,
    /// The tree.
    pub places: &'a Places<'a>,
    /// The issue's names in the tree.
    pub lookups: &'a Lookups,
}

/// What one demand becomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// Frame that read it.
    pub frame: &'static str,
    /// Demands with the same one are one piece of work.
    pub group: String,
    /// Kind of work item.
    pub kind: &'static str,
    /// Observable cases.
    pub cases: Vec<String>,
    /// Places beside those the demand names itself.
    pub places: Vec<Place>,
}

/// What a frame without places or groups of its own makes of one demand.
pub struct Taken {
    /// Frame that read it.
    pub frame: &'static str,
    /// Kind of work item.
    pub kind: &'static str,
    /// Observable cases.
    pub cases: Vec<String>,
}

/// One group has to wait for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Who waits.
    pub group: String,
    /// For whom.
    pub on: String,
    /// Why; `{on}` stands for the number of the other.
    pub reason: String,
}

/// What a revert does not undo by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// Frame that says so.
    pub frame: &'static str,
    /// The demand that it is said of.
    pub demand: usize,
    /// A sentence without its period.
    pub text: String,
    /// Something is gone for good.
    pub is_loss: bool,
}

/// What was answered to a question of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Slot of the question.
    pub slot: String,
    /// Name of the frame that asked; empty where none did.
    pub frame: &'static str,
    /// What it is about, in words.
    pub about: String,
    /// What was said, on one line.
    pub text: String,
}

/// What all frames found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Per demand.
    pub claims: Vec<Option<Claim>>,
    /// Group to imperative title.
    pub titles: Vec<(String, String)>,
    /// Questions, in no order.
    pub questions: Vec<Question>,
    /// Slot to the name of the frame that asks.
    pub askers: Vec<(String, &'static str)>,
    /// Answers to questions of frames; those that a frame turned into cases itself are not among them.
    pub answered: Vec<Answered>,
    /// Name of the frame that is reading.
    pub frame: &'static str,
    /// Slots whose answers a frame turned into cases in other words.
    pub used: Vec<&'static str>,
    /// How words were taken.
    pub read_as: Vec<String>,
    /// Order between groups.
    pub needs: Vec<Need>,
    /// Frames that have said how they took a word: one line of each is enough.
    pub told: BTreeSet<&'static str>,
    /// Additions to the way back.
    pub rollback: Vec<String>,
    /// What a revert of a demand does not undo, or asks of others: one of each frame.
    pub back: Vec<Back>,
    /// What stays in a store, or is gone from it, when the code is reverted; a plan says one of each.
    pub data: Vec<Back>,
    /// What is there to go by.
    pub reuse: Vec<String>,
    /// What stays unknown.
    pub not_checked: Vec<String>,
}

impl Findings {
    /// Nothing claimed yet.
    pub fn new(demands: usize) -> Self {
        Self { claims: vec![None; demands], ..Self::default() }
    }

    /// Is the demand still free?
    pub fn is_open(&self, index: usize) -> bool {
        self.claims.get(index).is_some_and(Option::is_none)
    }

    /// Takes a demand, once.
    pub fn claim(&mut self, index: usize, claim: Claim) {
        if let Some(free) = self.claims.get_mut(index).filter(|claim| claim.is_none()) {
            *free = Some(claim);
        }
    }

    /// Takes a demand where the issue says it is done.
    pub fn take(&mut self, scene: &Scene<'_>, index: usize, taken: Taken) {
        let Taken { frame, kind, cases } = taken;
        let places = scene.place(index).into_iter().collect();
        self.claim(index, Claim { frame, group: String::new(), kind, cases, places });
    }

    /// Names a group's work item; the first name stays.
    pub fn title(&mut self, group: &str, title: String) {
        if !self.titles.iter().any(|(seen, _)| seen == group) {
            self.titles.push((group.to_owned(), title));
        }
    }

    /// Says how a word was taken, once per frame.
    pub fn reads(&mut self, line: String) {
        if self.told.insert(self.frame) {
            self.read_as.push(line);
        }
    }

    /// Says what a revert of a demand leaves behind, once per frame.
    pub fn leaves(&mut self, demand: usize, text: String) {
        if !self.back.iter().any(|one| one.frame == self.frame) {
            self.back.push(Back { frame: self.frame, demand, text, is_loss: false });
        }
    }

    /// Says what stays in a store after a revert.
    pub fn keeps(&mut self, demand: usize, text: String) {
        self.data.push(Back { frame: self.frame, demand, text, is_loss: false });
    }

    /// Says what of a store is gone for good.
    pub fn loses(&mut self, demand: usize, text: String) {
        self.data.push(Back { frame: self.frame, demand, text, is_loss: true });
    }

    /// Asks, or shows the answer that was given; `about` names the slot in words.
    pub fn ask(&mut self, scene: &Scene<'_>, about: &str, question: Question) {
        match scene.answer(&question.slot) {
            Some(answer) => {
                let said = words::on_one_line(&answer.text, 200);
                self.read_as.push(format!("{about}: {}: {}", answer.author, words::quoted(&said)));
                if !self.used.contains(&question.slot.as_str()) {
                    let text = words::shorten(said.trim().trim_end_matches('.'), 110);
                    self.answered.push(Answered {
                        slot: question.slot,
                        frame: self.frame,
                        about: about.to_owned(),
                        text,
                    });
                }
            }
            None if self.questions.iter().any(|seen| seen.slot == question.slot) => {}
            None => {
                self.askers.push((question.slot.clone(), self.frame));
                self.questions.push(question);
            }
        }
    }
}

impl<'a> Scene<'a> {
    /// The demands nobody has taken, with their numbers.
    pub fn open(&self, findings: &Findings) -> Vec<(usize, &'a Statement)> {
        self.reading.demands.iter().enumerate().filter(|(index, _)| findings.is_open(*index)).collect()
    }

    /// The slot of a question about one demand: it names the words of the demand, so that an answer stays with them when others
    /// before them come or go.
    pub fn slot(&self, kind: &str, index: usize) -> String {
        let said =
            self.reading.demands.get(index).map_or_else(String::new, |demand| cover::quoted(&demand.text));
        // What was said anew answers to its first words.
        let first = self.brief.answers.iter().rev().fold(said, |said, answer| {
            let changed = answer.slot.as_deref().and_then(|slot| slot.strip_prefix(CHANGED));
            let same = words::bare(&cover::quoted(&words::on_one_line(&answer.text, usize::MAX)));
            changed.filter(|_| same == words::bare(&said)).map_or(said, str::to_owned)
        });
        format!("{kind}.{}", hash::short(&words::bare(&first)))
    }

    /// Whether a sub-issue that is closed has met a demand.
    pub fn is_done(&self, index: usize) -> bool {
        let child = self.reading.covered.get(&index).and_then(|number| self.brief.sub_issue(*number));
        child.is_some_and(|child| child.state == Some(State::Closed) && !child.is_dropped())
    }

    /// The demand whose slot it is.
    pub fn demand_of(&self, slot: &str) -> Option<usize> {
        let (kind, _) = slot.rsplit_once('.')?;
        (0..self.reading.demands.len()).find(|index| self.slot(kind, *index) == slot)
    }

    /// What was answered to a question.
    pub fn answer(&self, slot: &str) -> Option<&'a Answer> {
        self.brief.answers.iter().rev().find(|answer| answer.slot.as_deref() == Some(slot))
    }

    /// An answer as a case can say it: one line, short.
    pub fn answered(&self, slot: &str) -> Option<String> {
        let text = self.answer(slot)?.text.replace(['\n', '\r'], " ");
        Some(words::shorten(text.trim().trim_end_matches('.'), 60)).filter(|text| !text.is_empty())
    }

    /// Where a demand says it is done.
    pub fn own_places(&self, index: usize) -> &'a [Place] {
        self.lookups.places.get(index).map_or(&[], Vec::as_slice)
    }

    /// Where a demand says it is done, in so many words: what was only found likely is left out.
    pub fn named_places(&self, index: usize) -> &'a [Place] {
        if self.lookups.likely.is_empty() { self.own_places(index) } else { &[] }
    }

    /// Where a demand is done: its own place, else the only place of the issue, else nothing. Where it names a file that is not
    /// there, which one is meant is asked, and no other one stands in for it.
    pub fn place(&self, index: usize) -> Option<Place> {
        let own = self.own_places(index).first().cloned();
        own.or_else(|| {
            if self
                .lookups
                .missing
                .iter()
                .any(|one| one.kind == LookupKind::Path && one.demand == Some(index))
            {
                return None;
            }
            let mut all: Vec<&Place> = Vec::new();
            let sources = self.lookups.places.iter().flatten().filter(|place| !is_prose(&place.path));
            for place in sources {
                if !all.iter().any(|seen| seen.path == place.path) {
                    all.push(place);
                }
            }
            match all.as_slice() {
                [only] => Some((*only).clone()),
                _ => None,
            }
        })
    }

    /// Everything that is not code, one text: title, demands and talk.
    pub fn whole(&self) -> String {
        let said = self.reading.demands.iter().chain(&self.reading.talk);
        // A mark without its twin would pair with one of the text behind it.
        let mut out = match self.brief.title.matches('`').count() % 2 {
            0 => self.brief.title.clone(),
            _ => self.brief.title.replace('`', "'"),
        };
        for statement in said.take(200) {
            out.push('\n');
            out.push_str(&statement.text);
        }
        out
    }

    /// The issue's title; where it is blank its first demand, else its number.
    pub fn title(&self) -> String {
        let first = self.reading.demands.iter().map(|demand| demand.text.trim());
        let named =
            std::iter::once(self.brief.title.trim()).chain(first).find(|text| !short(text).is_empty());
        named.map_or_else(|| format!("Issue {}", self.brief.number), str::to_owned)
    }

    /// The commit in words.
    pub fn base(&self) -> String {
        match self.places.snapshot.short_sha() {
            "" => "the base commit".to_owned(),
            sha => words::code(sha),
        }
    }

    /// The verdict of the tree on databases: the first path of a schema or a migration.
    pub fn schema(&self) -> Option<&'a str> {
        self.places.files().find(|path| {
            let lower = path.to_lowercase();
            lower.contains("migration")
                || lower.ends_with("schema.sql")
                || lower.ends_with("schema.prisma")
                || lower.ends_with("schema.rb")
        })
    }
}

/// What templates and habits put before a title.
static PREFIX: Pattern = Pattern::new(
    r"^(?:(?:\[[^\]]{2,24}\]|(?:feature|enhancement|feature[- ]req(?:uest|\.)?|bug|bug[- ]report|request|proposal|rfc|idea|suggestion|question|docs?|task|improvement|regression|feat|fix|chore)(?:\([^)]{1,30}\))?\s*:)\s*[:-]?\s*)+(\S.*)$",
);

/// A deed that a title asks for as a question, or with manners.
static ASKED: Pattern = Pattern::new(
    r"^(?:please|pls|kindly),? (\S.{5,})$|^(?:is there (?:any|a|some) (?:way|possibility|option) to|(?:is it|would it be) possible to|(?:can|could) (?:we|you|i) (?:please )?)\s*(\S.{5,}\?)\s*$|^(?:i(?:['’]d| would) (?:like|love)|(?:i|we) (?:want|need)|it would be (?:nice|great|good|useful|helpful|cool)) to (?:be able to )?([a-z]\S* \S.{5,})$",
);

/// A short name of a demand for titles: its words without a template's prefix and without what ends them.
pub fn short(text: &str) -> String {
    let text = words::unpictured(text.trim());
    let bare = PREFIX.first(text, 1).map(words::capitalized);
    let text = bare.as_deref().unwrap_or(text);
    let told = WHY.captures(text).or_else(|| WHY_NOT.captures(text)).and_then(|found| {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
        let told = || words::capitalized(&format!("{} {} {}", part(2), part(1), part(3)));
        (!CLAUSE.is_in(part(2))).then(told)
    });
    let text = told.as_deref().unwrap_or(text);
    let asked = ASKED.either(text).map(words::capitalized);
    let text = asked.as_deref().unwrap_or(text);
    words::clipped(text.trim_end_matches(['.', ';', ':', '!', ',', '?']), 88)
}

/// `Why is the list not sorted?`: it is not sorted.
static WHY: Pattern = Pattern::new(
    r"^why (is|are|was|were) ((?:[\w`@'’.-]+ ){0,4}?[\w`@'’.-]+) ((?:not|never|no longer|unable|ignored|missing|broken|wrong)\b.*)$",
);
static WHY_NOT: Pattern = Pattern::new(
    r"^why (can|could|does|do|did|has|have) ((?:[\w`@'’.-]+ ){0,4}?[\w`@'’.-]+) ((?:not|never|no longer)\b.*)$",
);
/// What has a verb of its own is no subject.
static CLAUSE: Pattern = Pattern::new(r"\b(?:that|which|who|where|when|is|are|was|were)\b");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_why_it_is_not_so_says_that_it_is_not() {
        assert_eq!(short("why is a `Row` not able to hold a long?"), "A `Row` is not able to hold a long");
        assert_eq!(short("Why do reports not end?"), "Reports do not end");
        for kept in [
            "Why is it slow",
            "Why do I get wrong results",
            "Why does it say the file is missing",
            "Why are rows that are not empty dropped",
        ] {
            assert_eq!(short(&format!("{kept}?")), kept);
        }
    }

    #[test]
    fn the_page_of_frames_has_a_row_for_each_in_order() {
        let page = include_str!("../../../../docs/frames.md");
        let rows: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
            .filter(|kind| *kind != "Kind")
            .collect();
        let frames: Vec<&str> = FRAMES.iter().map(|frame| frame.name).collect();
        assert_eq!(rows, frames);
    }

    #[test]
    fn the_page_of_frames_describes_each_in_full() {
        let page = include_str!("../../../../docs/frames.md");
        let parts = [
            "**Slots:**",
            "**Cases:**",
            "**Asks, with the default:**",
            "**Read as:**",
            "**Risk and way back:**",
            "**Example:**",
        ];
        for frame in FRAMES {
            let heading = format!("\n## {}\n", frame.name);
            let section = page.split_once(heading.as_str()).and_then(|(_, rest)| rest.split("\n## ").next());
            let told = section.unwrap_or_else(|| panic!("no section on {}", frame.name));
            assert!(parts.iter().all(|part| told.contains(part)), "{}: {told}", frame.name);
            let risk = frame.risk.as_ref().map_or("", |risk| risk.text).replace("{name}", "it");
            assert!(told.contains(&risk), "{}: {risk}", frame.name);
        }
        assert!(FRAMES.len() >= 16);
    }

    #[test]
    fn titles_lose_the_prefix_of_their_template() {
        for (title, expected) in [
            ("[Feature]: Max duration", "Max duration"),
            ("Feature request: limit the results", "Limit the results"),
            ("fix(core): drop the lock?", "Drop the lock"),
            ("lazy loading", "lazy loading"),
            ("Please add a flag", "Add a flag"),
            ("[feature] I'd like to specify the order of rows", "Specify the order of rows"),
            ("regression: the last row is lost", "The last row is lost"),
        ] {
            assert_eq!(short(title), expected);
        }
    }
}
