//! Sorts what a text says: what is demanded, what stays out, what is left open, and what is only told.

use crate::domain::ids::IssueNumber;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::{self, By, Judged, Role};
use crate::domain::plan::source::{Form, Piece};
use crate::domain::plan::statement::{
    CHILD, DOUBTED, LIKELY, OUTSIDE, Origin, Reading, Statement, bare, led, listed, measured, observable,
    report, word,
};
use crate::domain::plan::{asks, clause, wish, words};

/// Whose text it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice<'a> {
    /// Login, where it is not the issue's own text.
    pub by: Option<&'a str>,
    /// Author, maintainer or anybody else.
    pub whose: By,
    /// What the issue's title is.
    pub title: Role,
    /// Is the issue written in another language than the one that was learned?
    pub is_foreign: bool,
    /// Is it the word of somebody who turns the wish down?
    pub refuses: bool,
}

impl Voice<'_> {
    /// The sentences of a text, judged in their order.
    pub fn judge(&self, pieces: Vec<Piece>) -> Vec<(Piece, Judged)> {
        let mut before = None;
        let mut judge = |mut piece: Piece| {
            // What is told first is told; what counts is the request behind it.
            if let Some(request) = asks::request_behind(&piece.text) {
                piece.text = request;
            }
            let judged = self.judge_one(&piece, before);
            before = Some(judged.role());
            (piece, judged)
        };
        pieces.into_iter().map(&mut judge).collect()
    }

    /// The voice of the issue itself, and its sentences. What its title is, its text may tell better: a noun phrase is a wish
    /// where a wish is said.
    pub fn of_issue(title: &str, pieces: Vec<Piece>, is_foreign: bool) -> (Self, Vec<(Piece, Judged)>) {
        let own = roles::judge_title(title);
        let voice = Self { by: None, whose: By::Issue, title: own.role(), is_foreign, refuses: false };
        let judged = voice.judge(pieces);
        let doubtful = own.role() == Role::Observation && own.percent(Role::Wish) >= DOUBTFUL_TITLE;
        let wished = judged.iter().any(|(_, judged)| judged.percent(Role::Wish) >= WISHED_SURELY);
        if !doubtful || !wished || is_foreign || asks::tells_fault(title) {
            return (voice, judged);
        }
        let voice = Self { title: Role::Wish, ..voice };
        let pieces = judged.into_iter().map(|(piece, _)| piece).collect();
        (voice, voice.judge(pieces))
    }

    fn judge_one(&self, piece: &Piece, before: Option<Role>) -> Judged {
        match self.is_foreign {
            true => Judged::UNKNOWN,
            false => roles::judge(&piece.said(self.whose, (before, Some(self.title)))),
        }
    }
}

/// Sorts the sentences of a text into the reading.
pub(super) fn sort(reading: &mut Reading, judged: Vec<(Piece, Judged)>, voice: &Voice<'_>) {
    let mut steps: Vec<Piece> = Vec::new();
    let mut section: Option<String> = None;
    let mut follows = false;
    let items: Vec<Piece> =
        judged.iter().map(|(piece, _)| piece).filter(|piece| piece.form == Form::Item).cloned().collect();
    for (piece, judged) in judged {
        if piece.form == Form::Step {
            if starts_with(&piece, "given") {
                scenario(reading, &mut steps, voice);
            }
            steps.push(piece);
            continue;
        }
        scenario(reading, &mut steps, voice);
        let before = reading.demands.last().filter(|_| follows && piece.form == Form::Sentence);
        let goes_on = before.is_some_and(|before| states(&piece, (before, section.as_deref())));
        let goes_on = goes_on || ends(&piece, reading.demands.last());
        section.clone_from(&piece.section);
        let sentence = piece.form == Form::Sentence;
        let before = reading.demands.len();
        match goes_on && !is_told(&judged) {
            true => reading.demands.push(Heard { piece: &piece, judged, voice }.statement(Origin::Must)),
            false => one(reading, &Heard { piece: &piece, judged, voice }),
        }
        follows = sentence && voice.by.is_none() && reading.demands.len() > before;
    }
    scenario(reading, &mut steps, voice);
    if voice.by.is_none() {
        listed::beside(reading, &items);
    }
}

