//! The option or setting beside which an issue wants a new one: where that one is declared and acted upon.

use std::collections::BTreeSet;

use super::{LIMIT, by_words};
use crate::domain::brief::Brief;
use crate::domain::plan::clues;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places, definitions};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// What more files hold is no single option.
const FILES: usize = 6;
/// Most places that are told.
const TOLD: usize = 3;

/// The files that have the option which the issue likens its own to, the one that declares it first; where that one only sets
/// another, the files of the other.
pub(super) fn likened(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if reading.tells_fault {
        return Vec::new();
    }
    let own = reading.own();
    let texts: Vec<&str> =
        std::iter::once(brief.title.as_str()).chain(own.map(|said| said.text.as_str())).collect();
    if !texts.iter().any(|text| WANTED.is_in(text)) {
        return Vec::new();
    }
    let names =
        texts.iter().filter(|text| !LIKES.is_in(text)).filter_map(|text| BESIDE.either(text)).take(LIMIT);
    let is_telling = |name: &&str| name.len() > 3 && !clues::is_general(name);
    let mut found = names.filter(is_telling).map(|name| beside(places, name));
    let found = found.find(|found| !found.is_empty()).unwrap_or_default();
    let (declaring, using): (Vec<Held>, Vec<Held>) = found.into_iter().partition(|held| held.is_declared);
    let [mut declaring, mut using] =
        [declaring, using].map(|all| all.into_iter().map(|held| held.told).collect::<Vec<Likely>>());
    by_words(&mut declaring, brief, places);
    by_words(&mut using, brief, places);
    declaring.into_iter().chain(using).take(TOLD).collect()
}

/// A file that has the option.
struct Held {
    told: Likely,
    is_declared: bool,
}

fn beside(places: &Places<'_>, name: &str) -> Vec<Held> {
    let name = name.trim_start_matches('-');
    let found = holding(places, name, "");
    if found.is_empty() || found.iter().any(|held| held.is_declared) {
        return found;
    }
    // Declared nowhere, it is another program's, and what the line sets is the own one.
    let lines = found.iter().filter_map(|held| {
        let at = held.told.place.line?;
        let text = places.text(&held.told.place.path)?;
        Some(text.lines().skip(at - 1).take(2).collect::<Vec<&str>>())
    });
    let set: BTreeSet<&str> = lines.flatten().flat_map(|line| QUOTED.all(line, 1)).collect();
    let akin = |other: &&&str| **other != name && last_word(other) == last_word(name);
    let mut akin = set.iter().filter(akin);
    match (akin.next(), akin.next()) {
        (Some(only), None) => {
            let of = format!(", which {} sets", words::code(name));
            let other = holding(places, only, &of);
            if other.iter().any(|held| held.is_declared) { other } else { found }
        }
        _ => found,
    }
}

/// The last word of a name, however it is joined to the others.
fn last_word(name: &str) -> String {
    places::split_camel(name).split(' ').next_back().unwrap_or_default().to_lowercase()
}

/// The sources that have the option as code has one; none where it is in too many.
fn holding(places: &Places<'_>, name: &str, of: &str) -> Vec<Held> {
    let forms = spelled(name);
    let mut out = Vec::new();
    for path in places.products() {
        let Some(text) = places.text(path).filter(|text| forms.iter().any(|form| words::holds(text, form)))
        else {
            continue;
        };
        let held = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.len() < places::LINE && !places::is_comment(line));
        let held = held.filter_map(|(at, line)| {
            let mut there =
                forms.iter().filter(|form| definitions::position(line, form).is_some()).peekable();
            there.peek()?;
            Some((at + 1, there.any(|form| declares(line, form))))
        });
        let held: Vec<(usize, bool)> = held.collect();
        let Some((line, is_declared)) = held.iter().find(|(_, declares)| *declares).or(held.first()) else {
            continue;
        };
        let verb = if *is_declared { "declares" } else { "uses" };
        let because = format!("{verb} {}{of}", words::code(name));
        let place = Place { line: Some(*line), ..places::existing(path) };
        out.push(Held { told: Likely { place, because }, is_declared: *is_declared });
        if out.len() > FILES {
            return Vec::new();
        }
    }
    out
}

/// As it is typed, and as code spells it.
fn spelled(name: &str) -> Vec<String> {
    let mut forms = vec![name.to_owned()];
    if name.contains(char::is_uppercase) {
        forms.push(words::capitalized(name));
    }
    if name.contains('-') {
        let camel: String = name.split('-').map(words::capitalized).collect();
        forms.extend([name.replace('-', "_"), words::lowered(&camel)]);
    }
    forms
}

/// A line that says what the option is: an entry of a list of options, a field, or a call that adds it.
fn declares(line: &str, name: &str) -> bool {
    let Some(at) = definitions::position(line, name) else { return false };
    let (before, behind) =
        (line.get(..at).unwrap_or_default(), line.get(at + name.len()..).unwrap_or_default());
    let is_field = FIELD.is_in(before) && TYPED.is_in(behind);
    let is_entry = ENTRY.is_in(before) && behind.starts_with(['"', '\'', '`', ' ', '=', ',', '<']);
    is_field || is_entry
}

