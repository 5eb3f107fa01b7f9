//! Which of an issue's sentences are demands, and which are only talk around them.

mod report;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::Brief;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::proposal::{self, Declared};
use crate::domain::plan::source::{self, Block, Form, Piece};
use crate::domain::plan::{languages, quantity, said, unheard, wish, words};

pub use self::report::{is_report, is_wish, tells_fault};

/// Most demands one plan carries; the plan says how many more there are.
pub const LIMIT: usize = 120;

/// A sentence with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Verbatim.
    pub text: String,
    /// Line in its text, from 1; 0 is the title.
    pub line: usize,
    /// The heading above.
    pub section: Option<String>,
    /// Whose, where it is not the issue's own text.
    pub by: Option<String>,
    /// What it is.
    pub origin: Origin,
    /// Files that it links, with their line.
    pub links: Vec<(String, Option<usize>)>,
}

impl Statement {
    /// Its words without code: what kind of change it is, it says in words.
    pub fn prose(&self) -> String {
        let spans = mentions::spans(&self.text).into_iter();
        let bare: String = spans.map(|(part, code)| if code { "`…`" } else { part }).collect();
        QUOTED.replace(&bare, |_| "“…”".to_owned())
    }
}

/// What people read on a screen names no kind of change.
static QUOTED: Pattern = Pattern::new(r#"[\x22“„][^\x22“”„]{1,60}[\x22”“]"#);

/// What makes a sentence a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A box to tick.
    Box,
    /// An item below a heading such as Acceptance.
    Criterion,
    /// Must, should, has to.
    Must,
    /// Given, When, Then.
    Scenario,
    /// The title, or a sentence with a place or a number, where nothing else demands.
    Wish,
    /// What a stack trace or an Expected section shows.
    Report,
    /// Said with `/revise` or behind `/enhance`.
    Said,
}

/// `X instead of Y`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What holds, without backticks.
    pub new: String,
    /// What it takes the place of.
    pub old: String,
    /// Who says so.
    pub by: String,
}

static INSTEAD: Pattern = Pattern::new(
    r"(`[^`\n]{1,60}`|\b\d{1,6}\b)[^.`\d]{0,40}?\b(?:instead of|rather than|in place of)\s+(?:the |an? )?(`[^`\n]{1,60}`|\b\d{1,6}\b)",
);

/// An issue, read.
#[derive(Debug, Default)]
pub struct Reading {
    /// In order.
    pub demands: Vec<Statement>,
    /// Demands beyond [`LIMIT`].
    pub omitted: usize,
    /// Everything else that was said.
    pub talk: Vec<Statement>,
    /// The last word of a maintainer, where it turns the wish down.
    pub declined: Option<Statement>,
    /// What who may triage asked last, where the author has said nothing since.
    pub unanswered: Option<Statement>,
    /// What who may triage wants in place of what the issue says, in the order it was said.
    pub decided: Vec<Decision>,
    /// What people speak in it, where that is not English.
    pub language: Option<&'static str>,
    /// Ticked boxes.
    pub ticked: Vec<Statement>,
    /// Below headings such as Out of scope.
    pub excluded: Vec<Statement>,
    /// Below headings such as Options.
    pub options: Vec<Statement>,
    /// What the author leaves to be decided.
    pub left_open: Vec<Statement>,
    /// What the code of a proposal declares, by the line of its demand.
    pub declared: Vec<Declared>,
    /// Sub-issues that carry a demand already, by its index.
    pub covered: BTreeMap<usize, IssueNumber>,
    /// `- [ ] #12`: sub-issues, not dependencies.
    pub children: Vec<(IssueNumber, usize)>,
    /// Lines such as `Depends on #3`.
    pub relations: Vec<(usize, String)>,
    /// Code.
    pub blocks: Vec<Block>,
    /// How many of the blocks, the first of them, are the author's.
    pub own_blocks: usize,
    /// Lines that were too long to read whole.
    pub cut: Vec<usize>,
}

