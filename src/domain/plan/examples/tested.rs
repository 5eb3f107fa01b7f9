//! Outcomes that code or the runner of a test names itself: `expected` beside `actual`, `expected:` beside `got:`, and what a
//! comment says above a call.

use crate::domain::plan::asks;
use crate::domain::plan::examples::{Example, Side, WHOLE, add, is_call, tidy};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::Reading;

/// Lines of a block that are read, and longest line, bytes.
const LINES: usize = 200;
const LONG: usize = 400;
/// So many lines above the outcome the runner shows what it called.
const ABOVE: usize = 12;

/// Adds what the blocks of the issue name so.
pub(super) fn of(reading: &Reading, out: &mut Vec<Example>) {
    let own = reading.blocks.iter().take(reading.own_blocks);
    let told = own.filter(|block| !block.section.as_deref().is_some_and(asks::is_circumstance));
    for block in told {
        let lines: Vec<&str> =
            block.text.lines().take(LINES).map(|line| if line.len() < LONG { line } else { "" }).collect();
        said_above(block, &lines, out);
        said_behind(block, &lines, out);
        ran(block, &lines, out);
        named(block, &lines, out);
    }
}

/// A value as code writes it.
macro_rules! a_value {
    () => {
        r#"[\x22'`\[{(<+-]?[\w][^,;]{0,50}?|[\[{\x22'`][^;]{0,60}?"#
    };
}

/// `// outputs false, should be true` above a call.
static SAID: Pattern = Pattern::new(concat!(
    r"^\s*(?://|#)\s*(?:it |this )?(?:outputs?|returns?|prints?|gives?|logs?)\s+(",
    a_value!(),
    r")(?:\s*[,;(]\s*(?:but )?(?:it )?(?:should|must|ought to) (?:be|have been|output|return|print|give|log)\s+(",
    a_value!(),
    r"))?[\s).]*$"
));

/// What only shows a value.
static SHOWS: Pattern = Pattern::new(
    r"^\s*(?:(?:console|System\.out|fmt|Console)\.(?:log|println|print|Println|WriteLine)|println!|print|puts|p|echo|var_dump|dbg!)\s*\(?\s*(\S.*?)\)?;?\s*$",
);

fn said_above(block: &Block, lines: &[&str], out: &mut Vec<Example>) {
    let pairs = lines.windows(2).enumerate();
    let found: Vec<(usize, String, String, Option<String>)> = pairs
        .filter_map(|(index, pair)| {
            let [comment, call] = pair else { return None };
            let found = SAID.captures(comment).filter(|_| is_call(call))?;
            let part = |group: usize| found.get(group).map(|it| tidy(it.as_str()));
            let input = SHOWS.first(call, 1).unwrap_or(call.trim().trim_end_matches(';'));
            Some((block.line + index + 1, tidy(input), part(1)?, part(2)))
        })
        .collect();
    // Where one of them is judged, the others are as they should be.
    if !found.iter().any(|(_, _, _, wanted)| wanted.is_some()) {
        return;
    }
    for (line, input, came, wanted) in found {
        let shown = |output: String, side| Example {
            within: Some((block.line, block.last())),
            ..Example::shown((input.clone(), output), side, line)
        };
        match wanted {
            Some(wanted) => {
                add(out, shown(wanted, Side::Wanted));
                add(out, shown(came, Side::Today));
            }
            None => add(out, shown(came, Side::Wanted)),
        }
    }
}

/// `print(rows) // should be [1], but get [1, 2]`
static BEHIND: Pattern = Pattern::new(concat!(
    r"^\s*(\S.*?)\s*(?://|#)\s*(?:this |it )?(?:should|must|ought to) (?:be|output|return|print|give|show)\s+(",
    a_value!(),
    r")\s*[,;]\s*(?:but )?(?:it |i |we )?(?:actually )?(?:gets?|got|is|was|outputs?|prints?|returns?|gives?|shows?)\s+(",
    a_value!(),
    r")[\s.]*$"
));

