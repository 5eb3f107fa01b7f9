//! Numbers: each is said, or counted in the comment itself, or follows from one that is said.

use std::collections::BTreeSet;

use super::Told;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::clause;
use crate::domain::plan::model::{Place, WaitOn};

/// A number where it stands.
pub struct Number<'a> {
    value: u64,
    /// The part of the comment: a heading without its marks, or empty for the verdict on top.
    part: &'a str,
    line: &'a str,
    before: &'a str,
    after: &'a str,
}

/// Whether a number of its form is true; `None`: it has another form.
type Rule = fn(&Told, &Number<'_>) -> Option<bool>;

/// All rules by name: the first whose form a number has decides.
pub const RULES: &[(&str, Rule)] = &[
    ("id of a demand", id),
    ("number of an item", item),
    ("number of a question", question),
    ("number of an issue", issue),
    ("demands counted", demands),
    ("items counted", items),
    ("sub-issues counted", sub_issues),
    ("cases counted", cases),
    ("files counted", files),
    ("line of the issue", line_of_issue),
    ("history counted", history),
    ("rule for work items", rule),
    ("line of a place", line),
    ("revision", revision),
    ("first of a range", first),
    ("trial value", trial),
    ("said", said),
    ("next to one that is said", beside),
    ("where a counter begins", begin),
    ("twice what is said", doubled),
    ("of a page", paged),
];

/// The rules that were needed, and the numbers that none explains.
pub fn check(told: &Told) -> (BTreeSet<&'static str>, Vec<String>) {
    let (mut used, mut untrue) = (BTreeSet::new(), Vec::new());
    let mut part = String::new();
    for line in told.lines() {
        if let Some((heading, _)) = line.strip_prefix("**").and_then(|rest| rest.split_once("**")) {
            part = if heading.len() > 24 { String::new() } else { heading.trim_end_matches(':').to_owned() };
        }
        if line.starts_with("| ") {
            part = "table".to_owned();
        }
        for (at, digits) in digits(&line) {
            let Ok(value) = digits.replace(',', "").parse() else { continue };
            let (before, after) = (&line[..at], &line[at + digits.len()..]);
            let number = Number { value, part: &part, line: &line, before, after };
            match RULES.iter().find_map(|(name, rule)| Some((*name, rule(told, &number)?))) {
                Some((name, true)) => drop(used.insert(name)),
                Some((name, false)) => untrue.push(format!("{value} ({name}) in {line}")),
                None => untrue.push(format!("{value} in {line}")),
            }
        }
    }
    (used, untrue)
}

/// Runs of digits, thousands with their commas.
fn digits(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut at = 0;
    for part in text.split(|c: char| !c.is_ascii_digit() && c != ',') {
        let own = part.trim_matches(',');
        if !own.is_empty() {
            out.push((at + part.find(own).unwrap_or(0), own));
        }
        at += part.len() + text[at + part.len()..].chars().next().map_or(0, char::len_utf8);
    }
    out
}

fn id(told: &Told, number: &Number<'_>) -> Option<bool> {
    let before = number.before.strip_suffix('R')?;
    let own = format!("R{}", number.value);
    (!before.ends_with(char::is_alphanumeric)).then(|| told.plan.requirements.iter().any(|one| one.id == own))
}

/// `1.` before its title, `waits for 1`, `revert 2, then 1`.
fn item(told: &Told, number: &Number<'_>) -> Option<bool> {
    let items = &told.plan.work_items;
    let own = items.iter().find(|item| item.ordinal as u64 == number.value);
    let behind = |words: &[&str]| words.iter().any(|words| number.before.ends_with(words));
    match number.part {
        "Work item" | "Work items" if number.before.is_empty() => {
            let title = number.after.strip_prefix(". **")?.replace('`', "");
            Some(own.is_some_and(|item| title.starts_with(&item.title.replace('`', ""))))
        }
        "Work items" if behind(&["waits for ", "the numbers that "]) => {
            let waiting: usize = number.line.split('.').next()?.parse().ok()?;
            let waiting = items.iter().find(|item| item.ordinal == waiting)?;
            let on = own.map(|item| WaitOn::Item(item.ordinal));
            Some(waiting.depends_on.iter().any(|wait| Some(wait.on) == on))
        }
        "Back out" if behind(&["revert ", "revert from "]) => {
            Some(own.is_some_and(|item| item.ordinal == items.len()))
        }
        "Back out" if behind(&[", then ", "down to "]) => Some(number.value == 1),
        "Not checked" if behind(&["Size of "]) => Some(own.is_some()),
        "Back out" if behind(&["without "]) => Some(own.is_some()),
        _ => None,
    }
}

fn question(told: &Told, number: &Number<'_>) -> Option<bool> {
    let counts = number.before.is_empty() && number.after.starts_with(". ");
    let asked = number.before.contains("revise ") && number.after.starts_with(": …");
    let shown = told.plan.questions.len().min(3) as u64;
    (number.part.starts_with("Question") && (counts || asked)).then(|| (1..=shown).contains(&number.value))
}

/// `#31`, of an issue that is known or spoken of, in the state that is known.
fn issue(told: &Told, number: &Number<'_>) -> Option<bool> {
    number.before.strip_suffix('#')?;
    let brief = &told.golden.brief;
    let reference = format!("#{}", number.value);
    let text = told.said();
    let mut found = text.match_indices(&reference);
    let whole = found.any(|(at, _)| !text[at + reference.len()..].starts_with(|c: char| c.is_ascii_digit()));
    let same = |issue: IssueNumber| issue.0.unsigned_abs() == number.value;
    let mut states = brief.open_issues.iter().map(|one| (one.number, one.state));
    let mut children = brief.sub_issues.iter().map(|one| (one.number, one.state));
    let known = states.find(|(issue, _)| same(*issue)).or_else(|| children.find(|(issue, _)| same(*issue)));
    let listed = number.line.starts_with("- #").then(|| number.line.rsplit_once(" ("));
    let told_state = listed.flatten().map(|(_, state)| state).or(number.after.strip_prefix(" ("));
    let state = told_state.and_then(|rest| rest.split(')').next());
    let true_state =
        state.is_none_or(|word| known.and_then(|(_, state)| state).is_some_and(|state| state.word() == word));
    Some((whole || same(brief.number)) && true_state)
}

fn rows(told: &Told) -> Vec<String> {
    told.lines().into_iter().filter(|line| line.starts_with("| R")).collect()
}

fn demands(told: &Told, number: &Number<'_>) -> Option<bool> {
    (number.before.ends_with("<summary>") && number.after.starts_with(" demands"))
        .then(|| rows(told).len() as u64 == number.value)
}

fn items(told: &Told, number: &Number<'_>) -> Option<bool> {
    let lines = told.lines();
    let heads = lines.iter().filter(|line| {
        line.split_once(". **").is_some_and(|(digits, _)| digits.chars().all(|c| c.is_ascii_digit()))
    });
    let (all, waiting): (Vec<_>, Vec<_>) = heads.partition(|line| !line.contains("waits for "));
    let (free, count) = (all.len() as u64, (all.len() + waiting.len()) as u64);
    match () {
        () if number.before.ends_with("Plannable as ") || number.before.ends_with("opens all ") => {
            Some(number.value == count)
        }
        () if number.after.starts_with(" of them free to start") => Some(number.value == free),
        () => None,
    }
}

fn sub_issues(told: &Told, number: &Number<'_>) -> Option<bool> {
    let listed = told.lines().iter().filter(|line| line.starts_with("- #")).count();
    number.before.ends_with("cut into ").then_some(number.value == listed as u64)
}

/// Counted in the table as it is printed.
fn cases(told: &Told, number: &Number<'_>) -> Option<bool> {
    let cell = |row: &String| row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default().to_owned();
    let shown = |row: &&String| cell(row) != "open" && !cell(row).is_empty();
    let counted = |row: &String| cell(row).split(" · ").filter(|case| !clause::is_bare_test(case)).count();
    let all = || rows(told).iter().filter(shown).map(counted).sum::<usize>();
    (number.before.ends_with("these ") && number.after.starts_with(" cases"))
        .then(|| number.value == all() as u64)
}

fn files(told: &Told, number: &Number<'_>) -> Option<bool> {
    let read = told.golden.snapshot.files.len() as u64;
    let whole = told.golden.snapshot.file_count() as u64;
    match () {
        () if number.before.ends_with("in none of the ") => Some(number.value == read),
        () if number.before.ends_with("names code of the ") => Some(number.value == whole),
        () => None,
    }
}

/// `stays out, as said in line 4`, with words of that line; `lines 4, 9 and 12`, that say something.
fn line_of_issue(told: &Told, number: &Number<'_>) -> Option<bool> {
    let body = &told.golden.brief.body;
    let own = body.lines().nth(usize::try_from(number.value).ok()?.checked_sub(1)?).unwrap_or_default();
    if let Some(before) = number.before.strip_suffix("” stays out, as said in line ") {
        let quote = before.rsplit('“').next().unwrap_or_default().trim_end_matches(['…', '.']);
        return Some(own.contains(quote));
    }
    let (list, _) = (number.before.rsplit_once("what lines ").or(number.before.rsplit_once("what line ")))
        .map(|(_, list)| (list, ()))?;
    let only = list.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ') || "and".contains(c));
    if number.after.starts_with(" more ") {
        return Some((number.value as usize) < body.lines().count());
    }
    (number.part == "Not checked" && only).then(|| !own.trim().is_empty())
}

fn history(told: &Told, number: &Number<'_>) -> Option<bool> {
    let known = told.golden.brief.history.iter().filter(|closed| closed.changed_lines > 0).count();
    number.before.ends_with("(n=").then_some(number.value == known as u64)
}

/// `WI001`: there is one of this name, and it has found something here.
fn rule(told: &Told, number: &Number<'_>) -> Option<bool> {
    let name = format!("WI{:03}", number.value);
    number.before.ends_with("WI").then(|| told.plan.rules.iter().any(|finding| finding.rule == name))
}

/// `line 4` behind a file, in which the tree has that line, with the name that the issue means there; `which begins at line 8`.
fn line(told: &Told, number: &Number<'_>) -> Option<bool> {
    let before = number.before.strip_suffix("line ").filter(|before| !is_quoted(before))?;
    let at = usize::try_from(number.value).ok()?;
    let text = |path: &str| told.golden.snapshot.files.get(path)?.lines().nth(at.checked_sub(1)?);
    let places = || told.plan.requirements.iter().flat_map(|one| &one.places);
    let codes: Vec<&str> = before.split('`').skip(1).step_by(2).collect();
    Some(match codes.last() {
        // The line of a trace.
        None => number.part == "Read as" && said(told, number) == Some(true),
        // `today's default of `depth` = 92, as `a.rs` line 7 has it`
        Some(path) if number.after.starts_with(" has it") => {
            let value = before.split(" = ").nth(1).and_then(|rest| rest.split(',').next());
            text(path).zip(value).is_some_and(|(line, value)| line.contains(value))
        }
        Some(name) if before.ends_with("which begins at ") => {
            places().filter_map(|place| text(&place.path)).any(|line| line.contains(name))
        }
        Some(path) => {
            let mut found = told.plan.feasibility.iter().filter(|lookup| lookup.found);
            let meant = |place: &Place| place.path == *path && place.line == Some(at);
            let last = |name: &str| name.rsplit(['.', ':']).next().unwrap_or_default().to_owned();
            text(path).is_some_and(|line| {
                places().any(meant)
                    && found.all(|lookup| {
                        !lookup.place.as_ref().is_some_and(meant) || line.contains(&last(&lookup.name))
                    })
            })
        }
    })
}

/// Within words of the issue.
fn is_quoted(before: &str) -> bool {
    before.matches('“').count() > before.matches('”').count()
}

/// `/approve 1`: what the footer calls it.
fn revision(told: &Told, number: &Number<'_>) -> Option<bool> {
    let footer = format!("<sub>rev {} ", number.value);
    number.before.ends_with("`/approve ").then(|| told.text.contains(&footer))
}

/// `1–5`.
fn first(told: &Told, number: &Number<'_>) -> Option<bool> {
    let rest = number.after.strip_prefix('–')?;
    let value = rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let to = Number { value, before: "", ..*number };
    (number.part == "table").then(|| number.value == 1 && said(told, &to) == Some(true))
}

/// A limit that is set is tried with two numbers that the issue does not have: `set to 2 in 10 s`, then beside the second one.
fn trial(told: &Told, number: &Number<'_>) -> Option<bool> {
    let set = number.line.strip_prefix("| R")?.split("set to ").nth(1)?;
    let values: Vec<u64> =
        digits(set).into_iter().take(2).filter_map(|(_, digits)| digits.parse().ok()).collect();
    let [count, window] = values.as_slice() else { return Some(false) };
    let own = number.value == *count || number.value.abs_diff(*window) < 2;
    let fresh = |value: u64| quantities(told).iter().all(|(said, _)| *said != value);
    own.then(|| fresh(*count) && fresh(*window))
}

/// As a number of its own, in digits or in words.
fn said(told: &Told, number: &Number<'_>) -> Option<bool> {
    quantities(told).iter().any(|(value, _)| *value == number.value).then_some(true)
}

/// One more or less than a number that is said; a few of a coarse unit may be told in the next finer one.
fn beside(told: &Told, number: &Number<'_>) -> Option<bool> {
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| number.after.starts_with(end));
    if !(matches!(number.part, "table" | "Read as") || number.part == "Back out" && ordinal) {
        return None;
    }
    let unit = number.after.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let near = |value: u64| number.value.abs_diff(value) == 1;
    let fine = |value: u64, said: &str| match (said, unit) {
        ("min" | "minutes", "s") | ("h" | "hours", "min") => near(value * 60),
        ("s" | "seconds", "ms") => near(value * 1_000),
        _ => false,
    };
    let mut all = quantities(told).into_iter();
    all.any(|(value, said)| near(value) || value < 4 && fine(value, &said)).then_some(true)
}

