//! A dependency gets another version.

use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::lookup;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame { name: "dependency upgrade", read };

static UPGRADE: Pattern = Pattern::new(
    r"\b(?:upgrade|update|bump|migrate|aktualisier\w*)s?\s+(?:(?:the|our|from)\s+)?`?([@\w./-]{2,60})`?\s+(?:dependency\s+)?(?:from\s+`?v?\d[\w.-]*`?\s+)?(?:to|auf)\s+(?:version\s+)?`?v?(\d[\w.-]*)",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(found) = UPGRADE.captures(&statement.text) else { continue };
        let (Some(name), Some(version)) = (found.get(1), found.get(2)) else { continue };
        one(scene, findings, index, (name.as_str(), version.as_str().trim_end_matches(['.', '-'])));
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, wanted: (&str, &str)) {
    let (name, version) = wanted;
    let group = format!("upgrade {name}");
    findings.title(&group, format!("Upgrade `{name}` to {version}"));
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
            places.extend(lock(scene, manifest));
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
            "the suite is green with {name} {version}, which {} use",
            words::some(&words::codes(users), 3)
        )),
    }
    if scene.places.known() {
        findings.not_checked.push(format!("the change notes of {name} {version}"));
    }
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "dependency", cases, places });
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
    let path = |name: &&str| if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
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
