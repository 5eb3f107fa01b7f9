//! What asks for something beside the demands: added to them where it shows something, else named, so that nothing is
//! lost in silence.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Plan, Verdict};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::Role;
use crate::domain::plan::statement::{self, Origin, Reading, Statement};
use crate::domain::plan::{wish, words};

/// A sentence that is as likely a wish as this, in percent, is said to be left out, whatever its words.
const WISHED: u8 = 75;
/// Most sentences that are added.
const MORE: usize = 6;
/// Most lines that are named one by one.
const LINES: usize = 12;

/// How a plan names what it holds nothing of.
pub const ASIDE: &str = "left aside: ";

/// Most sentences that are quoted each.
const QUOTED: usize = 3;
/// Longest sentence that is quoted, in characters.
const QUOTE: usize = 100;

/// Share of a sentence's words, in percent, from which another says the same.
const SAME: usize = 60;

/// Kinds of change that a frame reads from a title alone.
static FRAMED: Pattern = Pattern::new(
    r"^(?:please )?(?:upgrade|bump|update|migrate|move to|switch|rename|remove|drop|deprecate|delete|cache|paginate|translate|locali[sz]e)\b.{4,}",
);

/// Frames that read a sentence although it names nothing to see.
static DOCUMENTS: Pattern = Pattern::new(r"\b(?:readme|changelog|document(?:ed|ation)?|translat\w+)\b");

/// What its writer means to have, whether or not it says what one sees.
static DEED: Pattern = Pattern::new(
    r"\b(?:would (?:also |really )*like|plan|(?:thought|idea|proposal|plan) is) (?:to|on) (?:be able to )?(?:add|allow|supply|support|track|provide|introduce|expose|have|revamp|rewrite)\w*\b",
);

/// Adds the title and the sentences that ask without must, where no demand says the same.
pub fn also(reading: &mut Reading, brief: &Brief) {
    if statement::tells_fault(reading, brief) || reading.demands.is_empty() {
        return;
    }
    let mut more: Vec<Statement> = Vec::new();
    for said in reading.talk.iter().filter(|said| wants(said)) {
        let known = reading.demands.iter().chain(&more).any(|demand| repeats(&said.text, &demand.text));
        if !known && more.len() < MORE {
            more.push(Statement { origin: Origin::Wish, ..said.clone() });
        }
    }
    let place = |one: &Statement| (one.by.is_some(), one.line, brief.body.find(head(&one.text)));
    for said in more {
        let at = reading.demands.iter().position(|one| place(one) > place(&said));
        reading.demands.insert(at.unwrap_or(reading.demands.len()), said);
    }
    let title = statement::own_title(&brief.title);
    // A title is short and sums up: half of its words among all demands are enough.
    let own = words::stems(title);
    let said: BTreeSet<String> =
        reading.demands.iter().flat_map(|demand| words::stems(&demand.text)).collect();
    let told = own.intersection(&said).count() * 2 >= own.len();
    let seen = || clause::case(title).or_else(|| wish::case(title)).is_some();
    let titled = statement::titled(brief, Origin::Wish);
    let asks = asks::is_imperative(title) && (seen() || FRAMED.is_in(title));
    // What only others say goes with the wish that they answer.
    let others = |demand: &Statement| demand.by.is_some() && demand.origin != Origin::Said;
    let answered = titled.role == Role::Wish && reading.demands.iter().all(others);
    // What is clearly wished below a heading that asks for the solution says more than its title.
    let solves = |only: &Statement| {
        let asked = only.section.as_deref().is_some_and(asks::is_solution);
        asked
            && only.wish >= statement::CLEAR
            && words::stems(&only.text).difference(&own).count() >= statement::PROPOSED
    };
    // A title that says must says it better than the one sentence that only tells of it.
    let only = matches!(
        reading.demands.as_slice(),
        [only] if only.by.is_none() && !solves(only) && (!asks::demands(&only.text) || OPINES.is_in(&only.text))
    );
    let surer = told && only && asks::demands(title) && seen();
    if surer {
        if let Some(only) = reading.demands.first().filter(|only| OPINES.is_in(&only.text)) {
            reading.closer = Some(only.clone());
        }
        reading.talk.append(&mut reading.demands);
    }
    if surer || !told && (asks || answered) {
        reading.demands.insert(0, titled);
    }
}

