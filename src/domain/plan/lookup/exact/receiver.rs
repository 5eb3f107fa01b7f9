//! The type that a title names before a new method of it: `Add Hold.lift(Crate)`.

use crate::domain::brief::Brief;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places, existing};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

static METHOD: Pattern = Pattern::new(r"(?-i:\b([A-Z]\w{2,})(?:\.|#|::)([a-z]\w*)\()");

/// The file of the type, where there is one and the title wishes something.
pub(super) fn receiver(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if reading.tells_fault {
        return Vec::new();
    }
    let found = METHOD.every(&brief.title).find_map(|found| {
        let (owner, method) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        Some((places.type_file(owner)?, format!("{owner}.{method}")))
    });
    let told = |(path, called): (&str, String)| Likely {
        place: existing(path),
        because: format!("is the type of {}", words::code(&called)),
    };
    found.map(told).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{issue, planned, repository};

    #[test]
    fn a_new_method_goes_to_the_type_that_the_title_names() {
        let one = "public class Crate {\n  /** Adds a crate before this. */\n  public Crate before(Crate other) { return other; }\n}\n";
        let many = "public class Crates {\n  public Crates all() { return this; }\n}\n";
        let files = [("src/main/java/Crate.java", one), ("src/main/java/Crates.java", many)];
        let body = "`Crate` has `before(Crate)`, but `Crates` has not.\n\nPlease add the same to `Crates`. As a crate stands in one place, each should get a copy.";
        let plan = planned(
            &issue(4, "Add Crates.before(Crate) and after(Crate)", body),
            &repository("acme/ferry", "5a1ad00", &files),
        );
        let first = &plan.requirements[0];
        assert_eq!(
            first.quote, "Add Crates.before(Crate) and after(Crate)",
            "the title says what the same is"
        );
        assert_eq!(first.places[0].path, "src/main/java/Crates.java");
        assert_eq!(plan.requirements[1].cases, ["each: get a copy"]);
    }
}