fn said_behind(block: &Block, lines: &[&str], out: &mut Vec<Example>) {
    for (index, line) in lines.iter().enumerate() {
        let Some(found) = BEHIND.captures(line) else { continue };
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
        if !is_call(part(1)) {
            continue;
        }
        let input = tidy(SHOWS.first(part(1), 1).unwrap_or(part(1).trim_end_matches(';')));
        let shown = |output: &str, side| Example {
            within: Some((block.line, block.last())),
            ..Example::shown((input.clone(), tidy(output)), side, block.line + index)
        };
        add(out, shown(part(2), Side::Wanted));
        add(out, shown(part(3), Side::Today));
    }
}

/// What a runner of tests prints of a failure.
static WANTED: Pattern = Pattern::new(r"^\s*(?:-\s*)?expected(?: value)?:\s*(\S.{0,160}?)\s*$");
static CAME: Pattern =
    Pattern::new(r"^\s*(?:\+\s*)?(?:got|received|actual|but was|found)(?: value)?:\s*(\S.{0,160}?)\s*$");
static CALLED: Pattern = Pattern::new(r"\bexpect\s*\(\s*(\S.{1,140}?)\)\s*\.(?:not\.|resolves\.)?to");

fn ran(block: &Block, lines: &[&str], out: &mut Vec<Example>) {
    for (index, pair) in lines.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let (Some(wanted), Some(came)) = (WANTED.first(first, 1), CAME.first(second, 1)) else { continue };
        let above = lines.get(index.saturating_sub(ABOVE)..index).unwrap_or_default();
        let Some(input) = above.iter().rev().find_map(|line| CALLED.first(line, 1)) else { continue };
        let shown =
            |output: &str, side| Example::shown((tidy(input), tidy(output)), side, block.line + index);
        add(out, shown(wanted, Side::Wanted));
        add(out, shown(came, Side::Today));
    }
}

/// A value that is given a telling name.
static NAMED: Pattern = Pattern::new(
    r#"^\s*(?:(?:const|let|var|val|final|auto|my|static) )*(?:String |std::string |char ?\*? ?)?[$@]?(expected|wanted|desired|actual|got|received)(?:_?(?:output|result|value|string|html|text))?\s*(?::=|=)\s*(\S.*)$"#,
);
/// Opens a text of several lines, and what ends it.
const OPENS: [(&str, &str); 5] =
    [("\"\"\"", "\"\"\""), ("'''", "'''"), ("`", "`"), ("r#\"", "\"#"), ("<<~", "")];

fn named(block: &Block, lines: &[&str], out: &mut Vec<Example>) {
    let mut wanted: Option<Value> = None;
    let mut came: Option<Value> = None;
    for (index, line) in lines.iter().enumerate() {
        let Some(found) = NAMED.captures(line) else { continue };
        let (name, rest) =
            (found.get(1).map_or("", |it| it.as_str()), found.get(2).map_or("", |it| it.as_str()));
        let value = value(block.line + index, rest, lines.get(index + 1..).unwrap_or_default());
        let side = match name.to_lowercase().as_str() {
            "expected" | "wanted" | "desired" => &mut wanted,
            _ => &mut came,
        };
        *side = side.take().or(value);
    }
    let (Some(wanted), Some(came)) = (wanted, came) else { return };
    let line = block.line;
    let shown = |output: String, is_told: bool, side| Example {
        is_told,
        within: Some((block.line, block.last())),
        ..Example::shown((String::new(), output), side, line)
    };
    match (wanted, came) {
        (Value::Shown(wanted), Value::Called(input)) => {
            let of_call = Example::shown((input, wanted), Side::Wanted, line);
            add(out, Example { within: Some((block.line, block.last())), ..of_call });
        }
        (Value::Shown(wanted), Value::Shown(came)) => {
            add(out, shown(wanted, false, Side::Wanted));
            add(out, shown(came, false, Side::Today));
        }
        (Value::Lines(first, last), Value::Lines(from, to)) => {
            let told = format!("{WHOLE}lines {first}–{last}, not that of lines {from}–{to}");
            add(out, shown(told, true, Side::Wanted));
        }
        _ => {}
    }
}

/// What stands behind a name.
enum Value {
    /// As code writes it.
    Shown(String),
    /// A text over these lines of the issue.
    Lines(usize, usize),
    /// What is called for it.
    Called(String),
}

