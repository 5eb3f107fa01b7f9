//! A dependency gets another version.

use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::lookup;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "dependency upgrade",
    read,
    risk: Some(Risk::of(
        "what changed between the two versions and no test calls; its change notes say more than a green suite",
    )),
};

static UPGRADE: Pattern = Pattern::new(
    r"\b(?:upgrade|update|bump|migrate|aktualisier\w*)s?\s+(?:(?:the|our|from)\s+)?`?([@\w./-]{2,60})`?\s+(?:dependency\s+|package\s+)?(?:from\s+`?[v^~=<>]*\d[\w.*-]*`?\s+)?(?:to|auf)\s+(?:version\s+)?`?[v^~=<>]*(\d[\w.-]*)",
);
/// `Move to httpcore 2`, `migrate from 1.x to pydantic v2`.
static MOVE: Pattern = Pattern::new(
    r"\b(?:move|migrate|switch|upgrade|update|bump)s?(?:\s+from\s+\S{1,40}(?:\s+v?\d[\w.*-]*)?)?\s+(?:over\s+)?to\s+`?([@A-Za-z][\w./-]{1,60})`?\s+`?v?(\d[\w.-]*)",
);
/// Without a version, or to the newest one.
static NEWEST: Pattern = Pattern::new(
    r"\b(?:upgrade|update|bump)s?\s+(?:(?:the|our)\s+)?`?([@\w./-]{2,60}?)`?(?:\s+(?:dependency|package))?(?:\s+to\s+(?:the\s+|its\s+)?(?:latest|newest|current|most recent)\b|\s*[.!]?$|\s*,)",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let text = statement.text.as_str();
        let known = |name: &str| lookup::dependency(scene.places, name).is_some();
        let moved =
            || MOVE.captures(text).filter(|found| found.get(1).is_some_and(|name| known(name.as_str())));
        if let Some(found) = UPGRADE.captures(text).or_else(moved)
            && let (Some(name), Some(version)) = (found.get(1), found.get(2))
        {
            let version = version.as_str().trim_end_matches(['.', '-']).to_owned();
            one(scene, findings, index, (name.as_str(), Some(version)));
        } else if let Some(name) = NEWEST.first(text, 1)
            && (known(name) || (BUMPS.is_in(text) && is_package(name)))
        {
            let answered = scene.answered(&format!("upgrade.version.{name}"));
            let answered = answered.or_else(|| said_elsewhere(scene, name));
            one(scene, findings, index, (name, answered));
        }
    }
}

/// The version that another sentence of the issue gives it.
fn said_elsewhere(scene: &Scene<'_>, name: &str) -> Option<String> {
    let own = scene.reading.own().take(40).filter_map(|said| UPGRADE.captures(&said.text));
    let mut versions = own.filter(|found| found.get(1).is_some_and(|it| it.as_str() == name));
    Some(versions.next()?.get(2)?.as_str().trim_end_matches(['.', '-']).to_owned())
}

static BUMPS: Pattern = Pattern::new(r"^\W*(?:please )?(?:bump|upgrade|update)\b");

/// Looks a name like a package's, and not like a file's?
fn is_package(name: &str) -> bool {
    name.contains(['.', '/', '@', '-']) && !mentions::known_ending(name)
}

/// A package and the version it is to have, where one is said.
type Wanted<'a> = (&'a str, Option<String>);

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, wanted: Wanted<'_>) {
    let (name, said) = wanted;
    let group = format!("upgrade {name}");
    findings.title(
        &group,
        match &said {
            Some(version) => format!("Upgrade `{name}` to {version}"),
            None => format!("Upgrade `{name}`"),
        },
    );
    if said.is_none() {
        findings.ask(
            scene,
            name,
            Question::new(
                format!("upgrade.version.{name}"),
                format!("To which version of `{name}`?"),
                "the newest one that changes no call".to_owned(),
                75,
            ),
        );
    }
    let version = said.as_deref().unwrap_or("in a newer version");
    let mut places: Vec<Place> = Vec::new();
    let mut cases = Vec::new();
    match lookup::dependency(scene.places, name) {
        Some((manifest, line)) => {
            places.push(Place { line: Some(line), ..places::existing(manifest) });
            let today = scene
                .places
                .text(manifest)
                .and_then(|text| text.lines().nth(line - 1))
                .unwrap_or_default()
                .trim();
            cases.push(format!(
                "`{manifest}` asks for {name} {version}; today line {line} is `{}`",
                words::shorten(&today.replace('`', ""), 60)
            ));
            let lock = lock(scene, manifest);
            if let Some(version) = &said {
                // Cargo reads a bare number as npm reads one behind a caret.
                let caret = places::name(manifest) == "Cargo.toml";
                step(findings, name, (today, version, caret));
            }
            if let Some(lock) = &lock {
                let both = format!("`{manifest}` and `{}`", lock.path);
                findings.leaves(index, format!("{both} go back together, and {name} is installed anew"));
            }
            places.extend(lock);
        }
        None => findings.ask(
            scene,
            name,
            Question {
                slot: format!("upgrade.where.{name}"),
                text: format!("No manifest that was read names `{name}`. Where is it required?"),
                default: format!("`{name}` is added at {version}"),
                why: String::new(),
                weight: 85,
            },
        ),
    }
    let users = users(scene, name);
    match users.as_slice() {
        [] => cases.push(format!("the suite is green with {name} {version}")),
        users => cases.push(format!(
            "the suite is green with {name} {version}, which {} {}",
            words::some(&words::codes(users), 3),
            if users.len() == 1 { "uses" } else { "use" }
        )),
    }
    let notes = format!("the change notes of {name} {version}");
    if scene.places.known() && !findings.not_checked.contains(&notes) {
        findings.not_checked.push(notes);
    }
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "dependency", cases, places });
}

