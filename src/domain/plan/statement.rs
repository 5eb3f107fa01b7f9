//! Which of an issue's sentences are demands, and which are only talk around them.

mod agreed; // questions that a maintainer says yes to
mod awaited; // what a maintainer puts before it
mod bare; // what names nothing by itself
mod chosen; // which of several ways a maintainer wants
mod context; // what only leads to a demand
mod decision; // what holds in place of what
mod led; // where the title says it better
mod listed; // what the items of a list say together
mod long; // what a long text tells beside its demands
mod phase; // into which headings cut the work
mod remedy; // what a report wants changed
mod report;
mod sorted; // which sentence goes where
mod titled; // what a title asks beside the text
mod wished; // where nobody demands
mod word; // what a maintainer decides

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::Brief;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::proposal::{self, Declared};
use crate::domain::plan::roles::{self, By, Judged, Role};
use crate::domain::plan::source::{self, Block, Link, Piece};
use crate::domain::plan::{languages, quantity, said, unheard, wish, words};

pub use self::agreed::Agreed;
pub use self::awaited::Awaited;
pub use self::decision::Decision;
pub use self::led::is_own;
pub use self::phase::phase;
pub use self::remedy::{Remedy, remedy};
pub use self::report::{denied, is_confirmed, is_headed, is_report, is_wanted, is_wish, tells_fault};
use self::sorted::{Voice, sort};

/// Most demands one plan carries; the plan says how many more there are.
pub const LIMIT: usize = 120;

/// A sentence with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What counts: verbatim, but for a number in place of which somebody who may triage wants another.
    pub text: String,
    /// Verbatim, where that differs.
    pub said: Option<String>,
    /// Line in its text, from 1; 0 is the title.
    pub line: usize,
    /// The heading above.
    pub section: Option<String>,
    /// Whose, where it is not the issue's own text.
    pub by: Option<String>,
    /// What makes it a demand.
    pub origin: Origin,
    /// What it was judged to be.
    pub role: Role,
    /// How likely it is a wish, in percent.
    pub wish: u8,
    /// Files that it links.
    pub links: Vec<Link>,
}

impl Statement {
    /// Stays in the work beside others that show something, whatever it shows itself: a box, or what is clearly wished.
    pub fn stays(&self) -> bool {
        self.origin == Origin::Box || self.wish >= CLEAR && !clause::is_felt(&self.text)
    }

    /// Its words without code: what kind of change it is, it says in words.
    pub fn prose(&self) -> String {
        let spans = mentions::spans(&self.text).into_iter();
        let bare: String = spans.map(|(part, code)| if code { "`…`" } else { part }).collect();
        QUOTED.replace(&bare, |_| "“…”".to_owned())
    }
}

/// What people read on a screen names no kind of change.
static QUOTED: Pattern = Pattern::new(r#"[\x22“„][^\x22“”„]{1,160}[\x22”“]"#);

/// What makes a sentence a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A box to tick.
    Box,
    /// An item below a heading such as Acceptance.
    Criterion,
    /// Must, should, has to.
    Must,
    /// Judged to be a wish, in whichever words.
    Hope,
    /// Given, When, Then.
    Scenario,
    /// The title, or a sentence with a place or a number, where nothing else demands.
    Wish,
    /// What a stack trace or an Expected section shows.
    Report,
    /// Said with `/revise` or behind `/enhance`, by a maintainer as going in, or agreed to by one.
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
    /// The last word of a maintainer, where it turns the wish down.
    pub declined: Option<Statement>,
    /// What who may triage asked last, where the author has said nothing since.
    pub unanswered: Option<Statement>,
    /// What somebody asked whether to do, and who may triage said yes to.
    pub agreed: Vec<Agreed>,
    /// Issues that who may triage puts before this one.
    pub awaited: Vec<Awaited>,
    /// What who may triage wants in place of what the issue says, in the order it was said.
    pub decided: Vec<Decision>,
    /// A call to contributors: it offers parts and says of none when it is done.
    pub is_call: bool,
    /// What people speak in it, where that is not English.
    pub language: Option<&'static str>,
    /// The sentence that says best what a title asks for which shows nothing itself.
    pub closer: Option<Statement>,
    /// Ticked boxes.
    pub ticked: Vec<Statement>,
    /// Below headings such as Out of scope.
    pub excluded: Vec<Statement>,
    /// Below headings such as Options.
    pub options: Vec<Statement>,
    /// Questions that whoever asked them has answered.
    pub settled: Vec<String>,
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
    /// Lines of numbered lists.
    pub numbered: BTreeSet<usize>,
    /// Is it as long as a proposal? What it only tells is not asked about.
    pub is_long: bool,
    /// Is it a report of a fault? Many ask, and it takes a look at every sentence.
    pub tells_fault: bool,
}

