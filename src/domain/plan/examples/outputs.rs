//! Outputs that are told by what sets them apart: the lines that only the wanted one has, an exit code.

use crate::domain::plan::examples::{Example, Side, WHOLE, add};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// Outputs of fewer lines are told whole.
const LONG: usize = 4;
/// Most lines that are told.
const LINES: usize = 2;
/// Outputs of so many lines are told line by line, where they are short.
const FEW: usize = 3;
/// Longest line that is told, in characters.
const LINE: usize = 90;

/// An output of one line is a value; of a few short ones it is told in their order, of more by where it stands.
pub(super) fn of(input: &Example, block: &Block) -> Example {
    let lines = lines(block, |_| true);
    let output = match lines.as_slice() {
        [] => return Example { output: String::new(), ..input.clone() },
        [one] => {
            let output = words::shorten(&one.replace('`', "'"), LINE + 20);
            return Example { output, line: block.line, ..input.clone() };
        }
        several => several_told(several, block),
    };
    // Several lines are what the whole of the code prints, and no value of its last call.
    let of_call = input.within.is_some();
    let input = Example { input: if of_call { String::new() } else { input.input.clone() }, ..input.clone() };
    Example { output, is_told: true, line: block.line, ..input }
}

/// Its lines one after the other, where they are few and short, else where they stand.
fn several_told(lines: &[String], block: &Block) -> String {
    let short = lines.iter().map(|line| line.chars().count()).sum::<usize>() <= LINE;
    if lines.len() > FEW || !short {
        return format!("{WHOLE}{}", block.lines());
    }
    let told: Vec<String> = lines.iter().map(|line| words::code(&line.replace('`', "'"))).collect();
    told.join(", then ")
}

/// Lines that hold a sign which says something.
fn lines(block: &Block, says: fn(char) -> bool) -> Vec<String> {
    let all = block.text.lines().take(200).map(spaced);
    all.filter(|line| line.chars().any(says)).collect()
}

/// What sets the wanted one of two outputs apart, as an outcome: the lines that only it has, else where both stand.
pub(super) fn apart(wanted: &Block, today: &Block) -> Option<String> {
    let (right, wrong) = (lines(wanted, char::is_alphanumeric), lines(today, char::is_alphanumeric));
    if right.len() < 2 {
        return None;
    }
    if let Some(told) = only_in(wanted, today) {
        return Some(told);
    }
    let told = several_told(&lines(wanted, |_| true), wanted);
    let differs = right.iter().zip(&wrong).position(|(right, wrong)| right != wrong)?;
    let line = wrong.get(differs)?;
    Some(match wrong.len() <= FEW && line.chars().count() <= LINE {
        true => format!("{told}, not {}", words::code(&line.replace('`', "'"))),
        false => format!("{told}, not that of {}", today.lines()),
    })
}

fn only_in(wanted: &Block, today: &Block) -> Option<String> {
    let (wanted, today) = (lines(wanted, char::is_alphabetic), lines(today, char::is_alphabetic));
    // Numbers change from run to run.
    let letters = |line: &String| line.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let seen: Vec<String> = today.iter().map(letters).collect();
    let more: Vec<&String> = wanted.iter().filter(|line| !seen.contains(&letters(line))).collect();
    let same = wanted.len() - more.len();
    if wanted.len() < LONG || more.is_empty() || more.len() > LINES || same < more.len() {
        return None;
    }
    let told: Vec<String> =
        more.iter().map(|line| words::code(&words::shorten(line, LINE).replace('`', "'"))).collect();
    let verb = if told.len() == 1 { "is" } else { "are" };
    Some(format!("{} {verb} in the output", words::list(&told)))
}

fn spaced(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

static EXITS: Pattern = Pattern::new(
    r"\b(?:exit (?:code|status)|return code|status code|errorlevel) (?:is|was|of|=) `?(\d{1,3})`?,? (?:and |but )?(?:not|instead of|rather than) `?(\d{1,3})\b",
);
static TYPED: Pattern = Pattern::new(r"`((?:\$ )?[a-z./~][\w./-]* [^`]{2,120})`");

/// `When I type this, the exit code is 0, not 2`.
pub(super) fn exits(reading: &Reading, out: &mut Vec<Example>) {
    for said in reading.talk.iter().chain(&reading.demands).filter(|said| said.by.is_none()) {
        let (Some(found), Some(typed)) = (EXITS.captures(&said.text), TYPED.first(&said.text, 1)) else {
            continue;
        };
        let code =
            |group: usize| found.get(group).map_or(String::new(), |it| format!("exit code {}", it.as_str()));
        let of = |output: String, side: Side| Example {
            is_told: true,
            ..Example::shown((typed.to_owned(), output), side, said.line)
        };
        add(out, of(code(2), Side::Wanted));
        add(out, of(code(1), Side::Today));
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::examples::tests::cases;

    #[test]
    fn of_two_long_outputs_the_lines_that_are_lacking_are_told() {
        let body = |lacks: &str| {
            format!(
                "To pack it:\n\n```\nRUN pack all\nRUN list\n```\n\nExpected output:\n```\nArchive: a.zip\n  47  demo/start\n  72  demo/info\n 358  demo/list\n```\n\nWith newer versions instead we get:\n```\nArchive: a.zip\n{lacks}  72  demo/info\n 287  demo/list\n```\n"
            )
        };
        assert_eq!(cases(&body("")), ["the code of lines 4–5: `47 demo/start` is in the output"]);
        assert!(!cases(&body("  47  demo/start\n")).iter().any(|case| case.contains("is in the output")));
    }

    #[test]
    fn a_few_lines_are_told_one_after_the_other_and_many_by_where_they_stand() {
        let body = |wanted: &str, today: &str| {
            format!(
                "```\nlet a = load();\nshow(a);\n```\n\nExpected output:\n```\n{wanted}```\n\nActual output:\n```\n{today}```\n"
            )
        };
        assert_eq!(cases(&body("one\ntwo\n", "one\n")), ["the code of lines 2–3: `one`, then `two`"]);
        assert_eq!(
            cases(&body("one\ntwo\n", "one\nthree\n")),
            ["the code of lines 2–3: `one`, then `two`, not `three`"]
        );
        assert_eq!(
            cases(&body("a1\nb2\nc3\nd4\ne5\n", "f\ng\nh\ni\n")),
            ["the code of lines 2–3: the output of lines 8–12, not that of lines 17–20"]
        );
    }

    #[test]
    fn an_exit_code_is_told_with_what_was_typed() {
        let body = "When I type `ledger help export`, the OS exit code is 0, not 2, though it is set so.";
        assert_eq!(cases(body), ["`ledger help export`: exit code 2"]);
    }
}
