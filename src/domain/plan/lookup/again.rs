//! A line that a link shows at another commit, found again where it lies today, from what the sentence says of it. Where that
//! leaves a choice, no line is told.

use super::code;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places, definitions};
use crate::domain::plan::source::Link;

/// So many lines, up or down, a line is taken to have moved at most.
const MOVED: usize = 40;
/// Least letters of a name that is looked for.
const LEAST: usize = 4;

/// A line with its number.
type Numbered<'t> = (usize, &'t str);

/// Where the line that is linked lies in the file as it is.
pub(super) fn line(places: &Places<'_>, (path, link): (&str, &Link), said: &str) -> Option<usize> {
    let first = link.line?;
    let last = link.last.filter(|last| *last >= first).unwrap_or(first);
    let near = first.saturating_sub(MOVED)..=last.saturating_add(MOVED);
    let lines: Vec<Numbered<'_>> = (1..).zip(places.text(path)?.lines()).collect();
    let lines: Vec<Numbered<'_>> = lines
        .into_iter()
        .filter(|(at, line)| near.contains(at) && line.len() < places::LINE && !places::is_comment(line))
        .collect();
    let values = || HARD_CODED.is_in(said).then(|| written_down(&lines, last - first + 1))?;
    named(&lines, said).or_else(values)
}

/// The nearest line that has code which the same text quotes, however its blanks are set.
pub(super) fn code(places: &Places<'_>, (path, link): (&str, &Link), text: &str) -> Option<usize> {
    let first = link.line?;
    let last = link.last.filter(|last| *last >= first).unwrap_or(first);
    let near = first.saturating_sub(MOVED)..=last.saturating_add(MOVED);
    let lines = (1..).zip(places.text(path)?.lines());
    let lines = lines.filter(|(at, line)| near.contains(at) && line.len() < places::LINE);
    let lines: Vec<(usize, String)> = lines.map(|(at, line)| (at, code::close(line))).collect();
    code::spans(text).iter().find_map(|code| {
        let holding = lines.iter().filter(|(_, line)| line.contains(code)).map(|(at, _)| *at);
        holding.min_by_key(|at| (first.saturating_sub(*at) + at.saturating_sub(last), *at))
    })
}

/// The only line that has the name which the sentence uses, else the only one that defines it.
fn named(lines: &[Numbered<'_>], said: &str) -> Option<usize> {
    let names = mentions::mentions(said).into_iter();
    let names = names.filter(|one| matches!(one.kind, MentionKind::Symbol | MentionKind::Code));
    names.take(4).find_map(|one| {
        let name = one.text.trim_end_matches("()").rsplit(['.', ':', '#', '>']).next()?;
        if name.len() < LEAST {
            return None;
        }
        let holding: Vec<&Numbered<'_>> =
            lines.iter().filter(|(_, line)| definitions::position(line, name).is_some()).collect();
        let defines = |line: &str| {
            let at = definitions::position(line, name);
            at.is_some_and(|at| definitions::defines(line, at, name.len()))
        };
        match holding.as_slice() {
            [(only, _)] => Some(*only),
            several => {
                let mut defining = several.iter().filter(|(_, line)| defines(line)).map(|(at, _)| *at);
                defining.next().filter(|_| defining.next().is_none())
            }
        }
    })
}

/// Where values are written down: the only lines that pass or set some, else the only ones of as many as were linked.
fn written_down(lines: &[Numbered<'_>], count: usize) -> Option<usize> {
    let held = |kind: &Pattern| -> Vec<usize> {
        lines.iter().filter(|(_, line)| kind.is_in(line)).map(|(at, _)| *at).collect()
    };
    let held = [&PLAIN, &TEXT].into_iter().map(held).find(|held| !held.is_empty())?;
    let groups: Vec<&[usize]> = held.chunk_by(|one, next| one + 1 == *next).collect();
    let group = match groups.as_slice() {
        [only] => Some(only),
        several => {
            let mut fitting = several.iter().filter(|group| count > 1 && group.len() == count);
            fitting.next().filter(|_| fitting.next().is_none())
        }
    };
    group.and_then(|group| group.first().copied())
}

static HARD_CODED: Pattern =
    Pattern::new(r"\bhard-? ?coded\b|\bhard-? ?wired\b|\bmagic (?:number|value)s?\b");
/// A switch or a number that is passed or set.
static PLAIN: Pattern =
    Pattern::new(r"(?:[(,]\s*|[=:] ?)(?:true|false|-?\d[\d_.]*(?-i:[a-z]\w{0,4})?)\s*(?:[),;]|$)");
/// A text that is.
static TEXT: Pattern = Pattern::new(r"(?:[(,]\s*|[=:] ?)(?:\x22[^\x22]+\x22|'[^']+')\s*(?:[),;]|$)");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    /// The line of a link to some lines of an older commit, and what its sentence says.
    fn found(text: &str, (first, last): (usize, Option<usize>), said: &str) -> Option<usize> {
        let snapshot = repository("acme/ferry", "5a1ad00", &[("src/tide.rs", text)]);
        let link = Link {
            repository: "ferry".to_owned(),
            at: "0ld0ld0".to_owned(),
            path: "src/tide.rs".to_owned(),
            line: Some(first),
            last,
        };
        line(&Places::new(&snapshot), ("src/tide.rs", &link), said)
    }

    const TIDE: &str = "fn next() {\n    let mut found = false;\n    let moon = Moon::parse(\"full\");\n    Tide::new()\n        \
        .with_spring(true)\n        .with_neap(false)\n        .rise(&moon)\n}\n\nfn level() {\n    // rise\n}\n";

    #[test]
    fn a_name_of_the_sentence_that_stands_once_near_the_line_finds_it_again() {
        assert_eq!(found(TIDE, (4, None), "It `rise`s only here"), Some(7));
        assert_eq!(found(TIDE, (4, None), "`level()` is empty"), Some(10));
        assert_eq!(found(TIDE, (4, None), "`sink()` is missing"), None);
        let twice = format!("{TIDE}fn other() {{ Tide::new().rise(&sun) }}\n");
        assert_eq!(found(&twice, (4, None), "It `rise`s only here"), None);
        let far = format!("{}{TIDE}", "\n".repeat(60));
        assert_eq!(found(&far, (4, None), "It `rise`s only here"), None);
    }

    #[test]
    fn values_that_are_called_hard_coded_are_found_where_as_many_lines_have_some() {
        let said = "The values that are hardcoded here should be read from the configuration";
        assert_eq!(found(TIDE, (3, Some(4)), said), Some(5));
        assert_eq!(found(TIDE, (3, None), said), None, "a line may be either");
        assert_eq!(found(TIDE, (3, Some(4)), "The values here"), None);
        assert_eq!(found("fn a() {\n    wait(30)\n}\n", (1, None), said), Some(2));
    }
}
