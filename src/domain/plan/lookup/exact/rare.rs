//! The rare name of a title: written like no common word, and in one or two sources only.

use super::by_words;
use crate::domain::brief::Brief;
use crate::domain::plan::lookup::THROWN;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// All capitals, capitals in the middle, or digits behind letters.
static NAME: Pattern =
    Pattern::new(r"(?-i:\b([A-Z]{4,12}|[A-Za-z]+[a-z][A-Z][A-Za-z]+|[A-Za-z]{3,}\d{1,4})\b)");
/// What every project speaks of.
const COMMON: [&str; 28] = [
    "API",
    "ASCII",
    "GITHUB",
    "GITLAB",
    "HTML",
    "HTTP",
    "HTTPS",
    "JAVASCRIPT",
    "JSON",
    "LINUX",
    "MACOS",
    "NOTE",
    "NULL",
    "POSIX",
    "PYTHON3",
    "PYTHON2",
    "README",
    "REST",
    "TODO",
    "TRUE",
    "FALSE",
    "TYPESCRIPT",
    "UNIX",
    "UTF8",
    "UTF16",
    "WINDOWS",
    "WSL2",
    "YAML",
];

/// The one or two sources that have a rare name of the title.
pub(super) fn rare(brief: &Brief, _: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let project = &places.snapshot.repository.name;
    let is_common = |name: &str| {
        COMMON.contains(&name.to_uppercase().as_str())
            || name.eq_ignore_ascii_case(project)
            || THROWN.is_in(name)
    };
    // What is defined is looked for as what it is.
    let is_rare = |name: &&str| !is_common(name) && places.defining(name).is_empty();
    let names = NAME.all(&brief.title, 1).into_iter().filter(is_rare).take(4);
    let found = names.map(|name| (places.having(name), name)).find(|(found, _)| !found.is_empty());
    let Some((found, name)) = found else { return Vec::new() };
    let told = |place| Likely { place, because: format!("is one of few that have {}", words::quoted(name)) };
    let mut found: Vec<Likely> = found.into_iter().map(told).collect();
    by_words(&mut found, brief, places);
    found
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{issue, planned, repository};

    /// The places of what is asked, where a name of the title stands in so many more sources.
    fn sited(title: &str, more: usize) -> Vec<String> {
        let other = "fn moor_menu_of_ship_editor() {\n    menu.editor.show()\n}\n";
        let mut files = vec![
            ("src/charts.rs".to_owned(), "fn kinds() {\n    list(\".kxml\")\n}\n".to_owned()),
            ("src/editor.rs".to_owned(), other.to_owned()),
        ];
        files.extend(
            (0..more).map(|n| (format!("src/a{n}.rs"), "fn x() {\n    list(\"kxml\")\n}\n".to_owned())),
        );
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let body = "The menu of the ship editor shows nothing for them.";
        let plan = planned(&issue(4, title, body), &repository("acme/ferry", "5a1ad00", &files));
        plan.requirements[0].places.iter().map(|place| place.path.clone()).collect()
    }

    #[test]
    fn a_name_that_stands_in_one_source_decides_before_all_words() {
        assert_eq!(sited("Menu of the ship editor lacks KXML charts", 0), ["src/charts.rs"]);
        assert!(!sited("Menu of the ship editor lacks KXML charts", 3).contains(&"src/charts.rs".to_owned()));
        assert!(!sited("Menu of the ship editor lacks kxml", 0).contains(&"src/charts.rs".to_owned()));
        assert!(!sited("Menu of the ship editor lacks HTML charts", 0).contains(&"src/charts.rs".to_owned()));
    }

    #[test]
    fn a_name_that_is_defined_is_no_rare_word() {
        let files = [
            ("src/a.ts", "export function moorShip() {}\n"),
            ("src/b.ts", "import { moorShip } from './a'\nmoorShip()\n"),
        ];
        let brief = issue(4, "Errors of moorShip are confusing", "They are.");
        let plan = planned(&brief, &repository("acme/ferry", "5a1ad00", &files));
        assert!(
            plan.requirements.iter().all(|one| !one.likely.as_deref().unwrap_or_default().contains("few"))
        );
    }
}