static CHILD: Pattern = Pattern::new(r"^(?:[\w.-]+/[\w.-]+)?#(\d{1,9})\b");
static OUTSIDE: Pattern = Pattern::new(
    r"^(?:out of scope|not (?:in scope|(?:part of|in) (?:this|the) (?:issue|change|ticket|pull request)))\s*:",
);

/// Reads title, body, comments that count, and what was said since.
pub fn read(brief: &Brief) -> Reading {
    let body = source::read(&brief.body);
    let code = body.blocks.clone();
    let mut reading = Reading {
        relations: body.relations,
        blocks: body.blocks,
        cut: body.cut,
        language: languages::foreign(&format!("{}\n{}", brief.title, brief.body)),
        ..Reading::default()
    };
    sort(&mut reading, body.pieces, None);
    let mut aside: Vec<Block> = Vec::new();
    for comment in &brief.comments {
        let counts = !comment.is_bot && (comment.author == brief.author || comment.by_triage());
        if counts && !comment.body.trim_start().starts_with(['/', '@']) {
            let said = source::read(&comment.body);
            if comment.by_triage() {
                word(&mut reading, &said.pieces, &comment.author);
                reading
                    .decided
                    .extend(said.pieces.iter().filter_map(|piece| decision(piece, &comment.author)));
            }
            if comment.author == brief.author {
                reading.unanswered = None;
            }
            match comment.by_triage() && comment.author != brief.author {
                true => aside.extend(said.blocks),
                false => reading.blocks.extend(said.blocks),
            }
            sort(&mut reading, said.pieces, Some(comment.author.as_str()));
        }
    }
    reading.own_blocks = reading.blocks.len();
    reading.blocks.append(&mut aside);
    said::since(&mut reading, brief);
    unexpect(&mut reading, brief);
    if reading.demands.is_empty() && reading.children.is_empty() {
        wishes(&mut reading, brief);
    } else {
        unheard::also(&mut reading, brief);
    }
    if !tells_fault(&reading, brief) {
        proposal::own(&mut reading, &code);
    }
    said::correct(&mut reading, brief);
    once(&mut reading);
    reading
}

fn decision(piece: &Piece, by: &str) -> Option<Decision> {
    let found = INSTEAD.captures(&piece.text).filter(|_| !asks::is_question(&piece.text))?;
    let bare = |group: usize| found.get(group).map(|it| it.as_str().trim_matches('`').to_owned());
    Some(Decision { new: bare(1)?, old: bare(2)?, by: by.to_owned() })
}

/// A maintainer who turns the wish down, until one takes it up.
fn word(reading: &mut Reading, pieces: &[Piece], by: &str) {
    for piece in pieces {
        if asks::inquires_of_author(&piece.text) {
            reading.unanswered = Some(statement(piece, Some(by), Origin::Said));
        }
        if asks::declines(&piece.text) {
            reading.declined = Some(statement(piece, Some(by), Origin::Said));
        } else if asks::accepts(&piece.text) || asks::demands(&piece.text) {
            reading.declined = None;
        }
    }
}

fn sort(reading: &mut Reading, pieces: Vec<Piece>, by: Option<&str>) {
    let mut steps: Vec<Piece> = Vec::new();
    let mut section: Option<String> = None;
    let mut follows = false;
    for piece in pieces {
        if piece.form == Form::Step {
            if starts_with(&piece, "given") {
                scenario(reading, &mut steps, by);
            }
            steps.push(piece);
            continue;
        }
        scenario(reading, &mut steps, by);
        let before = reading.demands.last().filter(|_| follows && piece.form == Form::Sentence);
        let goes_on = before.is_some_and(|before| states(&piece, (before, section.as_deref())));
        section.clone_from(&piece.section);
        let sentence = piece.form == Form::Sentence;
        let before = reading.demands.len();
        match goes_on {
            true => reading.demands.push(statement(&piece, by, Origin::Must)),
            false => one(reading, piece, by),
        }
        follows = sentence && by.is_none() && reading.demands.len() > before;
    }
    scenario(reading, &mut steps, by);
}