fn value(line: usize, rest: &str, below: &[&str]) -> Option<Value> {
    let rest = rest.trim().trim_end_matches(';').trim_end();
    let opened = OPENS.iter().find(|(open, end)| {
        let behind = rest.strip_prefix(open);
        // Closed on its own line it is a value like any other.
        behind.is_some_and(|behind| end.is_empty() || !behind.contains(end))
    });
    if let Some((open, end)) = opened {
        let end = if end.is_empty() { rest.trim_start_matches(open) } else { end };
        let at = below.iter().position(|line| !end.is_empty() && line.contains(end))?;
        // The line that closes it may hold its end.
        let closes = below.get(at).is_some_and(|line| line.trim_start().starts_with(end));
        let last = if closes { line + at } else { line + at + 1 };
        let first = if rest.trim_end_matches('\\') == *open || open == &"<<~" { line + 1 } else { line };
        return (last >= first).then_some(Value::Lines(first, last));
    }
    match rest.chars().next()? {
        '"' | '\'' | '`' | '[' | '{' | '0'..='9' | '-' => Some(Value::Shown(tidy(rest))),
        _ if is_call(rest) => Some(Value::Called(tidy(rest))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::examples;
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::world::issue;

    fn cases(body: &str) -> Vec<String> {
        let reading = statement::read(&issue(7, "It gives the wrong value", body));
        let all = examples::of(&reading);
        let wanted = all.iter().filter(|example| example.side == examples::Side::Wanted);
        wanted.map(|example| examples::full(example, &all)).collect()
    }

    #[test]
    fn what_a_comment_says_above_a_call_is_its_outcome() {
        let body = "```js\nconst check = rules.make({ least: 0 });\n// outputs false, should be true\nconsole.log(check(['a']));\n// outputs true\nconsole.log(check(['a', 1]));\n```";
        assert_eq!(
            cases(body),
            [
                "the code of lines 2–6: `check(['a'])` is `true`, not `false`",
                "the code of lines 2–6: `check(['a', 1])` is `true`"
            ]
        );
        let unjudged = "```js\n// outputs true\nconsole.log(check(['a']));\n```";
        assert!(cases(unjudged).is_empty(), "{:?}", cases(unjudged));
    }

    #[test]
    fn what_a_comment_says_behind_a_call_is_its_outcome() {
        let body = "```go\ntide.Read(b, &its)\nfmt.Println(its) // should be {[{c} {d}]}, but get {[{a} {c} {d}]}\n```";
        assert_eq!(cases(body), ["the code of lines 2–3: `its` is `{[{c} {d}]}`, not `{[{a} {c} {d}]}`"]);
        assert!(cases("```go\nfmt.Println(its) // should be read first\n```").is_empty());
    }

    #[test]
    fn what_a_runner_prints_of_a_failure_is_what_should_come() {
        let body = "```\nFailures:\n\n  1) Tide#parse takes a flag\n     Failure/Error: expect(parse(\"--no-ebb\", \"low\")).to eq(\"ebb\" => false)\n\n       expected: {\"ebb\"=>false}\n            got: {\"ebb\"=>true}\n```";
        assert_eq!(
            cases(body),
            ["`parse(\"--no-ebb\", \"low\")`: `{\"ebb\"=>false}`, not `{\"ebb\"=>true}`"]
        );
    }

    #[test]
    fn texts_that_are_called_expected_and_actual_are_compared() {
        let body = "```python\nimport tide\n\nexpected = \"\"\"\\\n[low]\nat = 1\n\"\"\"\n\nactual = \"\"\"\\\n[high]\n[low]\nat = 1\n\"\"\"\n\ntide.dumps(tide.parse(text)) == expected  # False\n```";
        assert_eq!(cases(body), ["the code of lines 2–15: the output of lines 5–6, not that of lines 10–12"]);
        let called = "```js\nconst text = 'a';\nconst expected = 'b';\nconst actual = tide.turn(text);\n```";
        assert_eq!(cases(called), ["the code of lines 2–4: `tide.turn(text)` is `'b'`"]);
    }
}
