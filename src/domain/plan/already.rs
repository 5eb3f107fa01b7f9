//! What the tree says of the matter already: a line of the changelog, a test that expects what is complained of.

use crate::domain::brief::State;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::claimed::{self, Claimed};
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::reading_list;
use crate::domain::plan::statement;
use crate::domain::plan::words;

/// Shared words from which a line of the changelog may speak of the same.
const ALIKE: usize = 3;

/// Lines of a changelog that may tell of an issue which is open: what was done long ago would have closed it.
const RECENT: usize = 400;

/// The shortest message that is looked for in tests: shorter ones stand anywhere.
const MESSAGE: usize = 16;

/// Asks first whether it is done, or meant, where the tree says so.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    let named = named(scene);
    if let Some((place, said)) = &named {
        findings.ask(
            scene,
            place,
            Question::new(
                format!("{NAMED}{}", scene.brief.number),
                format!("{said}. Is it done with that?"),
                "no; this is about what is left".to_owned(),
                98,
            ),
        );
    }
    if let Some((number, text)) = closing(scene) {
        findings.ask(
            scene,
            &format!("#{number}"),
            Question::new(
                format!("{CLOSED_BY}{number}"),
                text,
                format!("it is; this plan is what to hold #{number} against"),
                98,
            ),
        );
    }
    let claimed = claimed::find(scene.brief, &scene.places.snapshot.repository.name);
    if let Some(claimed) = claimed.filter(|_| named.is_none()) {
        let place = format!("#{}", claimed.number);
        findings.ask(scene, &place, of_claim(&claimed));
    }
    if let Some((path, line, text)) = told(scene).filter(|_| named.is_none()) {
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
    if let Some((whole, name, place)) = held(scene).filter(|_| named.is_none()) {
        let at = place.line.map_or(String::new(), |line| format!(" line {line}"));
        findings.ask(
            scene,
            &words::code(&name),
            Question::new(
                format!("already.held.{name}"),
                format!("`{whole}` has `{name}`, in `{}`{at}. Is it done with that?", place.path),
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

/// Slots of questions whether it is done, or under way.
const NAMED: &str = "already.named.";
const CLOSED_BY: &str = "already.closed_by.";
const CLAIMED: &str = "already.claimed.";
const CLAIMED_OPEN: &str = "already.claimed.open.";

fn of_claim(Claimed { number, by, said, state }: &Claimed) -> Question {
    let known = state.map_or(String::new(), |state| format!(" ({})", state.word()));
    let said = words::quoted(words::shorten(said, 120).trim_end_matches('.'));
    let (slot, asked, default) = match state {
        Some(State::Open) => {
            (CLAIMED_OPEN, "Is that the work?", format!("it is; this plan is what to hold #{number} against"))
        }
        _ => {
            (CLAIMED, "Is it merged, and is this done with it?", "no; this is about what is left".to_owned())
        }
    };
    let text = format!("{by} says that #{number}{known} solves it: {said}. {asked}");
    Question::new(format!("{slot}{number}"), text, default, 98)
}

/// What comes before everything else, where something bears the number of the issue; `None` where nothing does.
pub fn first(questions: &[Question]) -> Option<String> {
    let of = |slot: &str| questions.iter().find(|question| question.slot.starts_with(slot));
    let shown = |question: &Question| question.text.split(": “").next().unwrap_or_default().to_owned();
    if let Some(named) = of(NAMED) {
        return Some(format!("May be done already: {}", shown(named)));
    }
    if let Some(by) = of(CLOSED_BY) {
        return Some(format!("Under way already: {}", by.text.split(". Is").next().unwrap_or_default()));
    }
    let claimed = of(CLAIMED)?;
    let how =
        if claimed.slot.starts_with(CLAIMED_OPEN) { "Under way already" } else { "May be done already" };
    Some(format!("{how}: {}", shown(claimed)))
}

/// Where the tree bears the number of the issue: its changelog, a test, a closed issue of known change.
fn named(scene: &Scene<'_>) -> Option<(String, String)> {
    let number = scene.brief.number.0.to_string();
    if number == "0" {
        return None;
    }
    let repository = &scene.places.snapshot.repository.name;
    let files = || scene.places.snapshot.files.iter();
    let quote = |line: &str| {
        words::quoted(words::shorten(line.trim_matches(['-', '*', ' ', '#', '/']), 120).trim_end_matches('.'))
    };
    let log = files().filter(|(path, _)| reading_list::is_changelog(path)).find_map(|(path, text)| {
        let at = text.lines().position(|line| names(line, (&number, repository)))?;
        Some((path, at + 1, text.lines().nth(at).unwrap_or_default()))
    });
    if let Some((path, line, said)) = log {
        let place = format!("`{path}` line {line}");
        let told = format!("{place} names #{number}: {}", quote(said));
        return Some((place, told));
    }
    if let Some(path) = scene.places.tests().find(|path| is_called(path, &number)) {
        return Some((format!("`{path}`"), format!("`{path}` is called after #{number}")));
    }
    let said = |line: &str| {
        SAYS.is_in(line) && TELLS.is_in(line) && names(line, (&number, repository))
            || is_called(line, &number)
    };
    let test = files().filter(|(path, _)| places::is_test(path)).find_map(|(path, text)| {
        let at = text.lines().position(said)?;
        Some((path, at + 1))
    });
    if let Some((path, line)) = test {
        let place = format!("`{path}` line {line}");
        return Some((place.clone(), format!("{place} names #{number}")));
    }
    let done =
        scene.brief.history.iter().find(|closed| {
            closed.number != scene.brief.number && names(&closed.title, (&number, repository))
        })?;
    let told = format!("#{} (closed) names #{number}: {}", done.number, quote(&done.title));
    Some((format!("#{}", done.number), told))
}

/// Does a pull request say that it closes an issue?
pub fn closes(title: &str, body: &str, number: IssueNumber) -> bool {
    let number = number.0.to_string();
    CLOSES.all(body, 1).into_iter().chain(CLOSES.all(title, 1)).any(|own| own == number)
}

/// An open pull request that says it closes this one; what an issue says closes nothing.
fn closing(scene: &Scene<'_>) -> Option<(IssueNumber, String)> {
    let number = scene.brief.number;
    let mut open = scene.brief.open_issues.iter().filter(|other| {
        other.pull_request && other.number != number && other.state.unwrap_or(State::Open) == State::Open
    });
    let other = open.find(|other| closes(&other.title, &other.body, number))?;
    let title = words::quoted(&words::shorten(&other.title, 80));
    let text = format!("#{} says that it closes this. Is {title} the work?", other.number);
    Some((other.number, text))
}

static CLOSES: Pattern = Pattern::new(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? #(\d{1,9})\b");
/// A line that speaks of issues: a number behind `#` alone may be a color.
static TELLS: Pattern =
    Pattern::new(r"\b(?:issues?|bugs?|fix\w*|see|gh|close[sd]?|resolve[sd]?|regress\w*|ticket)\b|/issues/");
/// A remark, or the name of a test: what stands in any other text of a test is what it puts in.
static SAYS: Pattern = Pattern::new(
    r"^\s*(?:(?:regress\w+|see|fix\w*|bug|issue|test\w*|checks?|covers?|closes)\b|/[/*]|#|\*|--|;|<!--|\x22{3}|'{3}|%|\[\w|@\w)|\s(?://|#|/\*)\s|\b(?:describe|context|it|test|specify|scenario)\b[\w.]*\s*[(\x22']|\b(?:def|func|fn|function|void)\b",
);
static CALLED: Pattern = Pattern::new(r"(?:^|[^a-z])(?:issue|gh|bug)[-_]?(\d{1,9})(?:[^\da-z]|$)");

/// `issue12`, `test_gh_12`: a name made from the number.
fn is_called(text: &str, number: &str) -> bool {
    CALLED.all(text, 1).contains(&number)
}

/// The newest line of the changelog that speaks in the words of the issue.
fn told<'a>(scene: &Scene<'a>) -> Option<(&'a str, usize, &'a str)> {
    let files = scene.places.snapshot.files.iter();
    let logs = files.filter(|(path, _)| reading_list::is_changelog(path));
    let title = words::nouns(statement::own_title(&scene.brief.title));
    let enough = ALIKE.max((title.len() * 2).div_ceil(3));
    // Code of the title is what it is about.
    let spans = mentions::spans(&scene.brief.title).into_iter();
    let codes: Vec<&str> = spans.filter(|(_, code)| *code).map(|(code, _)| code.trim()).collect();
    let speaks = |line: &str| {
        if !codes.iter().all(|code| line.contains(code)) {
            return false;
        }
        // Numbers, names and addresses behind the sentence are none of its words.
        let own = words::nouns(line.split(" (").next().unwrap_or(line));
        let shared = own.intersection(&title).count();
        shared >= enough && shared * 2 >= own.len()
    };
    let mut lines = logs.flat_map(|(path, text)| {
        text.lines().take(RECENT).enumerate().map(move |(at, line)| (path.as_str(), at + 1, line))
    });
    (title.len() >= ALIKE).then(|| lines.find(|(_, _, line)| !line.starts_with('#') && speaks(line)))?
}

/// The line without what stands between backticks: a number there is an example. Behind a role, as in `` {issue}`12` ``, it is one.
fn told_in(line: &str) -> String {
    let mut out = String::new();
    for (part, code) in mentions::spans(line) {
        match code {
            true if out.ends_with(['}', ':']) => out.push_str(&format!("`{part}`")),
            true => out.push('…'),
            false => out.push_str(part),
        }
    }
    out
}

/// `#12`, `GH-12`, `` {issue}`12` ``, or the last part of an address of issue 12 of this repository.
fn names(line: &str, (number, repository): (&str, &str)) -> bool {
    if !line.contains(number) {
        return false;
    }
    let line = told_in(line);
    let ends = |rest: &str| {
        let rest = rest.strip_prefix(number);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    let own = |mark: &str, before: &str| match mark {
        "/issues/" => before.to_lowercase().ends_with(&repository.to_lowercase()),
        _ => !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.')),
    };
    let marks = ["#", "GH-", "gh-", "/issues/", "issue}`", "issue:`", "issue ", "Issue "];
    marks.iter().any(|mark| {
        line.match_indices(mark).any(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let role = mark.ends_with('`');
            (role || own(mark, before)) && ends(line.get(at + mark.len()..).unwrap_or_default())
        })
    })
}

static LACKS: Pattern = Pattern::new(
    r"`?\b([A-Za-z_]\w{3,60})`?(?: (?:class|struct|type|interface|object|options?))? (?:is missing|lacks?|misses|missing|(?:does not|doesn['’]t) (?:have|support|expose|offer|provide))(?: an?| the| any| support for)? (`?[A-Za-z_].{2,80})$",
);
static NAME: Pattern = Pattern::new(r"\b([A-Za-z_]\w{3,60})\b");

/// What an issue says that a type lacks, and where the type has it.
fn held(scene: &Scene<'_>) -> Option<(String, String, Place)> {
    let demands = scene.reading.demands.iter().map(|demand| demand.text.as_str());
    let mut texts = std::iter::once(scene.brief.title.as_str()).chain(demands);
    texts.find_map(|text| {
        let found = LACKS.captures(text)?;
        let (whole, rest) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        let home = scene.places.defined_once(whole)?;
        let source = scene.places.text(&home.path)?;
        NAME.all(rest, 1).into_iter().filter(|name| is_coined(name)).find_map(|name| {
            let line = body(source, home.line?).find(|(_, line)| NAME.all(line, 1).contains(&name))?.0;
            Some((whole.to_owned(), name.to_owned(), Place { line: Some(line), ..home.clone() }))
        })
    })
}

/// No word of a language: it has an underscore or a capital inside.
fn is_coined(name: &str) -> bool {
    name.contains('_') || name.chars().skip(1).any(char::is_uppercase) && name.chars().any(char::is_lowercase)
}

/// The lines of what is defined at a line, with their numbers: as long as they stand further in.
fn body(source: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = source.lines().nth(from.saturating_sub(1)).map_or(0, indent);
    let numbered = source.lines().enumerate().map(|(at, line)| (at + 1, line)).skip(from);
    numbered.take_while(move |(_, line)| {
        line.trim().is_empty() || indent(line) > own || line.trim_start().starts_with(['{', '(', ')'])
    })
}

/// A test that holds a message of the report word for word.
fn expected<'a>(scene: &Scene<'a>) -> Option<(&'a str, usize, String)> {
    if !scene.reading.tells_fault {
        return None;
    }
    let whole = scene.whole();
    let blocks = scene.reading.blocks.iter().flat_map(|block| block.text.lines()).filter_map(message);
    let spans = mentions::spans(&whole).into_iter().filter(|(_, code)| *code).map(|(text, _)| text);
    let messages: Vec<&str> = spans.chain(blocks).filter(|text| is_message(text)).take(20).collect();
    let mut tests = scene.places.snapshot.files.iter().filter(|(path, _)| places::is_test(path));
    tests.find_map(|(path, text)| {
        let expects = |line: &str, message: &str| line.contains(message) && EXPECTS.is_in(line);
        let message = messages.iter().find(|message| text.lines().any(|line| expects(line, message)))?;
        let line = text.lines().position(|line| expects(line, message))?;
        Some((path.as_str(), line + 1, words::shorten(message, 80)))
    })
}

/// A line of a test that says what has to come: one that only puts something in expects nothing.
static EXPECTS: Pattern = Pattern::new(
    r"assert|expect|should|must|rais(?:e|es|ed)\b|throw|\bmatch|equal|\bcontain|\bto(?:be|have)|error|panic",
);

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
        && text.split_whitespace().count() > 2
        && !text.contains('\n')
        && !text.contains(['(', '{', '=', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_is_named_by_its_whole_number() {
        let named = |line: &str| names(line, ("12", "ferry"));
        for line in [
            "- keep the order, see #12 (@ada)",
            "acme/ferry/issues/12",
            "Fixed. {issue}`12`",
            "Fixed :issue:`12`.",
            "GH-12: keep the order",
        ] {
            assert!(named(line), "{line}");
        }
        for line in [
            "see #123 and pull/12",
            "acme/other#12",
            "acme/other/issues/12",
            "color: #12ab00",
            "v1-12",
            "`Depends on #12` is read",
            "as in `acme/other#12`: `acme/ferry/issues/12`",
        ] {
            assert!(!named(line), "{line}");
        }
        assert!(is_called("tests/regression/issue12.rs", "12") && is_called("def test_gh_12(self):", "12"));
        assert!(!is_called("tests/issue123.rs", "12") && !is_called("tissue12", "12"));
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
