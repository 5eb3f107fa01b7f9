//! Worked examples of an issue: what goes in and what comes out, from code, terminals and prose.

mod outputs; // told by what sets them apart
mod sessions; // the same command typed twice
mod tested; // named by code or by the runner of a test
mod told; // told in sentences

use std::collections::BTreeMap;

pub use self::told::looks_around;
use crate::domain::plan::asks;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::Reading;
use crate::domain::plan::trace;
use crate::domain::plan::words;

/// One example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What is called or typed; empty where only the outcome is told.
    pub input: String,
    /// What comes out.
    pub output: String,
    /// Is that what is wanted, or what happens today?
    pub side: Side,
    /// Line of the issue it stands in.
    pub line: usize,
    /// First and last line of its code, where it is one of many lines.
    pub within: Option<(usize, usize)>,
    /// Is the outcome told in words instead of shown?
    pub is_told: bool,
}

impl Example {
    /// One that is shown, and not within a larger piece of code.
    fn shown((input, output): (String, String), side: Side, line: usize) -> Self {
        Self { input, output, side, line, within: None, is_told: false }
    }
}

/// Whether an outcome is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It has to come.
    Wanted,
    /// It comes today and is wrong.
    Today,
    /// The example shows it and does not say.
    Shown,
}

/// Most examples of one issue.
const LIMIT: usize = 6;
/// Longest part that is kept, in characters.
const PART: usize = 90;

static BEHIND: Pattern = Pattern::new(
    r"^(\s*\S.*?[\w)\]}'`;,])\s*(?://|#)\s*(?:=>|->|→|returns?:?|prints?:?|outputs?:?|gives:?)\s*(\S.*)$",
);
static MARKED: Pattern = Pattern::new(
    r"^\s*(?://|#|--|\*)\s*(?:(expected|actual|wanted|got|should be|outputs?|returns|result|prints)\s*(?:output|result|value)?\s*(?::|->|=>|→)|=>|->|→)\s*(\S.*)$",
);
static ASSERTED: Pattern = Pattern::new(
    r"^\s*(?:await )?expect\((.{2,120})\)\.(?:toBe|toEqual|toStrictEqual|toMatch|toContain|to\.equal|to\.eq)\((.{1,120})\);?\s*$",
);
static COMPARED: Pattern =
    Pattern::new(r"^\s*assert\s+(.{2,120}?)\s*==\s*([^,]{1,120}?)(?:,\s*[fr]?[\x22'].*)?\s*$");
/// `-4   *** EXPECTED: 4 ***` behind what came.
static INLINE: Pattern = Pattern::new(
    r"^\s*([^\s/#*<=].{0,160}?)[\s*#/<(=!-]{2,}(?:expected|should (?:be|have been)|wanted)\s*[:=]\s*([^\s*].{0,100}?)[\s*#/>)=!-]*$",
);
/// A command with `# fails` behind it.
static FAILS: Pattern = Pattern::new(
    r"^\s*(?:\$ )?([a-z][\w./-]*\s\S.{0,160}?)\s+(?:#|//)\s*(?:it |this )?(?:fails?|failed|broken|red)\W*$",
);
/// `call(); // should name item 1`; that it should be fine says nothing.
static SHOULD: Pattern = Pattern::new(
    r"^\s*(\S.{0,160}?)\s*(?://|#)\s*(?:this |it )?should (?:also )?((?:not |say|name|print|return|fail|throw|raise|report|be (?:an? |the |\d|[\x22\x27`]|not|true|false|null|empty|invalid|refused|rejected)).{0,100}?)\s*$",
);
/// `# >>> it does not run <<<` below a command: what comes, and is wrong.
static POINTED: Pattern =
    Pattern::new(r"^\s*(?:#|//|--)\s*(?:>{2,}|<{2,}|<-+)\s*([^<>!*]{8,100}?)[\s<>!*-]*$");
static PROMPT: Pattern = Pattern::new(r"^\s*(?:\$|>>>|>|irb[^>]*>|%)\s+(\S.*)$");
static PROSE: Pattern = Pattern::new(
    r"(`[^`]{2,120}`)\s*(?:,|\()?\s*(?:returns?|prints?|gives|outputs?|becomes|yields|renders|evaluates to|results? in|should (?:return|print|give|output|be|become)|same as(?: executing| running)?|->|=>|→)\s+(`[^`]{1,120}`)",
);