/// `Later files win.` behind a demand on files says what is to come, as the demand does.
fn states(piece: &Piece, (before, section): (&Statement, Option<&str>)) -> bool {
    let text = piece.text.as_str();
    // `The build uses Cargo.` is of something else; `A missing file is skipped.` is a rule.
    if SINGLE.is_in(text) && words::nouns(text).is_disjoint(&words::nouns(&before.text)) {
        return false;
    }
    let told = asks::is_story(text) || asks::describes(text) || asks::is_maybe(text);
    let told = told || TODAY.is_in(text) || UNDECIDED.is_in(text);
    piece.section.as_deref() == section && !told && !asks::has_ask(text) && clause::case(text).is_some()
}

/// `At the end, swap it.` behind a demand on the same line: the last of its steps.
fn ends(piece: &Piece, before: Option<&Statement>) -> bool {
    before.is_some_and(|before| before.by.is_none() && before.line > 0 && before.line == piece.line)
        && THEN.first(&piece.text, 1).is_some_and(asks::is_imperative)
}

static THEN: Pattern =
    Pattern::new(r"^\W*(?:at the end|in the end|finally|afterwards?|after that|then|next),? (\S.*)$");

/// Of one thing that is there.
static SINGLE: Pattern = Pattern::new(r"^\W*(?:the|our|my|your|i|we|you)\b");

/// What may as well be said of today.
static TODAY: Pattern = Pattern::new(
    r"^\W*(?:it|this|that|these|they|which|but|however|instead|otherwise|the (?:problem|current|actual))\b|\b(?:currently|today|now|instead|already|wrong|but|not|n['’]t|no longer|still|always)\b|\?$",
);

/// A sentence, what it stands in and what it was judged to be.
struct Heard<'a> {
    piece: &'a Piece,
    judged: Judged,
    voice: &'a Voice<'a>,
}

impl Heard<'_> {
    fn statement(&self, origin: Origin) -> Statement {
        Statement {
            text: self.piece.text.clone(),
            said: None,
            line: self.piece.line,
            section: self.piece.section.clone(),
            by: self.voice.by.map(str::to_owned),
            origin,
            role: self.judged.role(),
            wish: self.judged.percent(Role::Wish),
            links: self.piece.links.clone(),
        }
    }
}

/// What somebody said, as a statement.
pub(super) fn said_by(piece: &Piece, judged: Judged, voice: &Voice<'_>) -> Statement {
    Heard { piece, judged, voice }.statement(Origin::Said)
}

/// What becomes of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Nothing,
    Child(IssueNumber),
    Ticked,
    Demand(Origin),
    Excluded,
    LeftOpen,
    Option,
    /// Of circumstances, whatever its words.
    Told,
    Talk,
}

fn one(reading: &mut Reading, heard: &Heard<'_>) {
    match weighed(by_rules(heard.piece, heard.voice), heard) {
        Taken::Nothing => {}
        Taken::Child(child) => reading.children.push((child, heard.piece.line)),
        Taken::Ticked => reading.ticked.push(heard.statement(Origin::Box)),
        Taken::Demand(origin) => reading.demands.push(heard.statement(origin)),
        Taken::Excluded => reading.excluded.push(heard.statement(Origin::Must)),
        Taken::LeftOpen => reading.left_open.push(heard.statement(Origin::Wish)),
        Taken::Option => reading.options.push(heard.statement(Origin::Wish)),
        Taken::Told | Taken::Talk => reading.talk.push(heard.statement(Origin::Wish)),
    }
}

