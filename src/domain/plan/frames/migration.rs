//! Stored data changes its shape.

use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "migration",
    read,
    risk: Some(Risk::of("rows that are there already; try it on a copy of a filled database first")),
};

static SHAPE: Pattern = Pattern::new(
    r"\b(?:(?:add|drop|remove|rename|change|alter|new|create)\w*\b[^.;]{0,40}\b(?:columns?|tables?|foreign keys?|database index|constraint|spalten?|tabellen?)|(?:schema|database|data) migrations?|backfill\w*|migrat(?:e|ing) (?:the |all |our |existing )?(?:data|rows|records|database|schema))\b",
);
/// Columns stand on pages, too, and tables in documents.
static STORED: Pattern = Pattern::new(
    r"\b(?:databases?|schemas?|sql|migrations?|migrat\w+|postgres\w*|mysql|mariadb|sqlite|orm|existing rows|foreign keys?|backfill\w*|datenbank\w*)\b|\bcolumns?\b[^.;]{0,40}\bto\b[^.;]{0,30}\btable\b",
);
static FILLED: Pattern =
    Pattern::new(r"\b(?:default|null(?:able)?|backfill\w*|existing (?:rows|data|records))\b");
/// What goes takes what it holds along.
static DROPS: Pattern = Pattern::new(
    r"^\W*(?:please )?(?:drop|remove|delete)\w*\b|\b(?:must|should) be (?:dropped|removed|deleted)\b",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    if scene.schema().is_none() && !STORED.is_in(&scene.whole()) {
        return;
    }
    for (index, statement) in scene.open(findings) {
        if SHAPE.is_in(&statement.text) {
            one(scene, findings, index, &statement.text);
        }
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let id = index + 1;
    let named = mentions::spans(text).into_iter().find(|(part, code)| *code && !part.contains('/'));
    let what = named.map_or_else(|| format!("R{id}'s change"), |(part, _)| words::code(part));
    let cases = vec![
        format!("an empty database: has {what}"),
        format!("one filled at {}: keeps every row, has {what}", scene.base()),
        format!("{what} there already: a second run changes nothing"),
    ];
    if !FILLED.is_in(&scene.whole()) {
        findings.ask(
            scene,
            &format!("the rows of R{id}"),
            Question::new(
                scene.slot("migration.rows", index),
                format!("What do rows that are there today get for {what}?"),
                format!("{what} is NULL, filled on the next write"),
                82,
            ),
        );
    }
    findings.ask(
        scene,
        &format!("the way back of R{id}"),
        Question::new(
            scene.slot("migration.back", index),
            format!("Must the version at {} run beside {what}, for a rollback?", scene.base()),
            format!("yes, so {what} is only added"),
            64,
        ),
    );
    match DROPS.is_in(text) {
        true => findings
            .loses(index, format!("what {what} holds is gone with R{id}, irreversible without a copy")),
        false => {
            findings.keeps(index, format!("{what} stays in the database until a step of its own drops it"))
        }
    }
    let place = folder(scene);
    match &place {
        Some(place) => findings.read_as.push(format!("a new step beside `{}`", place.path)),
        None => findings.not_checked.push("how the schema is migrated: the tree has no migration".to_owned()),
    }
    let places = scene.place(index).or(place).into_iter().collect();
    findings.claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places });
}

/// The newest migration of the tree, by its name.
fn folder(scene: &Scene<'_>) -> Option<Place> {
    let named = |path: &&str| path.to_lowercase().contains("migration") && !places::is_prose(path);
    scene.places.files().filter(named).last().map(places::existing)
}
