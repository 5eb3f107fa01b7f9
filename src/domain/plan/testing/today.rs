//! The test that asserts what comes out today: where the issue calls that wrong, this very test has to change.

use super::called;
use super::witness::About;
use super::{Ecosystem, file};
use crate::domain::brief::Brief;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::Places;
use crate::domain::plan::source;
use crate::domain::plan::words;

/// Least letters of a line of output, and most lines that are looked for.
const LEAST: usize = 12;
const MOST: usize = 30;

/// What stands above an output that is wrong, and what makes it something else.
static ACTUAL: Pattern = Pattern::new(
    r"\b(?:actual(?:ly)?|instead|currently|at the moment|(?:i|we) (?:get|got|see)|gives|prints?|outputs?|results?|yields|produces?|becomes?)\b",
);
static WANTED: Pattern = Pattern::new(
    r"\b(?:expect\w*|should|want(?:ed)?|would|desired|inputs?|reproduc\w+|steps?|config\w*|versions?|command)\b",
);

/// The one test that has the most lines of what comes out today, and the first of these lines.
pub(super) fn of<'a>(
    places: &Places<'a>,
    ecosystem: &Ecosystem,
    (source, about): (&str, &About<'_>),
) -> Option<(&'a str, usize)> {
    let issue = about.issue?;
    let wrong = wrong(issue);
    if wrong.is_empty() {
        return None;
    }
    // The same words may come from something else than the function that is meant.
    let functions = called::functions(places, source, issue);
    let is_of_it = |text: &str| functions.is_empty() || functions.iter().any(|name| words::holds(text, name));
    let tests = file::tests(places, ecosystem).into_iter();
    let tests = tests.filter(|path| file::is_test_itself(places, path)).chain(file::scripts(places));
    let mut held: Vec<(usize, &str, usize)> = Vec::new();
    for (path, text) in tests.filter_map(|path| Some((path, places.text(path)?))) {
        let has = wrong.iter().filter(|line| words::holds(text, line)).count();
        let at = text.lines().position(|line| wrong.iter().any(|one| words::holds(line, one)));
        if let (1.., Some(at), true) = (has, at, is_of_it(text)) {
            held.push((has, path, at + 1));
        }
    }
    held.sort_by_key(|(has, path, _)| (std::cmp::Reverse(*has), *path));
    let (most, path, line) = *held.first()?;
    let is_alone = held.get(1).is_none_or(|(next, ..)| *next < most);
    is_alone.then_some((path, line))
}

/// Lines of an output that the issue calls today's, of which none stands in what goes in or should come out.
fn wrong(issue: &Brief) -> Vec<String> {
    let lines: Vec<&str> = issue.body.lines().collect();
    let said = |at: usize| {
        let above = lines.get(..at).unwrap_or_default();
        above.iter().rev().find(|line| !line.trim().is_empty()).copied().unwrap_or_default()
    };
    let is_wrong = |label: &str| ACTUAL.is_in(label) && !WANTED.is_in(label);
    let blocks = source::read(&issue.body).blocks;
    let (wrong, other): (Vec<_>, Vec<_>) =
        blocks.iter().partition(|block| is_wrong(said(block.line.saturating_sub(2))));
    let mut found: Vec<&str> = wrong.iter().flat_map(|block| block.text.lines()).collect();
    // A line that is nothing but an output between backticks.
    let alone = |line: &str| {
        let mut spans = mentions::spans(line).into_iter();
        let only = spans.next().filter(|(_, code)| *code)?.0.to_owned();
        (spans.next().is_none() && line.trim().len() == only.len() + 2).then_some(only)
    };
    let (mut typed, mut aside) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        if let Some(text) = alone(line.trim()) {
            if is_wrong(said(at)) { typed.push(text) } else { aside.push(text) }
        }
    }
    found.extend(typed.iter().map(String::as_str));
    let is_aside = |line: &str| {
        other.iter().any(|block| words::holds(&block.text, line)) || aside.iter().any(|text| text == line)
    };
    let telling = |line: &&str| {
        let letters = line.chars().filter(|c| c.is_alphabetic()).count();
        line.len() >= LEAST && letters * 2 > line.len() && line.contains(' ') && !is_aside(line)
    };
    found.into_iter().map(str::trim).filter(telling).take(MOST).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::testing::of_ending;
    use crate::domain::plan::tests::world::{issue, repository};

    fn told(title: &str, body: &str) -> Option<(String, usize)> {
        let files = [
            ("src/hoist.go", "package sail\n\nfunc HoistAll() {}\n"),
            ("src/hoist_test.go", "package sail\n\nfunc TestHoist() { HoistAll() }\n"),
            (
                "src/wind_test.go",
                "package sail\n\nfunc TestWind() {\n\twant(`the wind is not to be north`)\n}\n",
            ),
        ];
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let issue = issue(7, title, body);
        let about = About { issue: Some(&issue), ..About::default() };
        let found = of(&places, of_ending("go").unwrap(), ("src/hoist.go", &about));
        found.map(|(path, line)| (path.to_owned(), line))
    }

    #[test]
    fn the_test_that_asserts_the_output_of_today_is_found_with_its_line() {
        let found = Some(("src/wind_test.go".to_owned(), 4));
        let block = |label: &str| format!("{label}\n\n```\n  the wind is not to be north\n```\n");
        assert_eq!(told("Wrong wind", &block("### Actual behavior")), found);
        assert_eq!(told("Wrong wind", &block("What I get:")), found);
        let typed =
            "### Expected\n\n`the wind is to be north`\n\n### Actual\n\n`the wind is not to be north`\n";
        assert_eq!(told("Wrong wind", typed), found);
        // What should come out, what goes in, and what another function says.
        assert_eq!(told("Wrong wind", &block("Expected output:")), None);
        let both = format!("{}\n{}", block("Code:"), block("Output:"));
        assert_eq!(told("Wrong wind", &both), None);
        assert_eq!(told("HoistAll() is wrong", &block("Actual:")), None);
    }
}
