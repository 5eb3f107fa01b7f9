//! Stack traces of the common languages, as they stand in bug reports.

use crate::domain::plan::pattern::Pattern;

/// A trace: what was thrown and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The line that names the error, verbatim.
    pub error: String,
    /// Its line in the issue.
    pub error_line: usize,
    /// Innermost first.
    pub frames: Vec<TraceFrame>,
}

/// One line of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceFrame {
    /// As the trace writes it; may be absolute.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// Function, where the trace names it.
    pub function: Option<String>,
    /// What was said at this very place, where each place says its own.
    pub said: Option<String>,
    /// The line of source that the trace quotes for it.
    pub source: Option<String>,
}

static PYTHON: Pattern = Pattern::new(r#"^\s*File "([^"]{1,300})", line (\d{1,7})(?:, in (\S+))?"#);
static JAVA: Pattern =
    Pattern::new(r"^\s*at ((?:[\w$]+\.)+)([\w$<>]+)\(([\w$]+\.(?:java|kt|scala)):(\d{1,7})\)");
static JAVASCRIPT: Pattern = Pattern::new(
    r"^\s*at (?:(?:async )?([^\s(]+) )?\(?((?:file://)?[^\s()]{1,300}\.[cm]?[jt]sx?):(\d{1,7})(?::\d+)?\)?$",
);
static CSHARP: Pattern = Pattern::new(r"^\s*at ([\w.<>`]+)\(.*\) in ([^:]{1,300}\.cs):line (\d{1,7})");
static RUBY: Pattern = Pattern::new(r"^\s*(?:from )?([^\s:]{1,300}\.rb):(\d{1,7}):in [`']([^']+)'");
static PHP: Pattern = Pattern::new(r"^\s*#\d+ ([^\s(]{1,300}\.php)\((\d{1,7})\)(?:: (\S+)\()?");
static GO: Pattern =
    Pattern::new(r"^\s*([^\s:]{1,300}\.go):(\d{1,7})(?: \+0x[0-9a-f]+|\s*\(0x[0-9a-f]+\))?$");
static RUST: Pattern = Pattern::new(r"panicked at (?:'.*', )?([^\s:]{1,300}\.rs):(\d{1,7})");
static PYTEST: Pattern =
    Pattern::new(r"^\s*([^\s:]{1,300}\.py):(\d{1,7}): (?:in (\S+)$|[\w.]*(?:Error|Exception|Warning)$)");
static FOREIGN: Pattern = Pattern::new(r"\.(?:go|[cm]?[jt]sx?|java|kt|rb|php|rs|cs)$");
static ERROR: Pattern = Pattern::new(
    r"^(?:E\s)?\s*(?:exception in thread \S+ |uncaught |unhandled exception[.:] |caused by: |php fatal error:\s+)*(?:[\w$]+[.:]{1,2})*[\w$]*(?:Error|Exception|Warning|Panic|Fault)\b(?::|$| \()|^\s*panic: |\bpanic serving \S+: |^\s*\*?errors\.errorString |^\s*(?:thread '.*' (?:\(\d+\) )?)?panicked at|^\s*fatal error: ",
);

/// Is the line one of a trace's frames?
pub fn is_frame(line: &str) -> bool {
    line.len() <= 1_000 && frame(line).is_some()
}

/// The first line that names an error.
pub fn error(text: &str) -> Option<&str> {
    text.lines()
        .take(2_000)
        .filter(|line| line.len() < 1_000)
        .find(|line| ERROR.is_in(line) || LOGGED.is_in(line))
}

static COMPLAINS: Pattern = Pattern::new(
    r"^\s*(?:\[[\w. -]{0,30}?(?:error|fatal)\]:?|(?:[\w./-]{1,40}: )?(?:fatal |internal )?(?:error|fatal)(?:\[\w+\])?:) +([^\s=].{7,200})$|^\s*((?-i:[A-Z])[\w' -]{5,80} failed):?\s*$",
);

/// What the lines complain of by which a program says that it fails: `error: …`, `[tool error]: …`.
pub fn complaints(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().take(2_000).filter(|line| line.len() < 1_000);
    lines.filter_map(|line| COMPLAINS.either(line)).map(str::trim)
}

/// The words of an error without the stamp of a logger.
pub fn said_by_log(line: &str) -> &str {
    line.split_once(" -- : ").map_or(line, |(_, said)| said)
}

/// Stands above a trace and names no error.
static HEAD: Pattern = Pattern::new(r"^\s*Traceback \(most recent call last\)");

static LOGGED: Pattern =
    Pattern::new(r"\b(?:ERROR|WARN|FATAL)\b.{0,40}\b[\w:]*(?:Error|Exception)\b|^E, \[.*ERROR -- :");

/// Does the text hold a trace?
pub fn has_trace(body: &str) -> bool {
    find(body).is_some()
}

/// A heading or a sentence that brings in how to see it.
static STEPS: Pattern = Pattern::new(r"steps to reproduce|how to reproduce|reproduction|minimal example");

/// Can a report be repeated: does it hold a trace, or steps?
pub fn can_be_repeated(body: &str) -> bool {
    has_trace(body) || STEPS.is_in(body)
}

/// The first trace of a text; long texts are read to line 5,000.
pub fn find(body: &str) -> Option<Trace> {
    let mut trace = Trace { error: String::new(), error_line: 0, frames: Vec::new() };
    let mut outermost_first = false;
    let mut wished = false;
    let lines: Vec<&str> = body.lines().take(5_000).collect();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim_start_matches('>');
        if line.len() > 1_000 {
            continue;
        }
        if let Some((kind, rest)) = head(line) {
            // A sentence or a label with its words ends at its line; a heading goes on to the next.
            let heads =
                rest.is_empty() && (line.starts_with('#') || line.trim_end().ends_with([':', '*', '?']));
            wished = heads && kind == Head::Expected;
        }
        if let Some((mut frame, python)) = frame(line) {
            frame.said = panic(body, index, line);
            frame.source = quoted(&lines, (index, python));
            if frame.function.is_none() && frame.path.ends_with(".go") {
                frame.function = go_function(&lines, index);
            }
            // Other languages' traces are also told in Python's words, by services that collect them.
            outermost_first |= python && !FOREIGN.is_in(&frame.path);
            if trace.frames.len() < 60 {
                trace.frames.push(frame);
            }
        }
        let wanted = trace.error.is_empty() || (outermost_first && trace.error_line == 0);
        if wanted && !wished && (ERROR.is_in(line) || LOGGED.is_in(line)) {
            trace.error = panic(body, index, line).unwrap_or_else(|| said(line).to_owned());
            trace.error_line = index + 1;
        }
    }
    if trace.frames.is_empty() {
        return None;
    }
    if trace.error.is_empty()
        && let Some(said) = trace.frames.iter().find_map(|frame| frame.said.clone())
    {
        trace.error = said;
    }
    if trace.error.is_empty() {
        let (line, said) = above(body)?;
        (trace.error, trace.error_line) = (said.to_owned(), line);
    }
    if outermost_first {
        trace.frames.reverse();
    }
    Some(trace)
}