/// `# -> 1  (should be 0)`, `# -> 1 (already correct)`: what comes, with what the writer says of it.
static RATHER: Pattern = Pattern::new(
    r"^(.{1,90}?)\s*\((?:[^()]*[;:,]\s*|but )?(?:should (?:be|give|return|raise|print)|must be|expected:|wanted:)\s+([\d\x22\x27`\[{<+*-][^()]{0,80}|(?-i:[A-Z][\w.]*)|true|false|null|none|nil|undefined|empty)\)$",
);
static RIGHT: Pattern = Pattern::new(
    r"^(.{1,90}?)\s*\((?:(?:this|that|it|which) is |is |already |still )*(?:correct|right|fine|valid|ok(?:ay)?|as expected|works)(?:[,;][^()]*| (?:as|here|today|now|already)\b[^()]*| \w+-[\w-]+ \w+)?\)$",
);

/// A sentence that offers an example of what is wanted.
static OFFERED: Pattern = Pattern::new(r"\b(?:e\.?g\.?|ex|example|should|would|wants?|must|same as)\b");

/// The examples of an issue, wanted ones first.
pub fn of(reading: &Reading) -> Vec<Example> {
    let mut out: Vec<Example> = Vec::new();
    let own = reading.blocks.iter().take(reading.own_blocks);
    let sides = by_version(reading);
    for block in own.filter(|block| !trace::has_trace(&block.text)) {
        let sided = sides.iter().find(|(line, _)| *line == block.line).map(|(_, side)| *side);
        in_block(block, sided, &mut out);
    }
    for said in reading.demands.iter().chain(&reading.talk) {
        let section = said.section.as_deref().unwrap_or_default();
        let side = match () {
            () if asks::is_actual(section) => Side::Today,
            () if asks::is_solution(section) || OFFERED.is_in(&said.text) => Side::Shown,
            () => Side::Today,
        };
        if let Some(found) = PROSE.captures(&said.text) {
            let (input, output) = (found.get(1), found.get(2));
            let bare =
                |it: Option<regex::Match<'_>>| it.map_or("", |it| it.as_str()).trim_matches('`').to_owned();
            add(&mut out, Example::shown((bare(input), bare(output)), side, said.line));
        }
    }
    titled(reading, &mut out);
    tested::of(reading, &mut out);
    told::of(reading, &mut out);
    sessions::of(reading, &mut out);
    outputs::exits(reading, &mut out);
    judged(reading, &mut out);
    let title = reading.demands.iter().find(|said| said.line == 0).map_or("", |said| said.text.as_str());
    out.retain(|example| !told::is_aside(&example.input, title));
    out.sort_by_key(|example| (example.side == Side::Today, example.line));
    out.truncate(LIMIT);
    out
}

static TITLED: Pattern = Pattern::new(
    r"^`?(\S.{0,100}?\([^()]*\))`? (?:becomes|returns|gives|yields|evaluates to|results in|produces|outputs|prints) (`?[\x22\x27`\d\[{].{0,100}?)(?:,? instead of (`?[\x22\x27`\d\[{].{0,100}))?$",
);

/// `size("") becomes 1 instead of 0`, as a title.
fn titled(reading: &Reading, out: &mut Vec<Example>) {
    for said in reading.demands.iter().filter(|said| said.line == 0) {
        let Some(found) = TITLED.captures(said.text.trim_end_matches('.')) else { continue };
        let part = |group: usize| found.get(group).map(|it| it.as_str().trim_matches('`').to_owned());
        let (Some(input), Some(today)) = (part(1), part(2)) else { continue };
        if let Some(wanted) = part(3) {
            add(out, Example::shown((input.clone(), wanted), Side::Wanted, said.line));
        }
        add(out, Example::shown((input, today), Side::Today, said.line));
    }
}

static JUDGED: Pattern = Pattern::new(
    r"\b(?:correct|right|expected|desired) (?:behaviou?r|one|output|result|version|answer)s? (?:is|are|should be) the (first|second|latter|former|last)\b",
);

/// `The correct behavior is the second`: the others are what happens today.
fn judged(reading: &Reading, out: &mut [Example]) {
    let said = reading.talk.iter().chain(&reading.demands);
    let Some(which) = said.into_iter().find_map(|said| JUDGED.first(&said.text, 1)) else { return };
    let mut shown: Vec<&mut Example> = out.iter_mut().filter(|example| example.side == Side::Shown).collect();
    let right = match which.to_lowercase().as_str() {
        "first" | "former" => 0,
        "second" => 1,
        _ => shown.len().saturating_sub(1),
    };
    if shown.len() > right && shown.len() > 1 {
        for (index, example) in shown.iter_mut().enumerate() {
            example.side = if index == right { Side::Wanted } else { Side::Today };
        }
    }
}

/// Goes into code rather than being part of it.
static REQUEST: Pattern = Pattern::new(r"^(?:/|\{|\S+://|(?:GET|POST|PUT|PATCH|DELETE) )");

static VERSION: Pattern = Pattern::new(r"\bv?(\d+\.\d+(?:\.\d+)*)(?:-[0-9A-Za-z][\w.-]*)?\b");
static WORKS: Pattern = Pattern::new(r"\b(?:works?|worked|working|fine|good|correct(?:ly)?|expected)\b");
static FAILS_ON: Pattern = Pattern::new(r"\b(?:not|n['’]t|fails?|failed|broken|wrong|bad|breaks?)\b");

/// Blocks that two versions are said to give, by their lines: the version that works, else the older one, is right.
pub fn by_version(reading: &Reading) -> Vec<(usize, Side)> {
    let number = |version: &str| -> Vec<u32> {
        version.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect()
    };
    let told = reading.blocks.iter().take(reading.own_blocks.max(reading.blocks.len())).filter_map(|block| {
        let lead = block.lead.as_deref().or(block.section.as_deref())?;
        let versions = VERSION.all(lead, 1);
        let [version] = versions.as_slice() else { return None };
        let works = WORKS.is_in(lead) && !FAILS_ON.is_in(lead);
        Some((block, number(version), works, VERSION.replace(lead, |_| String::new())))
    });
    let told: Vec<_> = told.collect();
    let [(first, one, works, said), (second, other, also, says)] = told.as_slice() else { return Vec::new() };
    if one == other || first.text == second.text || (works == also && words::bare(said) != words::bare(says))
    {
        return Vec::new();
    }
    let right = if works == also { one < other } else { *works };
    let side = |is_right: bool| if is_right { Side::Wanted } else { Side::Today };
    vec![(first.line, side(right)), (second.line, side(!right))]
}

/// Code that runs rather than data or output.
pub fn is_program(block: &Block) -> bool {
    block.text.lines().take(200).any(|line| is_call(line) || BEGINS.is_in(line))
}

/// A program of its own, whatever an error in its comments looks like.
pub fn is_source(block: &Block) -> bool {
    block.text.lines().take(200).filter(|line| BEGINS.is_in(line)).count() > 1
}

static BEGINS: Pattern = Pattern::new(
    r"^\s*(?:#!/|import \w|from \w+ import|use \w+::|using \w+;|package \w|#include|require\b|(?:pub )?fn |func |def |class |public )",
);

/// Is no other line of the block a call of what this line calls?
pub fn is_only(block: &Block, line: &str) -> bool {
    if typed_at_prompt(line).is_some() {
        return block.text.lines().take(200).filter(|line| typed_at_prompt(line).is_some()).count() < 2;
    }
    let called = |line: &str| CALLED.first(line, 1).map(str::to_owned);
    let Some(name) = called(line) else { return true };
    block.text.lines().take(200).filter(|other| called(other).as_deref() == Some(name.as_str())).count() < 2
}

static CALLED: Pattern = Pattern::new(r"([\w$]+)\(");

/// Says behind its own lines what comes of them: `size(a) // returns 1`.
fn says_outcomes(block: &Block) -> bool {
    block.text.lines().take(200).any(|line| line.len() < 1_000 && BEHIND.is_in(line))
}

/// What goes in, as a case begins with it.
pub fn typed(example: &Example) -> String {
    match example.within {
        Some((first, last)) if example.input.is_empty() => format!("the code of lines {first}–{last}"),
        Some((first, last)) if last > first => {
            format!("the code of lines {first}–{last}, with {}", words::code(&example.input))
        }
        _ => words::code(&example.input),
    }
}

/// How an output of many lines is told.
pub const WHOLE: &str = "the output of ";

/// How a case says it.
pub fn case(example: &Example) -> String {
    let output = if example.is_told { example.output.clone() } else { words::code(&example.output) };
    match (example.input.as_str(), example.within) {
        ("", Some((first, last))) if last > first => {
            format!("the code of lines {first}–{last}: {output}")
        }
        ("", _) => format!("line {}: {output}", example.line),
        // What runs the code stands behind it.
        (input, Some((first, last))) if example.is_told && example.line > last => {
            format!("{} with the code of lines {first}–{last}: {output}", words::code(input))
        }
        (input, Some(_)) if example.is_told => {
            format!("line {}, {}: {output}", example.line, words::code(input))
        }
        (input, Some((first, last))) if !REQUEST.is_in(input) => {
            format!("the code of lines {first}–{last}: {} is {output}", words::code(input))
        }
        (input, Some((first, last))) => {
            format!("{} with the code of lines {first}–{last}: {output}", words::code(input))
        }
        (input, None) => format!("{}: {output}", words::code(input)),
    }
}

/// The case, with what must not come any more where the issue shows that, too.
pub fn full(example: &Example, all: &[Example]) -> String {
    let today = all.iter().find(|today| {
        let placed = today.line == example.line || today.within.is_some() && today.within == example.within;
        let same = today.input == example.input && (!today.input.is_empty() || placed);
        today.side == Side::Today && same && today.output != example.output && !example.is_told
    });
    let wrong = |today: &Example| match today.is_told {
        true if example.output.starts_with(WHOLE) => today.output.replace(WHOLE, "that of "),
        true => today.output.clone(),
        false => words::code(&today.output),
    };
    match today {
        Some(today) if example.input.is_empty() && example.within.is_none() => {
            format!("{}, not {}", words::code(&example.output), wrong(today))
        }
        Some(today) => format!("{}, not {}", case(example), wrong(today)),
        None => case(example),
    }
}

/// What stands behind a prompt.
pub fn typed_at_prompt(line: &str) -> Option<&str> {
    PROMPT.first(line, 1)
}

fn add(out: &mut Vec<Example>, example: Example) {
    let known = out.iter().any(|seen| seen.input == example.input && seen.output == example.output);
    if !known && out.len() < 4 * LIMIT && !example.output.is_empty() {
        out.push(example);
    }
}

fn in_block(block: &Block, sided: Option<Side>, out: &mut Vec<Example>) {
    let section = block.section.as_deref().unwrap_or_default();
    if asks::is_circumstance(section) {
        return;
    }
    let denied = block.is_denied();
    let side = match section {
        _ if denied => Side::Today,
        _ if sided.is_some() => sided.unwrap_or(Side::Shown),
        section if asks::is_actual(section) => Side::Today,
        section if asks::is_expected(section) => Side::Wanted,
        _ => told::side(block).unwrap_or(Side::Shown),
    };
    // What some other program prints is told as background.
    let aside = side == Side::Shown && asks::is_apart(section) && !asks::is_steps(section);
    let lines: Vec<&str> = block.text.lines().take(200).collect();
    changes(block, &lines, out);
    let last = block.last();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let mut call = String::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.len() < 1_000) {
        let line_number = block.line + index;
        let made = |input: &str, output: &str, side: Side| {
            Example::shown((tidy(input), tidy(output)), side, line_number)
        };
        if let Some(found) = INLINE.captures(line) {
            let typed = index.checked_sub(1).and_then(|above| PROMPT.first(lines.get(above)?, 1));
            let (came, wanted) = (found.get(1).map_or("", |it| it.as_str()), found.get(2));
            let wanted = wanted.map_or("", |it| it.as_str());
            let input = typed.unwrap_or(&call);
            match is_call(came) {
                true => add(out, made(came, wanted, Side::Wanted)),
                false => {
                    add(out, made(input, wanted, Side::Wanted));
                    add(out, made(input, came, Side::Today));
                }
            }
        } else if let Some(typed) = FAILS.first(line, 1) {
            let passes =
                Example { output: "passes".to_owned(), is_told: true, ..made(typed, "", Side::Wanted) };
            add(out, passes);
        } else if let Some(found) = SHOULD.captures(line) {
            let (input, output) = (found.get(1), found.get(2));
            let said = made(input.map_or("", |it| it.as_str()), "", Side::Wanted);
            let output = format!("should {}", tidy(output.map_or("", |it| it.as_str())));
            add(out, Example { output, is_told: true, within: Some((block.line, last)), ..said });
        } else if let Some(found) = MARKED.captures(line) {
            let word = found.get(1).map_or(String::new(), |word| word.as_str().to_lowercase());
            let marked = match word.as_str() {
                "expected" | "wanted" | "should be" => Side::Wanted,
                "actual" | "got" => Side::Today,
                _ => side,
            };
            add(out, made(&call, found.get(2).map_or("", |it| it.as_str()), marked));
        } else if let Some(fault) = POINTED.first(line, 1) {
            let above = lines.get(..index).unwrap_or_default().iter().rev();
            let typed = above.copied().find(|line| !line.trim().is_empty() && !COMMENT.is_in(line));
            if let Some(typed) = typed {
                let said = made(typed, fault.trim(), Side::Today);
                add(out, Example { is_told: true, within: Some((block.line, last)), ..said });
            }
        } else if let Some(found) = BEHIND.captures(line) {
            let input = found.get(1).map_or("", |it| it.as_str());
            let input = if CLOSERS.is_in(input) { &call } else { input };
            for (output, side) in judged_behind(found.get(2).map_or("", |it| it.as_str()), side) {
                add(out, made(input, output, side));
            }
        } else if let Some(found) = ASSERTED.captures(line).or_else(|| COMPARED.captures(line)) {
            let (input, output) = (found.get(1), found.get(2));
            let wanted =
                made(input.map_or("", |it| it.as_str()), output.map_or("", |it| it.as_str()), Side::Wanted);
            add(out, Example { within: (lines.len() > 4).then_some((block.line, last)), ..wanted });
        } else if let Some(typed) = PROMPT.first(line, 1).filter(|typed| !sessions::is_probe(typed)) {
            let typed = sessions::without_note(typed);
            let answer = lines.get(index + 1).copied().unwrap_or_default();
            let answers = !aside
                && !INLINE.is_in(answer)
                && !answer.trim().is_empty()
                && !PROMPT.is_in(answer)
                && !answer.trim_start().starts_with('#');
            if answers {
                add(out, made(typed, answer, side));
            }
        }
        if is_call(line) && indent(line) == least {
            call = (*line).to_owned();
        }
    }
}

/// What a comment says to come, and what it says of that.
fn judged_behind(said: &str, side: Side) -> Vec<(&str, Side)> {
    let said = said.trim();
    if let Some(found) = RATHER.captures(said)
        && let (Some(came), Some(wanted)) = (found.get(1), found.get(2))
    {
        return vec![(wanted.as_str(), Side::Wanted), (came.as_str(), Side::Today)];
    }
    match RIGHT.first(said, 1) {
        Some(stays) => vec![(stays, Side::Wanted)],
        None => vec![(said, side)],
    }
}

static CAME: Pattern = Pattern::new(
    r"\b(?:suggests?|results? in|produces?|reports?|prints?|got|current(?:ly)?|actual(?:ly)?|reformats?|rewrites?)\b",
);
/// The end of a call that began above.
static CLOSERS: Pattern = Pattern::new(r"^[\s\])};,]*$");
/// A line taken out and the one put in its place.
fn changes(block: &Block, lines: &[&str], out: &mut Vec<Example>) {
    // What a tool makes of it is what comes today.
    let came = block.lead.as_deref().is_some_and(|lead| CAME.is_in(lead));
    if came || lines.iter().any(|line| line.contains("--diff")) {
        return;
    }
    for (index, pair) in lines.windows(2).enumerate() {
        let [old, new] = pair else { continue };
        if let (Some(old), Some(new)) = (old.strip_prefix('-'), new.strip_prefix('+'))
            && !old.starts_with('-')
            && !new.starts_with('+')
            && old.trim().len() > 2
        {
            add(out, Example::shown((tidy(old), tidy(new)), Side::Wanted, block.line + index));
        }
    }
}

static COMMENT: Pattern = Pattern::new(r"^\s*(?://|#|/\*|\*|--)");
static PLUMBING: Pattern = Pattern::new(
    r"^\s*(?:import|from|use|using|require|package|include|#include|def |class |fn |func |function |public |private |@?override|return;|const \w+ = require|console\.log\(\)|println!\(\))|^\s*[\])}({;]*\s*$",
);

fn is_call(line: &str) -> bool {
    line.contains('(') && !COMMENT.is_in(line) && !PLUMBING.is_in(line)
}

fn tidy(text: &str) -> String {
    let text = text.trim().trim_end_matches([';', ',']).trim();
    words::shorten(&text.replace('`', "'"), PART)
}

/// A key of a settings example that stands nowhere in the files given.
pub fn new_key(block: &Block, files: &BTreeMap<String, String>) -> Option<String> {
    let head: String = block.text.chars().take(8_000).collect();
    let keys = KEY.all(&head, 1).into_iter().filter(|key| key.len() > 3);
    let unknown = |key: &&str| !files.values().any(|text| text.contains(*key));
    keys.take(12).find(unknown).map(str::to_owned)
}

static KEY: Pattern = Pattern::new(r#"(?m:^\s*\x22?([A-Za-z][\w.-]{2,40})\x22?\s*[:=])"#);

/// The line of a snippet that shows the matter best: it calls what the title names.
pub fn telling_line(block: &Block, names: &[String]) -> Option<String> {
    let scored = block.text.lines().take(200).filter(|line| line.len() < 400 && !COMMENT.is_in(line));
    let score = |line: &str| {
        let named = names.iter().filter(|name| line.contains(name.as_str())).count();
        2 * named + usize::from(is_call(line) && named > 0)
    };
    let best = scored
        .filter(|line| !PLUMBING.is_in(line))
        .map(|line| (score(line), line))
        .fold((0, ""), |best, next| if next.0 > best.0 { next } else { best });
    (best.0 > 0).then(|| tidy(best.1))
}

/// Names of code that a text uses, last parts alone.
pub fn names(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for mention in mentions::mentions(text) {
        let bare = mention.text.split(['(', '<', ' ', '=']).next().unwrap_or_default();
        let last = bare.rsplit(['.', ':', '#', '>']).next().unwrap_or_default().trim_matches('`');
        if last.len() > 2 && !out.iter().any(|seen| seen == last) {
            out.push(last.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::Brief;
    use crate::domain::ids::IssueNumber;
    use crate::domain::plan::statement;

    /// The wanted examples of a text, as cases say them.
    pub fn cases(body: &str) -> Vec<String> {
        let brief = Brief { body: body.to_owned(), ..Brief::new(IssueNumber(1)) };
        let examples = of(&statement::read(&brief));
        let wanted = examples.iter().filter(|one| one.side == Side::Wanted);
        wanted.map(|one| full(one, &examples)).collect()
    }

    #[test]
    fn code_terminals_and_prose_show_what_comes_out() {
        let body = "`a(1)` should return `2`.\n\n```js\nformat(x, {\n  zero: true\n}) // => '1 day'\n// Expected -> '1 day 0 h'\nexpect(sum([1])).toBe(1);\n```\n\n### Actual\n```\n$ tool --list\nnothing here\n```\n";
        let brief = Brief { body: body.to_owned(), ..Brief::new(IssueNumber(1)) };
        let seen: Vec<(String, String, Side, usize)> = of(&statement::read(&brief))
            .into_iter()
            .map(|example| (example.input, example.output, example.side, example.line))
            .collect();
        let expected = [
            ("a(1)", "2", Side::Shown, 1),
            ("format(x, {", "'1 day'", Side::Shown, 6),
            ("format(x, {", "'1 day 0 h'", Side::Wanted, 7),
            ("sum([1])", "1", Side::Wanted, 8),
            ("tool --list", "nothing here", Side::Today, 13),
        ];
        assert_eq!(seen, expected.map(|(a, b, side, line)| (a.to_owned(), b.to_owned(), side, line)));
    }

    #[test]
    fn the_line_that_calls_what_the_title_names_tells() {
        let text = "import click\n\n@click.command()\n@click.option('--pw', confirmation_prompt=True)\ndef cli(pw):\n    pass\n";
        let block = Block { line: 1, text: text.to_owned(), section: None, lead: None };
        let names = names("`confirmation_prompt` loops");
        assert_eq!(
            telling_line(&block, &names).as_deref(),
            Some("@click.option('--pw', confirmation_prompt=True)")
        );
    }
}
