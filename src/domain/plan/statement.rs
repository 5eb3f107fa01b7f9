//! Which of an issue's sentences are demands, and which are only talk around them.

use std::collections::BTreeSet;

use crate::domain::brief::{Brief, Target};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::clause;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::{self, Block, Form, Piece};
use crate::domain::plan::{quantity, trace, words};

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
}

impl Statement {
    /// Its words without code: what kind of change it is, it says in words.
    pub fn prose(&self) -> String {
        let spans = mentions::spans(&self.text).into_iter();
        spans.map(|(part, code)| if code { "`…`" } else { part }).collect()
    }
}

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

/// An issue, read.
#[derive(Debug, Default)]
pub struct Reading {
    /// In order.
    pub demands: Vec<Statement>,
    /// Demands beyond [`LIMIT`].
    pub omitted: usize,
    /// Everything else that was said.
    pub talk: Vec<Statement>,
    /// Ticked boxes.
    pub ticked: Vec<Statement>,
    /// Below headings such as Out of scope.
    pub excluded: Vec<Statement>,
    /// Below headings such as Options.
    pub options: Vec<Statement>,
    /// Demands that a sub-issue carries already.
    pub covered: Vec<(Statement, IssueNumber)>,
    /// `- [ ] #12`: sub-issues, not dependencies.
    pub children: Vec<(IssueNumber, usize)>,
    /// Lines such as `Depends on #3`.
    pub relations: Vec<(usize, String)>,
    /// Code.
    pub blocks: Vec<Block>,
    /// Lines that were too long to read whole.
    pub cut: Vec<usize>,
}

static MUST: Pattern = Pattern::new(
    r"\b(?:must|shall|should|has to|have to|needs? to|is required to|are required to|may not|cannot be allowed|ought to|muss|müssen|soll|sollen|sollte|sollten|darf|dürfen|doit|doivent|devrait|debe|deben|deve|devono|moet|moeten)\b",
);
static ACCEPTANCE: Pattern = Pattern::new(
    r"accept|criteri|requirement|definition of done|done when|must|expected|tasks?$|to ?do|checklist|scope$|goals?$|akzeptanz|anforderung|kriterien|erwartet|aufgaben|ziele?$|critères|exigences|criterios|requisitos",
);
static EXCLUDED: Pattern =
    Pattern::new(r"out of scope|non-?goals?|not in scope|nicht (?:im umfang|teil)|won'?t");
static TALK: Pattern = Pattern::new(
    r"environment|versions?\b|context|background|motivation|why|steps|reproduc|actual|current behaviou?r|screenshot|logs?$|umgebung|hintergrund|schritte|additional|references?|links?$|related (?:to|issues?)|problem|alternatives? you|workaround|considered|system info|prior art|use ?case|implementation|technical|design notes",
);
/// Headings below which people say what they want.
static SOLUTION: Pattern = Pattern::new(
    r"solution|feature description|proposal|propose|desired|expected (?:behaviou?r|result|outcome)|describe the feature|feature request|what (?:should|would|do you want)|wanted|lösung|vorschlag|gewünscht",
);
/// Sentences that lead in a list of wishes.
static LEADS: Pattern = Pattern::new(
    r"\b(?:must|shall|should|has to|have to|needs? to|want|would like|would be|propose|suggest|ideally|expect(?:ed)?|requirements?|add|adds|support|allow|implement|change|goals?|following|ideal|soll|muss|wünsch\w+)\b",
);
/// Sentences that ask for something in the imperative.
static IMPERATIVE: Pattern = Pattern::new(
    r"^(?:please |let's |we could |could (?:we|you) |it would be (?:nice|great|good|useful|helpful) (?:to|if (?:we|you|there|it) (?:could|was|were|had)?)\s*)?(?:add|allow|make|support|set|remove|change|expose|provide|introduce|rename|replace|use|show|print|drop|deprecate|implement|document|return|raise|throw|ignore|skip|extend|move|split|cache|log|emit|validate|reject|refuse|accept|default|read|write|a new|an? optional|new (?:option|flag|property|method|setting|parameter|argument|command|endpoint))\b",
);
static PROPOSES: Pattern = Pattern::new(
    r"\b(?:i|we)(?:'d| would)? (?:propose|suggest|would like|want|like|wish)\b|would be (?:nice|great|good|helpful|useful)",
);
static STRONG: Pattern = Pattern::new(r"^(?:so )?(?:i|we)(?:'d| would)? (?:propose|suggest|like)\b");
static OUTSIDE: Pattern = Pattern::new(r"^(?:out of|not in) scope\s*:");
/// What somebody tells of themselves: a story, not a demand.
static NARRATIVE: Pattern = Pattern::new(
    r"\b(?:i|you|they|he|she|people|users?|those|everyone|somebody|someone)\b[^.,;`]{0,60}\b(?:have|has|had|having|need|needs|needed) to\b|^\W*(?:having|needing) to\b|^\W*(?:i|my|our|some of (?:us|our|my)|they|when i|if i|sometimes|currently|today|right now|as a|after i|this is my)\b|\bi will\b|\bfor me\b|\bi thought\b",
);
/// Boxes that issue forms make their authors tick.
static PROMISE: Pattern =
    Pattern::new(r"^(?:i |i'm |i've |i’m |i’ve |yes, i |this is not a |there is no |no,? |my issue )");