/// A line that heads what was expected, or anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    Expected,
    Other,
}

static EXPECTED: Pattern = Pattern::new(
    r"^[\W\d]*(?:(?:what|and|but) )?(?:(?:i|we|you|was|is|did you) )?(?:expect(?:ed|ations?)?|should happen)\b[^:]{0,40}(?::\W*(.*)|\W*)$",
);
static ACTUAL: Pattern = Pattern::new(
    r"^[\W\d]*(?:(?:what|and|but) )?(?:(?:i|we) )?(?:actual(?:ly)?|observed|happen(?:s|ed)|got|get|see|instead)\b[^:]{0,40}(?::\W*(.*)|\W*)$",
);

/// What a line heads, and what it says of it on the same line.
fn head(line: &str) -> Option<(Head, &str)> {
    let said = |pattern: &Pattern| {
        let found = pattern.captures(line)?;
        Some(found.get(1).map_or("", |rest| rest.as_str().trim()))
    };
    if let Some(rest) = said(&EXPECTED) {
        return Some((Head::Expected, rest));
    }
    let rest = said(&ACTUAL);
    rest.or_else(|| line.trim_start().starts_with('#').then_some("")).map(|rest| (Head::Other, rest))
}

/// What happened, where no line calls itself an error: the line above the first frame, and below what was
/// expected or a heading the frame's own line. What was expected is never what happened.
fn above(body: &str) -> Option<(usize, &str)> {
    let lines: Vec<&str> = body.lines().take(5_000).collect();
    let first =
        lines.iter().position(|line| line.len() <= 1_000 && frame(line.trim_start_matches('>')).is_some())?;
    let at = lines.get(first)?.trim();
    let own = (first + 1, head(at).map(|(_, rest)| rest).filter(|rest| !rest.is_empty()).unwrap_or(at));
    if head(at).is_some() {
        return Some(own);
    }
    let mut over = None;
    for (index, line) in lines.get(..first)?.iter().enumerate().rev() {
        let line = line.trim();
        match head(line) {
            Some((Head::Other, rest)) if !rest.is_empty() => return over.or(Some((index + 1, rest))),
            Some((Head::Expected, _)) => return Some(own),
            Some(_) => return over.or(Some(own)),
            None if over.is_none() && !line.is_empty() && !line.starts_with("```") && !HEAD.is_in(line) => {
                over = Some((index + 1, line));
            }
            None => {}
        }
    }
    over
}

