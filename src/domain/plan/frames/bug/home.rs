//! Where a trace leads: the innermost of its frames that lies in the tree, and what tree and trace say of each other.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::trace::{Trace, TraceFrame};
use crate::domain::plan::words;

/// The place of a fault.
pub(super) struct Home<'t> {
    pub(super) place: Place,
    pub(super) frame: &'t TraceFrame,
    pub(super) depth: usize,
    /// What the place calls, where that only hands out what it is asked for.
    pub(super) accessor: Option<(Place, &'t str)>,
}

/// Something was asked for that is not there: the fault is in who asks.
static LACKED: Pattern = Pattern::new(
    r"index|out of (?:range|bounds)|\bnil\b|\bnull\b|NoneType|KeyError|IndexError|NullPointer|NoSuchElement|undefined|key not found|\bkeys?\b",
);

/// The innermost frame whose file the tree has, tests and vendored files last.
pub(super) fn home<'t>(scene: &Scene<'_>, trace: &'t Trace) -> Option<Home<'t>> {
    let mut own = trace.frames.iter().enumerate().filter_map(|(depth, frame)| {
        let path = scene.places.framing(frame)?;
        let line = scene.places.framed(path, frame);
        let line = match (line, callee(trace, depth), scene.places.text(path)) {
            (Some(line), Some(inner), Some(text)) => match scene.places.enclosing(path, line) {
                Some((name, begins)) if Some(name.as_str()) == frame.function.as_deref().map(last) => {
                    moved(text, (line, begins), inner)
                }
                _ => Some(line),
            },
            _ => line,
        };
        Some(Home { place: Place { line, ..places::existing(path) }, frame, depth, accessor: None })
    });
    let first = own.next()?;
    let function = first.frame.function.as_deref().unwrap_or_default();
    if !LACKED.is_in(&trace.error) || !scene.places.is_accessor(&first.place.path, function) {
        return Some(first);
    }
    match own.find(|home| home.frame.function != first.frame.function && !places::is_test(&home.place.path)) {
        Some(caller) => Some(Home { accessor: Some((first.place, last(function))), ..caller }),
        None => Some(first),
    }
}

/// What trace and tree say of each other.
pub(super) fn where_it_is(scene: &Scene<'_>, findings: &mut Findings, trace: &Trace, home: Option<Home<'_>>) {
    let innermost = trace.frames.first().map_or("", |frame| frame.path.as_str());
    let Some(home) = home else {
        // Another trace may have been written below.
        if scene.places.known() && !scene.lookups.is_pinned {
            findings.read_as.push(format!(
                "no file of the trace is in the tree, its innermost is `{}`",
                words::shorten(innermost, 80)
            ));
        }
        return;
    };
    if let Some((place, function)) = &home.accessor {
        let at = place.line.map(|line| format!(" line {line}")).unwrap_or_default();
        findings.read_as.push(format!(
            "`{function}` in `{}`{at} only hands out what it is asked for; the place is its caller",
            place.path
        ));
    } else if home.depth > 0 {
        // One of the tree may be called the same.
        let same = scene.places.files().any(|path| places::name(path) == places::name(innermost));
        let outside = if same { innermost } else { places::name(innermost) };
        findings.read_as.push(format!(
            "`{}` is not part of this tree; the place is its caller, line {} of `{}`",
            words::shorten(outside, 60),
            home.frame.line,
            home.place.path
        ));
    }
    let Some(function) = home.frame.function.as_deref().map(last) else { return };
    match scene.places.enclosing(&home.place.path, home.frame.line) {
        Some((name, line)) if name == function && home.place.line == Some(home.frame.line) => {
            findings.read_as.push(format!(
                "line {} lies in `{function}`, which begins at line {line}: trace and tree agree",
                home.frame.line
            ));
        }
        Some((name, _)) if name == function => findings.read_as.push(match home.place.line {
            Some(here) => {
                format!("line {} of the trace, in `{function}`, is line {here} here", home.frame.line)
            }
            None => format!(
                "line {} of the trace lies in `{function}` and is of another version",
                home.frame.line
            ),
        }),
        // Another version's line; the function is there, so that asking for the version would change nothing.
        Some((name, _)) if by_keyword(&home.place.path) => findings.read_as.push(format!(
            "line {} of the trace lies in `{name}` here: taken as `{function}` of another version",
            home.frame.line
        )),
        Some(_) | None => {}
    }
}

/// What the trace says that this frame called, where that is a name.
fn callee(trace: &Trace, depth: usize) -> Option<&str> {
    let inner = last(trace.frames.get(depth.checked_sub(1)?)?.function.as_deref()?);
    let is_name = inner.chars().all(|c| c.is_alphanumeric() || c == '_') && !inner.starts_with("func");
    is_name.then_some(inner)
}

/// The line of a frame here: where its own does not call what the trace says, the only one of its function that does.
fn moved(text: &str, (line, begins): (usize, usize), inner: &str) -> Option<usize> {
    let holds = |line: &str| line.contains(inner);
    // A call may go over lines.
    if text.lines().skip(line.saturating_sub(2)).take(3).any(holds) {
        return Some(line);
    }
    let own = text.lines().enumerate().skip(begins).take_while(|(_, line)| !line.starts_with('}')).take(200);
    let mut found = own.filter(|(_, line)| line.contains(&format!("{inner}("))).map(|(index, _)| index + 1);
    found.next().filter(|_| found.next().is_none())
}

/// In these languages every function begins with a keyword, so that the line's function is known for sure.
fn by_keyword(path: &str) -> bool {
    matches!(places::ending(path), "rs" | "py" | "go" | "rb" | "php")
}

/// A function's own name.
pub(super) fn last(function: &str) -> &str {
    function.rsplit(['.', ':', '#', '>']).next().unwrap_or(function)
}
