//! What the sources say of themselves: TODO, FIXME, and tests that are skipped.

use crate::domain::discover::Source;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms, at};
use crate::domain::discover::facts::Facts;
use crate::domain::discover::issues::counted;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{places, priority, words};

/// The source.
pub static SOURCE: Source = Source { name: "marker", find };

static MARK: Pattern = Pattern::new(
    r"(?:^|\s)(?://+!?|/?\*+|#+|--+|;+|<!--|\{/\*)\s*(?-i:(TODO|FIXME|XXX|HACK))\b(?:\([^)]{0,40}\))?\s*[:\-]?\s*(.*)$",
);
static SKIPPED: Pattern = Pattern::new(
    r"^\s*(?:#\[ignore\b|@(?:Disabled|Ignore)\b|@(?:pytest\.mark|unittest)\.skip|\[(?:Ignore|Fact\(Skip)\b|(?:it|test|describe)\.skip\(|x(?:it|describe)\(|t\.Skip\(|skip\s*\()",
);
static ISSUE: Pattern = Pattern::new(r"#(\d{1,9})\b");

fn find(facts: &Facts) -> Vec<Candidate> {
    let mut out = Vec::new();
    let mut skipped: Vec<(String, usize)> = Vec::new();
    for (path, text) in &facts.snapshot.files {
        if places::is_prose(path) || !places::is_source(path) || places::is_aside(path) {
            continue;
        }
        out.extend(of_file(facts, path, text));
        if places::is_test(path) || text.contains("#[cfg(test)]") {
            let lines = text.lines().enumerate().filter(|(_, line)| SKIPPED.is_in(line));
            skipped.extend(lines.map(|(index, _)| (path.clone(), index + 1)));
        }
    }
    out.extend(of_skipped(facts, &skipped));
    out
}

/// The gravest mark of a file; the others are counted.
fn of_file(facts: &Facts, path: &str, text: &str) -> Option<Candidate> {
    let marks: Vec<(usize, &str, &str)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.len() < 400)
        .filter_map(|(index, line)| Some((index + 1, MARK.first(line, 1)?, MARK.first(line, 2)?)))
        .filter(|(_, _, said)| !is_planned(facts, said))
        .collect();
    let grave = |word: &str| matches!(word, "FIXME" | "XXX");
    let (line, word, said) = *marks.iter().find(|(_, word, _)| grave(word)).or(marks.first())?;
    let said = said.trim_end_matches(['*', '/', '-', '>', ' ']);
    let said = match said {
        "" => format!("Settle the {word} in `{path}`"),
        said => format!("{word}: {}", words::quoted(&words::shorten(&said.replace('`', "'"), 80))),
    };
    let churn = facts.churn.get(path).copied().unwrap_or(0);
    let (value, urgency) = (priority::steps(churn.min(4)), if grave(word) { 3.0 } else { 1.0 });
    let mut evidence = vec![at(&facts.snapshot, path, line)];
    if let Some(blame) = facts.blame.get(&(path.to_owned(), line)) {
        let days = facts.days_since(blame.at_ms).map(|days| match days {
            0 => ", today".to_owned(),
            days => format!(", {} ago", counted(days, "day")),
        });
        let commit = blame.commit.get(..7).unwrap_or(&blame.commit);
        evidence.push(Evidence {
            text: format!("written by `{}` in `{commit}`{}", blame.who, days.unwrap_or_default()),
            url: String::new(),
        });
    }
    if marks.len() > 1 {
        evidence.push(Evidence { text: format!("{} more in the file", marks.len() - 1), url: String::new() });
    }
    let since_ms = facts.blame.get(&(path.to_owned(), line)).and_then(|blame| blame.at_ms);
    Some(Candidate {
        title: said,
        issue: None,
        place: Some((path.to_owned(), line)),
        evidence,
        terms: Terms { value, urgency, unblock: 1.0, confidence: 0.7, size: 2.0 },
        because: vec![
            format!("value {value}: the file changed in {churn} of the {} newest commits", facts.commits),
            format!("urgency {urgency}: {word}"),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.7: a rule found it".to_owned(),
            "size 2: S, a guess".to_owned(),
        ],
        since_ms,
    })
}

/// A mark that names an open issue is that issue's.
fn is_planned(facts: &Facts, said: &str) -> bool {
    let named = ISSUE.first(said, 1).and_then(|digits| digits.parse().ok()).map(IssueNumber);
    named.is_some_and(|number| facts.open.iter().any(|open| open.number == number))
}

fn of_skipped(facts: &Facts, skipped: &[(String, usize)]) -> Option<Candidate> {
    let (path, line) = skipped.first()?;
    let count = i64::try_from(skipped.len()).unwrap_or(i64::MAX);
    let mut evidence = vec![at(&facts.snapshot, path, *line)];
    evidence.extend(skipped.iter().skip(1).take(2).map(|(path, line)| at(&facts.snapshot, path, *line)));
    if skipped.len() > 3 {
        evidence.push(Evidence { text: format!("{} more", skipped.len() - 3), url: String::new() });
    }
    let value = priority::steps(skipped.len().min(4));
    Some(Candidate {
        title: format!(
            "Run or remove {}",
            if count == 1 { "the skipped test".to_owned() } else { format!("the {count} skipped tests") }
        ),
        issue: None,
        place: None,
        evidence,
        terms: Terms { value, urgency: 2.0, unblock: 1.0, confidence: 0.7, size: 2.0 },
        because: vec![
            format!("value {value}: {} that say nothing", counted(count, "test")),
            "urgency 2: what they would show is not seen".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.7: a rule found it".to_owned(),
            "size 2: S, a guess".to_owned(),
        ],
        since_ms: None,
    })
}
