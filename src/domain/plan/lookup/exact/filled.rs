//! A message that an issue shows with its values filled in: the text of the sources that has blanks for them.

use super::printed;
use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::source;
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// What is longer than this is told by its beginning.
const TOLD: usize = 60;
/// A message has so many words.
const SENTENCE: usize = 4;
/// As much of the body as is read, bytes, and most texts that it quotes.
const READ: usize = 20_000;
const QUOTES: usize = 12;

/// The one text that a message was made from; of several the one in a definition that the title names.
pub(super) fn filled(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let named = mentions::mentions(&brief.title).into_iter().filter(|one| one.kind == MentionKind::Symbol);
    let names: Vec<String> = named
        .filter_map(|one| one.text.split('(').next().map(str::to_owned))
        .filter_map(|name| name.rsplit(['.', ':', '#']).next().map(str::to_owned))
        .chain(CALLED.all(&brief.title, 1).into_iter().map(str::to_owned))
        .collect();
    let mut messages = printed::lines(brief, reading);
    messages.extend(quoted(&brief.body));
    messages.retain(|message| message.split_whitespace().count() >= SENTENCE);
    let matter = words::stems(&brief.title);
    let found =
        messages.iter().find_map(|message| Some((places.filling(message, &names, &matter)?, message)));
    let told = |(place, message): (_, &String)| Likely {
        because: format!("holds what prints {}", words::quoted(&words::shorten(message, TOLD))),
        place,
    };
    found.into_iter().map(told).collect()
}

/// What the body quotes outside of what is expected, in whichever sentence.
fn quoted(body: &str) -> Vec<String> {
    let head = body.get(..body.floor_char_boundary(READ)).unwrap_or_default();
    let pieces = source::read(head).pieces;
    let is_apart = |section: &Option<String>| {
        section.as_deref().is_some_and(|section| asks::is_circumstance(section) || asks::is_expected(section))
    };
    let pieces = pieces.iter().filter(|piece| !is_apart(&piece.section));
    let spans = pieces.flat_map(|piece| mentions::spans(&piece.text)).filter(|(_, code)| *code);
    spans.map(|(code, _)| code.to_owned()).filter(|code| code.contains(' ')).take(QUOTES).collect()
}

/// `ships().moor(...)`: each name that is called.
static CALLED: Pattern = Pattern::new(r"\b([A-Za-z_]\w{3,})\(");

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{issue, planned, repository};

    fn sited(body: &str) -> Option<(String, Option<usize>)> {
        let text = "class Berths\n{\n    public void MoorAt(Pier pier)\n    {\n        Fail(\"Expected {what} not to be {0}, but found <none>.\");\n    }\n\n    \
            public void CastOff(Pier pier)\n    {\n        Fail(\"Expected {what} not to be {0}, but found <none>.\");\n    }\n}\n";
        let other = "class Piers\n{\n    public void MoorAt(Pier pier)\n    {\n        Fail(\"Expected {what} to be {0}.\");\n    }\n}\n";
        let brief = issue(4, "Failure message of Ships().CastOff(...) is confusing", body);
        let files = [("src/Berths.cs", text), ("src/Piers.cs", other)];
        let plan = planned(&brief, &repository("acme/ferry", "5a1ad00", &files));
        plan.requirements[0].places.first().map(|place| (place.path.clone(), place.line))
    }

    #[test]
    fn the_text_that_a_shown_message_was_made_from_is_the_place() {
        let shown = "### Expected behavior\n\n`Expected a berth at Pier.North.`\n\n### Actual behavior\n\n\
            `Expected berth not to be Pier.North, but found <none>.`\n";
        assert_eq!(sited(shown), Some(("src/Berths.cs".to_owned(), Some(10))));
        let wanted = "### Expected behavior\n\n`Expected berth not to be Pier.North, but found <none>.`\n";
        assert_ne!(sited(wanted), Some(("src/Berths.cs".to_owned(), Some(10))), "it is not there yet");
    }
}
