//! Files that import each other in a circle, and files that grew too large.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::discover::Source;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms, at};
use crate::domain::discover::facts::Facts;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::{priority, words};

/// The source.
pub static SOURCE: Source = Source { name: "architecture", find };

/// Lines from which a source is too large to hold in one's head.
const LARGE: usize = 1_500;

/// Imports of one file: the other, and the line.
type Imports<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

fn find(facts: &Facts) -> Vec<Candidate> {
    let places = Places::new(&facts.snapshot);
    let mut out: Vec<Candidate> =
        circle(&imports(&places)).map(|circle| of_circle(facts, &circle)).into_iter().collect();
    out.extend(large(facts));
    out
}

static SCRIPT: Pattern = Pattern::new(
    r#"^\s*(?:import|export)\b[^'"]*\bfrom\s+['"](\.{1,2}/[^'"]+)['"]|^\s*import\s+['"](\.{1,2}/[^'"]+)['"]|\brequire\(\s*['"](\.{1,2}/[^'"]+)['"]\s*\)"#,
);
/// What only names types is gone when the program runs.
static TYPES_ONLY: Pattern = Pattern::new(r"^\s*(?:import|export)\s+type\b");
static PYTHON: Pattern = Pattern::new(r"^(?:from\s+(\.*[\w.]*)\s+import\b|import\s+([\w.]+))");
static RUBY: Pattern = Pattern::new(r#"^\s*require_relative\s+['"]([^'"]+)['"]"#);

/// Only imports that name a file beyond doubt: of JavaScript and TypeScript, Python and Ruby.
fn imports<'a>(places: &Places<'a>) -> Imports<'a> {
    let mut out = Imports::new();
    for (path, text) in &places.snapshot.files {
        for (index, line) in text.lines().enumerate().take(2_000).filter(|(_, line)| line.len() < 400) {
            let named = match places::ending(path) {
                _ if places::is_script(path) && !TYPES_ONLY.is_in(line) => {
                    SCRIPT.either(line).and_then(|it| script(places, path, it))
                }
                "py" => PYTHON.either(line).and_then(|it| python(places, path, it)),
                "rb" => RUBY
                    .first(line, 1)
                    .and_then(|it| known(places, &joined(places::folder(path), it), &[".rb", ""])),
                _ => None,
            };
            if let Some(other) = named.filter(|other| other != path) {
                out.entry(path).or_default().entry(other).or_insert(index + 1);
            }
        }
    }
    out
}

fn script<'a>(places: &Places<'a>, path: &str, named: &str) -> Option<&'a str> {
    let base = joined(places::folder(path), named);
    let bare = base.strip_suffix(".js").unwrap_or(&base).to_owned();
    let endings = ["", ".ts", ".tsx", ".js", ".jsx", ".mjs", "/index.ts", "/index.tsx", "/index.js"];
    known(places, &base, &endings).or_else(|| known(places, &bare, &endings))
}

fn python<'a>(places: &Places<'a>, path: &str, named: &str) -> Option<&'a str> {
    let dots = named.chars().take_while(|c| *c == '.').count();
    let rest = named.trim_start_matches('.').replace('.', "/");
    let base = match dots {
        0 => rest,
        dots => joined(places::folder(path), &format!("{}{rest}", "../".repeat(dots - 1))),
    };
    let root = path.split('/').next().filter(|_| dots == 0 && path.starts_with("src/"));
    let below = root.map(|root| format!("{root}/{base}"));
    known(places, &base, &[".py"]).or_else(|| known(places, &below?, &[".py"]))
}

fn known<'a>(places: &Places<'a>, base: &str, endings: &[&str]) -> Option<&'a str> {
    endings.iter().find_map(|ending| {
        let path = format!("{base}{ending}");
        places.has(&path).then(|| places.resolve(&path)).flatten()
    })
}

/// `a/b` and `../c` make `a/c`.
fn joined(folder: &str, rest: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The shortest circle, as files with the line that imports the next; among equals the first by name.
fn circle<'a>(imports: &Imports<'a>) -> Option<Vec<(&'a str, usize)>> {
    let all = imports.keys().filter_map(|start| through(imports, start));
    all.min_by_key(|circle| circle.len())
}

fn through<'a>(imports: &Imports<'a>, start: &'a str) -> Option<Vec<(&'a str, usize)>> {
    let mut came_from: BTreeMap<&str, (&'a str, usize)> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(at) = queue.pop_front() {
        for (next, line) in imports.get(at).into_iter().flatten() {
            if *next == start {
                let mut path = vec![(at, *line)];
                let mut back = at;
                while let Some((before, line)) = came_from.get(back).filter(|_| back != start) {
                    path.push((before, *line));
                    back = before;
                }
                path.reverse();
                return Some(path);
            }
            if seen.insert(next) {
                came_from.insert(next, (at, *line));
                queue.push_back(next);
            }
        }
    }
    None
}

fn of_circle(facts: &Facts, circle: &[(&str, usize)]) -> Candidate {
    let names: Vec<String> = circle.iter().map(|(path, _)| words::code(path)).collect();
    let next = |index: usize| circle.get((index + 1) % circle.len()).map_or("", |(path, _)| *path);
    let evidence = circle.iter().enumerate().take(4).map(|(index, (path, line))| {
        let Evidence { text, url } = at(&facts.snapshot, path, *line);
        Evidence { text: format!("{text} imports `{}`", places::name(next(index))), url }
    });
    let size = if circle.len() > 2 { 5.0 } else { 2.0 };
    Candidate {
        title: format!("Break the circle of imports between {}", words::some(&names, 3)),
        issue: None,
        place: None,
        evidence: evidence.collect(),
        terms: Terms { value: 3.0, urgency: 1.0, unblock: 1.0, confidence: 0.7, size },
        because: vec![
            "value 3: neither file can be read, tested or moved alone".to_owned(),
            "urgency 1: nothing presses".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.7: a rule found it".to_owned(),
            format!("size {size}: files in the circle: {}", circle.len()),
        ],
        since_ms: None,
    }
}

static GENERATED: Pattern =
    Pattern::new(r"@generated|do not edit|autogenerated|auto-generated|code generated");

fn large(facts: &Facts) -> Option<Candidate> {
    let hand_made = |path: &str, text: &str| {
        let head: String = text.chars().take(600).collect();
        places::is_source(path)
            && !places::is_test(path)
            && !places::is_aside(path)
            && !GENERATED.is_in(&head)
    };
    let sizes = facts.snapshot.files.iter().filter(|(path, text)| hand_made(path, text));
    let (path, lines) = sizes
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines >= LARGE)
        .max_by_key(|(path, lines)| (facts.churn.get(*path).copied().unwrap_or(0), *lines))?;
    let churn = facts.churn.get(path).copied().unwrap_or(0);
    let value = priority::steps(churn.min(4));
    let Evidence { url, .. } = at(&facts.snapshot, path, 0);
    Some(Candidate {
        title: format!("Cut `{path}` into parts"),
        issue: None,
        place: None,
        evidence: vec![Evidence {
            text: format!(
                "{} lines, changed in {churn} of the {} newest commits",
                words::thousands(lines),
                facts.commits
            ),
            url,
        }],
        terms: Terms { value, urgency: 1.0, unblock: 1.0, confidence: 0.7, size: 8.0 },
        because: vec![
            format!("value {value}: it changed in {churn} of the {} newest commits", facts.commits),
            "urgency 1: nothing presses".to_owned(),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 0.7: a rule found it".to_owned(),
            "size 8: L, a guess".to_owned(),
        ],
        since_ms: None,
    })
}
