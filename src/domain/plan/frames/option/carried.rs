//! How an option beside the new one gets from where it is declared to where it is acted upon: the way that the new one will go.

use std::collections::BTreeMap;

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// What more files hold goes by no one way.
const FILES: usize = 4;
/// Most options of a file that are followed.
const OPTIONS: usize = 80;

/// Names of two words or more that a line declares as options: one word alone stands for too much elsewhere.
static DECLARED: [Pattern; 4] = [
    Pattern::new(r"[\x22'`](?:-\w,? )?--(?:\[no-\])?([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"),
    Pattern::new(r"^\s*[\x22']([a-z][a-z0-9]*(?:-[a-z0-9]+)+)[\x22']\s*:\s*\{"),
    Pattern::new(
        r"\b(?:long|name|long_name)\s*[=:(]\s*(?:Some\()?[\x22']([a-z][a-z0-9]*(?:[-_][a-z0-9]+)+)[\x22']",
    ),
    Pattern::new(
        r"\.\w*(?:Var|Bool|String|Int|Duration|Slice|Count)\w*\([^,\x22]*,?\s*[\x22]([a-z][a-z0-9]*(?:-[a-z0-9]+)+)[\x22]",
    ),
];
/// A field below an attribute that makes an option of it.
static FIELD: Pattern = Pattern::new(r"^\s*(?:pub(?:\([a-z]+\))? )?([a-z][a-z0-9]*(?:_[a-z0-9]+)+): ");
static ATTRIBUTE: Pattern = Pattern::new(r"^\s*#\[(?:arg|clap|structopt|option|argh)\b.*\]\s*$");
/// A part of the program, and no option of it.
static NO_OPTION: Pattern = Pattern::new(r"\b(?:flatten|subcommand|skip|command\()");

/// An option of the file that declares them, the line of it there, and the lines elsewhere that hold it.
struct Followed<'a> {
    name: String,
    line: usize,
    found: Vec<(&'a str, usize)>,
}

impl Followed<'_> {
    fn paths(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|(path, _)| *path)
    }
}

/// The way of an option.
pub(super) struct Way {
    /// As the end of a sentence.
    pub(super) told: String,
    /// Where it is acted upon, where that is one file, and the one of most options: the new one will be as well.
    pub(super) acts: Option<Place>,
}

/// The way of the option that is most like the one that is asked for.
pub(super) fn way(scene: &Scene<'_>, (home, flag): (&str, Option<&str>), asked: &str) -> Option<Way> {
    let text = scene.places.text(home)?;
    let mut all = followed(scene, home, text);
    let declared = all.len();
    all.retain(|one| (1..=FILES).contains(&one.found.len()));
    let asked = words::nouns(asked);
    let shared =
        |one: &Followed<'_>| words::nouns(&one.name.replace(['-', '_'], " ")).intersection(&asked).count();
    // Where nothing in the words is alike, the way that most of them go is the usual one.
    let alike = |one: &Followed<'_>| all.iter().filter(|other| other.paths().eq(one.paths())).count();
    // `--export-html` goes the way of `--export-json`.
    let first = |name: &str| name.trim_start_matches('-').split(['-', '_']).next().map(str::to_owned);
    let begins = |one: &Followed<'_>| flag.is_some_and(|flag| first(flag) == first(&one.name));
    let best = all.iter().rev().max_by_key(|one| (begins(one), shared(one), alike(one), one.found.len()))?;
    let on: Vec<String> =
        best.found.iter().map(|(path, line)| format!("{} line {line}", words::code(path))).collect();
    let name = match best.name.contains('_') {
        true => best.name.clone(),
        false => format!("--{}", best.name),
    };
    let (name, home) = (words::code(&name), words::code(home));
    let told =
        format!("{name}, an option beside it in {home} line {}, is also in {}", best.line, words::list(&on));
    let going = |path: &str| all.iter().filter(|one| one.paths().any(|own| own == path)).count();
    let usual = |path: &str| going(path) > 1 && going(path) * 2 > declared;
    let acts = match best.found.as_slice() {
        [(path, line)] if usual(path) => Some(Place { line: Some(*line), ..places::existing(path) }),
        _ => None,
    };
    Some(Way { told, acts })
}

/// The options that a file declares, each with where else it is used, in the order of the tree.
fn followed<'a>(scene: &Scene<'a>, home: &str, text: &str) -> Vec<Followed<'a>> {
    let mut all: Vec<Followed<'a>> = Vec::new();
    let mut attribute = false;
    let project = scene.places.snapshot.repository.name.replace('-', "_");
    for (at, line) in text.lines().enumerate().filter(|(_, line)| line.len() < places::LINE) {
        let field = FIELD.first(line, 1).filter(|_| attribute);
        attribute = ATTRIBUTE.is_in(line) && !NO_OPTION.is_in(line) || attribute && places::is_comment(line);
        let named =
            DECLARED.iter().find_map(|pattern| pattern.first(line, 1)).filter(|_| !places::is_comment(line));
        let is_option = |name: &&str| name.replace('-', "_") != project && !line.contains("command(");
        let Some(name) = field.or(named).filter(is_option) else { continue };
        if all.len() < OPTIONS && !all.iter().any(|one| one.name.replace('-', "_") == name.replace('-', "_"))
        {
            all.push(Followed { name: name.to_owned(), line: at + 1, found: Vec::new() });
        }
    }
    let mut spelled: BTreeMap<String, usize> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        for form in forms(&one.name) {
            spelled.entry(form).or_insert(at);
        }
    }
    for path in scene.places.products().filter(|path| *path != home && places::is_source(path)) {
        let Some(text) = scene.places.text(path) else { continue };
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.len() < places::LINE) {
            if places::is_comment(line) {
                continue;
            }
            for word in line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))) {
                let held = spelled.get(word.trim_start_matches('-')).and_then(|one| all.get_mut(*one));
                if let Some(held) =
                    held.filter(|held| held.found.last().is_none_or(|(last, _)| *last != path))
                {
                    held.found.push((path, at + 1));
                }
            }
        }
    }
    all
}

/// As it is typed, and as code spells it.
fn forms(name: &str) -> [String; 4] {
    let snake = name.replace('-', "_");
    let pascal: String = snake.split('_').map(words::capitalized).collect();
    [name.to_owned(), snake, words::lowered(&pascal), pascal]
}