/// Says what is wished as an opinion, or as one way of several: a title that says it outright is surer.
static OPINES: Pattern = Pattern::new(
    r"\bin my (?:humble )?opinion\b|\bimh?o\b|\bi (?:think|feel|believe|guess)\b|\bor (?:maybe |perhaps )?some (?:kind|sort) of\b",
);

/// As much of a sentence as surely stands on one line of the source.
fn head(text: &str) -> &str {
    text.char_indices().nth(16).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// Asks for something that one could see, in a place where people ask.
fn wants(said: &Statement) -> bool {
    let section = said.section.as_deref().unwrap_or_default();
    let text = said.text.as_str();
    let asked = asks::bids(text)
        || asks::asks_politely(text)
        || (asks::proposes(text) && (asks::mentions_wish(text) || !asks::is_imperative(text)));
    let polite = !asks::is_question(text) || asks::asks_politely(text);
    let apart = asks::is_apart(section)
        || asks::is_circumstance(section)
        || asks::is_expected(section)
        || asks::is_steps(section);
    let talk =
        apart || asks::points(text) || asks::is_maybe(text) || text.ends_with(':') || said.by.is_some();
    let seen = shows(text) || DOCUMENTS.is_in(text) || DEED.is_in(text);
    asked && polite && !talk && !statement::is_own(text) && seen && said.wish >= statement::DOUBTED
}

fn shows(text: &str) -> bool {
    statement::observable(text) || clause::case(text).or_else(|| wish::case(text)).is_some()
}

/// Does `other` hold all names and most of the words of `text`?
pub fn repeats(text: &str, other: &str) -> bool {
    let own = words::stems(text);
    let spans = mentions::spans(text).into_iter().filter(|(_, code)| *code);
    let named = spans.map(|(name, _)| name.trim()).all(|name| other.contains(name));
    named && own.intersection(&words::stems(other)).count() * 100 >= own.len() * SAME
}

/// Stands in a numbered list, as steps do.
pub fn is_numbered(reading: &Reading, said: &Statement) -> bool {
    said.by.is_none() && reading.numbered.contains(&said.line)
}

/// What the title asks for, in the words of the issue's own text.
pub fn closer(reading: &Reading) -> Option<String> {
    let said = reading.closer.as_ref()?;
    let quote = words::quoted(words::shorten(&said.text, 160).trim_end_matches('.'));
    Some(format!("the title as line {} says it: {quote}", said.line))
}

/// All that a plan says of an issue's sentences.
pub fn known(plan: &Plan) -> Vec<String> {
    let demands = plan
        .requirements
        .iter()
        .flat_map(|one| std::iter::once(&one.quote).chain(&one.proposed).chain(&one.cases))
        .cloned();
    let asked = plan.questions.iter().map(|question| question.text.clone());
    demands.chain(asked).chain(plan.read_as.iter().cloned()).collect()
}

/// Does the plan hold a sentence already, or a case what the sentence says?
pub fn is_heard(said: &Statement, known: &[String]) -> bool {
    let holds =
        |known: &String| repeats(&said.text, known) || known.split(": ").any(|part| is_part(part, said));
    !words::stems(&said.text).is_empty() && known.iter().any(holds)
}

/// With fewer words that mean something a part of a case says too little to be known again.
const PART: usize = 4;

fn is_part(part: &str, said: &Statement) -> bool {
    let named = mentions::spans(&said.text).into_iter().filter(|(_, code)| *code);
    let holds_all = named.map(|(name, _)| name.trim()).all(|name| part.contains(name));
    words::nouns(part).len() >= PART && holds_all && words::stands_in(&said.text, part)
}

/// So many sentences of the author's are held against the plan.
const OWN: usize = 100;

/// What the author asks in sentences that the plan does not hold.
pub fn own<'a>(brief: &Brief, reading: &'a Reading, known: &[String]) -> Vec<&'a Statement> {
    let asks = Asks::of(brief, reading);
    let own = reading.talk.iter().filter(|said| said.by.is_none() && asks.holds(said)).take(OWN);
    own.filter(|said| !is_heard(said, known)).collect()
}

