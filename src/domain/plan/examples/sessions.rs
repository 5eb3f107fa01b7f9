//! Sessions at a terminal: the same command typed twice, once with what comes and once with what should.

use std::path::Path;

use crate::domain::plan::asks;
use crate::domain::plan::examples::{self, Example, PROMPT, Side, add, outputs, tidy, told};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// Sessions of an issue that are compared, at most.
const TURNS: usize = 24;
/// Lines of one session that are read.
const LINES: usize = 200;

/// A command and what it printed.
struct Turn {
    typed: String,
    side: Side,
    /// Is it how the command before ended, instead of what it printed?
    is_status: bool,
    /// What it printed, with the line where that begins.
    output: Block,
}

/// A command that only shows a version: it prepares nothing and shows no fault.
static PROBES: Pattern = Pattern::new(r"^\S+ (?:--version|-V|version)\s*$|^(?:uname|sw_vers|lsb_release)\b");
/// Asks how the command before ended.
static STATUS: Pattern =
    Pattern::new(r"^(?:echo|printf \S+) [\x22']?(?:\$\?|\$status|\$LASTEXITCODE|%ERRORLEVEL%)[\x22']?\s*$");
static NUMBER: Pattern = Pattern::new(r"^\s*(\d{1,3})\s*$");
/// What somebody noted behind a command.
static NOTED: Pattern = Pattern::new(r"^(.*?\S)\s{2,}#\s.*$");
/// Where a program lies on somebody's machine.
static LIES: Pattern = Pattern::new(r"^((?:~|[A-Za-z]:)?[/\\]?(?:[\w.@+-]+[/\\])+[\w.@+-]+)(\s.*)?$");

/// Replaces what single lines say of two sessions with the same command by what sets their outputs apart.
pub(super) fn of(reading: &Reading, out: &mut Vec<Example>) {
    let turns = turns(reading);
    for wanted in turns.iter().filter(|turn| turn.side == Side::Wanted) {
        // One of the two may have been built just now, and is called by its path.
        let input = bare(&wanted.typed);
        let differs = |turn: &&Turn| {
            let same = turn.is_status == wanted.is_status && bare(&turn.typed) == input;
            turn.side != Side::Wanted && same && turn.output.text != wanted.output.text
        };
        let today = turns.iter().filter(differs).find(|turn| turn.side == Side::Today);
        let Some(today) = today.or_else(|| turns.iter().rfind(differs)) else { continue };
        let within = |line: usize, turn: &Turn| (turn.output.line - 1..=turn.output.last()).contains(&line);
        out.retain(|example| !within(example.line, wanted) && !within(example.line, today));
        let code = program(reading, wanted.output.line.min(today.output.line));
        if let Some(told) = wanted.ended().zip(today.ended()) {
            let shown = |output: String, turn: &Turn, side: Side| Example {
                is_told: true,
                within: code,
                ..Example::shown((tidy(&input), output), side, turn.output.line)
            };
            let ended = format!("exit code {}, not {}", told.0, told.1);
            add(out, shown(ended, wanted, Side::Wanted));
            continue;
        }
        let example = |turn: &Turn, side: Side| {
            let shown = Example::shown((tidy(&input), String::new()), side, turn.output.line);
            Example { within: code, ..outputs::of(&shown, &turn.output) }
        };
        let mut right = example(wanted, Side::Wanted);
        if let Some(apart) = outputs::apart(&wanted.output, &today.output) {
            right = Example { output: apart, is_told: true, ..right };
        }
        let wrong = example(today, Side::Today);
        if code.is_some() && !right.is_told && !wrong.is_told {
            let told = format!("{}, not {}", words::code(&right.output), words::code(&wrong.output));
            right = Example { output: told, is_told: true, ..right };
        }
        add(out, right);
        add(out, wrong);
    }
}

impl Turn {
    /// The exit code, where that is what it shows.
    fn ended(&self) -> Option<&str> {
        NUMBER.first(&self.output.text, 1).filter(|_| self.is_status)
    }
}

/// What was typed without what only says which version it is, for those who look for examples line by line.
pub(super) fn is_probe(typed: &str) -> bool {
    PROBES.is_in(typed)
}

/// What was typed, without a remark behind it.
pub(super) fn without_note(typed: &str) -> &str {
    NOTED.first(typed, 1).unwrap_or(typed)
}

