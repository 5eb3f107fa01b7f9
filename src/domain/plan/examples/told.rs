//! Outcomes that words tell: the sentence before a block of code, or a sentence that holds what came and what should.

use crate::domain::plan::asks::{self, Leads};
use crate::domain::plan::examples::{self, Example, PROMPT, Side, add, is_call, outputs, tidy};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::{Reading, Statement};
use crate::domain::plan::trace;
use crate::domain::plan::words;

/// Lines between what came and what was expected, at most: further apart they are of two things.
const NEAR: usize = 6;
/// What has as many words is a sentence and no value.
const VALUE: usize = 9;
/// Longest outcome that is kept, in characters.
const OUTCOME: usize = 110;

/// Adds what the sentences say of the blocks below them, and what they say by themselves.
pub fn of(reading: &Reading, out: &mut Vec<Example>) {
    let mut input: Option<Example> = None;
    let mut before: Option<&Block> = None;
    let (mut wanted, mut today): (Option<(&Block, usize)>, Option<&Block>) = (None, None);
    let sides = examples::by_version(reading);
    for block in reading.blocks.iter().take(reading.own_blocks).take(40) {
        let fault = trace::has_trace(&block.text) || trace::error(&block.text).is_some();
        let talks = block.text.lines().take(200).filter(|line| PROMPT.is_in(line)).count() > 0;
        let sided = sides.iter().find(|(line, _)| *line == block.line).map(|(_, side)| *side);
        let part = match sided {
            Some(Side::Wanted) => Some(Leads::Wanted),
            Some(_) => Some(Leads::Today),
            None => role(block, reading.tells_fault),
        };
        if let Some(typed) = ran_above(block).filter(|_| part.is_none()) {
            let typed = Example::shown((tidy(typed), String::new()), Side::Shown, block.line);
            add(out, Example { side: Side::Today, ..outputs::of(&typed, block) });
            today = Some(block);
            input = Some(typed);
            before = Some(block);
            continue;
        }
        match (part, &input) {
            _ if examples::says_outcomes(block) => {}
            _ if talks && block.text.trim().lines().count() > 1 => {}
            (Some(_), _) if fault => {}
            (Some(Leads::Wanted), Some(input)) => {
                wanted = Some((block, out.len()));
                add(out, Example { side: Side::Wanted, ..outputs::of(input, block) });
            }
            (Some(Leads::Today), Some(input)) => {
                today = Some(block);
                add(out, Example { side: Side::Today, ..outputs::of(input, block) });
            }
            (Some(Leads::Beside | Leads::Idea), _) => {}
            (Some(Leads::Change), _) => out.extend(before.and_then(|old| change(old, block))),
            (Some(Leads::Wanted | Leads::Today), None) => {}
            (Some(Leads::Given) | None, _) => {
                // A command below a program runs it, and the program is what goes in.
                let runs = input.as_ref().is_some_and(|it| it.within.is_some()) && is_command(block);
                let typed = Some(requested(reading, block, typed(block))).filter(|_| !runs);
                input = typed.filter(|it| !it.input.is_empty() || it.within.is_some()).or(input);
            }
        }
        before = Some(block);
    }
    if let (Some((right, at)), Some(today)) = (wanted, today)
        && let Some(example) = out.get_mut(at)
        && let Some(outcome) = outputs::apart(right, today)
    {
        *example = Example { output: outcome, is_told: true, ..example.clone() };
    }
    sentences(reading, input.as_ref(), out);
}

/// What the sentence before a block, else the heading over it, says of it.
fn role(block: &Block, is_fault: bool) -> Option<Leads> {
    let section = block.section.as_deref().unwrap_or_default();
    match block.lead.as_deref() {
        Some(lead) if asks::labels_output(lead) && asks::is_expected(section) => Some(Leads::Wanted),
        // Of a wish nobody can tell whether it is what comes or what should.
        Some(lead) if asks::labels_output(lead) && !is_fault => Some(Leads::Beside),
        Some(lead) if asks::leads_to(lead).is_some() => asks::leads_to(lead),
        _ if asks::is_steps(section) => None,
        _ if asks::is_expected(section) => Some(Leads::Wanted),
        _ if asks::is_actual(section) => Some(Leads::Today),
        _ => None,
    }
}

/// `… and then do `tool -l`:` above what came of it below the steps of a report.
fn ran_above(block: &Block) -> Option<&str> {
    let lead = block.lead.as_deref().filter(|_| block.section.as_deref().is_some_and(asks::is_steps))?;
    let typed = RAN.first(lead, 1)?;
    let begins = |line: &str| PROMPT.is_in(line) || is_call(line) || line.contains(typed);
    (!examples::is_program(block) && !block.text.lines().take(3).any(begins)).then_some(typed)
}