/// The words of an error line, without pytest's mark before and the column behind.
fn said(line: &str) -> &str {
    let line = line.trim();
    if let Some((_, rest)) = line.split_once("panic serving ") {
        return rest.split_once(": ").map_or(line, |(_, said)| said.trim());
    }
    line.strip_prefix("E  ").unwrap_or(line).trim()
}

/// Python quotes the source below its place; pytest marks it above, in the same block.
fn quoted(lines: &[&str], (index, python): (usize, bool)) -> Option<String> {
    let said = match python {
        true => lines.get(index + 1).map(|line| line.trim_start_matches('>').trim())?,
        false => {
            if !PYTEST.is_in(lines.get(index)?) {
                return None;
            }
            let above = lines.get(index.saturating_sub(30)..index)?.iter().rev();
            let same = above.take_while(|line| !line.trim_start().starts_with("```") && !PYTEST.is_in(line));
            same.filter_map(|line| line.strip_prefix('>')).next()?.trim()
        }
    };
    let source = said.chars().count() > 6 && said.len() < 300 && !is_frame(said) && !said.starts_with("```");
    source.then(|| said.to_owned())
}

/// Go writes the function on the line above its place.
fn go_function(body: &[&str], index: usize) -> Option<String> {
    let above = body.get(index.checked_sub(1)?)?.trim_start_matches('>').trim();
    let (called, _) = above.rsplit_once('(')?;
    let last = called.rsplit('/').next()?.trim();
    // A function without a name is a part of the one it stands in.
    let inner = last.find(".func").filter(|at| {
        last.get(at + 5..).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
    });
    let last = inner.and_then(|at| last.get(..at)).unwrap_or(last);
    (!last.contains(' ') && last.contains('.')).then(|| last.to_owned())
}

static PANIC: Pattern = Pattern::new(r"panicked at (?:'(.*)', )?[^\s:]+\.rs:\d+:\d+:?\s*(.*)$");

/// Rust writes what a panic says before, behind or below its place.
fn panic(body: &str, index: usize, line: &str) -> Option<String> {
    let found = PANIC.captures(line)?;
    let said = found.get(1).or(found.get(2)).map_or("", |said| said.as_str().trim());
    let said = if said.is_empty() { body.lines().nth(index + 1).unwrap_or_default().trim() } else { said };
    Some(format!("panic “{said}”"))
}