static REPORT: Pattern = Pattern::new(
    r"\b(?:fail(?:s|ed|ing|ure)?|crash(?:es|ed|ing)?|panic(?:s|ked)?|broken|breaks?|not work(?:ing)?|do(?:es)?n['’]?t|do(?:es)? not|can(?:no|['’])t|bug|wrong(?:ly)?|errors?|exception|hangs?|freezes?|regression|than expected|although|incorrect(?:ly)?|unexpected(?:ly)?|missing|leaks?|corrupt\w*|fehler|absturz|kaputt)\b",
);
static OPTIONS: Pattern =
    Pattern::new(r"^(?:options?|alternatives?|approach(?:es)?|variants?|optionen|alternativen)\b");
static CHILD: Pattern = Pattern::new(r"^(?:[\w.-]+/[\w.-]+)?#(\d{1,9})\b");
static OPTION: Pattern = Pattern::new(r"^\**(?:option|variant|alternative|approach)\s+(?:[a-d]|\d)\b");

/// Reads title, body, comments that count, and what was said since.
pub fn read(brief: &Brief) -> Reading {
    let mut reading = Reading::default();
    let body = source::read(&brief.body);
    reading.relations = body.relations;
    reading.blocks = body.blocks;
    reading.cut = body.cut;
    sort(&mut reading, body.pieces, None);
    for comment in &brief.comments {
        let counts = !comment.is_bot && (comment.author == brief.author || comment.by_writer());
        if counts && !comment.body.trim_start().starts_with(['/', '@']) {
            let said = source::read(&comment.body);
            reading.blocks.extend(said.blocks);
            sort(&mut reading, said.pieces, Some(comment.author.as_str()));
        }
    }
    said_since(&mut reading, brief);
    cover(&mut reading, brief);
    if reading.demands.is_empty() && reading.covered.is_empty() && reading.children.is_empty() {
        wishes(&mut reading, brief);
    }
    once(&mut reading);
    reading
}

fn sort(reading: &mut Reading, pieces: Vec<Piece>, by: Option<&str>) {
    let mut steps: Vec<Piece> = Vec::new();
    for piece in pieces {
        if piece.form == Form::Step {
            if starts_with(&piece, "given") {
                scenario(reading, &mut steps, by);
            }
            steps.push(piece);
            continue;
        }
        scenario(reading, &mut steps, by);
        one(reading, piece, by);
    }
    scenario(reading, &mut steps, by);
}

