//! An exception of the tree's own that a report complains of: the one file that throws it, and not the one that defines it.

use super::said;
use crate::domain::brief::Brief;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// In the title, or at the beginning of a line that a program wrote.
static TITLED: Pattern = Pattern::new(r"(?-i:\b([A-Z]\w{3,}(?:Exception|Error|Fault))\b)");
static PRINTED: Pattern = Pattern::new(
    r"(?m-i:^[\s>`]*(?:(?:Unhandled exception|Caused by|Exception in thread [^:]{1,60}|Uncaught|Traceback)[. :]*)?(?:\w+(?:\.|::|\\))*([A-Z]\w{3,}(?:Exception|Error|Fault))\b)",
);

/// Lines of one file that throw it.
pub(super) fn thrown(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if !reading.tells_fault && !TITLED.is_in(&brief.title) {
        return Vec::new();
    }
    let body = said(brief);
    let names = TITLED.all(&brief.title, 1).into_iter().chain(PRINTED.all(&body, 1).into_iter().take(4));
    names.map(|name| of(places, name)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn of(places: &Places<'_>, name: &str) -> Vec<Likely> {
    let thrown = places.throwing(name);
    let Some(first) = thrown.first().cloned() else { return Vec::new() };
    if thrown.iter().any(|place| place.path != first.path) {
        return Vec::new();
    }
    let line = first.line.filter(|_| thrown.len() == 1);
    let because = match thrown.len() {
        1 => format!("throws {}", words::code(name)),
        times => format!("throws {} in {times} lines", words::code(name)),
    };
    vec![Likely { place: crate::domain::plan::model::Place { line, ..first }, because }]
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{issue, planned, repository};

    #[test]
    fn an_exception_is_mended_where_it_is_thrown() {
        let own = "public class BadCrateException extends RuntimeException {\n  public BadCrateException(String crate) { super(crate); }\n}\n";
        let thrower = "class Hold {\n  void lift(String crate) {\n    if (crate.isEmpty())\n      throw new BadCrateException(crate);\n  }\n}\n";
        let other = "class Pier {\n  /** never throw new BadCrateException here */\n  void moor() {}\n}\n";
        let tree = |more: &'static str| {
            let files =
                [("src/BadCrateException.java", own), ("src/Hold.java", thrower), ("src/Pier.java", more)];
            repository("acme/ferry", "5a1ad00", &files)
        };
        let sited = |tree| {
            let plan = planned(
                &issue(4, "BadCrateException for a crate with a dash", "It fails with `a-b`."),
                &tree,
            );
            plan.requirements[0].places.first().map(|place| (place.path.clone(), place.line))
        };
        assert_eq!(sited(tree(other)), Some(("src/Hold.java".to_owned(), Some(4))));
        let both = "class Pier {\n  void moor(String crate) { throw new BadCrateException(crate); }\n}\n";
        assert_ne!(sited(tree(both)), Some(("src/Hold.java".to_owned(), Some(4))), "either may be it");
    }
}