impl Reading {
    /// What the issue's own text says, demands first; of a longer one the beginning.
    pub fn own(&self) -> impl Iterator<Item = &Statement> {
        self.demands.iter().chain(&self.talk).filter(|said| said.by.is_none()).take(OWN)
    }

    /// The sentences that only bring in the code below them, which shows what they say.
    pub fn leads(&self) -> BTreeSet<&str> {
        let leads = self.blocks.iter().filter_map(|block| block.lead.as_deref());
        leads.filter(|lead| asks::leads_to(lead).is_some()).collect()
    }
}

/// So many sentences of the issue's own are looked through for names.
const OWN: usize = 100;

static CHILD: Pattern = Pattern::new(r"^(?:[\w.-]+/[\w.-]+)?#(\d{1,9})\b");
static OUTSIDE: Pattern = Pattern::new(
    r"^(?:out of scope|not (?:in scope|(?:part of|in) (?:this|the) (?:issue|change|ticket|pull request)))\s*:",
);

/// `where it gets set with:` goes on behind some code, and brings in more of it.
static GOES_ON: Pattern = Pattern::new(r"(?-i:^(?:where|which|whose|that|and then)\b.*:$)");

/// Reads title, body, comments that count, and what was said since.
pub fn read(brief: &Brief) -> Reading {
    let body = source::read(&brief.body);
    let code = body.blocks.clone();
    let mut reading = Reading {
        relations: body.relations,
        blocks: body.blocks,
        cut: body.cut,
        numbered: numbered(&brief.body),
        language: languages::foreign(&format!("{}\n{}", brief.title, brief.body)),
        ..Reading::default()
    };
    let is_foreign = reading.language.is_some();
    let (voice, judged) = Voice::of_issue(own_title(&brief.title), body.pieces, is_foreign);
    let title = voice.title;
    sort(&mut reading, judged, &voice);
    let mut aside: Vec<Block> = Vec::new();
    let mut asked = false;
    for comment in &brief.comments {
        // `No.` to whoever asks whether it was done turns nothing down.
        let answers = std::mem::replace(&mut asked, word::asks_if_done(&comment.body));
        let answers = answers && word::is_answer(&comment.body);
        let counts = !comment.is_bot && (comment.author == brief.author || comment.by_triage());
        if counts && !comment.is_addressed() {
            let said = source::read(&comment.body);
            let own = comment.author == brief.author;
            let whose = if own { By::Author } else { By::Triage };
            let by = Some(comment.author.as_str());
            let voice = Voice { by, whose, title, is_foreign, refuses: false };
            let mut judged = voice.judge(said.pieces);
            let refuses = |(piece, judged): &(Piece, Judged)| word::turns_down(piece, *judged);
            let voice =
                Voice { refuses: !answers && comment.by_triage() && judged.iter().any(refuses), ..voice };
            if comment.by_triage() && !answers {
                word::of(&mut reading, &judged, &voice);
                decision::of(&mut reading, &mut judged, &comment.author);
            }
            if own {
                reading.unanswered = None;
            }
            match comment.by_triage() && !own {
                true => aside.extend(said.blocks),
                false => reading.blocks.extend(said.blocks),
            }
            sort(&mut reading, judged, &voice);
        }
    }
    reading.own_blocks = reading.blocks.len();
    reading.blocks.append(&mut aside);
    hopes(&mut reading, (&brief.title, title));
    agreed::take(&mut reading, brief);
    awaited::take(&mut reading, brief);
    titled::with_said(&mut reading, brief);
    unexpect(&mut reading, brief);
    if reading.demands.is_empty() && reading.children.is_empty() {
        wished::all(&mut reading, brief);
    } else {
        unheard::also(&mut reading, brief);
    }
    if !tells_fault(&reading, brief) {
        proposal::own(&mut reading, &code);
        titled::added(&mut reading);
    }
    titled::renames(&mut reading, brief);
    said::correct(&mut reading, brief);
    once(&mut reading);
    titled::says_what(&mut reading, brief);
    context::leads(&mut reading);
    chosen::by_maintainer(&mut reading, brief);
    led::by_title(&mut reading, brief);
    long::told(&mut reading, brief);
    titled::parted(&mut reading);
    chosen::by_offer(&mut reading, brief);
    chosen::by_another_way(&mut reading);
    call(&mut reading, brief);
    let goes_on = |said: &mut Statement| said.by.is_none() && said.line > 0 && GOES_ON.is_in(&said.text);
    reading.talk.extend(reading.demands.extract_if(.., goes_on));
    reading.tells_fault = tells_fault(&reading, brief);
    reading
}