fn one(reading: &mut Reading, piece: Piece, by: Option<&str>) {
    let section = piece.section.as_deref().unwrap_or_default();
    let child = CHILD.first(&piece.text, 1).and_then(|digits| digits.parse().ok()).map(IssueNumber);
    let statement = |origin| Statement {
        text: piece.text.clone(),
        line: piece.line,
        section: piece.section.clone(),
        by: by.map(str::to_owned),
        origin,
    };
    let boxed = matches!(piece.form, Form::Box | Form::TickedBox);
    match piece.form {
        _ if piece.text.is_empty() => {}
        _ if boxed && child.is_some() => reading.children.extend(child.map(|child| (child, piece.line))),
        _ if boxed && PROMISE.is_in(&piece.text) => {}
        Form::TickedBox => reading.ticked.push(statement(Origin::Box)),
        _ if EXCLUDED.is_in(section) => reading.excluded.push(statement(Origin::Must)),
        Form::Box => reading.demands.push(statement(Origin::Box)),
        Form::Lead => reading.talk.push(statement(Origin::Wish)),
        Form::Item | Form::Sentence if TALK.is_in(section) => reading.talk.push(statement(Origin::Wish)),
        Form::Item | Form::Sentence if OPTIONS.is_in(section) || OPTION.is_in(&piece.text) => {
            reading.options.push(statement(Origin::Wish));
        }
        Form::Item if ACCEPTANCE.is_in(section) || wanted(&piece) || solves(section, &piece.text) => {
            reading.demands.push(statement(Origin::Criterion));
        }
        Form::Item | Form::Sentence
            if MUST.is_in(&without_asides(&piece.text))
                && !is_story(&piece.text)
                && !MAYBE.is_in(&piece.text) =>
        {
            reading.demands.push(statement(Origin::Must));
        }
        Form::Sentence if OUTSIDE.is_in(&piece.text) => reading.excluded.push(statement(Origin::Must)),
        Form::Sentence
            if STRONG.is_in(&piece.text) && !is_question(&piece.text) && observable(&piece.text) =>
        {
            reading.demands.push(statement(Origin::Must));
        }
        Form::Item | Form::Sentence if (SOLUTION.is_in(section) || by.is_some()) && proposes(&piece.text) => {
            reading.demands.push(statement(Origin::Must));
        }
        _ => reading.talk.push(statement(Origin::Wish)),
    }
}