/// A number of a version in a line of a manifest, with the mark before it.
static REQUIRED: Pattern =
    Pattern::new(r"(?:^|[\s\x22'(,\[])([\^~]|[<>=!~]=|[<>=])?\s*v?(\d+(?:\.\d+){0,3})(?:[\s\x22',)\]]|$)");

/// How far the step goes, by the numbers of the two versions; and whether the manifest allows the new one as it is.
fn step(findings: &mut Findings, name: &str, (line, version, caret): (&str, &str, bool)) {
    let behind = line.split_once(name).map_or(line, |(_, behind)| behind);
    // An upper bound is not the version that is used.
    let is_bound = |mark: &str| matches!(mark, "<" | "<=" | "!=");
    let mut all = REQUIRED.every(behind);
    let Some(found) = all.find(|found| !found.get(1).is_some_and(|mark| is_bound(mark.as_str()))) else {
        return;
    };
    let mark = found.get(1).map_or("", |mark| mark.as_str());
    let Some(old) = found.get(2).map(|old| old.as_str()) else { return };
    let parts =
        |version: &str| -> Vec<u64> { version.split('.').map_while(|part| part.parse().ok()).collect() };
    let (before, after) = (parts(old), parts(version));
    let (Some(first), Some(then)) = (before.first(), after.first()) else { return };
    let within = first == then && *first > 0 && after > before;
    let allows = mark == "^" || caret && mark.is_empty();
    findings.reads(match (first == then, within && allows) {
        (_, true) => format!("`{mark}{old}` allows {name} {version} already: what changes is the lock file"),
        (true, false) if within => {
            format!(
                "{name} {old} to {version} = a step within {first}: by its numbering no call has to change"
            )
        }
        (true, false) => return,
        (false, _) if then > first => {
            format!("{name} {old} to {version} = a step to another first number: calls may have to change")
        }
        (false, _) => format!("{name} {old} to {version} = a step back"),
    });
}

fn lock(scene: &Scene<'_>, manifest: &str) -> Option<Place> {
    let locks = [
        "Cargo.lock",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "poetry.lock",
        "uv.lock",
        "go.sum",
        "Gemfile.lock",
        "composer.lock",
    ];
    let folder = places::folder(manifest);
    let path = |name: &&str| places::within(folder, name);
    locks.iter().map(path).find(|path| scene.places.has(path)).map(|path| places::existing(&path))
}

fn is_manifest(path: &str) -> bool {
    matches!(places::ending(path), "json" | "toml" | "yaml" | "yml" | "xml")
}

/// Sources read that import the package.
fn users<'a>(scene: &Scene<'a>, name: &str) -> Vec<&'a str> {
    let module = name.replace('-', "_");
    let imports = |text: &str| {
        text.lines().take(300).any(|line| {
            let start = line.trim_start();
            let import = ["use ", "import ", "from ", "require", "const ", "using "]
                .iter()
                .any(|word| start.starts_with(word))
                || start.starts_with('"');
            import && (start.contains(name) || start.contains(&module))
        })
    };
    let files = scene.places.snapshot.files.iter();
    files
        .filter(|(path, text)| {
            mentions::known_ending(path) && !places::is_prose(path) && !is_manifest(path) && imports(text)
        })
        .map(|(path, _)| path.as_str())
        .collect()
}