/// The lines that begin as those of a numbered list do; `25.2.0` is a version.
fn numbered(body: &str) -> BTreeSet<usize> {
    let listed = |line: &str| {
        let line = line.trim_start();
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let ends = number.strip_prefix([')', '.']).is_some_and(|rest| rest.starts_with([' ', '\t']));
        number.len() < line.len() && ends
    };
    body.lines().enumerate().filter(|(_, line)| listed(line)).map(|(index, _)| index + 1).collect()
}

/// What a call says of all parts is nothing that one pull request could do; boxes and what was said to the plan are.
fn call(reading: &mut Reading, brief: &Brief) {
    let bounded = |one: &Statement| matches!(one.origin, Origin::Box | Origin::Said);
    let boxes = reading.demands.iter().any(|one| one.origin == Origin::Box);
    if asks::calls_for_parts(&brief.body) && !boxes && reading.children.is_empty() {
        reading.is_call = true;
        reading.talk.extend(reading.demands.extract_if(.., |one| !bounded(one)));
    }
}

/// Beside what is plainly demanded, a wish in other words counts where it says something to see; and where the title says what
/// is wished, it is surely one and of the same matter.
fn hopes(reading: &mut Reading, (title, role): (&str, Role)) {
    let is_hope = |said: &Statement| said.origin == Origin::Hope;
    let shows = |text: &str| observable(text) || clause::case(text).or_else(|| wish::case(text)).is_some();
    // Where nothing shows anything, the title is asked for as a whole.
    let folds = |said: &Statement| {
        let worded = is_hope(said) || said.origin == Origin::Must && !asks::says_must(&said.text);
        worded && said.by.is_none() && said.links.is_empty() && !shows(&said.text)
    };
    let bids = role == Role::Wish && (asks::bids(own_title(title)) || is_wanted(title));
    let all = bids && reading.demands.iter().all(folds);
    if all {
        let own = words::stems(own_title(title));
        let more = |said: &&Statement| {
            let proposed = said.section.as_deref().is_some_and(asks::is_solution);
            let least = if proposed { PROPOSED } else { TELLING };
            words::stems(&said.text).difference(&own).count() >= least
        };
        // In parentheses, or as another way, it says less than the title.
        let apart =
            |said: &&Statement| said.text.starts_with('(') || said.text.to_lowercase().starts_with("or ");
        let clear = reading.demands.iter().filter(|said| said.wish >= CLEAR);
        let sure = clear.filter(more).filter(|said| !apart(said));
        reading.closer = sure.max_by_key(|said| (said.wish, said.line)).cloned();
    }
    let alone = reading.demands.iter().all(is_hope);
    // What goes on with nothing that was asked asks for nothing.
    let bound = reading.demands.iter().any(|said| said.by.is_none() && asks::has_ask(&said.text));
    let own = reading.demands.iter().chain(&reading.talk).filter(|said| said.by.is_none());
    let asked = own.filter(|said| asks::has_ask(&said.text)).map(|said| said.line).max().unwrap_or(0);
    let mut ruled = BTreeSet::new(); // lists of which a later item says what holds else
    let own = reading.demands.iter().filter(|said| said.by.is_none() && ELSE.is_in(&said.text));
    for mut line in own.map(|said| said.line).filter(|line| reading.numbered.contains(line)) {
        while reading.numbered.contains(&line) {
            ruled.insert(line);
            line -= 1;
        }
    }
    let dim = |said: &mut Statement| {
        let dim = match alone {
            true => {
                let sure = said.wish >= SURE || said.wish >= CLEAR && PREFERRED.is_in(&said.text);
                role == Role::Wish && !(sure && is_akin(title, &said.text))
            }
            false => {
                !shows(&said.text) && (said.wish < SURE || unheard::repeats(own_title(title), &said.text))
            }
        };
        // Below a title that bids, what only sounds like a wish tells of others; before a wish in so many words, what happens
        // when is told of today.
        let adrift = !bound && said.origin == Origin::Must && !asks::says_must(&said.text);
        let own = (is_hope(said) || adrift) && said.by.is_none() && !asks::has_ask(&said.text);
        let proposed = said.section.as_deref().is_some_and(asks::is_solution);
        let of_others = bids && said.wish < SURE && !WOULD.is_in(&said.text) && !proposed;
        let of_others = of_others && !(clause::case(&said.text).is_some() && observable(&said.text));
        let told = own && (of_others || said.line < asked && is_today(said) && !ruled.contains(&said.line));
        all || is_hope(said) && dim || told
    };
    reading.talk.extend(reading.demands.extract_if(.., dim));
    reading.talk.sort_by_key(|said| (said.by.is_some(), said.line));
}