fn frame(line: &str) -> Option<(TraceFrame, bool)> {
    if let Some(found) = PYTHON.captures(line) {
        return made(found.get(1), found.get(2), found.get(3)).map(|frame| (frame, true));
    }
    if let Some(found) = JAVA.captures(line) {
        let package = found.get(1).map_or("", |package| package.as_str());
        let folders: Vec<&str> = package.trim_end_matches('.').split('.').collect();
        let folders = folders.get(..folders.len().saturating_sub(1)).unwrap_or_default().join("/");
        let mut frame = made(found.get(3), found.get(4), found.get(2))?;
        frame.path = format!("{folders}/{}", frame.path);
        return Some((frame, false));
    }
    let by_place = [&CSHARP, &JAVASCRIPT];
    for pattern in by_place {
        if let Some(found) = pattern.captures(line) {
            return made(found.get(2), found.get(3), found.get(1)).map(|frame| (frame, false));
        }
    }
    let by_function = [&RUBY, &PHP, &GO, &RUST, &PYTEST];
    let found = by_function.iter().find_map(|pattern| pattern.captures(line))?;
    made(found.get(1), found.get(2), found.get(3)).map(|frame| (frame, false))
}

fn made(
    path: Option<regex::Match<'_>>,
    line: Option<regex::Match<'_>>,
    function: Option<regex::Match<'_>>,
) -> Option<TraceFrame> {
    Some(TraceFrame {
        path: path?.as_str().trim_start_matches("file://").replace('\\', "/"),
        line: line?.as_str().parse().ok()?,
        function: function.map(|name| name.as_str().to_owned()).filter(|name| name != "<module>"),
        said: None,
        source: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(body: &str) -> (String, usize, String) {
        let trace = find(body).expect("a trace");
        (trace.frames[0].path.clone(), trace.frames[0].line, trace.error)
    }

    #[test]
    fn traces_of_eight_languages_name_their_innermost_frame() {
        let python = "Traceback (most recent call last):\n  File \"/srv/app/main.py\", line 3, in <module>\n  File \"/srv/app/export.py\", line 42, in write_row\nUnicodeEncodeError: 'ascii'";
        assert_eq!(first(python), ("/srv/app/export.py".into(), 42, "UnicodeEncodeError: 'ascii'".into()));
        let java = "Exception in thread \"main\" java.lang.NullPointerException\n\tat com.acme.Foo.bar(Foo.java:12)\n\tat com.acme.Main.main(Main.java:3)";
        assert_eq!(first(java).0, "com/acme/Foo.java");
        let js =
            "TypeError: x is undefined\n    at render (/app/src/view.js:10:5)\n    at /app/src/main.js:2:1";
        assert_eq!(first(js).1, 10);
        let csharp =
            "System.InvalidOperationException: no\n   at Acme.Foo.Bar(String s) in /src/Foo.cs:line 7";
        assert_eq!(first(csharp), ("/src/Foo.cs".into(), 7, "System.InvalidOperationException: no".into()));
        let ruby = "ArgumentError: wrong\nlib/a.rb:5:in `call'\n\tfrom lib/b.rb:1:in `main'";
        assert_eq!(first(ruby).0, "lib/a.rb");
        let php = "PHP Fatal error:  Uncaught TypeError: bad\n#0 /app/src/A.php(12): Foo->bar()";
        assert_eq!(first(php).0, "/app/src/A.php");
        let go = "panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d";
        assert_eq!(first(go), ("/app/main.go".into(), 9, "panic: runtime error: index out of range".into()));
        let served = "2018/01/02 http: panic serving 10.0.0.1:4711: interface conversion: nil\ngoroutine 9 [running]:\nnet/http.(*conn).serve.func1(0xc42)\n\t/usr/local/go/src/net/http/server.go:1697 +0xd0\ngithub.com/acme/web.RouteContext(0x1)\n\t/go/src/github.com/acme/web/context.go:97 +0x1";
        let trace = find(served).expect("a trace");
        assert_eq!(trace.error, "interface conversion: nil");
        assert_eq!(trace.frames[1].function.as_deref(), Some("web.RouteContext"));
        let rust = "thread 'main' panicked at src/main.rs:10:5:\nboom";
        assert_eq!(first(rust).0, "src/main.rs");
    }

    #[test]
    fn the_source_that_a_trace_quotes_belongs_to_its_frame() {
        let body = "Traceback (most recent call last):\n  File \"/srv/a.py\", line 3, in <module>\n    main(sys.argv)\n  File \"/srv/b.py\", line 42, in write\n    out = sinks[0].value()\nValueError: closed";
        let source = |frame: &TraceFrame| frame.source.clone();
        let frames = find(body).map(|trace| trace.frames.iter().map(source).collect::<Vec<_>>());
        let expected = ["out = sinks[0].value()", "main(sys.argv)"].map(|text| Some(text.to_owned()));
        assert_eq!(frames, Some(expected.to_vec()));
        let pytest = "```\n        finally:\n>           out = sinks[0].value()\nE           ValueError: closed\n\nsrc/b.py:42: ValueError\n```";
        let frame = find(pytest).and_then(|trace| trace.frames.first().and_then(source));
        assert_eq!(frame.as_deref(), Some("out = sinks[0].value()"));
    }

    #[test]
    fn what_was_expected_is_never_what_happened() {
        for body in [
            "Expected: an error message\nActual: thread main panicked at src/main.rs:3",
            "Expected: an error message\n\nActual: thread main panicked at src/main.rs:3",
            "**Expected:** an error message\n**Actual:** thread main panicked at src/main.rs:3",
            "**Expected behavior**: an error message\n**Actual behavior**: thread main panicked at src/main.rs:3",
            "- Expected: an error message\n- Actual: thread main panicked at src/main.rs:3",
            "1. Expected result: an error message\n2. Actual result: thread main panicked at src/main.rs:3",
            "Expected behavior:\nan error message\nActual behavior:\nthread main panicked at src/main.rs:3",
            "## Expected\n\nan error message\n\n## Actual\n\nthread main panicked at src/main.rs:3",
            "### What did you expect?\n\nan error message\n\n### What happened?\n\nthread main panicked at src/main.rs:3",
            "I expected: an error message\nI got: thread main panicked at src/main.rs:3",
            "What happened: thread main panicked at src/main.rs:3\nExpected: an error message",
            "Expected:\n- an error message\n\nActual:\n- thread main panicked at src/main.rs:3",
            "## Expected\n\nan error message\n\n```\nthread main panicked at src/main.rs:3\n```",
        ] {
            let (path, line, error) = first(body);
            assert_eq!((path.as_str(), line), ("src/main.rs", 3), "{body}");
            assert!(error.ends_with("thread main panicked at src/main.rs:3"), "{error:?} of {body}");
            assert!(!error.contains("error message"), "{error:?} of {body}");
        }
        let sentence = "I expected it to work.\n\nTypeError: none\n    at /app/src/main.js:2:1";
        assert_eq!(first(sentence).2, "TypeError: none");
        let both = "## Expected\nValueError: empty\n## Actual\nTypeError: none\n    at /app/src/main.js:2:1";
        assert_eq!(first(both).2, "TypeError: none");
    }

    #[test]
    fn a_program_complains_with_a_mark_and_code_does_not() {
        let said = |line: &str| complaints(line).map(str::to_owned).next();
        for (line, message) in [
            ("[fd error]: Could not open the folder.", Some("Could not open the folder.")),
            ("error[E0308]: mismatched types", Some("mismatched types")),
            ("Fatal: unable to save snapshot", Some("unable to save snapshot")),
            ("rg: error: no such file", Some("no such file")),
            ("error = response.json()", None),
            ("error := run(ctx, args)", None),
            ("Error handling middleware", None),
            ("no error: everything is fine", None),
        ] {
            assert_eq!(said(line).as_deref(), message, "{line}");
        }
    }
}