/// Where the issue asks for something that the plan took as talk; nothing where all of it is in the plan.
pub fn told(brief: &Brief, reading: &Reading, plan: &Plan) -> Option<String> {
    if plan.verdict == Verdict::TooVague || plan.turned_down_by.is_some() {
        return None;
    }
    let known = known(plan);
    let heard = |said: &Statement| is_heard(said, &known);
    let asks = Asks::of(brief, reading);
    let is_ask = |said: &Statement| asks.holds(said);
    let unshown = reading.options.iter().filter(|_| plan.decision.is_empty());
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for said in reading.talk.iter().chain(unshown).filter(|said| is_ask(said) && !heard(said)) {
        match &said.by {
            None => lines.push((said.line, said.text.as_str())),
            Some(by) => others.entry(by).or_default().push(said.text.as_str()),
        }
    }
    // Few sentences are sooner read than looked up.
    let count = lines.len() + others.values().map(Vec::len).sum::<usize>();
    if (1..=QUOTED).contains(&count) {
        let quote = |text: &str| words::quoted(words::shorten(text, QUOTE).trim_end_matches('.'));
        let own = lines.iter().map(|(line, text)| format!("what line {line} asks ({})", quote(text)));
        let each = |(by, texts): (&&str, &Vec<&str>)| {
            texts.iter().map(|text| format!("what {by} asks ({})", quote(text))).collect::<Vec<_>>()
        };
        let all: Vec<String> = own.chain(others.iter().flat_map(each)).collect();
        return Some(format!("{ASIDE}{}", words::list(&all)));
    }
    lines.sort_unstable();
    lines.dedup_by_key(|(line, _)| *line);
    let sentences = |(by, texts): (&str, Vec<&str>)| match texts.len() {
        1 => format!("a sentence of {by}"),
        count => format!("{} sentences of {by}", words::number(count)),
    };
    let numbers: Vec<String> = lines.iter().map(|(line, _)| line.to_string()).collect();
    let own = match numbers.as_slice() {
        [] => None,
        [one] => Some(format!("line {one}")),
        many => Some(format!("lines {}", words::some(many, LINES))),
    };
    let all: Vec<String> = own.into_iter().chain(others.into_iter().map(sentences)).collect();
    (!all.is_empty()).then(|| format!("{ASIDE}what {} ask", words::some(&all, LINES)))
}

/// Which sentences of an issue ask.
struct Asks<'a> {
    reading: &'a Reading,
    listed: Lists,
    /// Sentences that only bring in the code below them.
    leads: BTreeSet<&'a str>,
}

impl<'a> Asks<'a> {
    fn of(brief: &Brief, reading: &'a Reading) -> Self {
        Self { reading, listed: Lists::of(brief, reading), leads: reading.leads() }
    }

    fn holds(&self, said: &Statement) -> bool {
        let reports = self.reading.tells_fault;
        if self.reading.settled.contains(&said.text) {
            return false;
        }
        // A report tells what is wrong in many sentences, which only ask where they say so.
        let told = is_numbered(self.reading, said) || !asks::has_ask(&said.text);
        let asks = is_ask(said) && !(reports && told);
        (asks || !reports && self.listed.holds(said)) && !self.leads.contains(said.text.as_str())
    }
}

/// Asks for something, outside what tells of circumstances and steps.
fn is_ask(said: &Statement) -> bool {
    let section = said.section.as_deref().unwrap_or_default();
    let apart = asks::is_circumstance(section) || asks::is_steps(section);
    let asked = said.wish >= WISHED || asks::has_ask(&said.text);
    let takes_up = said.by.is_some() && TAKES_UP.is_in(&said.text);
    let around = AROUND.iter().any(|pattern| pattern.is_in(&said.text));
    let reported = REPORTED.is_in(&said.text) && !asks::says_must(&said.text);
    let way = is_way(&said.text) || UNLIKE.is_in(&said.text) || around || reported;
    let way = way || said.by.is_some() && INVITES.is_in(&said.text);
    let today = statement::is_today(said) || OF_TODAY.is_in(&said.text) && !asks::says_must(&said.text);
    asked && !apart && !takes_up && !way && !today && !said.text.ends_with(':')
}