/// `If both are given, the last one wins.`, outside what is proposed; what is to be done then is asked for.
pub fn is_today(said: &Statement) -> bool {
    let proposed = said.section.as_deref().is_some_and(asks::is_solution);
    let told = |then: &str| !asks::is_imperative(then) && !asks::bids(then);
    WHEN.first(&said.text, 1).is_some_and(told) && !WOULD.is_in(&said.text) && !proposed
}

/// How an item of a list of rules begins that holds where those before it do not.
macro_rules! otherwise {
    () => {
        r"^\W*(?:if not|if neither|otherwise|else|failing that)"
    };
}
pub(super) use otherwise;

static ELSE: Pattern = Pattern::new(concat!(otherwise!(), r"\b"));
static WHEN: Pattern = Pattern::new(r"^\W*(?:if|when|whenever|once) [^,]{4,120}, (?:then )?(\S.*)$");
static WOULD: Pattern =
    Pattern::new(r"\b(?:would|could|should|must|shall|will|ought|please|need(?:s|ed)?)\b|['’](?:d|ll)\b");

/// Says of several ways which one the author likes best.
static PREFERRED: Pattern = Pattern::new(
    r"\bwhat (?:would|might) (?:suit|help|serve) (?:me|us) (?:best|most)\b|\bmy (?:preference|favou?rite)\b|\b(?:i|we)(?:['’]d| would) (?:prefer|like (?:it )?best)\b|\bthe best (?:thing |way |solution )?(?:for me |for us )?would be\b|\bideally\b",
);

