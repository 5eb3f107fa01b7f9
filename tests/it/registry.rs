//! Whoever adds a file to a folder of a table finds out at once when its line in the table is forgotten.

use std::fs;
use std::path::Path;

/// A folder whose files each hold one row of the table in its `mod.rs`.
struct Table {
    folder: &'static str,
    row: &'static str,
}

const TABLES: &[Table] = &[
    Table { folder: "src/triggers/commands", row: "COMMAND" },
    Table { folder: "src/triggers/events", row: "SUBSCRIPTION" },
    Table { folder: "src/triggers/schedules", row: "SCHEDULE" },
    Table { folder: "src/domain/plan/frames", row: "FRAME" },
];

#[test]
fn every_file_of_a_table_has_its_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for table in TABLES {
        let listed = fs::read_to_string(root.join(table.folder).join("mod.rs")).unwrap();
        assert_eq!(
            missing(&listed, &stems(&root.join(table.folder)), table.row),
            Vec::<String>::new(),
            "{}",
            table.folder
        );
    }
}

#[test]
fn a_forgotten_line_is_found() {
    let listed = "pub mod help;\npub mod why;\nstatic COMMANDS: &[&Command] = &[&help::COMMAND];";
    let stems = ["help", "why", "undo"].map(str::to_owned);
    assert_eq!(
        missing(listed, &stems, "COMMAND"),
        [
            "why: no `why::COMMAND` in the table",
            "undo: no `mod undo`",
            "undo: no `undo::COMMAND` in the table"
        ]
    );
}

fn stems(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let rust = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let stems = rust.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
    stems.filter(|stem| stem != "mod" && stem != "tests").collect()
}

fn missing(listed: &str, stems: &[String], row: &str) -> Vec<String> {
    let mut missing = Vec::new();
    for stem in stems {
        if !listed.contains(&format!("mod {stem};")) {
            missing.push(format!("{stem}: no `mod {stem}`"));
        }
        if !listed.contains(&format!("{stem}::{row}")) {
            missing.push(format!("{stem}: no `{stem}::{row}` in the table"));
        }
    }
    missing
}