/// Tells what people do, or would have to do, without it.
pub fn is_way(text: &str) -> bool {
    WAY.is_in(text)
}

/// What people do today in its place, and what they would like to know.
static WAY: Pattern = Pattern::new(
    r"\b(?:i|we|you|one)(?: would| currently| now| today| at the moment|['’]d) (?:have|need) to\b|\b(?:today|currently|at the moment|right now)[, ]+(?:i|we|you|one) (?:have|has|need|needs) to\b|^\W*(?:to make (?:it|this|that) work\b|(?:please )?(?:update|upgrade) \S+ and (?:test|try|check)\b|what (?:the|my|our) .{2,40}? (?:should|must|has to|needs to) do\b|what (?:i|we) (?:do|did|have to do|am doing|are doing) (?:at the moment|now|today|currently|so far)\b|what i (?:want|would like) to (?:ask|know)\b|(?:can|could) (?:you|someone|anybody|anyone) (?:please )?(?:tell|explain)\b)",
);
/// Asks for opinions, offers to help, or praises what the title asks for.
static AROUND: [Pattern; 3] = [
    Pattern::new(
        r"\b(?:i['’]d|i would|we['’]d|we would) (?:like|love|appreciate|welcome|value)(?: to (?:get|hear|have))? (?:some |any |your |the )?(?:feedback|thoughts|opinions?|input|comments|advice)(?: (?:on|about|from|here|before)\b|\W*$)",
    ),
    Pattern::new(
        r"\bi(?:['’]m| am|['’]d be| would be) (?:happy|glad|willing|more than happy|open) to (?:try|implement|work|help|contribute|submit|send|open|create|take)\b",
    ),
    Pattern::new(
        r"^\W*(?:it )?(?:would|could|might) be (?:\w+ )?(?:great|nice|good|cool|awesome|helpful|useful|handy)\b[^`]{0,60}\b(?:support|have|do|see|get|handle|add|implement|allow)(?:ed|s)? (?:this|that|it)(?: (?:as well|too|also))?\W*$",
    ),
];
/// Tells who reported it.
static REPORTED: Pattern = Pattern::new(
    r"^\W*(?:an?|the|one|some|another) (?:\w+ )?(?:user|customer|colleague|person|client|reporter)s? (?:has |have )?(?:reported|noticed|raised|opened|filed|complained|mentioned)\b",
);
/// What is not as it ought to be: the fault once more.
static UNLIKE: Pattern = Pattern::new(
    r"^\W*(?:please|pls|plz),? (?:fix|help|advise|check|look)(?: (?:it|this|that|into (?:it|this)|me|asap))*\W*$|\b(?:beginners?|newcomers?|contributors?|anyone|anybody|someone|somebody) (?:should|could|can|might|may) (?:\w+ ){0,2}(?:find|do|take|work|start|pick|handle|implement|tackle) (?:on |up )?(?:it|this|that)\b|\bsomething (?:i|we|people|users) (?:really )?(?:like|love|want|need)\b[^.]*,? but\b|^\W*i(?:['’]m| am) (?:flexible|open|easy|happy)\b|\b(?:fine|ok(?:ay)?|good) with me\b|\byou should (?:see|get|notice|observe)\b|\b(?:is|are|was|were|gets?|stays?|comes?)(?: not|n['’]t)? [^.,;]{0,60}\b(?:where|as|than|when|what|how) (?:they|it|this|that|these|those) (?:really |actually )?should(?: not|n['’]t)?(?: be| have)?\W*$",
);
/// Asks somebody for the work, and nothing of it.
static INVITES: Pattern = Pattern::new(
    r"\b(?:would|could|can|will) you (?:\w+ ){0,3}(?:do|make|open|send|submit|create|provide|raise|prepare) (?:an? |the )?(?:prs?|pull requests?|patch|merge request)\b|\b(?:prs?|pull requests?|patch(?:es)?|contributions?) (?:\w+ ){0,6}(?:is|are|would be|will be) (?:\w+ )?welcome\b|^\W*(?:why|how) (?:would|do|does|should|is|are) (?:they|their|these|those|it|that)\b[^?]*\?$",
);

