//! The words of an issue, weighed, in the form in which the words of code can be compared with them.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::names;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source;
use crate::domain::plan::words::PUT_THERE;

/// What a word of the title weighs, of a sentence, and of code.
const TITLE: f64 = 3.0;
const PROSE: f64 = 1.0;
const CODE: f64 = 0.8;
/// What a word weighs at most in one text, however often it stands there.
const AGAIN: f64 = 2.0;
/// A whole name beside the words in it.
const WHOLE: f64 = 2.0;
/// Longest name, bytes.
const LONGEST: usize = 64;
/// Most characters of a text, and most comments, that are read.
const READ: usize = 20_000;
const COMMENTS: usize = 40;

/// A word, or a name of several words, that an issue uses.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// As [`keys`] makes it.
    pub key: String,
    /// As the issue has it.
    pub said: String,
    /// What it says of where the matter lies.
    pub weight: f64,
    /// The title has it.
    pub is_titled: bool,
}

impl Term {
    /// Is it a name of several words, beside those words?
    pub fn is_whole(&self) -> bool {
        self.key.starts_with(NAME)
    }
}

/// The words of an issue that can tell one place from another, each once.
pub fn of(brief: &Brief) -> Vec<Term> {
    let mut terms: BTreeMap<String, Term> = BTreeMap::new();
    let mut add = |said: Counted, most: f64, is_titled: bool| {
        for (key, (said, weight)) in said {
            let times = if key.starts_with(NAME) { WHOLE } else { 1.0 };
            let term = terms.entry(key.clone()).or_insert_with(|| Term { key, said, weight: 0.0, is_titled });
            term.weight += weight.min(most) * times;
        }
    };
    let mut title = Counted::new();
    matter(&brief.title).into_iter().for_each(|part| count(part, TITLE, &mut title));
    add(title, f64::MAX, true);
    let comments = brief
        .comments
        .iter()
        .filter(|said| !said.is_bot && !said.is_addressed())
        .map(|said| said.body.as_str());
    let answers = brief.answers.iter().map(|answer| answer.text.as_str());
    for text in std::iter::once(brief.body.as_str()).chain(comments.take(COMMENTS)).chain(answers) {
        add(read(text), AGAIN, false);
    }
    terms.into_values().collect()
}

/// A title without the word that only says what is to be done: no code holds `Allow` because an issue begins so.
fn matter(title: &str) -> [&str; 2] {
    let (tag, rest) = title.split_at(TAG.first(title, 0).map_or(0, str::len));
    let deed = DEED.first(rest, 0).map_or(0, str::len);
    [tag, rest.get(deed..).unwrap_or(rest)]
}

static TAG: Pattern = Pattern::new(
    r"^\s*(?:\[[^\]]{1,30}\]\s*|(?:feat|fix|chore|feature(?: request)?|bug|request|rfc)(?:\([^)]{1,30}\))?:\s*)*",
);
static DEED: Pattern = Pattern::new(
    r"^(?:please )?(?:add|allow|avoid|change|consider|create|do not|don['’]t|drop|enable|ensure|fix|implement|improve|introduce|let|make|offer|permit|prevent|provide|remove|rework|stop|support|update|use)\s+",
);

static ADDRESS: Pattern = Pattern::new(r"\b[a-z][a-z+]{1,9}://[^\s<>\x22'`]+");

/// Key to the first spelling and the weight.
type Counted = BTreeMap<String, (String, f64)>;

fn read(text: &str) -> Counted {
    let head = text.char_indices().nth(READ).map_or(text, |(at, _)| text.get(..at).unwrap_or(text));
    let source = source::read(head);
    let matters = |section: &Option<String>| !section.as_deref().is_some_and(asks::is_circumstance);
    let mut said = Counted::new();
    for piece in source.pieces.iter().filter(|piece| matters(&piece.section)) {
        count(&piece.text, PROSE, &mut said);
    }
    for block in source.blocks.iter().filter(|block| matters(&block.section)) {
        count(&block.text, CODE, &mut said);
    }
    said
}

fn count(text: &str, weight: f64, out: &mut Counted) {
    // What an address is made of says nothing of the matter.
    let bare = text.contains("://").then(|| ADDRESS.replace(text, |_| " ".to_owned()));
    for word in names(bare.as_deref().unwrap_or(text)) {
        for key in keys(word) {
            out.entry(key).or_insert_with(|| (word.to_owned(), 0.0)).1 += weight;
        }
    }
}

/// The names of a text or of code: letters, digits and underscores that begin with a letter.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    names::of(text)
        .map(|(_, name)| name.trim_start_matches(|c: char| c == '_' || c.is_ascii_digit()))
        // What is longer is data, and a stemmer needs the square of its length.
        .filter(|name| name.len() > 1 && name.len() <= LONGEST)
}

/// How many words a name has, where a text says every one of them.
pub fn said_of(name: &str, text: &str) -> Option<usize> {
    let apart = |text: &str| -> HashSet<String> {
        let all = names(text).flat_map(keys);
        all.filter(|key| !key.starts_with(NAME)).collect()
    };
    let (own, said) = (apart(name), apart(text));
    (!own.is_empty() && own.is_subset(&said)).then_some(own.len())
}

