//! What the tree says of the matter already: a line of the changelog, a test that expects what is complained of.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::Question;
use crate::domain::plan::places;
use crate::domain::plan::reading_list;
use crate::domain::plan::statement;
use crate::domain::plan::words;

/// Shared words from which a line of the changelog may speak of the same.
const ALIKE: usize = 3;

/// The shortest message that is looked for in tests: shorter ones stand anywhere.
const MESSAGE: usize = 16;

/// Asks first whether it is done, or meant, where the tree says so.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    if let Some((path, line, text)) = told(scene) {
        let said = words::quoted(
            words::shorten(text.trim_start_matches(['-', '*', ' ']), 120).trim_end_matches('.'),
        );
        findings.ask(
            scene,
            &format!("`{path}` line {line}"),
            Question::new(
                format!("already.{path}"),
                format!("`{path}` line {line} says {said}. Is it done with that?"),
                "no; this is about what is left".to_owned(),
                97,
            ),
        );
    }
    if let Some((path, line, message)) = expected(scene) {
        findings.ask(
            scene,
            &format!("`{path}` line {line}"),
            Question::new(
                format!("already.{path}"),
                format!("`{path}` line {line} expects {} today. Is it meant so?", words::quoted(&message)),
                "no; that test changes, too".to_owned(),
                96,
            ),
        );
    }
}

/// The newest line of the changelog that names the issue, else one that speaks in its words.
fn told<'a>(scene: &Scene<'a>) -> Option<(&'a str, usize, &'a str)> {
    let files = scene.places.snapshot.files.iter();
    let logs = files.filter(|(path, _)| reading_list::is_changelog(path));
    let lines: Vec<(&str, usize, &str)> = logs
        .flat_map(|(path, text)| {
            text.lines().enumerate().map(move |(at, line)| (path.as_str(), at + 1, line))
        })
        .collect();
    let number = scene.brief.number.0.to_string();
    if let Some(found) = lines.iter().find(|(_, _, line)| names(line, &number)) {
        return Some(*found);
    }
    let title = words::nouns(statement::frames_title(&scene.brief.title));
    let enough = ALIKE.max((title.len() * 2).div_ceil(3));
    let speaks = |line: &str| words::nouns(line).intersection(&title).count() >= enough;
    (title.len() >= ALIKE)
        .then(|| lines.into_iter().find(|(_, _, line)| !line.starts_with('#') && speaks(line)))?
}

/// `#12`, or the last part of an address of issue 12.
fn names(line: &str, number: &str) -> bool {
    ["#", "/issues/"].iter().any(|mark| {
        line.split(mark).skip(1).any(|rest| {
            rest.strip_prefix(number).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    })
}

/// A test that holds a message of the report word for word.
fn expected<'a>(scene: &Scene<'a>) -> Option<(&'a str, usize, String)> {
    if !statement::tells_fault(scene.reading, scene.brief) {
        return None;
    }
    let whole = scene.whole();
    let blocks = scene.reading.blocks.iter().flat_map(|block| block.text.lines()).filter_map(message);
    let spans = mentions::spans(&whole).into_iter().filter(|(_, code)| *code).map(|(text, _)| text);
    let messages: Vec<&str> = spans.chain(blocks).filter(|text| is_message(text)).take(20).collect();
    let mut tests = scene.places.snapshot.files.iter().filter(|(path, _)| places::is_test(path));
    tests.find_map(|(path, text)| {
        let message = messages.iter().find(|message| text.contains(**message))?;
        let line = text.lines().position(|line| line.contains(*message))?;
        Some((path.as_str(), line + 1, words::shorten(message, 80)))
    })
}

/// What a line such as `Error: cannot be parsed` says.
fn message(line: &str) -> Option<&str> {
    let (kind, said) = line.trim().split_once(": ")?;
    let is_kind = kind.rsplit([' ', '.', ':']).next().is_some_and(|last| {
        last.eq_ignore_ascii_case("error")
            || last.ends_with("Error")
            || last.ends_with("Exception")
            || last == "panic"
    });
    is_kind.then_some(said.trim())
}

fn is_message(text: &str) -> bool {
    text.len() >= MESSAGE
        && text.contains(' ')
        && !text.contains('\n')
        && !text.contains(['(', '{', '=', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_is_named_by_its_whole_number() {
        assert!(names("- keep the order, see #12 (@ada)", "12") && names("x/issues/12", "12"));
        assert!(!names("see #123 and pull/12", "12"));
    }

    #[test]
    fn a_message_stands_behind_the_kind_of_its_error() {
        assert_eq!(
            message("TypeError: refinements cannot be overwritten"),
            Some("refinements cannot be overwritten")
        );
        assert_eq!(message("Expected: refinements cannot be overwritten"), None);
        assert!(
            is_message("refinements cannot be overwritten")
                && !is_message("it fails")
                && !is_message("let a = f(x); g(y)")
        );
    }
}