/// `Later files win.` behind a demand on files says what is to come, as the demand does.
fn states(piece: &Piece, (before, section): (&Statement, Option<&str>)) -> bool {
    let text = piece.text.as_str();
    // `The build uses Cargo.` is of something else; `A missing file is skipped.` is a rule.
    if SINGLE.is_in(text) && words::nouns(text).is_disjoint(&words::nouns(&before.text)) {
        return false;
    }
    let told = asks::is_story(text) || asks::describes(text) || asks::is_maybe(text) || TODAY.is_in(text);
    piece.section.as_deref() == section && !told && !asks::has_ask(text) && clause::case(text).is_some()
}

/// Of one thing that is there.
static SINGLE: Pattern = Pattern::new(r"^\W*(?:the|our|my|your|i|we|you)\b");

/// What may as well be said of today.
static TODAY: Pattern = Pattern::new(
    r"^\W*(?:it|this|that|these|they|which|but|however|instead|otherwise|the (?:problem|current|actual))\b|\b(?:currently|today|now|instead|already|wrong|but|not|n['’]t|no longer|still|always)\b|\?$",
);

fn statement(piece: &Piece, by: Option<&str>, origin: Origin) -> Statement {
    Statement {
        text: piece.text.clone(),
        line: piece.line,
        section: piece.section.clone(),
        by: by.map(str::to_owned),
        origin,
        links: piece.links.clone(),
    }
}

fn one(reading: &mut Reading, piece: Piece, by: Option<&str>) {
    let (text, section) = (piece.text.as_str(), piece.section.as_deref().unwrap_or_default());
    let child = CHILD.first(text, 1).and_then(|digits| digits.parse().ok()).map(IssueNumber);
    let boxed = matches!(piece.form, Form::Box | Form::TickedBox);
    let made = |origin| statement(&piece, by, origin);
    match piece.form {
        _ if text.is_empty() => {}
        _ if boxed && child.is_some() => reading.children.extend(child.map(|child| (child, piece.line))),
        _ if boxed && asks::is_promise(section, text) => {}
        Form::TickedBox => reading.ticked.push(made(Origin::Box)),
        _ if asks::is_excluded(section) => reading.excluded.push(made(Origin::Must)),
        Form::Item | Form::Sentence if asks::is_outside(text) => reading.excluded.push(made(Origin::Must)),
        Form::Item | Form::Sentence if by.is_none() && leaves_open(&piece) => {
            reading.left_open.push(made(Origin::Wish));
        }
        Form::Box => reading.demands.push(made(Origin::Box)),
        Form::Item if report::is_told_of(&piece) => reading.talk.push(made(Origin::Wish)),
        Form::Lead => reading.talk.push(made(Origin::Wish)),
        Form::Item | Form::Sentence if keeps(&piece) => reading.demands.push(made(Origin::Criterion)),
        Form::Item if asks::is_aside(section) && asks::demands(text) && observable(text) => {
            reading.demands.push(made(Origin::Must));
        }
        Form::Row { .. } if asks::is_observation(section, text) && !wanted(&piece) => {
            reading.talk.push(made(Origin::Wish))
        }
        _ if asks::is_apart(section) => reading.talk.push(made(Origin::Wish)),
        _ if asks::is_option(section, text) => reading.options.push(made(Origin::Wish)),
        Form::Row { outcome } => match outcome || wanted(&piece) || asks::is_acceptance(section) {
            true => reading.demands.push(made(Origin::Criterion)),
            false => reading.talk.push(made(Origin::Wish)),
        },
        Form::Item if asks::is_acceptance(section) || wanted(&piece) || solves(section, text) => {
            reading.demands.push(made(Origin::Criterion));
        }
        Form::Item
            if asks::is_solution(section)
                && !asks::is_expected(section)
                && !asks::is_story(text)
                && !asks::is_maybe(text) =>
        {
            reading.demands.push(made(Origin::Criterion));
        }
        _ if asks::demands(text) => reading.demands.push(made(Origin::Must)),
        Form::Sentence if OUTSIDE.is_in(text) => reading.excluded.push(made(Origin::Must)),
        Form::Sentence if asks::proposes_plainly(text) && observable(text) => {
            reading.demands.push(made(Origin::Must));
        }
        _ if (asks::is_solution(section) || by.is_some()) && asks::proposes(text) => {
            reading.demands.push(made(Origin::Must));
        }
        Form::Sentence
            if asks::is_solution(section) && !asks::is_expected(section) && solves(section, text) =>
        {
            reading.demands.push(made(Origin::Must));
        }
        Form::Sentence if asks::asks_politely(text) && wish::case(text).is_some() => {
            reading.demands.push(made(Origin::Must));
        }
        _ => reading.talk.push(made(Origin::Wish)),
    }
}