/// `before: … is 0, not absent`.
fn begin(_: &Told, number: &Number<'_>) -> Option<bool> {
    let begins = number.before.contains("before: ") && number.after.starts_with(", not absent");
    begins.then_some(number.value == 0)
}

/// `two instances run 16 of them`, `41 to 80`.
fn doubled(told: &Told, number: &Number<'_>) -> Option<bool> {
    let behind = ["two instances run ", " to "].iter().any(|words| number.before.ends_with(words));
    (number.part == "Read as" && behind)
        .then(|| quantities(told).iter().any(|(value, _)| value * 2 == number.value))
}

/// `“page 2”`, and the one that is left for it: `41 …: 40, then 1`.
fn paged(_: &Told, number: &Number<'_>) -> Option<bool> {
    let second = number.before.ends_with("“page ") && number.after.starts_with('”');
    let last = number.before.ends_with(", then ") && number.before.contains("one page, no next");
    match (second, last) {
        (true, _) => Some(number.value == 2),
        (_, true) => Some(number.value == 1),
        _ => None,
    }
}

/// Numbers of the issue without those of other issues, each with the word behind it.
fn quantities(told: &Told) -> Vec<(u64, String)> {
    const WORDS: &[(&str, u64)] = &[("once", 1), ("twice", 2), ("two", 2), ("three", 3), ("four", 4)];
    let said = told.said();
    let after = |at: usize| {
        let rest = said[at..].trim_start().split(|c: char| !c.is_alphabetic()).next();
        rest.unwrap_or_default().to_lowercase()
    };
    let mut out: Vec<(u64, String)> = digits(&said)
        .into_iter()
        .filter(|(at, _)| !said[..*at].ends_with('#'))
        .filter_map(|(at, digits)| Some((digits.replace(',', "").parse().ok()?, after(at + digits.len()))))
        .collect();
    for (word, value) in WORDS {
        for (at, _) in said.match_indices(word) {
            let alone = !said[..at].ends_with(char::is_alphanumeric)
                && !said[at + word.len()..].starts_with(char::is_alphanumeric);
            if alone {
                out.push((*value, after(at + word.len())));
            }
        }
    }
    out
}
