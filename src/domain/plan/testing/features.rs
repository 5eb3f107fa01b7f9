//! Features of a package that an issue names: without them its code is not even built.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};

static SECTION: Pattern = Pattern::new(r"(?ms)^\[features\]\s*$(.*?)(?:^\[|\z)");
static KEY: Pattern = Pattern::new(r#"(?m)^["']?([\w-]+)["']?\s*="#);
/// How a feature is called one: `features = ["x"]`, `--features x,y`, feature `x`, `x` feature.
static NAMED: Pattern = Pattern::new(
    r#"--features[ =]["']?([\w,/ -]+?)["']?(?:\s--|\s*[`"'\n]|$)|\bfeatures\s*=\s*\[([^\]]*)\]|\bfeatures?\s+[`"']([\w-]+)[`"']|[`"']([\w-]+)[`"']\s+(?:cargo )?features?\b|\bfeature\s*=\s*"([\w-]+)""#,
);

/// The features of the packages around the paths that the text calls by their names; none for what is always on.
pub fn named(places: &Places<'_>, paths: &[String], text: &str) -> Vec<String> {
    let declared = declared(places, paths);
    let called = (1..=5).flat_map(|group| NAMED.all(text, group));
    let words =
        called.flat_map(|said| said.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))));
    let mut out: Vec<String> = words
        .filter(|word| *word != "default" && *word != "std" && declared.iter().any(|own| own == word))
        .map(str::to_owned)
        .collect();
    out.sort();
    out.dedup();
    // Who lists many names none that matters.
    if out.len() > 2 { Vec::new() } else { out }
}

fn declared(places: &Places<'_>, paths: &[String]) -> Vec<String> {
    let home = |path: &String| {
        let folders = super::above(path).map(|folder| places::within(folder, "Cargo.toml"));
        folders.chain(["Cargo.toml".to_owned()]).find(|manifest| places.has(manifest))
    };
    let mut manifests: Vec<String> =
        paths.iter().filter(|path| path.ends_with(".rs")).filter_map(home).collect();
    if manifests.is_empty() {
        manifests.push("Cargo.toml".to_owned());
    }
    manifests.dedup();
    let sections = manifests.iter().filter_map(|path| SECTION.first(places.text(path)?, 1));
    sections.flat_map(|section| KEY.all(section, 1)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_feature_is_one_that_is_declared_and_called_one() {
        let manifest = "[package]\nname = \"reef\"\n\n[features]\ndefault = [\"std\"]\nstd = []\nwide_numbers = []\nraw = []\nlog = []\n\n[dependencies]\nserde = \"1\"\n";
        let snapshot = repository("acme/reef", "5a1ad00", &[("Cargo.toml", manifest), ("src/lib.rs", "")]);
        let places = Places::new(&snapshot);
        let paths = ["src/lib.rs".to_owned()];
        let said = |text: &str| named(&places, &paths, text).join(" ");
        assert_eq!(said("Removing the `wide_numbers` feature helps"), "wide_numbers");
        assert_eq!(said("reef = { version = \"1\", features = [\"raw\", \"std\"] }"), "raw");
        assert_eq!(said("with `cargo run --features raw,wide_numbers`"), "raw wide_numbers");
        assert_eq!(said("The raw text goes to the log; `serde` feature; default features"), "");
    }
}