/// Says how it is.
static OF_TODAY: Pattern = Pattern::new(
    r"\b(?:is|are)(?: just| exactly)? (?:how|what|the way) (?:it|this|that) (?:currently |now )?(?:works?|behaves?|is done|does)\b",
);

/// Likes the wish, or asks who takes it on: adds nothing to it.
static TAKES_UP: Pattern = Pattern::new(
    r"\b(?:good|great|nice|cool) (?:idea|suggestion|point)\b|\b(?:should|would) be (?:very |pretty |quite |relatively |fairly )?(?:easy|simple|straightforward|doable|trivial) to \w+\W*$|\b(?:having|adding|supporting|fixing) (?:this|that|it) (?:would|could) be\b|\b(?:interested in|like to|want to|willing to|happy to|up for|mind) (?:open|send|submit|contribut|creat|mak|rais|work|tak)\w*\b.{0,40}\b(?:prs?|pull requests?|patch(?:es)?|it|this)\b",
);

/// The lists of an issue of which an entry is a demand: what stands beside it may be one in words that nobody knows.
struct Lists {
    /// First and last line of each.
    lines: Vec<(usize, usize)>,
}

static ENTRY: Pattern = Pattern::new(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+\S");

impl Lists {
    fn of(brief: &Brief, reading: &Reading) -> Self {
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for (index, _) in brief.body.lines().enumerate().filter(|(_, line)| ENTRY.is_in(line)) {
            match lines.last_mut().filter(|(_, last)| *last + 2 > index) {
                Some((_, last)) => *last = index + 1,
                None => lines.push((index + 1, index + 1)),
            }
        }
        let own = |demand: &&Statement| demand.by.is_none() && demand.line > 0;
        lines.retain(|(first, last)| {
            reading.demands.iter().filter(own).any(|demand| (*first..=*last).contains(&demand.line))
        });
        Self { lines }
    }

    fn holds(&self, said: &Statement) -> bool {
        let apart = said.section.as_deref().is_some_and(|section| {
            asks::is_circumstance(section) || asks::is_steps(section) || asks::is_apart(section)
        });
        said.by.is_none()
            && !apart
            && self.lines.iter().any(|(first, last)| (*first..=*last).contains(&said.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::IssueNumber;

    fn read(title: &str, body: &str) -> Vec<String> {
        let brief = Brief { title: title.to_owned(), body: body.to_owned(), ..Brief::new(IssueNumber(1)) };
        statement::read(&brief).demands.into_iter().map(|demand| demand.text).collect()
    }

    #[test]
    fn one_must_silences_neither_the_title_nor_what_is_asked_politely() {
        assert_eq!(
            read("Upgrade pydantic to v2", "Python 3.9 must keep working."),
            ["Upgrade pydantic to v2", "Python 3.9 must keep working."]
        );
        assert_eq!(
            read(
                "Export",
                "Please print the total when `--sum` is given. It must end with a newline.\n\nDon't write `tmp`."
            ),
            [
                "Please print the total when `--sum` is given.",
                "It must end with a newline.",
                "Don't write `tmp`."
            ]
        );
        // Numbers make no steps of what is asked, and the folder of a file is no name of its own.
        assert_eq!(
            read(
                "JSON output",
                "1. Add a flag `--json` to `src/main.rs`\n2. Document it in `README.md`\n3. The exit code must stay 0"
            ),
            [
                "Add a flag `--json` to `src/main.rs`",
                "Document it in `README.md`",
                "The exit code must stay 0"
            ]
        );
        assert_eq!(
            read(
                "Index",
                "Please:\n\n- Add `src/a.rs` with a struct `Index`\n- Use `Index` in `src/search.rs`\n- `src/main.rs` must print the time"
            ),
            [
                "Add `src/a.rs` with a struct `Index`",
                "Use `Index` in `src/search.rs`",
                "`src/main.rs` must print the time"
            ]
        );
        assert_eq!(
            read("Clean up", "- Delete `src/search.rs`\n- `README.md` must name the owner"),
            ["Delete `src/search.rs`", "`README.md` must name the owner"]
        );
        assert_eq!(read("Print `total`", "The `total` must be printed."), ["The `total` must be printed."]);
    }
}
