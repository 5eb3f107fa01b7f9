//! Something is written down for people.

use crate::domain::plan::frames::{Claim, Findings, Frame, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame { name: "documentation", read };

static DOCUMENT: Pattern = Pattern::new(
    r"\b(?:document(?:ed|s)?|documentation|docs|readme|changelog|mention(?:ed|s)? in|describe[sd]? in|dokumentier\w+|beschreib\w+)\b",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let own = scene.own_places(index).iter().find(|place| places::is_prose(&place.path)).cloned();
        let fits = DOCUMENT.is_in(&statement.text) && (own.is_some() || scene.own_places(index).is_empty());
        if !fits {
            continue;
        }
        let file = own.or_else(|| readme(scene, &statement.text));
        one(scene, findings, index, (&statement.text, file));
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, asked: (&str, Option<Place>)) {
    let (text, file) = asked;
    let named = |(part, code): (&str, bool)| {
        (code && !part.ends_with(".md") && !part.ends_with(".rst")).then(|| words::code(part))
    };
    let mut names: Vec<String> = mentions::spans(text).into_iter().filter_map(named).collect();
    if names.is_empty() {
        let whole = scene.whole();
        names = mentions::spans(&whole).into_iter().filter_map(named).take(1).collect();
    }
    let path = file.as_ref().map(|file| words::code(&file.path));
    let cases = match (path, names.as_slice()) {
        (Some(path), []) => vec![format!("{path} says: {}", words::shorten(text.trim_end_matches('.'), 90))],
        (Some(path), names) => {
            vec![format!("{path} names {} with an example that runs", words::some(names, 3))]
        }
        (None, []) => Vec::new(),
        (None, names) => vec![format!("a reader finds {} with an example that runs", words::some(names, 3))],
    };
    let group = match &file {
        Some(file) => format!("docs {}", file.path),
        None => "docs".to_owned(),
    };
    if let (Some(file), Some(name)) = (&file, names.first()) {
        findings.title(&group, format!("Describe {name} in `{}`", file.path));
    }
    findings.claim(
        index,
        Claim { frame: FRAME.name, group, kind: "docs", cases, places: file.into_iter().collect() },
    );
}

fn readme(scene: &Scene<'_>, text: &str) -> Option<Place> {
    let wanted = if text.to_lowercase().contains("changelog") { "changelog" } else { "readme" };
    let top =
        scene.places.files().find(|path| !path.contains('/') && path.to_lowercase().starts_with(wanted))?;
    Some(places::existing(top))
}