/// A list item below a sentence that asks for what follows.
fn wanted(piece: &Piece) -> bool {
    piece.lead.as_deref().is_some_and(asks::leads)
        && !asks::describes(&piece.text)
        && !NEEDED.is_in(&piece.text)
}

/// Below a heading of open questions, or a question among the points of a proposal.
fn leaves_open(piece: &Piece) -> bool {
    let section = piece.section.as_deref().unwrap_or_default();
    let asked = || {
        words::sentences(&piece.text)
            .into_iter()
            .any(|range| asks::is_question(piece.text.get(range).unwrap_or_default()))
    };
    let proposal = asks::is_solution(section) || asks::is_aside(section);
    asks::is_open(section) || piece.form == Form::Item && proposal && asked()
}

/// What has to stay as it is, by its name.
fn keeps(piece: &Piece) -> bool {
    let section = piece.section.as_deref().unwrap_or_default();
    let told = asks::is_circumstance(section) || asks::is_steps(section) || asks::is_actual(section);
    let named = piece.text.contains('`') && clause::kept(&piece.text).is_some();
    named && !told && !asks::is_story(&piece.text) && !asks::tells_fault(&piece.text)
}

/// `I had two groups and I needed …`: a story in a list of wishes.
static NEEDED: Pattern = Pattern::new(r"^\W*i had\b");

/// An item or sentence below a heading such as Proposal, with something to see.
fn solves(section: &str, text: &str) -> bool {
    asks::is_solution(section)
        && !asks::is_story(text)
        && !asks::is_maybe(text)
        && !asks::describes(text)
        && clause::case(text).is_some()
}