/// Asks for an option.
static WANTED: Pattern = Pattern::new(
    r"\b(?:new|an?|another|additional|further|extra) (?:\w+ ){0,3}?(?:options?|flags?|settings?|switch|parameter|config(?:uration)? (?:key|option|value|field))\b",
);
/// Names one that is there already.
static BESIDE: Pattern = Pattern::new(
    r"\b(?:already (?:ha(?:s|ve)|supports?|offers?|provides?|knows?)|there (?:is|are) already|like|similar(?:ly)? to|besides?|alongside|next to|analogous(?:ly)? to|(?:the )?same (?:way )?as|as with|in addition to) (?:the |an? |our |its )?(?:\w+ ){0,2}?(?:(?:options?|flags?|settings?|switch|parameter|key) `?(-{0,2}[a-z][\w-]{3,40})`?|`?(--[a-z][\w-]{2,40})`?|`([a-z][\w-]{3,40})` (?:options?|flags?|settings?|switch|parameter|key)\b|(?-i:([a-z]+(?:[A-Z][a-z0-9]+)+)\b))",
);
/// `I would like a new flag`: the verb, and what is not there yet.
static LIKES: Pattern = Pattern::new(
    r"\b(?:would(?: also| really)?|i['’]d|we['’]d) like (?:to (?:have|see|add) )?(?:an?|another|the) (?:\w+ ){0,3}?(?:option|flag|setting|switch|parameter|key)",
);
static QUOTED: Pattern = Pattern::new(r"[\x22'`](?:--)?([a-z][\w-]{3,40})[\x22'`]");
/// What stands before a field.
static FIELD: Pattern = Pattern::new(
    r"^\s*(?:(?:pub(?:\([a-z]+\))?|public|private|protected|readonly|static|final|mut|var|let)\s+)*\*?$",
);
/// What stands behind the name of one that has a type.
static TYPED: Pattern =
    Pattern::new(r"^\??\s*:\s*\S|^\s+\*?(?:\[\])?[A-Za-z][\w.]*\s*(?:\x60[^\x60]*\x60)?\s*$");
/// What stands before the name of an entry, or of what a call adds.
static ENTRY: Pattern = Pattern::new(
    r"\b(?:name|long|key|flag|option)\s*[:=]\s*(?:String\()?[\x22'`](?:--)?$|(?:add_?(?:argument|option|flag)|\.(?:option|long|flag|add|opt|switch)|Arg::(?:new|with_name)|Flags\(\)\.\w+|flag\.\w+)\(\s*(?:&\w+,\s*)?[^()\x22'`]{0,40}[\x22'`](?:-\w,? (?:\[\w+\])?)?(?:--)?$|\b[oO]ption(?:<\w+>)?\(\s*[\x22'`](?:-\w, ?)?--$",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::world::{issue, repository};

    fn found(files: &[(&str, &str)], title: &str, body: &str) -> Vec<(String, Option<usize>, String)> {
        let snapshot = repository("acme/ferry", "5a1ad00", files);
        let brief = issue(7, title, body);
        let found = likened(&brief, &statement::read(&brief), &Places::new(&snapshot));
        found.into_iter().map(|one| (one.place.path, one.place.line, one.because)).collect()
    }

    const DECLARED: &str =
        "export const all = [\n  {\n    name: \"hideSunk\",\n    type: Boolean,\n  },\n];\n";
    const USED: &str = "class Fleet {\n  @Option(\"hideSunk\")\n  accessor isHidden;\n}\n";
    const FOREIGN: &str =
        "function take(options) {\n  if (options.dropSunk)\n    set(\"hideSunk\", true);\n}\n";

    #[test]
    fn the_files_of_the_option_that_is_there_are_those_of_the_new_one_and_what_declares_it_is_first() {
        let files = [("src/a.ts", USED), ("src/options.ts", DECLARED), ("src/sunk.ts", "// hideSunk\n")];
        let body = "We have it: ferry already has the option `--hideSunk`, which hides all.";
        let told = found(&files, "New option: hiddenDecks", body);
        let because = |verb: &str| format!("{verb} `hideSunk`");
        assert_eq!(
            told,
            [
                ("src/options.ts".to_owned(), Some(3), because("declares")),
                ("src/a.ts".to_owned(), Some(2), because("uses"))
            ]
        );
        assert!(found(&files, "The option is ignored", "It fails like the option `--hideSunk`.").is_empty());
        assert!(found(&files, "New option: hiddenDecks", "Use it with `--hideSunk`.").is_empty());
    }

    #[test]
    fn a_name_in_one_word_is_likened_as_it_is_written() {
        let declared = "type Config struct {\n\tEnableAllDecks bool `toml:\"enableAllDecks\"`\n}\n";
        let used = "func decks(c *Config) {\n\tif c.EnableAllDecks {\n\t}\n}\n";
        let files =
            [("config/config.go", used), ("lint/config.go", declared), ("lint/file.go", "package lint\n")];
        let told = found(
            &files,
            "Add a configuration option `enableSomeDecks`",
            "An option (like enableAllDecks, only for some):",
        );
        let places: Vec<(&str, Option<usize>)> =
            told.iter().map(|(path, line, _)| (path.as_str(), *line)).collect();
        assert_eq!(places, [("lint/config.go", Some(2)), ("config/config.go", Some(2))]);
    }

    #[test]
    fn one_that_is_declared_nowhere_leads_to_the_one_that_it_sets() {
        let files = [("src/a.ts", USED), ("src/options.ts", DECLARED), ("src/take.ts", FOREIGN)];
        let told = found(&files, "New option: hiddenDecks", "There is already the option `--dropSunk`.");
        let first = told.first().map(|(path, line, because)| (path.as_str(), *line, because.as_str()));
        assert_eq!(first, Some(("src/options.ts", Some(3), "declares `hideSunk`, which `dropSunk` sets")));
        assert_eq!(told.len(), 3);
    }
}