/// Does the sentence speak of what the title names?
fn is_akin(title: &str, text: &str) -> bool {
    !words::stems(own_title(title)).is_disjoint(&words::stems(text))
}

/// In a report, what was expected is the outcome of its steps and no demand of its own.
fn unexpect(reading: &mut Reading, brief: &Brief) {
    let expected = |said: &Statement| {
        if report::RATHER.is_in(&said.text) {
            return said.origin != Origin::Box;
        }
        let later =
            said.by.as_deref().is_some_and(|login| !brief.triages(login)) && said.origin != Origin::Said;
        let hoped = said.origin == Origin::Hope || said.origin == Origin::Must && asks::hopes(&said.text);
        let told =
            said.section.as_deref().is_some_and(asks::is_expected) || asks::expects(&said.text) || hoped;
        (told || later) && !matches!(said.origin, Origin::Box | Origin::Said)
    };
    let own = |said: &Statement| matches!(said.origin, Origin::Must | Origin::Hope) && said.by.is_none();
    let outcomes = reading.demands.iter().all(|said| expected(said) || own(said))
        && (reading.demands.is_empty() || reading.demands.iter().any(expected));
    if outcomes && tells_fault(reading, brief) {
        reading.talk.append(&mut reading.demands);
        reading.talk.sort_by_key(|said| (said.by.is_some(), said.line));
    }
}

/// The title as a demand.
pub fn titled(brief: &Brief, origin: Origin) -> Statement {
    let judged = roles::judge_title(&brief.title);
    Statement {
        text: own_title(&brief.title).to_owned(),
        said: None,
        line: 0,
        section: None,
        by: None,
        origin,
        role: judged.role(),
        // `Make it faster` says of nothing when it is done.
        wish: if asks::compares(own_title(&brief.title)) { 0 } else { judged.percent(Role::Wish) },
        links: Vec::new(),
    }
}

/// Beside plain demands a wish that shows nothing has to be as sure as this, in percent, and beside a title that wishes any.
const SURE: u8 = 88;

/// So many words that the title has not make a sentence worth its place beside it.
const TELLING: usize = 4;
/// Below a heading that asks for the solution fewer do: there it is said what is to be done.
pub const PROPOSED: usize = 2;

/// From here, in percent, a sentence is a wish that nobody would take for talk.
pub const CLEAR: u8 = 80;

/// More likely a wish than all else together, in percent.
const LIKELY: u8 = 50;

/// A sentence that is less likely a wish than this, in percent, is none whatever its words.
pub const DOUBTED: u8 = 25;

/// A setting that somebody proposes by writing it down.
static LONE: Pattern = Pattern::new(r"^`[\w.-]+\s*[:=]\s*[^`\s]+`$");

/// A title without the prefix of its template.
pub fn own_title(title: &str) -> &str {
    let title = words::unpictured(title);
    PREFIX.first(title, 1).unwrap_or(title)
}

/// `[Bug] …`, `Feature Req.: …`, `RFC - …`.
static PREFIX: Pattern = Pattern::new(
    r"^\s*(?:\[[^\]]{1,40}\]\s*(?:[:–—-]\s+)?|\(?(?:feature(?:[ -]req(?:uest|\.)?)?|enhancement|bug(?:[ -]report)?|request|proposal|rfc|idea|suggestion|question|docs?|task|improvement)\)?\s*(?:[:–—]|\s-)\s+)+(\S.*)$",
);

/// States a status, an exit code or a bound without saying must.
pub fn measured(text: &str) -> bool {
    let counts = !quantity::bounds(text).is_empty()
        || quantity::status(text).is_some()
        || quantity::exit_code(text).is_some()
        || quantity::is_amount(text) && asks::says_must(text);
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
        || mentions::names_call(text)
        || !quantity::bounds(text).is_empty()
        || quantity::status(text).is_some()
        || quantity::exit_code(text).is_some()
        || quantity::is_amount(text) && asks::says_must(text)
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