fn starts_with(piece: &Piece, word: &str) -> bool {
    piece.text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// One demand per scenario: Given to the last Then.
fn scenario(reading: &mut Reading, steps: &mut Vec<Piece>, by: Option<&str>) {
    let steps = std::mem::take(steps);
    let Some(first) = steps.first() else { return };
    let complete = steps.iter().any(|step| starts_with(step, "then"));
    if complete {
        let text = steps.iter().map(|step| step.text.as_str()).collect::<Vec<_>>().join(" ");
        let whole = Piece { text, ..first.clone() };
        reading.demands.push(statement(&whole, by, Origin::Scenario));
        return;
    }
    for step in steps {
        for range in words::sentences(&step.text) {
            let text = step.text.get(range).unwrap_or_default().trim().to_owned();
            one(reading, Piece { form: Form::Sentence, text, ..step.clone() }, by);
        }
    }
}

/// In a report, what was expected is the outcome of its steps and no demand of its own.
fn unexpect(reading: &mut Reading, brief: &Brief) {
    let triages =
        |login: &str| brief.comments.iter().any(|comment| comment.author == login && comment.by_triage());
    let expected = |said: &Statement| {
        if report::RATHER.is_in(&said.text) {
            return said.origin != Origin::Box;
        }
        let later = said.by.as_deref().is_some_and(|login| !triages(login)) && said.origin != Origin::Said;
        let hoped = said.origin == Origin::Must && asks::hopes(&said.text);
        let told =
            said.section.as_deref().is_some_and(asks::is_expected) || asks::expects(&said.text) || hoped;
        (told || later) && !matches!(said.origin, Origin::Box | Origin::Said)
    };
    let own = |said: &Statement| said.origin == Origin::Must && said.by.is_none();
    let outcomes = reading.demands.iter().all(|said| expected(said) || own(said))
        && (reading.demands.is_empty() || reading.demands.iter().any(expected));
    if outcomes && tells_fault(reading, brief) {
        reading.talk.append(&mut reading.demands);
        reading.talk.sort_by_key(|said| (said.by.is_some(), said.line));
    }
}

/// The title as a demand.
pub fn titled(brief: &Brief, origin: Origin) -> Statement {
    Statement { text: brief.title.clone(), line: 0, section: None, by: None, origin, links: Vec::new() }
}

/// Where nobody demands: a fault is its title; else what is proposed, asked for politely or told in the title.
fn wishes(reading: &mut Reading, brief: &Brief) {
    let report = tells_fault(reading, brief);
    let title = titled(brief, if report { Origin::Report } else { Origin::Wish });
    if report {
        return reading.demands.push(title);
    }
    let telling = |statement: &&Statement| {
        let section = statement.section.as_deref().unwrap_or_default();
        let text = statement.text.as_str();
        let asked = asks::proposes(text) || asks::requests(text) || measured(text);
        let steps = asks::is_steps(section);
        asked && !steps && !asks::is_circumstance(section) && !asks::is_maybe(text)
    };
    let anew = |statement: &&Statement| !POINTS_BACK.is_in(&statement.text);
    let found: Vec<Statement> = reading.talk.iter().filter(telling).filter(anew).take(6).cloned().collect();
    let shows = |text: &str| clause::case(text).or_else(|| wish::case(text)).is_some();
    let said = found.iter().any(|one| observable(&one.text) || shows(&one.text));
    let heading = own_title(&title.text);
    let again = said && found.iter().any(|one| unheard::repeats(heading, &one.text));
    if again {
        reading.demands.extend(found);
        return;
    }
    if !said || observable(&title.text) || shows(own_title(&title.text)) || THING.is_in(&title.text) {
        reading.demands.push(title);
    }
    reading.demands.extend(found);
}

/// `It would be nice to have this.`: asks for what the title names.
static POINTS_BACK: Pattern = Pattern::new(r"^[^`]{3,50}\b(?:it|this|that|them|these|those)\W*$");
/// A title that says what is to come.
static THING: Pattern = Pattern::new(r"\b(?:option|flag|switch|setting|endpoint|button|command[- ]line)\b");
/// A setting that somebody proposes by writing it down.
static LONE: Pattern = Pattern::new(r"^`[\w.-]+\s*[:=]\s*[^`\s]+`$");

/// A title without the prefix of its template.
pub fn own_title(title: &str) -> &str {
    match title.trim().strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest.trim_start_matches([':', ' ', '-']),
        None => title,
    }
}

/// States a status, an exit code or a bound without saying must.
pub fn measured(text: &str) -> bool {
    let counts = !quantity::bounds(text).is_empty()
        || quantity::status(text).is_some()
        || quantity::exit_code(text).is_some();
    (counts || LONE.is_in(text))
        && !asks::is_story(text)
        && !asks::describes(text)
        && !asks::tells_fault(text)
}

/// Does the sentence name something that can be looked at or measured?
pub fn observable(text: &str) -> bool {
    let named =
        mentions::mentions(text).iter().any(|mention| mention.code || mention.kind != MentionKind::Symbol);
    named
        || !quantity::bounds(text).is_empty()
        || quantity::status(text).is_some()
        || quantity::exit_code(text).is_some()
}

/// What a sentence says, whatever its case and its points.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn once(reading: &mut Reading) {
    let said: Vec<_> =
        reading.demands.iter().filter(|one| one.line > 0).map(|one| words::stems(&one.text)).collect();
    let repeated = |title: &str| {
        let own = words::stems(own_title(title));
        said.iter().any(|stems| own.is_subset(stems) || words::jaccard(&own, stems) > 0.7)
    };
    reading.demands.retain(|one| one.line > 0 || one.origin == Origin::Report || !repeated(&one.text));
    let mut seen = BTreeSet::new();
    reading.demands.retain(|statement| {
        let letters = letters(&statement.text);
        !letters.is_empty() && seen.insert(letters)
    });
    reading.omitted = reading.demands.len().saturating_sub(LIMIT);
    reading.demands.truncate(LIMIT);
}