/// Does a text say every word of a name, one behind the other?
pub fn says_in_row(text: &str, name: &str) -> bool {
    let apart = |text: &str| -> Vec<String> {
        let all = names(text).flat_map(keys);
        all.filter(|key| !key.starts_with(NAME)).collect()
    };
    let (own, said) = (apart(name), apart(text));
    // A word that all code has could stand anywhere.
    let whole = own.len() == names(name).map(|part| words(part).count()).sum::<usize>();
    whole && !own.is_empty() && said.windows(own.len()).any(|row| row == own)
}

/// What marks a whole name among the keys.
const NAME: char = '=';

/// The words of a name by their stems, and the whole of one that has several: `readLines` has `read`, `line` and
/// `=readlines`. What every issue or all code has is left out.
pub fn keys(name: &str) -> Vec<String> {
    // What tools put there is one name, whatever its parts mean elsewhere.
    if PUT_THERE.contains(&name) {
        return vec![format!("{NAME}{}", words(name).collect::<String>().to_lowercase())];
    }
    let stemmer = Stemmer::create(Algorithm::English);
    let words: Vec<String> = words(name).map(str::to_lowercase).filter(|word| word.len() > 1).collect();
    let telling = words.iter().filter(|word| !COMMON.contains(word.as_str()));
    let mut keys: Vec<String> = telling.map(|word| stemmer.stem(word).into_owned()).collect();
    if words.len() > 1 {
        keys.push(format!("{NAME}{}", words.concat()));
    }
    keys
}

/// Is one of the words in a name this one?
pub fn has_word(name: &str, word: &str) -> bool {
    words(name).any(|part| part.eq_ignore_ascii_case(word))
}

/// A name as `snake_case` writes it.
pub fn snake(name: &str) -> String {
    words(name).map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// The words in a name: `HTTPServer_2` has `HTTP`, `Server` and `2`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split('_').flat_map(|part| {
        let mut out = Vec::new();
        let mut start = 0;
        let mut before = ' ';
        let mut chars = part.char_indices().peekable();
        while let Some((at, here)) = chars.next() {
            let small_next = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
            let rises = here.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && small_next);
            if at > start && (rises || here.is_ascii_digit() != before.is_ascii_digit()) {
                out.extend(part.get(start..at));
                start = at;
            }
            before = here;
        }
        out.extend(part.get(start..));
        out
    })
}

/// Words that every issue or all code has.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    OF_ENGLISH.into_iter().chain(OF_ISSUES).chain(OF_CODE).flat_map(str::split_whitespace).collect()
});

const OF_ENGLISH: [&str; 3] = [
    "a an the and or but if then else of to in on at by for with from as is are was were be been being it its this that",
    "these those there here i we you he she they me my our your their not no do does did done doing have has had having",
    "can could should would will shall may might must when where which who whom what why how so than too very just also only same such into about over under again more most other some any all each both few own up down out off now",
];
const OF_ISSUES: [&str; 2] = [
    "use used uses using want like need get got make way see one two new issue bug feature request version expected actual",
    "behavior behaviour please example code work works working currently instead thank thanks try tried error problem describe description additional context steps reproduce result results output input following case cases value values",
];
const OF_CODE: [&str; 1] = [
    "self return def fn func function class struct enum import let var const null none true false pub public private static void int string str bool while mod package async await catch throw throws raise except end begin module require export default type interface impl match switch break continue protected elif elsif foo baz qux foobar lorem ipsum",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::issue;

    #[test]
    fn a_name_has_its_words_and_itself() {
        assert_eq!(keys("readLines"), ["read", "line", "=readlines"]);
        assert_eq!(keys("HTTPServer_2nd"), ["http", "server", "nd", "=httpservernd"]);
        assert_eq!(keys("parsing"), ["pars"]);
        assert_eq!(
            keys("default_value"),
            ["=defaultvalue"],
            "words of all code tell nothing, their whole does"
        );
        assert_eq!(keys("ünïcode"), ["ünïcode"]);
    }

    #[test]
    fn the_word_of_a_title_that_only_asks_for_something_is_no_word_of_the_matter() {
        let keys =
            |title: &str| of(&issue(1, title, "")).into_iter().map(|term| term.key).collect::<Vec<_>>();
        for title in
            ["Stop ledgers", "[Ledger] Remove ledger", "feat(ledger): allow ledgers", "Please fix ledger"]
        {
            assert!(keys(title).contains(&"ledger".to_owned()), "{title}");
            for deed in ["stop", "remov", "allow", "fix"] {
                assert!(!keys(title).contains(&deed.to_owned()), "{title}");
            }
        }
        assert_eq!(keys("Ledgers stop"), ["ledger", "stop"]);
    }

    #[test]
    fn a_title_weighs_more_than_what_is_said_often_and_circumstances_weigh_nothing() {
        let body = "The ledger is lost. The ledger is gone. A ledger.\n\n```\nopenLedger()\n```\n\n## Environment\n\nUbuntu 24.04\n";
        let terms = of(&issue(1, "Totals are wrong", body));
        let weight = |key: &str| terms.iter().find(|term| term.key == key).map(|term| term.weight);
        assert_eq!(weight("total"), Some(TITLE));
        assert_eq!(weight("ledger"), Some(AGAIN), "three sentences and a name of code");
        assert_eq!(weight("=openledger"), Some(CODE * WHOLE));
        assert_eq!(weight("ubuntu"), None);
        assert_eq!(
            terms.iter().find(|term| term.key == "total").map(|term| term.said.as_str()),
            Some("Totals")
        );
    }
}
