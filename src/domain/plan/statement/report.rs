//! What makes an issue a report of a fault.

use crate::domain::brief::Brief;
use crate::domain::plan::asks::{self, Leads};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::{self, Role};
use crate::domain::plan::source::Piece;
use crate::domain::plan::statement::{
    CLEAR, Reading, Statement, own_title,
    remedy::{self, remedy},
};
use crate::domain::plan::trace;

/// Is the issue a report, by its parts, its trace, its label or its title?
pub fn tells_fault(reading: &Reading, brief: &Brief) -> bool {
    let labeled = || brief.labels.iter().any(|label| label.to_lowercase().contains("bug"));
    if is_wanted(&brief.title) && !labeled() && !is_report(reading) && !trace::has_trace(&brief.body) {
        return false;
    }
    let asks = || asks::is_imperative(own_title(&brief.title));
    // Forms put what is today and what is wanted below the headings of a report.
    (is_report(reading) || is_headed(reading)) && (!asks() || shows_steps(reading))
        || trace::has_trace(&brief.body)
        || asks::inquires(&brief.title) && is_shown(reading)
        || (!asks() && !is_wish(brief) && denied(reading).is_some())
        || (!asks() && (is_blamed(reading, brief) || is_called_bug(reading, brief)))
        || (!asks()
            && (labeled()
                || !is_wish(brief) && (tells_of_code(&brief.title) || is_confirmed(reading, brief))))
}

/// `Hidden crates are listed. They should not be.`: the subject, the verb and what it should not, of one's own words.
pub fn denied(reading: &Reading) -> Option<[String; 3]> {
    let mut own: Vec<&Statement> = reading
        .talk
        .iter()
        .chain(&reading.demands)
        .filter(|said| said.by.is_none() && said.line > 0)
        .collect();
    own.sort_by_key(|said| said.line);
    own.windows(2).find_map(|pair| {
        let [today, back] = pair else { return None };
        let beside = today.section == back.section && back.line <= today.line + NEAR;
        let found = IS_SO.captures(&today.text).filter(|_| beside && SHOULD_NOT.is_in(&back.text))?;
        let part = |group: usize| found.get(group).map(|it| it.as_str().trim().to_owned());
        // What lacks and should not lack is no denial: it has to come.
        let denies = |what: &String| !LACKS.is_in(what);
        Some([part(1)?, part(2)?, part(3).filter(denies)?])
    })
}

/// Lines between what is so and that it should not be.
const NEAR: usize = 2;
static LACKS: Pattern = Pattern::new(r"^(?:not|never|no longer|hardly|only|rarely)\b");

static IS_SO: Pattern = Pattern::new(
    r"^\W*?((?:[^.,;:`]|`[^`]*`){3,90}?) (is|are|gets?) ((?:[\w-]+ ){0,2}?\w+(?:ed|en|n|t|d)\b[^.;:]{0,90}?)[.!]*$",
);
static SHOULD_NOT: Pattern = Pattern::new(
    r"^\W*(?:but |however,? |and )?(?:it|they|this|that|these|those) (?:really |clearly )?(?:should|must|ought to)(?: not|n['’]t)(?: be)?(?: (?:so|there|shown|listed|happen\w*))?\W*$",
);

/// Whoever asks why, and shows code and the exception that came of it, reports a fault.
fn is_shown(reading: &Reading) -> bool {
    let code = reading.blocks.iter().take(reading.own_blocks).any(|block| !block.text.trim().is_empty());
    code && reading.own().any(|said| THROWN.is_in(&said.text))
}

static THROWN: Pattern = Pattern::new(
    r"\b(?:exceptions?|errors?|panic|crash|segfault|traceback)\b[^.?]{0,30}\b(?:thrown|raised|occurs?|happens?|comes?|shown)\b|\b(?:throws?|raises?|fails? with|crashes|panics)\b[^.?]{0,60}(?:exception|error)|(?-i:\b[A-Z]\w+(?:Exception|Error)\b)",
);

/// A title that calls itself a proposal, or names what is to be had: `Option for not deleting files on failure` tells of no fault,
/// whatever fails in it.
pub fn is_wanted(title: &str) -> bool {
    PROPOSED.is_in(title)
        || WANTED.first(title, 1).is_some_and(|rest| !DOES.is_in(&UNDER.replace(rest, |_| String::new())))
}

static PROPOSED: Pattern = Pattern::new(
    r"^\s*[\[(]?(?:proposal|feature(?:[ -]req(?:uest|\.)?)?|enhancement|rfc|(?-i:[Ii]dea)|suggestion)[\])]?\s*(?:[:–—]|\s-)\s",
);
static WANTED: Pattern = Pattern::new(
    r"^(?:an? |the |new |cli |command[- ]line |config(?:uration)? |optional |explicit |separate |global |simple |better )*(?:options?|flags?|switch|setting|parameter|way|ability|assertions?|support) (?:for|to|of) (.+)$",
);
/// When it is to be had.
static UNDER: Pattern = Pattern::new(r",? (?:when(?:ever)?|if|after|once|while|in case|where) .*$");
/// A finite verb: then something is said of it.
static DOES: Pattern = Pattern::new(
    r"\b(?:is|are|was|were|does|do|doesn['’]?t|don['’]?t|did|didn['’]?t|can['’]?t|cannot|fails|failed|breaks|broke|crashes|crashed|hangs|throws|raises|leaks|ignores|returns|loses|lost|drops|freezes|panics|stops|wrong|incorrect\w*|ignored|broken|missing|not work\w*|no longer|never)\b",
);

