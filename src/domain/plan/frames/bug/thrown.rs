//! The error that a report complains of, as what must not come any more.

use super::{KIND, in_section};
use crate::domain::plan::asks;
use crate::domain::plan::examples;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::{trace, words};

static RAISES: Pattern = Pattern::new(
    r"\b(?:rais(?:e|es|ed|ing)|throw(?:s|n|ing)?|gives?|gets?|got|fails? with|exception is|error is|results? in)\b",
);
static THROWN: Pattern = Pattern::new(
    r"(?:results? in|gives?|throws?|raises?|causes?|fails with|with an?)\s+`?((?:[\w$]+(?:\.|::))*[\w$]*(?:Error|Exception)\b[^`]{0,90})`?$",
);

/// A message has more words than this.
const WORDS: usize = 4;

/// A title that is the message.
static MESSAGE: Pattern = Pattern::new(r"^(?:exception|error|crash|panic)(?: with)?: (.{8,110})$");

/// The error that a title complains of.
pub(super) fn thrown(scene: &Scene<'_>) -> Option<String> {
    let title = scene.brief.title.trim();
    match THROWN.first(title, 1) {
        Some(error) => Some(format!("not {}", words::code(&error.replace('`', "")))),
        None => {
            // An error that was expected is not to be forbidden.
            let wished = |section: &Option<String>| section.as_deref().is_some_and(asks::is_expected);
            let blocks = || scene.reading.blocks.iter().filter(|block| !wished(&block.section));
            let logged = || blocks().find_map(|block| trace::error(&block.text));
            let told = || {
                scene
                    .reading
                    .talk
                    .iter()
                    .filter(|said| RAISES.is_in(&said.text) && !in_section(said, asks::is_expected))
                    .find_map(|said| KIND.first(&said.text, 1))
            };
            // What is to come is not to be forbidden.
            let own = || {
                let all = scene.reading.talk.iter().chain(&scene.reading.demands);
                all.filter(|said| said.by.is_none() && !in_section(said, asks::is_expected))
                    .filter(|said| !asks::says_must(&said.text) && !asks::expects(&said.text))
            };
            let raised = || own().find_map(|said| RAISED.first(&said.text, 1));
            let kind = KIND.first(title, 1).or_else(|| KIND.first(logged()?, 1)).or_else(told);
            let kind = kind.or_else(raised);
            let Some(kind) = kind else {
                if let Some(codes) = blocks().find_map(|block| coded(&block.text)) {
                    return Some(format!("no {codes}"));
                }
                if let Some(message) = own().find_map(|said| SAID.first(&said.text, 1)) {
                    // Where it lay on somebody's machine is no part of it.
                    let own = HOME.replace(message, |_| "…".to_owned());
                    return Some(format!("no {}", words::quoted(&words::shorten(&own, 110))));
                }
                if let Some(said) = alarm(scene) {
                    return Some(format!("no {}", words::quoted(&words::shorten(&said, 110))));
                }
                // One line below a sentence that brings it in is the message, whatever it looks like.
                if let Some(block) = blocks().find(|block| is_message(block)) {
                    return Some(format!("no {}", words::quoted(&words::shorten(block.text.trim(), 110))));
                }
                let mut said: Vec<&str> = blocks().flat_map(|block| trace::complaints(&block.text)).collect();
                said.dedup();
                // Of several nobody can tell which is the fault.
                let only = if let [only] = said.as_slice() { Some(*only) } else { None };
                let wishes = |said: &&str| asks::says_must(said) || asks::is_imperative(said);
                let shown = || blocks().any(|block| block.text.contains(title)).then_some(title);
                let message = only
                    .or_else(|| shown().filter(|title| title.split(' ').count() > WORDS))
                    .or_else(|| MESSAGE.first(title, 1).filter(|said| !wishes(said)))?;
                return Some(format!("no {}", words::quoted(&words::shorten(message, 110))));
            };
            let last = kind.rsplit([':', '.', '\\']).next().unwrap_or(kind);
            Some(format!("no {last}"))
        }
    }
}

static FALSE_ALARM: Pattern =
    Pattern::new(r"\bfalse[- ](?:positives?|alarms?)\b|\bfalsely (?:reports?|reported|flag\w*|warns?)\b");
/// The line of a linter: where, what it is called, and what it says.
static ALARM: Pattern = Pattern::new(
    r"^\s*(?:\S*\[?\d+\]?(?::\d+)*[:,]?\s+|\S+?:\d+(?::\d+)?:?\s*|\[\d+\]:\s*)?(?:(?:warning|error|info|convention)[:\s]+)?((?:[A-Z]\w*(?:/\w+)?|[a-z]+(?:-[a-z]+)+|[A-Z]+\d+):? .{12,})$",
);