/// From here, in percent, a sentence is a wish, whatever its words.
const WISHED: u8 = 70;
/// Said later or as a thought, it has to be clearer.
const WISHED_LATER: u8 = 85;
/// Here nobody would doubt a wish.
const WISHED_SURELY: u8 = 85;
/// A title that is a wish as likely as this may be one.
const DOUBTFUL_TITLE: u8 = 10;
/// From here a sentence is something else.
const TOLD: u8 = 60;
/// And from here it is so even below a heading that asks.
const TOLD_FOR_SURE: u8 = 85;

fn is_told(judged: &Judged) -> bool {
    let role = judged.role();
    judged.percent(Role::Wish) < DOUBTED && role != Role::Wish && judged.percent(role) >= TOLD
}

/// What the rules say, where the sentence as a whole does not clearly say otherwise.
fn weighed(taken: Taken, heard: &Heard<'_>) -> Taken {
    let Heard { piece, judged, voice } = heard;
    let section = piece.section.as_deref().unwrap_or_default();
    let role = judged.role();
    let (sure, wish) = (judged.percent(role), judged.percent(Role::Wish));
    let doubtful = voice.by.is_some() || asks::is_maybe(&piece.text);
    let least = if doubtful { WISHED_LATER } else { WISHED };
    let spoken = matches!(piece.form, Form::Sentence | Form::Item);
    match taken {
        // Who turns it down says why in words of all kinds.
        Taken::Demand(_) if voice.refuses && !asks::is_imperative(&piece.text) => Taken::Talk,
        // Whoever answers argues more often than demands.
        Taken::Demand(Origin::Must | Origin::Criterion)
            if voice.by.is_some() && (wish < DOUBTED || wish < LIKELY && !asks::says_must(&piece.text)) =>
        {
            Taken::Talk
        }
        Taken::Demand(_) if voice.by.is_some() && asks::muses(&piece.text) => Taken::Talk,
        Taken::Demand(_) if spoken && asks::stands_beside(&piece.text) => Taken::Talk,
        // A number to reach is no talk, whatever is said around it.
        Taken::Demand(Origin::Must) if measured(&piece.text) => taken,
        // What a new thing does is no hint, though it is told like one.
        Taken::Demand(Origin::Must) if proposal(&asks::worded(section)) && does(section, &piece.text) => {
            taken
        }
        // `Would it be possible to add …?` asks for no answer but the deed.
        Taken::Talk
            if spoken
                && (asks::asks_politely(&piece.text) || asks::should_get(&piece.text))
                && observable(&piece.text)
                && voice.by.is_none() =>
        {
            Taken::Demand(Origin::Must)
        }
        Taken::Talk
            if spoken
                && voice.by.is_none()
                && (asks::could_be(&piece.text) || asks::begs(&piece.text))
                && !asks::is_circumstance(section)
                && !asks::is_steps(section)
                && !bare::is_bare(&piece.text) =>
        {
            Taken::Demand(Origin::Must)
        }
        Taken::Demand(Origin::Must)
            if is_told(judged)
                && !asks::begs(&piece.text)
                && (sure >= TOLD_FOR_SURE || !observable(&piece.text)) =>
        {
            if role == Role::Excluded {
                Taken::Excluded
            } else {
                Taken::Talk
            }
        }
        Taken::Demand(Origin::Criterion)
            if is_told(judged) && sure >= TOLD_FOR_SURE && !asks::says_must(&piece.text) =>
        {
            Taken::Talk
        }
        Taken::Talk
            if spoken
                && wish >= least
                && !asks::is_circumstance(section)
                && !bare::is_bare(&piece.text)
                && (voice.by.is_none() || !asks::muses(&piece.text))
                && !asks::is_later(&piece.text)
                && !asks::is_reply(&piece.text)
                && !asks::describes(&piece.text) =>
        {
            Taken::Demand(Origin::Hope)
        }
        Taken::Talk
            if spoken
                && role == Role::Excluded
                && sure >= TOLD_FOR_SURE
                // Who answers says of many things what they are not.
                && voice.by.is_none()
                // Whoever turns it down does so as a whole.
                && !asks::declines(&piece.text) =>
        {
            Taken::Excluded
        }
        taken => taken,
    }
}

