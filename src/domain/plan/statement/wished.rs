//! Where nobody demands, what is wished in whichever words, and what the title tells.

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::Role;
use crate::domain::plan::statement::led::invites;
use crate::domain::plan::statement::{
    DOUBTED, LIKELY, Origin, Reading, Statement, is_akin, is_own, is_wanted, measured, observable, own_title,
    tells_fault, titled,
};
use crate::domain::plan::{quantity, unheard, wish, words};

/// Where nobody demands: a fault is its title; else what is proposed, asked for politely or told in the title.
pub(super) fn all(reading: &mut Reading, brief: &Brief) {
    let report = tells_fault(reading, brief);
    let title = titled(brief, if report { Origin::Report } else { Origin::Wish });
    if report {
        return reading.demands.push(title);
    }
    let leads: Vec<String> = reading.leads().into_iter().map(str::to_owned).collect();
    let telling = |statement: &&Statement| {
        let section = statement.section.as_deref().unwrap_or_default();
        let text = statement.text.as_str();
        let worded = asks::proposes(text) || asks::requests(text) || measured(text);
        let akin = is_akin(&brief.title, text);
        let wished = akin
            && (statement.wish >= LIKELY
                || statement.by.is_none() && WANTS.is_in(text) && !SPEAKS.is_in(text));
        // Nobody tells a story in statuses and exit codes.
        let answers = quantity::status(text).is_some() || quantity::exit_code(text).is_some();
        // What the code below was expected to give is asked for, in whichever words the title asks.
        let expected = asks::expects(text) && !reading.blocks.is_empty();
        let certain = statement.by.is_none() && (answers && measured(text) || expected);
        let asked = wished || certain || worded && statement.wish >= DOUBTED;
        let steps = asks::is_steps(section) || statement.by.is_some() && asks::muses(text);
        // Looked up last: it goes through the text from its beginning.
        let benefit = || statement.by.is_none() && is_benefit(&brief.body, statement.line);
        let alone = !text.contains('`') && text.split_whitespace().count() < 2;
        asked
            && !is_own(text)
            && !alone
            && !steps
            && !leads.iter().any(|lead| lead == text)
            && !invites(text)
            && !asks::describes(text)
            && !asks::is_circumstance(section)
            && !asks::is_maybe(text)
            && !benefit()
    };
    let shows = |text: &str| clause::case(text).or_else(|| wish::case(text)).is_some();
    let heading = own_title(&title.text);
    // `Ferries: add a hook` bids behind the part that it names.
    let deed = heading.rsplit_once(": ").map_or(heading, |(_, deed)| deed);
    let bids = title.role == Role::Wish && (asks::bids(heading) || asks::bids(deed));
    let anew = |statement: &&Statement| {
        let plain = !bids && !is_wanted(&brief.title);
        let seen = plain || observable(&statement.text) || shows(&statement.text);
        seen && !POINTS_BACK.is_in(&statement.text)
    };
    // Below a heading that asks, what was expected of the code is asked for as anywhere.
    let expected = |said: &&Statement| asks::expects(&said.text) && !asks::is_question(&said.text);
    let said = reading.talk.iter().chain(reading.left_open.iter().filter(expected));
    let found: Vec<Statement> = said.filter(telling).filter(anew).take(6).cloned().collect();
    let said = found.iter().any(|one| observable(&one.text) || shows(&one.text));
    let taken = |said: &Statement| found.iter().any(|one| one.line == said.line && one.text == said.text);
    if reading.left_open.iter().any(taken) {
        // What stands beside it tells of the same.
        let own = reading.left_open.extract_if(.., |said| said.by.is_none());
        reading.talk.extend(own.filter(|said| !taken(said)));
    }
    let again = said && found.iter().any(|one| unheard::repeats(heading, &one.text));
    // A title that bids is no tale of what others do.
    let asks = |one: &Statement| one.by.is_some() || asks::has_ask(&one.text) || asks::expects(&one.text);
    if again && (!bids || found.iter().any(asks)) {
        reading.demands.extend(found);
        return;
    }
    let tells = bids || observable(&title.text) || shows(heading) || THING.is_in(&title.text);
    // Of a title that names the matter alone, a wish in a whole sentence says the same and more.
    let own = words::stems(heading);
    let says_more = |one: &Statement| {
        let stems = words::stems(&one.text);
        one.by.is_none() && one.wish >= LIKELY && stems.len() > own.len() && !stems.is_disjoint(&own)
    };
    // Where the title only names the matter, what one has to do today says what is not to be needed.
    let lacks = |one: &&Statement| one.by.is_none() && clause::workaround(&one.text).is_some();
    let lack = reading.talk.iter().find(lacks).filter(|_| !tells && found.is_empty()).cloned();
    if let Some(lack) = lack {
        reading.talk.retain(|one| one.line != lack.line || one.text != lack.text);
        reading.demands.push(Statement { origin: Origin::Wish, ..lack });
    } else if tells || !said && !found.iter().any(says_more) {
        reading.demands.push(title);
    }
    reading.demands.extend(found.into_iter().filter(|one| !bids || !again || asks(one)));
}

/// An item below `With this we would get:` tells what for.
fn is_benefit(body: &str, line: usize) -> bool {
    let above: Vec<&str> = body.lines().take(line).collect();
    let listed = above.iter().rev().take(BELOW).take_while(|line| line.trim().is_empty() || ITEM.is_in(line));
    let count = listed.count();
    let lead = above.iter().rev().nth(count).filter(|_| count > 0);
    lead.is_some_and(|lead| BENEFITS.is_in(lead))
}

/// So many lines of a list are gone back through for the sentence above it.
const BELOW: usize = 20;
static ITEM: Pattern = Pattern::new(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s");
static BENEFITS: Pattern = Pattern::new(
    r"\b(?:we|you|one|users?|people)(?: would|['’]d| could| will)? (?:then )?(?:get|gain|win)\W*$|\b(?:benefits?|advantages?)\b[^.]*:\W*$",
);

/// Says in so many words what is wanted.
static WANTS: Pattern =
    Pattern::new(r"^\W*(?:i|we)(?: (?:really )?(?:want|would like|need)|['’]d like) to \w+");
static SPEAKS: Pattern = Pattern::new(
    r"\bto (?:know|hear|ask|discuss|understand|thank|point|mention|say|see|check|report|suggest|propose|work|contribute|help|try)\b",
);

/// `It would be nice to have this.`: asks for what the title names.
static POINTS_BACK: Pattern =
    Pattern::new(r"^[^`]{3,50}\b(?:it|this|that|them|these|those)(?: (?:as well|too|also))?\W*$");
/// A title that says what is to come.
static THING: Pattern = Pattern::new(r"\b(?:option|flag|switch|setting|endpoint|button|command[- ]line)\b");