/// What is reported though nothing is wrong, where an issue calls it so and shows one line of it.
fn alarm(scene: &Scene<'_>) -> Option<String> {
    let own = scene.reading.own().take(20).any(|said| FALSE_ALARM.is_in(&said.text));
    if !own && !FALSE_ALARM.is_in(&scene.brief.title) {
        return None;
    }
    let blocks = scene.reading.blocks.iter().take(scene.reading.own_blocks);
    let lines = blocks.filter(|block| !examples::is_program(block) && block.text.trim().lines().count() < 4);
    let said = lines.flat_map(|block| block.text.lines()).find_map(|line| ALARM.first(line, 1))?;
    Some(ADDRESS.replace(said, |_| String::new()).trim().to_owned())
}

/// `error TS2304:`, `error[E0308]`: what compilers call their complaints.
static CODE: Pattern = Pattern::new(r"\berror:? ?\[?((?-i:[A-Z]{1,6}\d{3,5}))\b");

/// The complaints of a compiler by their codes, each once; of more than a few the log is of something else.
fn coded(text: &str) -> Option<String> {
    let mut codes: Vec<&str> = Vec::new();
    for code in text.lines().take(60).filter_map(|line| CODE.first(line, 1)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let told: Vec<String> = codes.iter().map(|code| words::code(code)).collect();
    (1..=4).contains(&told.len()).then(|| format!("error {}", words::list(&told)))
}

/// A page that explains it.
static ADDRESS: Pattern = Pattern::new(r"\s*[\[(]?https?://\S+$");

/// Is it what a program complained of, as the sentence before says?
pub(super) fn is_message(block: &Block) -> bool {
    let brings = |lead: &str| {
        let wanted = asks::leads_to(lead) == Some(asks::Leads::Wanted);
        asks::brings_error(lead) && !wanted && !asks::says_must(lead) && !asks::expects(lead)
    };
    let led = block.lead.as_deref().is_some_and(brings);
    let said = block.text.trim();
    (led || EXCEPTION.is_in(said))
        && said.lines().count() == 1
        && said.split_whitespace().count() >= WORDS
        && !examples::is_program(block)
}

/// What the writer misses in a message, in a question of its own.
pub(super) fn lacks<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let shows = scene.reading.blocks.iter().any(is_message);
    let mut own = scene.reading.talk.iter().chain(&scene.reading.left_open).filter(|said| said.by.is_none());
    own.find_map(|said| WHICH.first(&said.text, 1)).filter(|_| shows)
}

static WHICH: Pattern = Pattern::new(
    r"^\W*(?:but |and )?which (path|file|line|name|key|option|field|value|column|setting|package|module|crate|url|host|user|argument|variable|folder|directory|version|one of [\w ]{3,30})\?\W*$",
);

/// An exception and its message, whichever sentence stands before it.
static EXCEPTION: Pattern = Pattern::new(
    r"(?-i:^(?:Uncaught |Caused by: )?(?:[\w$]+(?:\.|::|\\))*[A-Z]\w*(?:Exception|Error): \S|^(?:error|fatal|fatal error|Error|ERROR)(?:\[\w+\])?: \S)",
);

/// `fails with` and its message.
static SAID: Pattern = Pattern::new(
    r"\b(?:exception|error|error message|message|fail(?:s|ed|ing)? with|crash(?:es|ed)? with|panic(?:s|ked)? with|complain(?:s|ed|ing)?(?: that| about)?)[\s:,]{1,3}[`\x22“]([^`\x22“”]*\S [^`\x22“”]{8,200})[`\x22”]",
);

/// `a Liquid::Undefined is raised`.
static RAISED: Pattern =
    Pattern::new(r"(?-i:\ban? `?((?:\w+(?:::|\.|\\))+[A-Z]\w+)`? (?:is|was|gets) (?:raised|thrown)\b)");

static HOME: Pattern = Pattern::new(r"(?:/Users/|/home/|[A-Z]:\\Users\\)\S+");

#[cfg(test)]
mod tests {
    use super::{ALARM, MESSAGE};

    #[test]
    fn the_line_of_a_linter_is_told_without_its_place() {
        for line in [
            "[1]:HeavyMast: Keel assumes too much for '@mast'",
            "a.rb:3:5: HeavyMast: Keel assumes too much for '@mast'",
            "HeavyMast: Keel assumes too much for '@mast'",
        ] {
            assert_eq!(ALARM.first(line, 1), Some("HeavyMast: Keel assumes too much for '@mast'"), "{line}");
        }
        assert_eq!(ALARM.first("x = 1", 1), None);
    }

    #[test]
    fn a_title_is_a_message_and_no_wish_for_one() {
        assert_eq!(
            MESSAGE.first("Exception: undefined method 'source' for nil", 1),
            Some("undefined method 'source' for nil")
        );
        for wish in [
            "Wrong error: should name the missing file",
            "Better error: name the file",
            "Unhelpful error: say which key",
        ] {
            assert_eq!(MESSAGE.first(wish, 1), None, "{wish}");
        }
    }
}