static RAN: Pattern = Pattern::new(
    r"\b(?:run|running|do|doing|execute|executing|type|typing|call|calling|invoke)\s+`([a-z./~][^`]{2,100})`\W*:\W*$",
);

/// Whether a block shows what should come or what comes, as the sentence before it or its heading says.
pub(super) fn side(block: &Block) -> Option<Side> {
    match role(block, true)? {
        Leads::Wanted => Some(Side::Wanted),
        Leads::Today => Some(Side::Today),
        _ => None,
    }
}

/// What a block types or calls: its only line, else the last line that calls something.
fn typed(block: &Block) -> Example {
    let lines: Vec<&str> = block.text.lines().take(200).filter(|line| !line.trim().is_empty()).collect();
    let last = block.last();
    let (input, within) = match lines.as_slice() {
        [only] => (tidy(only.trim_start_matches("$ ")), None),
        many => {
            // A call of several lines is no input by one of them.
            let call = many.iter().rev().find(|line| is_call(line));
            let call = call.filter(|line| !line.trim_end().ends_with(['{', '(', '[', ',']));
            (call.map_or_else(String::new, |line| tidy(line)), Some((block.line, last)))
        }
    };
    Example { within, ..Example::shown((input, String::new()), Side::Shown, block.line) }
}

/// What shows the machine of whoever writes, and not the program.
static LOOKS: Pattern = Pattern::new(
    r"^\W*(?:sudo )?(?:(?:ls|ll|la|cat|stat|head|tail)(?:$| [-/~.\w])|(?:cd|which|whereis|mkdir|chmod|chown) \S|(?:pwd|env|export|printenv|whoami|sw_vers)\W*$|(?:uname|lsb_release)\b)",
);
/// A line of help: `--sort=WORD    sort by WORD …`.
static HELP: Pattern = Pattern::new(r"^\W*--?[\w-]+[^:]*?(?:\s{2,}|=[A-Z]+\s)\S");

/// Does a command only look at the machine of whoever writes? What the title names is what it is about.
pub fn looks_around(typed: &str, title: &str) -> bool {
    let named = || FIRST.first(typed, 1).is_some_and(|command| words::stands_in(title, command));
    !typed.contains(['|', ';', '&']) && LOOKS.is_in(typed) && !named()
}

static FIRST: Pattern = Pattern::new(r"^\W*(?:sudo )?(\w+)");

/// Does what goes in only look at the machine, or is it a line of help?
pub(super) fn is_aside(input: &str, title: &str) -> bool {
    looks_around(input, title) || HELP.is_in(input)
}

static COMMAND: Pattern = Pattern::new(r"(?-i:^(?:\$ )?[a-z][\w./-]* [^(\n]*$)");

/// One line that is typed into a terminal below steps.
fn is_command(block: &Block) -> bool {
    block.section.as_deref().is_some_and(asks::is_steps) && COMMAND.is_in(block.text.trim())
}

static ALONE: Pattern = Pattern::new(r"^`([^`]{3,120})`[.:]?$");

/// What a line of its own above the code says goes into it: `/items?id=1` above a route.
fn requested(reading: &Reading, block: &Block, typed: Example) -> Example {
    if !typed.input.is_empty() {
        return typed;
    }
    let near = |line: usize| line > 0 && line < block.line && block.line - line <= NEAR;
    let said = reading.talk.iter().filter(|said| said.by.is_none() && near(said.line));
    let given = said.filter_map(|said| ALONE.first(&said.text, 1)).next_back().map(tidy).unwrap_or_default();
    Example { input: given, ..typed }
}

/// `Change this to that`, as two blocks: their first lines that differ.
fn change(old: &Block, new: &Block) -> Option<Example> {
    let mut lines = old.text.lines().zip(new.text.lines()).enumerate();
    let (at, (old, changed)) = lines.find(|(_, (old, changed))| old.trim() != changed.trim())?;
    let (old, changed) = (tidy(old), tidy(changed));
    (!old.is_empty() && !changed.is_empty()).then(|| {
        let output = format!("in place of {}", words::code(&old));
        Example { is_told: true, ..Example::shown((changed, output), Side::Wanted, new.line + at) }
    })
}

/// A value as people write it into a sentence.
macro_rules! value {
    () => {
        r#"("[^"\n]{1,200}"|“[^”\n]{1,200}”|`[^`\n]{1,200}`)"#
    };
}

static WANTED: Pattern = Pattern::new(concat!(r"\bexpect(?:ed|ing)?\b[^\x22“`.!?]{0,40}?[\s:(]", value!()));
static CAME: Pattern = Pattern::new(concat!(
    r"\b(?:got|get|gets|getting|receive[ds]?|saw|(?:i|we|you|one) see|actual(?: \w+)?(?: is| was)?|returns|returned|prints|printed|shows)\b:? ?(?:an? |the )?",
    value!()
));
/// `“A” should be “B”`, however it is spelled: the one where it is wrong today.
static RATHER: Pattern = Pattern::new(concat!(
    value!(),
    r"\s*,?\s*(?:but )?(?:it )?(?:sh(?:ould|oud|uold|ould have)|must|ought to)(?: have)? (?:be|been|read|say|become)\s+",
    value!()
));