/// A sentence without what stands between parentheses.
fn without_asides(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Is the section about the circumstances rather than the matter?
pub fn is_apart(section: &str) -> bool {
    TALK.is_in(section)
}

/// A list item below a sentence that asks for what follows.
fn wanted(piece: &Piece) -> bool {
    piece.lead.as_deref().is_some_and(|lead| {
        (LEADS.is_in(lead) || ACCEPTANCE.is_in(lead)) && !STEPS.is_in(lead) && !is_story(lead)
    })
}

/// An item below a heading such as Proposal, with something to see.
fn solves(section: &str, text: &str) -> bool {
    SOLUTION.is_in(section) && !is_story(text) && (clause::case(text).is_some() || observable(text))
}

/// Asks for something without saying must.
fn proposes(text: &str) -> bool {
    !is_story(text) && !MAYBE.is_in(text) && (IMPERATIVE.is_in(text) || PROPOSES.is_in(text))
}

/// Said as a thought, or as a way to do it: no demand.
static MAYBE: Pattern = Pattern::new(
    r"^\W*(?:maybe|perhaps|possibly|alternatively|optionally|not sure|i (?:guess|think|wonder))\b|may be worth|might be worth|^to do (?:this|that|so)\b|\bwe(?:'d| would) (?:need|have) to\b",
);

/// A question, or what somebody tells of themselves.
fn is_story(text: &str) -> bool {
    is_question(text) || (NARRATIVE.is_in(text) && !PROPOSES.is_in(text))
}

fn is_question(text: &str) -> bool {
    text.trim_end().ends_with('?')
}

fn starts_with(piece: &Piece, word: &str) -> bool {
    piece.text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// One demand per scenario: Given to the last Then.
fn scenario(reading: &mut Reading, steps: &mut Vec<Piece>, by: Option<&str>) {
    let steps = std::mem::take(steps);
    let Some(first) = steps.first() else { return };
    let (line, section) = (first.line, first.section.clone());
    let complete = steps.iter().any(|step| starts_with(step, "then"));
    if complete {
        let text = steps.iter().map(|step| step.text.as_str()).collect::<Vec<_>>().join(" ");
        reading.demands.push(Statement {
            text,
            line,
            section,
            by: by.map(str::to_owned),
            origin: Origin::Scenario,
        });
        return;
    }
    for step in steps {
        for range in words::sentences(&step.text) {
            let text = step.text.get(range).unwrap_or_default().trim().to_owned();
            one(reading, Piece { form: Form::Sentence, text, ..step.clone() }, by);
        }
    }
}

/// Likeness from which a sub-issue's title and a demand are the same.
const SAME: f64 = 0.5;

fn cover(reading: &mut Reading, brief: &Brief) {
    if brief.sub_issues.is_empty() {
        return;
    }
    let titles: Vec<_> =
        brief.sub_issues.iter().map(|child| (child.number, words::nouns(&child.title))).collect();
    for demand in std::mem::take(&mut reading.demands) {
        let own = words::nouns(&demand.text);
        match titles.iter().find(|(_, title)| words::jaccard(title, &own) >= SAME) {
            Some((issue, _)) => reading.covered.push((demand, *issue)),
            None => reading.demands.push(demand),
        }
    }
}

fn said_since(reading: &mut Reading, brief: &Brief) {
    if let Target::Text(text) = &brief.target {
        reading.demands.push(said(text, &brief.author));
    }
    for answer in brief.answers.iter().filter(|answer| answer.slot.is_none()) {
        for piece in source::read(&answer.text).pieces {
            let demand = MUST.is_in(&piece.text) || observable(&piece.text);
            let statement = said(&piece.text, &answer.author);
            if demand { reading.demands.push(statement) } else { reading.talk.push(statement) }
        }
    }
}

fn said(text: &str, author: &str) -> Statement {
    Statement {
        text: text.to_owned(),
        line: 1,
        section: None,
        by: Some(author.to_owned()),
        origin: Origin::Said,
    }
}

/// Where nobody demands: what the trace shows, else sentences that name a place or a number, the title first.
fn wishes(reading: &mut Reading, brief: &Brief) {
    let labeled = brief.labels.iter().any(|label| label.to_lowercase().contains("bug"));
    let asks = IMPERATIVE.is_in(&brief.title);
    let report = trace::has_trace(&brief.body)
        || is_report(reading)
        || (!asks && (labeled || REPORT.is_in(&brief.title)));
    let title = Statement {
        text: brief.title.clone(),
        line: 0,
        section: None,
        by: None,
        origin: if report { Origin::Report } else { Origin::Wish },
    };
    if title.origin == Origin::Report || observable(&title.text) || asks {
        reading.demands.push(title);
    }
    let telling = |statement: &&Statement| {
        let section = statement.section.as_deref().unwrap_or_default();
        let says = observable(&statement.text) || proposes(&statement.text);
        says && !TALK.is_in(section) && !is_story(&statement.text) && !MAYBE.is_in(&statement.text)
    };
    if !report {
        let found: Vec<Statement> = reading.talk.iter().filter(telling).take(6).cloned().collect();
        reading.demands.extend(found);
    }
}

static STEPS: Pattern = Pattern::new(r"steps|reproduc|schritte");
static EXPECTED: Pattern = Pattern::new(r"expected|erwartet");

/// Steps below one heading and what was expected below another.
fn is_report(reading: &Reading) -> bool {
    let has = |pattern: &Pattern| {
        let sections = reading.talk.iter().filter_map(|said| said.section.as_deref());
        sections.into_iter().any(|section| pattern.is_in(section))
    };
    has(&STEPS) && has(&EXPECTED)
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

fn once(reading: &mut Reading) {
    let said: Vec<_> =
        reading.demands.iter().filter(|one| one.line > 0).map(|one| words::nouns(&one.text)).collect();
    let repeated = |title: &str| said.iter().any(|nouns| words::nouns(title).is_subset(nouns));
    reading.demands.retain(|one| one.line > 0 || one.origin == Origin::Report || !repeated(&one.text));
    let mut seen = BTreeSet::new();
    reading.demands.retain(|statement| {
        let letters: String =
            statement.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        !letters.is_empty() && seen.insert(letters)
    });
    reading.omitted = reading.demands.len().saturating_sub(LIMIT);
    reading.demands.truncate(LIMIT);
}
