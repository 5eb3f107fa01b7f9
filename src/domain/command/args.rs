//! A cursor over a command's arguments: what a command does not take is refused, with an example of what it does.

use std::borrow::Cow;
use std::fmt;

use crate::domain::escape::{code_span, shorten};

/// Why the arguments of a command were refused: one sentence for the person who wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// The arguments of one command, taken one after the other; [`Args::finish`] refuses what nobody took.
#[derive(Debug, Clone)]
pub struct Args<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    example: Cow<'a, str>,
}

#[derive(Debug, Clone)]
struct Word<'a> {
    /// Without the quotes around it.
    text: &'a str,
    /// Within the whole, with quotes.
    start: usize,
    end: usize,
    quoted: bool,
}

impl<'a> Args<'a> {
    /// `text` is what [`super::Found::args`] holds; `example` a right call to show in refusals, such as `/approve 1`.
    ///
    /// Words stand between spaces; a word that begins with `"` or a backtick runs to the same character and is never an option.
    pub fn new(text: &'a str, example: impl Into<Cow<'a, str>>) -> Self {
        Self { text, words: split(text), example: example.into() }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The next word that is not an option.
    #[expect(clippy::should_implement_trait, reason = "a cursor that also takes options is no iterator")]
    pub fn next(&mut self) -> Option<&'a str> {
        let at = self.words.iter().position(|word| !word.is_option())?;
        Some(self.words.remove(at).text)
    }

    /// The next word that is not an option, left in its place.
    pub fn peek(&self) -> Option<&'a str> {
        self.words.iter().find(|word| !word.is_option()).map(|word| word.text)
    }

    /// The next word as a number, written `12` or `#12`; `None` when no word is left.
    pub fn number(&mut self) -> Result<Option<i64>, Refusal> {
        let Some(word) = self.next() else { return Ok(None) };
        let digits = word.strip_prefix('#').unwrap_or(word);
        match digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten() {
            Some(number) => Ok(Some(number)),
            None => Err(self.refuse(&format!("{} is not a number", shown(word)))),
        }
    }

    /// Takes an option such as `--one`; whether it was there.
    pub fn flag(&mut self, option: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| !(word.is_option() && word.text.eq_ignore_ascii_case(option)));
        self.words.len() < before
    }

    /// All words that are left, except options, as they were written; a single quoted word without its quotes.
    pub fn rest(&mut self) -> String {
        let taken: Vec<Word<'a>> = self.words.extract_if(.., |word| !word.is_option()).collect();
        match taken.as_slice() {
            [only] => only.text.to_owned(),
            words => words.iter().map(|word| &self.text[word.start..word.end]).collect::<Vec<_>>().join(" "),
        }
    }

    /// Everything that is left exactly as it was written, line breaks and options included: for commands that take TEXT.
    pub fn text(&mut self) -> &'a str {
        let text = self.words.first().map_or("", |word| self.text[word.start..].trim_end());
        self.words.clear();
        text
    }

    /// Refuses what nobody took.
    pub fn finish(self) -> Result<(), Refusal> {
        match self.words.first() {
            None => Ok(()),
            Some(word) if word.is_option() => {
                Err(self.refuse(&format!("{} is not an option here", shown(word.text))))
            }
            Some(word) => Err(self.refuse(&format!("{} is more than this command takes", shown(word.text)))),
        }
    }

    /// A refusal that ends with the example.
    pub fn refuse(&self, what: &str) -> Refusal {
        Refusal(format!("{what}; for example: {}.", code_span(&self.example)))
    }
}

impl Word<'_> {
    fn is_option(&self) -> bool {
        !self.quoted && self.text.starts_with("--")
    }
}

fn shown(word: &str) -> String {
    const LONGEST: usize = 40;
    code_span(&shorten(word, LONGEST))
}

fn split(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    let mut open_quotes = [true; 2]; // whether looking for the closing quote can still succeed
    while let Some(skip) = text[at..].find(|c: char| !c.is_whitespace()) {
        let start = at + skip;
        let word = quoted(text, start, &mut open_quotes).unwrap_or_else(|| {
            let end = text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length);
            Word { text: &text[start..end], start, end, quoted: false }
        });
        at = word.end;
        words.push(word);
    }
    words
}

/// A word in quotes that ends before a space or the end; `may_close` remembers what was searched in vain, so that a text of quotes stays one pass.
fn quoted<'a>(text: &'a str, start: usize, may_close: &mut [bool; 2]) -> Option<Word<'a>> {
    let (index, quote) = match text.as_bytes().get(start)? {
        b'"' => (0, '"'),
        b'`' => (1, '`'),
        _ => return None,
    };
    if !may_close[index] {
        return None;
    }
    let Some(length) = text[start + 1..].find(quote) else {
        may_close[index] = false;
        return None;
    };
    let end = start + 1 + length + 1;
    let apart = text[end..].chars().next().is_none_or(char::is_whitespace);
    (apart && length > 0).then(|| Word { text: &text[start + 1..end - 1], start, end, quoted: true })
}