/// `%c the date in short (e.g., 1992-03-02)`: what comes of a token.
static EXAMPLE: Pattern = Pattern::new(
    r"^(`[^`]{1,30}`|[%$@\\:-]\S{1,20})\s.{3,160}?\((?:e\.g\.,?|for example,?|such as) ([^()]{2,60})\)",
);

fn sentences(reading: &Reading, input: Option<&Example>, out: &mut Vec<Example>) {
    let said: Vec<(&str, usize)> = reading
        .talk
        .iter()
        .chain(&reading.demands)
        .filter(|said| said.by.is_none())
        .map(|said| (said.text.as_str(), said.line))
        .collect();
    // `I expected `f` to print` expects of `f`, and not `f`.
    let acts =
        |text: &str, value: &str| text.split_once(value).is_some_and(|(_, rest)| rest.starts_with(" to "));
    let found = |pattern: &Pattern| {
        said.iter().find_map(|(text, line)| {
            let value = pattern.first(text, 1).filter(|value| !acts(text, value))?;
            Some((bare(value), *line))
        })
    };
    let given = |output: String, line: usize, side: Side| {
        let (input, within) = input.map_or((String::new(), None), |it| (it.input.clone(), it.within));
        Example { within, ..Example::shown((input, output), side, line) }
    };
    if let (Some((wanted, line)), Some((came, at))) = (found(&WANTED), found(&CAME))
        && wanted != came
        && line.abs_diff(at) <= NEAR
    {
        add(out, given(wanted, line, Side::Wanted));
        add(out, given(came, line, Side::Today));
    }
    opposed(reading, given, out);
    for (text, line) in &said {
        let Some(pair) = EXAMPLE.captures(text) else { continue };
        let part = |group: usize| pair.get(group).map_or_else(String::new, |it| bare(it.as_str()));
        add(out, Example::shown((part(1), part(2)), Side::Shown, *line));
    }
    for (text, line) in said {
        let Some(pair) = RATHER.captures(text) else { continue };
        let part = |group: usize| pair.get(group).map_or_else(String::new, |it| bare(it.as_str()));
        let (wrong, right) = (part(1), part(2));
        if alike(&wrong, &right) {
            let of = |output: String, side: Side| Example::shown((String::new(), output), side, line);
            add(out, of(right, Side::Wanted));
            add(out, of(wrong, Side::Today));
        }
    }
}

/// `You can run A but not B`.
static NOT_ALSO: Pattern = Pattern::new(
    r"\b(?:can|could)(?: \w+){0,2} (`[^`]{2,80}`),? but (?:not|can(?:not|['’]t)(?: \w+)?) (`[^`]{2,80}`)",
);
static GOT: Pattern = Pattern::new(r"^\W*(?:but )?(?:got|actual|received|was)(?: \w+)?\W*:\W*(\S.*)$");
static HEADED: Pattern = Pattern::new(r"^\W*(?:expected|wanted)(?: \w+)?\W*:\W*(\S.*)$");

/// Two lines, the one below the other: `Expected: a`, `Got: b`; and what can be done with the one input and not with the other.
fn opposed(reading: &Reading, given: impl Fn(String, usize, Side) -> Example, out: &mut Vec<Example>) {
    let mut said: Vec<&Statement> =
        reading.talk.iter().chain(&reading.demands).filter(|said| said.by.is_none()).collect();
    said.sort_by_key(|said| said.line);
    for pair in said.windows(2) {
        let [wanted, got] = pair else { continue };
        let expected = wanted.section.as_deref().is_some_and(asks::is_expected);
        let text = HEADED.first(&wanted.text, 1).or(expected.then_some(wanted.text.as_str()));
        let (Some(text), Some(came)) = (text, GOT.first(&got.text, 1)) else { continue };
        let headed = HEADED.is_in(&wanted.text) || came.contains('`') || text.contains('`');
        let near = got.line.abs_diff(wanted.line) <= NEAR;
        let short = text.split(' ').count() < VALUE && came.split(' ').count() < VALUE;
        let denies = text.contains(" no ") || text.to_lowercase().starts_with("no ");
        // Which of the calls gives it, nobody says.
        let of = |output: &str, side: Side| {
            let example = given(bare(output), wanted.line, side);
            let input = if example.within.is_some() { String::new() } else { example.input.clone() };
            Example { input, ..example }
        };
        if near && short && (headed || !denies) && text != came && !asks::says_must(text) {
            add(out, of(text, Side::Wanted));
            add(out, of(came, Side::Today));
        }
    }
    // Who may what and who may not is a rule, and no fault.
    for said in reading.talk.iter().filter(|said| said.by.is_none() && !asks::says_must(&said.text)) {
        let Some(found) = NOT_ALSO.captures(&said.text) else { continue };
        let part = |group: usize| found.get(group).map_or_else(String::new, |it| bare(it.as_str()));
        let output = format!("works as {} does", words::code(&part(1)));
        let example = Example::shown((part(2), output), Side::Wanted, said.line);
        add(out, Example { is_told: true, ..example });
    }
}