/// Nothing but an aside in parentheses.
static ASIDE: Pattern = Pattern::new(r"^\([^()]*\)\W*$");
static WORD: Pattern = Pattern::new(r"^\W*[\p{L}]+\W*$");
/// Tells step by step what whoever reads it can do today.
static INSTRUCTS: Pattern = Pattern::new(
    r"^\W*(?:then|next|after that|afterwards),? (?:you can )?(?:add|call|copy|create|install|open|put|run|set|use|write)\b|^\W*(?:that|this)(?: is|['’]s) (?:exactly )?(?:how|what|why)\b",
);
/// Takes the wish up, and adds nothing to it.
static AGREES: Pattern = Pattern::new(
    r"^\W*(?:nice|good|great) (?:suggestion|idea|catch|find|point)\b[^`]*$|\b(?:i|we) should probably (?:do|look|get|have)\b[^`]*$|^\W*(?:yes|yeah|yep|sure|agreed|good idea|makes sense|sounds good)\b[^`\d]*$",
);
/// Leads in ways of which one will do.
static EITHER: Pattern = Pattern::new(r"\b(?:either|one of (?:these|the following|two|three))\b[^.;]*:$");

/// Leads in what is left for another day, or for good: `Also considered but not yet added:`
static SET_ASIDE: Pattern = Pattern::new(
    r"\b(?:considered|discussed|thought about|rejected|left out|ruled out|set aside|dismissed)\b[^:]*\b(?:not|never|no longer|rejected|against|later)\b[^:]*:\W*$|\b(?:we|this (?:issue|pr|pull request)) (?:won['’]t|will not|should not|need not|do(?:n['’]t| not) need to) (?:yet )?(?:add|include|cover|do|implement)\b[^:]*:\W*$|\b(?:won['’]t|will not|need not) (?:yet )?be (?:added|included|covered|done|implemented)\b[^:]*:\W*$|\bnot (?:yet |part of |in )(?:added|included|planned|this|scope)\b[^:]*:\W*$",
);