fn turns(reading: &Reading) -> Vec<Turn> {
    let sides = examples::by_version(reading);
    let mut out = Vec::new();
    for block in reading.blocks.iter().take(reading.own_blocks) {
        let sided = sides.iter().find(|(line, _)| *line == block.line).map(|(_, side)| *side);
        let side = sided.or_else(|| told::side(block)).unwrap_or(Side::Shown);
        let aside = block.section.as_deref().is_some_and(asks::is_circumstance);
        if !aside && out.len() < TURNS {
            in_block(block, side, &mut out);
        }
    }
    out.truncate(TURNS);
    out
}

fn in_block(block: &Block, side: Side, out: &mut Vec<Turn>) {
    let lines: Vec<&str> = block.text.lines().take(LINES).collect();
    let prompts: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| PROMPT.is_in(line)).map(|(index, _)| index).collect();
    let mut before: Option<&str> = None;
    for (nth, at) in prompts.iter().enumerate() {
        let Some(typed) = lines.get(*at).and_then(|line| PROMPT.first(line, 1)) else { continue };
        let own = without_note(typed.trim());
        // How the command before ended is of that command.
        let asked = before.filter(|_| STATUS.is_in(own));
        let (typed, is_status) = (asked.unwrap_or(own), asked.is_some());
        if !is_status {
            before = Some(own);
        }
        let end = prompts.get(nth + 1).copied().unwrap_or(lines.len());
        let printed = lines.get(at + 1..end).unwrap_or_default();
        if is_probe(typed) || printed.iter().all(|line| line.trim().is_empty()) {
            continue;
        }
        let (line, text) = (block.line + at + 1, printed.join("\n"));
        let output = Block { line, text, section: block.section.clone(), lead: block.lead.clone() };
        out.push(Turn { typed: typed.to_owned(), side, is_status, output });
    }
}

/// A command by the name of its program alone.
fn bare(typed: &str) -> String {
    let Some(found) = LIES.captures(typed) else { return typed.to_owned() };
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
    let path = part(1).replace('\\', "/");
    let name = Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or(path);
    format!("{}{}", name.strip_suffix(".exe").unwrap_or(&name), part(2))
}

/// The program above the sessions that they run.
fn program(reading: &Reading, before: usize) -> Option<(usize, usize)> {
    let blocks = reading.blocks.iter().take(reading.own_blocks);
    let mut code = blocks.filter(|block| block.line < before && examples::is_program(block));
    let bare =
        |block: &&Block| !block.text.lines().any(|line| PROMPT.is_in(line)) && block.last() > block.line;
    code.rfind(bare).map(|block| (block.line, block.last()))
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::examples::tests::cases;

    #[test]
    fn two_versions_are_compared_by_what_they_print() {
        let body = "```js\nconst shelf = open('a');\nshelf.label('b', { of: 1 });\nshelf.run();\n```\n\nWhat I see with `shelf@3.0.0-rc.2`\n\n```\n$ node a.js list\nItems:\n  first    the first\n  second   the second\n```\n\nWhat I see with `shelf@2.9.1`\n\n```\n$ node a.js list\nItems:\n  first    the first\n  second   the second\n  b        one more\n```\n";
        assert_eq!(
            cases(body),
            ["`node a.js list` with the code of lines 2–4: `b one more` is in the output"]
        );
    }

    #[test]
    fn how_a_command_ended_is_of_that_command() {
        let body = "### Steps to reproduce\n```\n$ weigh run none\nRUNNING: none\n$ echo $?\n0\n```\n### Expected results\n```\n$ weigh run none\nRUNNING: none\nERROR: no such part\n$ echo $?\n1\n```\n";
        let told = cases(body);
        assert!(told.contains(&"`weigh run none`: exit code 1, not 0".to_owned()), "{told:?}");
        assert!(told.iter().any(|case| case.contains("ERROR: no such part")), "{told:?}");
    }

    #[test]
    fn where_a_program_lies_and_its_version_are_no_part_of_a_case() {
        let body = "### To reproduce\n```\n$ out/weigh --version\nweigh 2.1\n$ out/weigh.exe -n 3   # wrong\nkg: 3\n```\n### Expected behavior\n```\n$ /usr/bin/weigh --version\nweigh 2.0\n$ /usr/bin/weigh -n 3    # as it was\n3\n```\n";
        assert_eq!(cases(body), ["`weigh -n 3`: `3`, not `kg: 3`"]);
    }
}
