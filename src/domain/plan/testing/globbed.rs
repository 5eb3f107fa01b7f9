//! A test that reads every file of a folder: a new case is one more file of that folder, and no line of the test.

use std::collections::{BTreeMap, BTreeSet};

use super::{above, pairs};
use crate::domain::brief::Brief;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

/// So many files are cases.
const LEAST: usize = 10;

/// How a test of Rust names the files that it reads; the folder is that of the test, or of its package.
static READS: Pattern = Pattern::new(
    r#"\b(?:insta::)?glob!\(\s*"(?:\./)?([\w./-]+?)/(?:\*\*/)?\*|#\[(?:rstest::)?files\(\s*"(?:\./)?([\w./-]+?)/(?:\*\*/)?\*|#\[test_resources\(\s*"(?:\./)?([\w./-]+?)/(?:\*\*/)?\*"#,
);

/// The new file beside those that the test reads; `None` where it reads none, or few.
pub(super) fn of(places: &Places<'_>, test: &Place, issue: &Brief) -> Option<Place> {
    let text = places.text(&test.path).filter(|_| !test.new && test.path.ends_with(".rs"))?;
    let said = (1..=3).find_map(|group| READS.first(text, group))?;
    let here = places::within(places::folder(&test.path), said);
    let home = above(&test.path).find(|folder| places.has(&places::within(folder, "Cargo.toml")));
    let of_package = places::within(home.unwrap_or_default(), said);
    let folder = [here, of_package].into_iter().find(|folder| places.has_folder(folder))?;
    let cases: Vec<&str> = places.files().filter(|path| places::folder(path) == folder).collect();
    let mut endings: BTreeMap<&str, usize> = BTreeMap::new();
    cases.iter().for_each(|path| *endings.entry(places::ending(path)).or_default() += 1);
    let (ending, many) = endings.into_iter().max_by_key(|(_, many)| *many)?;
    if many < LEAST || ending.is_empty() {
        return None;
    }
    let of_kind = cases.iter().filter(|path| places::ending(path) == ending);
    let stems: BTreeSet<&str> = of_kind.map(|path| places::stem(places::name(path))).collect();
    let (stem, neighbor) = pairs::named(issue, &stems)?;
    let path = |stem: &str| places::within(&folder, &format!("{stem}.{ending}"));
    let place = Place { path: path(&stem), new: true, beside: Some(path(neighbor)), line: None };
    (!places.has(&place.path)).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::{issue, repository};

    fn told(test: &str, count: usize) -> String {
        let cases: Vec<String> = (0..count).map(|n| format!("hull/tests/sails/sail_{n}.txt")).collect();
        let mut files: Vec<(&str, &str)> = cases.iter().map(|path| (path.as_str(), "")).collect();
        files.extend([
            ("hull/Cargo.toml", "[package]\nname = \"hull\"\n"),
            ("hull/tests/sails/rope_knots.txt", ""),
            ("hull/tests/all.rs", test),
        ]);
        let snapshot = repository("acme/x", "5a1ad00", &files);
        let issue = issue(7, "Knots of wet ropes", "");
        let found = of(&Places::new(&snapshot), &places::existing("hull/tests/all.rs"), &issue);
        found.map_or("–".to_owned(), |place| {
            format!("{} | {}", place.path, place.beside.unwrap_or_default())
        })
    }

    #[test]
    fn a_case_of_a_test_that_reads_a_folder_is_a_file_of_that_folder() {
        let found = "hull/tests/sails/knots_wet_ropes.txt | hull/tests/sails/rope_knots.txt";
        let reads = "#[test]\nfn all() {\n    insta::glob!(\"sails/*.txt\", |path| run(path));\n}\n";
        assert_eq!(told(reads, 12), found);
        assert_eq!(told("#[rstest]\nfn all(#[files(\"tests/sails/*.txt\")] path: PathBuf) {}\n", 12), found);
        // Few are no custom, and a name alone is not read.
        assert_eq!(told(reads, 3), "–");
        assert_eq!(told("#[test]\nfn all() { open(\"sails/sail_1.txt\") }\n", 12), "–");
    }
}