/// What words, form and heading say.
fn by_rules(piece: &Piece, voice: &Voice<'_>) -> Taken {
    let by = voice.by;
    let (text, heading) = (piece.text.as_str(), piece.section.as_deref().unwrap_or_default());
    let section = asks::worded(heading);
    let section = section.as_str();
    let child = CHILD.first(text, 1).and_then(|digits| digits.parse().ok()).map(IssueNumber);
    let boxed = matches!(piece.form, Form::Box | Form::TickedBox);
    match piece.form {
        _ if text.is_empty() => Taken::Nothing,
        _ if boxed && child.is_some() => child.map_or(Taken::Nothing, Taken::Child),
        _ if boxed && asks::is_promise(section, text) => Taken::Nothing,
        _ if boxed && asks::is_choice(piece.lead.as_deref().unwrap_or(section), text) => Taken::Nothing,
        Form::TickedBox => Taken::Ticked,
        _ if asks::is_excluded(section) => Taken::Excluded,
        Form::Item | Form::Sentence if asks::is_outside(text) => Taken::Excluded,
        Form::Sentence | Form::Item if clause::given(text).is_some() => Taken::Demand(Origin::Scenario),
        // One word asks for nothing.
        Form::Sentence if WORD.is_in(text) || ASIDE.is_in(text) => Taken::Told,
        Form::Sentence if by.is_none() && led::is_own(text) => Taken::Told,
        Form::Sentence | Form::Lead if by.is_some() && (INSTRUCTS.is_in(text) || AGREES.is_in(text)) => {
            Taken::Told
        }
        Form::Sentence | Form::Item if led::invites(text) => Taken::Told,
        Form::Sentence if voice.whose == By::Triage && word::goes_in(text) => Taken::Demand(Origin::Said),
        Form::Item if piece.lead.as_deref().is_some_and(|lead| EITHER.is_in(lead)) => Taken::Option,
        Form::Item if piece.lead.as_deref().is_some_and(|lead| SET_ASIDE.is_in(lead)) => Taken::Excluded,
        Form::Item | Form::Sentence if leaves_open(piece, voice) => Taken::LeftOpen,
        Form::Box => Taken::Demand(Origin::Box),
        Form::Item if report::is_told_of(piece) => Taken::Told,
        Form::Lead => Taken::Told,
        Form::Item | Form::Sentence if keeps(piece) => Taken::Demand(Origin::Criterion),
        Form::Item if asks::is_aside(section) && asks::demands(text) && observable(text) => {
            Taken::Demand(Origin::Must)
        }
        Form::Row { .. } if asks::is_observation(section, text) && !wanted(piece) => Taken::Talk,
        _ if asks::is_apart(section) => Taken::Talk,
        _ if asks::is_option(section, text) => Taken::Option,
        Form::Row { outcome } if outcome || wanted(piece) || asks::is_acceptance(section) => {
            Taken::Demand(Origin::Criterion)
        }
        Form::Row { .. } => Taken::Talk,
        Form::Item if asks::is_acceptance(section) || wanted(piece) || solves(section, text) => {
            Taken::Demand(Origin::Criterion)
        }
        Form::Item if proposal(section) && !asks::is_story(text) && !asks::is_maybe(text) => {
            Taken::Demand(Origin::Criterion)
        }
        _ if SHOWS_BELOW.is_in(text) && !observable(text) => Taken::Talk,
        _ if asks::demands(text) || asks::pleads(text) => Taken::Demand(Origin::Must),
        Form::Sentence if OUTSIDE.is_in(text) => Taken::Excluded,
        Form::Sentence if asks::proposes_plainly(text) && observable(text) => Taken::Demand(Origin::Must),
        _ if (asks::is_solution(section) || by.is_some()) && asks::proposes(text) => {
            Taken::Demand(Origin::Must)
        }
        Form::Sentence if proposal(section) && (solves(section, text) || does(heading, text)) => {
            Taken::Demand(Origin::Must)
        }
        Form::Sentence if asks::asks_politely(text) && wish::case(text).is_some() => {
            Taken::Demand(Origin::Must)
        }
        _ => Taken::Talk,
    }
}

/// Below a heading such as Proposal, and not below one of a report.
fn proposal(section: &str) -> bool {
    asks::is_solution(section) && !asks::is_expected(section)
}

/// A list item below a sentence that asks for what follows.
fn wanted(piece: &Piece) -> bool {
    piece.lead.as_deref().is_some_and(asks::leads)
        && !asks::describes(&piece.text)
        && !NEEDED.is_in(&piece.text)
}

/// Says that something is still to be decided, whoever says it; or an author's point below a heading of open questions,
/// or a question among the points of a proposal.
fn leaves_open(piece: &Piece, voice: &Voice<'_>) -> bool {
    let section = piece.section.as_deref().unwrap_or_default();
    let wishes = voice.title == Role::Wish;
    let is_open = |text: &str| {
        asks::leaves_choice(text).is_some()
            || wishes && asks::possibly(text).is_some() && !asks::is_circumstance(section)
    };
    if voice.by.is_none() && is_open(&piece.text) {
        return true;
    }
    if UNDECIDED.is_in(&piece.text)
        || voice.whose == By::Triage && (asks::prefers(&piece.text) || asks::leans(&piece.text))
        || voice.whose == By::Triage && asks::offers_ways(&piece.text).is_some()
        || voice.whose == By::Triage
            && wishes
            && (asks::names_way(&piece.text) || asks::asks_for_more(&piece.text))
    {
        return true;
    }
    let asked = || {
        words::sentences(&piece.text)
            .into_iter()
            .any(|range| asks::is_question(piece.text.get(range).unwrap_or_default()))
    };
    let proposal = asks::is_solution(section) || asks::is_aside(section);
    voice.by.is_none() && (asks::is_open(section) || piece.form == Form::Item && proposal && asked())
}

