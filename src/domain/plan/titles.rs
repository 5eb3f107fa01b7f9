//! A title that is only a tag, such as `[BUG]`, gives way to the sentence that names the trouble.

use std::borrow::Cow;

use crate::domain::brief::Brief;
use crate::domain::escape::visible::is_hidden;
use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::{self, Form, Piece};
use crate::domain::plan::words;

/// Words of templates and of haste: alone they name nothing.
static EMPTY: Pattern = Pattern::new(
    r"^\W*(?:\[[^\]]{1,30}\]\W*)*(?:(?:new |a |some |my |your |the |insert |enter )?(?:bugs?(?: ?report)?|issues?|problems?|questions?(?: about .{1,40})?|help(?: needed| wanted)?|feature(?: ?request)?|enhancement|request|idea|suggestion|title(?: goes)?(?: here)?|(?:short |brief )description|errors?|crash(?:es)?|untitled|no title)\W*)*$",
);
/// What a title is about that only says that it asks.
static ABOUT: Pattern =
    Pattern::new(r"^\W*(?:(?:an?|some|my|one|another|quick|small) )*questions? about (.{1,40}?)\W*$");
static GREETS: Pattern =
    Pattern::new(r"^\W*(?:hi|hello|hey|dear|thanks|thank you|first of all)\b[^,]{0,20}\W*$");
static TROUBLE: Pattern = Pattern::new(
    r"describe the (?:bug|issue|problem)|what (?:happen|is wrong|went wrong)|(?:bug|issue|problem) description|^description|^summary|^bug$|actual",
);

/// The issue with a title that says what it is about.
pub fn named<'b>(brief: &'b Brief) -> Cow<'b, Brief> {
    // A title in which nobody sees anything is none.
    if !brief.title.is_empty() && is_blank(&brief.title) {
        let shown = Brief { title: format!("Issue #{}", brief.number), ..brief.clone() };
        return Cow::Owned(named(&shown).into_owned());
    }
    let empty = EMPTY.is_in(&brief.title);
    let wordless = || is_wordless(&brief.title);
    if brief.title.trim().is_empty() || !empty && !wordless() {
        return Cow::Borrowed(brief);
    }
    // What only vents gives way to a sentence that says what happens, and to no other.
    let says = |said: &String| empty || asks::tells_fault(said) && !is_wordless(said);
    match trouble(&source::read(&brief.body).pieces, &brief.title).filter(says) {
        Some(said) => {
            let title = match ABOUT.first(&brief.title, 1) {
                Some(object) => format!("{}: {}", words::capitalized(object.trim()), words::lowered(&said)),
                None => said,
            };
            Cow::Owned(Brief { title, ..brief.clone() })
        }
        None => Cow::Borrowed(brief),
    }
}

/// Is there nothing in it that one could see?
pub fn is_blank(title: &str) -> bool {
    title.chars().all(|c| c.is_whitespace() || is_hidden(c))
}

/// The sentence that tells what is wrong: one that says so, with most words of the title, else the first below such a heading,
/// else the first of all.
fn trouble(pieces: &[Piece], title: &str) -> Option<String> {
    let stems = words::stems(title);
    let section = |piece: &Piece| piece.section.clone().unwrap_or_default();
    let tells = |piece: &&Piece| {
        let heading = section(piece);
        let apart =
            asks::is_circumstance(&heading) || asks::is_steps(&heading) || asks::is_expected(&heading);
        let words = piece.text.split_whitespace().count();
        let sentence = matches!(piece.form, Form::Sentence | Form::Item | Form::Lead | Form::Step);
        sentence && !apart && words > 2 && !GREETS.is_in(&piece.text) && !asks::is_question(&piece.text)
    };
    let all: Vec<&Piece> = pieces.iter().filter(tells).collect();
    let shared = |piece: &&&Piece| words::stems(&piece.text).intersection(&stems).count();
    let fault = all.iter().rev().filter(|piece| asks::tells_fault(&piece.text)).max_by_key(shared);
    let headed = all.iter().find(|piece| TROUBLE.is_in(&section(piece)));
    let found = headed.filter(|piece| piece.text.split_whitespace().count() > 4).or(fault).or(headed);
    found.or(all.first()).map(|piece| words::shorten(&matter(&piece.text), 120))
}

static HELLO: Pattern = Pattern::new(r"^\W*(?:hi|hello|hey|dear \w+)(?: \w+)?[,!.]\s+(.{8,})$");
static TURN: Pattern = Pattern::new(r"^.{20,}?,? but (.{16,})$");

/// The sentence without its greeting, and where it is long without what was only tried; its letters stay, for it is quoted.
fn matter(text: &str) -> String {
    let text = HELLO.first(text, 1).unwrap_or(text).trim_end_matches([':', '.']);
    let turned = TURN.first(text, 1).filter(|_| text.chars().count() > 88);
    turned.unwrap_or(text).to_owned()
}

/// What names no thing: a report of these words alone leaves everything open.
const BARE: &str = "app application asap awful bad broken bug crap crash crashe crashed crashing error everything ever fail failed \
                    failing fix fixed garbage hate help horrible issue just keep never nothing please problem program project ruin \
                    site software soon stuff stupid sucks terrible thanks thing time totally trash update urgent useless version \
                    whole work worked working works worse worst";

static RANTS: Pattern = Pattern::new(
    r"\b(?:ashamed|apologi[sz]e|be fired|my money back|wast(?:e|ing) (?:of )?(?:my )?(?:time|money)|hate|joke|pathetic|useless)\b",
);

/// Does it vent?
pub fn rants(text: &str) -> bool {
    RANTS.is_in(text)
}

/// Does it name nothing but that something is wrong?
pub fn is_wordless(text: &str) -> bool {
    words::nouns(text).iter().all(|word| BARE.split(' ').any(|bare| bare == word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::IssueNumber;

    #[test]
    fn a_tag_gives_way_to_the_sentence_that_names_the_trouble() {
        let form = "- [x] I read the docs.\n\n**Describe the bug**\n\n`weigh` is much slower than `count`\n\n**Platform**\nLinux\n";
        let letter = "Hi, thanks for this.\nI use it daily. It loses the last row of a file.";
        for (title, body, expected) in [
            ("[BUG]", form, "`weigh` is much slower than `count`"),
            ("Bug report", letter, "It loses the last row of a file"),
            (
                "Questions about files",
                "It fails to read the last row.",
                "Files: it fails to read the last row",
            ),
            (
                "Bug",
                "Hi, I tried to read the whole file with the new reader and its options, but it loses the last row.",
                "it loses the last row",
            ),
            ("[BUG] weigh is slow", form, "[BUG] weigh is slow"),
            ("It crashes", "Please fix this.", "It crashes"),
            (
                "This is garbage",
                "Your app is terrible. It crashes when I sign in twice. Fix it!!!",
                "It crashes when I sign in twice",
            ),
            (
                "Remove the useless retry in `go`",
                "It does not work when we are offline.",
                "Remove the useless retry in `go`",
            ),
            (
                "A question about rows without data",
                "Other tools don't say much about it. A table that has rows without data is not rendered.",
                "Rows without data: a table that has rows without data is not rendered",
            ),
            ("Help for choices", form, "Help for choices"),
            ("Bug", "", "Bug"),
        ] {
            let brief =
                Brief { title: title.to_owned(), body: body.to_owned(), ..Brief::new(IssueNumber(1)) };
            assert_eq!(named(&brief).title, expected, "{title}");
        }
    }
}