fn bare(value: &str) -> String {
    words::shorten(value.trim_matches(['"', '“', '”', '`']).trim(), OUTCOME).replace('`', "'")
}

/// Two outcomes of one thing rather than what goes in and what comes out: at least half of their words are the same.
fn alike(wrong: &str, right: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let (wrong, right) = (words(wrong), words(right));
    let same = wrong.iter().filter(|word| right.contains(word)).count();
    wrong != right && same * 2 >= wrong.len().max(right.len()) && same > 0
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::examples::tests::cases;

    #[test]
    fn the_sentence_before_a_block_says_whether_it_is_wanted() {
        assert_eq!(
            cases(
                "Slug:\n\n```php\n$slug = new Slug();\necho $slug->of('Zoë');\n```\n\nresults in\n\n```\nzo\n```\n\nBut I would have expected to get\n```\nzoe\n```\n"
            ),
            ["the code of lines 4–5: `echo $slug->of('Zoë')` is `zoe`, not `zo`"]
        );
        assert_eq!(
            cases(
                "### How to reproduce\n```\nweigh --kg 3\n```\n### Expected\n```\n3 kg\nnet\n```\n### Actual\n```\n3 g\nnet\n```\n"
            ),
            ["`weigh --kg 3`: `3 kg`, then `net`, not `3 g`"]
        );
        assert_eq!(
            cases(
                "I had to change\n```\nif a and b:\n    go()\n```\n\nto\n\n```\nif a or b:\n    go()\n```\n"
            ),
            ["`if a or b:`: in place of `if a and b:`"]
        );
        assert_eq!(cases("I would like this:\n```\nweigh --kg\n```\n"), Vec::<String>::new());
    }

    #[test]
    fn a_sentence_tells_what_came_and_what_should() {
        assert_eq!(
            cases(
                "```\nString out = clean(text);\n```\n\nMy expected outcome is: \"a1<a2\",\nActually, I got \"a1\"\n"
            ),
            ["`String out = clean(text)`: `a1<a2`, not `a1`"]
        );
        assert_eq!(
            cases("Sample: \"size : number must be small\" shoud be \"size : nombre must be small\""),
            ["`size : nombre must be small`, not `size : number must be small`"]
        );
        assert_eq!(cases("`half(4)` should be `2`."), Vec::<String>::new());
        assert_eq!(cases("I expected `5` from `go`. See `docs/x.md` for details."), Vec::<String>::new());
    }

    #[test]
    fn what_stands_beside_the_matter_neither_goes_in_nor_comes_out() {
        let body = |lead: &str| {
            format!(
                "```\nweigh --kg 3\n```\n\nprints this via `weigh -b`:\n\n```\n3 g\n```\n\n{lead}\n\n```\n3\n```\n\nI expected:\n\n```\n3 kg\n```\n"
            )
        };
        for lead in ["while `weigh -t` works about as expected:", "perhaps something like this:"] {
            assert_eq!(cases(&body(lead)), ["`weigh --kg 3`: `3 kg`, not `3 g`"], "{lead}");
        }
    }

    #[test]
    fn what_was_expected_and_what_came_stand_on_two_lines_or_in_one_sentence() {
        assert_eq!(
            cases(
                "```\nlet a = load();\nshow(a);\n```\n\n#### Expected behavior\nExpected: oops, late\nGot: 250 ms passed\n"
            ),
            ["the code of lines 2–3: `oops, late`, not `250 ms passed`"]
        );
        assert_eq!(
            cases("You can run `node square.js 2` but not `node square.js -2`."),
            ["`node square.js -2`: works as `node square.js 2` does"]
        );
    }

    #[test]
    fn a_mark_behind_an_outcome_says_what_it_should_have_been() {
        assert_eq!(
            cases("```\n$ tool -j4\njobs: -4    ***** EXPECTED: 4 *****\n```\n"),
            ["`tool -j4`: `4`, not `jobs: -4`"]
        );
        assert_eq!(
            cases(
                "```\ncheck([\n  of(true),  // Should be fine\n  of(false), // Should name item 1\n]);\n```\n"
            ),
            ["line 4, `of(false)`: should name item 1"]
        );
    }
}