/// What is still to be decided: `the first question is whether …`, `the only unknown point would be how …`, `this needs a
/// design first`.
static UNDECIDED: Pattern = Pattern::new(
    r"\b(?:question|decision|thing to decide) (?:is|would be|remains)\b.*\b(?:whether|if|what|which|how)\b|\b(?:we|i)(?:['’]d| would| will| also| still| first| then)* (?:need|have|want|ought) to (?:decide|settle|figure out|agree on)\b.*\b(?:whether|if|what|which|how|on)\b|\b(?:we|i)(?:['’]d| would| will| also| still| first| then)* (?:(?:need|have|want|ought) to|should)(?: first)? (?:discuss\b|agree\W*$|(?:talk about|think about|agree on) (?:how|whether|what|which|if|the (?:api|syntax|design|interface|naming|names?))\b)|\b(?:this|it|that|the (?:\w+ )?(?:api|syntax|design|interface|naming))\b[^.,]{0,30} needs? (?:an? |some |more |further |to be )?(?:design(?: work)?|discuss(?:ion|ed)|rfc)\b|\bis what to call\b|\b(?:question|point|name)s? (?:is|are) still (?:open|undecided|to be decided)\b|\b(?:unknown|open|unclear|undecided|unsolved) (?:point|question|part|thing|issue)s? (?:is|are|would be|remains?|left)\b.*\b(?:whether|if|what|which|how|where)\b",
);

/// `This is what it should look like:`, above a picture.
static SHOWS_BELOW: Pattern = Pattern::new(
    r"\b(?:this|that|here|below|following) is (?:\w+ )?(?:what|how) (?:it|this|that|they|the \w+) (?:should|would|could|ought)\b[^.]{0,60}:\W*$",
);

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

/// `Returns true when …` below the name of a new thing in a proposal: what it is to do.
fn does(section: &str, text: &str) -> bool {
    let names = section.rsplit(asks::UNDER).next().is_some_and(|own| own.contains(['`', '(']));
    names && DOES.is_in(text) && !asks::is_maybe(text) && !asks::describes(text)
}

static DOES: Pattern = Pattern::new(
    r"^(?-i:[A-Z][a-z]+(?:s|es))\s+(?:`|an?\b|all\b|any\b|each\b|every\b|it\b|its\b|no\b|only\b|the\b|to\b|true\b|false\b|when\b|\w+(?:s|ing)\b)",
);

fn starts_with(piece: &Piece, word: &str) -> bool {
    piece.text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// One demand per scenario: Given to the last Then.
fn scenario(reading: &mut Reading, steps: &mut Vec<Piece>, voice: &Voice<'_>) {
    let steps = std::mem::take(steps);
    let Some(first) = steps.first() else { return };
    let complete = steps.iter().any(|step| starts_with(step, "then"))
        || steps.len() == 1 && clause::given(&first.text).is_some();
    if complete {
        let text = steps.iter().map(|step| step.text.as_str()).collect::<Vec<_>>().join(" ");
        let whole = Piece { text, ..first.clone() };
        let judged = voice.judge_one(&whole, None);
        reading.demands.push(Heard { piece: &whole, judged, voice }.statement(Origin::Scenario));
        return;
    }
    let sentence = |step: &Piece, text: &str| Piece {
        form: Form::Sentence,
        text: text.trim().to_owned(),
        ..step.clone()
    };
    let whole = steps.iter().flat_map(|step| {
        let ranges = words::sentences(&step.text).into_iter();
        ranges.map(|range| sentence(step, step.text.get(range).unwrap_or_default())).collect::<Vec<_>>()
    });
    let pieces: Vec<Piece> = whole.collect();
    for (piece, judged) in voice.judge(pieces) {
        one(reading, &Heard { piece: &piece, judged, voice });
    }
}