/// A maintainer calls it a bug.
pub fn is_confirmed(reading: &Reading, brief: &Brief) -> bool {
    let all = reading.talk.iter().chain(&reading.demands);
    let own = |login: &str| login != brief.author && brief.triages(login);
    // What comes behind a comma may deny something else.
    let confirms = |text: &str| {
        !GONE.is_in(text) && text.split([',', ';']).any(|part| CONFIRMS.is_in(part) && !DENIES.is_in(part))
    };
    all.filter(|said| said.by.as_deref().is_some_and(own))
        .any(|said| confirms(&said.text) && !asks::is_question(&said.text))
}

static DENIES: Pattern = Pattern::new(r"\bnot\b|n['’]t\b");
static GONE: Pattern = Pattern::new(r"\b(?:if|whether|no longer|works|worked|fixed)\b");
static CONFIRMS: Pattern = Pattern::new(
    r"\b(?:it|this|that)(?:['’]s| is| was| looks like| seems (?:to be|like))(?: (?:indeed|really|definitely|clearly|probably|certainly|likely))* an? bug\b|\bthe bug (?:is|was) (?:still )?(?:there|present|real)\b|\bthe bug still\b|\bi can (?:confirm|reproduce) (?:it|this|that|the bug)\b",
);

/// Texts lack things, too: `The readme is missing an example` is no fault of the program.
fn tells_of_code(title: &str) -> bool {
    asks::tells_fault(title) && (!OF_TEXTS.is_in(&asks::without_commands(title)) || BUILT.is_in(title))
}

static OF_TEXTS: Pattern =
    Pattern::new(r"\b(?:readme|docs?|documentation|website|tutorials?|guides?|docstrings?|wiki|faq)\b");
/// Texts that are made by a program can fail as one.
static BUILT: Pattern = Pattern::new(
    r"\b(?:builds?|building|generat\w+|compil\w+|render\w*|crash\w*|panic\w*|exceptions?|fail\w*|pars\w+)\b",
);

/// Calls itself a bug or says which code is to blame, and what is to stand there, below a title that wishes nothing.
fn is_blamed(reading: &Reading, brief: &Brief) -> bool {
    // The title is judged last, which takes longest.
    let wishes = || roles::judge_title(&brief.title).percent(Role::Wish) >= CLEAR;
    (has_section(reading, is_bug) || remedy::blames(reading)) && remedy(reading).is_some() && !wishes()
}

/// Describes it below a heading that calls it a bug, and wishes nothing in its title.
fn is_called_bug(reading: &Reading, brief: &Brief) -> bool {
    let wishes = || roles::judge_title(&brief.title).percent(Role::Wish) >= CLEAR;
    has_section(reading, is_bug) && !is_wish(brief) && !wishes()
}

static WISHED: Pattern =
    Pattern::new(r"^(?:[^:/]*[:/] ?)?(?:enhancements?|features?|feature[- _]?requests?)$");

/// Does a label call the issue a wish?
pub fn is_wish(brief: &Brief) -> bool {
    brief.labels.iter().any(|label| WISHED.is_in(label))
}

/// `“A” should be “B”`: a value that is wrong today.
pub(super) static RATHER: Pattern = Pattern::new(
    r#"[\x22“][^\x22“”\n]{4,200}[\x22”]\s*,?\s*sh(?:ould|oud|uold) (?:be|have been|read|say)\s+[\x22“]"#,
);

/// What leads in a list of what was seen, tried or weighed.
static TELLS: Pattern = Pattern::new(
    r"\b(?:work(?:s|ing)?[ -]?arounds?|(?:go|goes|going|went) away|tried|happens? (?:with|when|if|on|in)|advantages?|benefits?|drawbacks?|pros|cons|reasons?|noticed|observ(?:ed|ations?)|i (?:have |['’]ve )?(?:checked|searched|looked))\b|\b(?:we|you|one|users?|people)(?: would|['’]d| could) (?:then )?(?:get|gain|win)\W*$",
);

/// An entry of a list that its sentence calls an observation or a workaround asks for nothing.
pub(super) fn is_told_of(entry: &Piece) -> bool {
    let lead = entry.lead.as_deref().unwrap_or_default();
    TELLS.is_in(lead) && !asks::has_ask(lead) && !asks::says_must(&entry.text)
}

fn has_section(reading: &Reading, kind: fn(&str) -> bool) -> bool {
    let all = reading.talk.iter().chain(&reading.demands).filter_map(|said| said.section.as_deref());
    all.chain(reading.blocks.iter().filter_map(|block| block.section.as_deref())).any(kind)
}

static HEADED: Pattern = Pattern::new(r"^\W*(?:the |describe the )?bugs?(?: report| description)?\W*$");

/// Calls itself a bug in a heading of its own, and shows how to see it.
pub fn is_headed(reading: &Reading) -> bool {
    has_section(reading, is_bug) && shows_steps(reading)
}

fn is_bug(section: &str) -> bool {
    HEADED.is_in(section.split(asks::UNDER).next().unwrap_or_default())
}

fn shows_steps(reading: &Reading) -> bool {
    has_section(reading, asks::is_steps)
}

/// Steps below one heading and what was expected or what happened below another.
pub fn is_report(reading: &Reading) -> bool {
    let has = |kind: fn(&str) -> bool| has_section(reading, kind);
    let leads = |kind: Leads| {
        let led = reading.blocks.iter().filter_map(|block| asks::leads_to(block.lead.as_deref()?));
        led.into_iter().any(|lead| lead == kind)
    };
    let told = reading.talk.iter().chain(&reading.demands);
    let both = told.filter(|said| said.by.is_none()).any(|said| RATHER.is_in(&said.text));
    let parts = [
        has(asks::is_steps) || both,
        has(asks::is_expected) || leads(Leads::Wanted) || both,
        has(asks::is_actual) || leads(Leads::Today),
    ];
    parts.iter().filter(|part| **part).count() > 1
}
