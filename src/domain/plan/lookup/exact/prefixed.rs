//! What a program puts before a generated name: `ship-2458908649` begins with a text of its sources.

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// A prefix and what is made up by a program: digits, or digits and letters of a hash.
static GENERATED: Pattern = Pattern::new(
    r"^(?-i:([A-Za-z][A-Za-z]{1,15}(?:[-_:][A-Za-z]{2,15}){0,2}[-_:])(?:\d{6,}|[a-f]*\d[a-f\d]{5,}))$",
);

/// The one line that has the prefix of a generated name which the issue shows.
pub(super) fn prefixed(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let apart = |section: &Option<String>| section.as_deref().is_some_and(asks::is_circumstance);
    let said = reading.own().filter(|said| !apart(&said.section)).take(100);
    let codes = said.flat_map(|said| mentions::spans(&said.text)).filter(|(_, code)| *code);
    let prefixes = codes.filter_map(|(code, _)| GENERATED.first(code, 1));
    let found = prefixes.take(4).find_map(|prefix| Some((places.prefixing(prefix)?, prefix)));
    let told =
        |(place, prefix): (_, &str)| Likely { place, because: format!("holds {}", words::code(prefix)) };
    found.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{issue, planned, repository};

    fn sited(shown: &str) -> Option<(String, Option<usize>)> {
        let files = [
            ("src/name.ts", "export const name = (ship: string) => {\n  return 'ship-' + hash(ship)\n}\n"),
            ("src/ship.ts", "export const ship = 'ship-list'\n"),
        ];
        let brief = issue(
            4,
            "Let the generated name be chosen",
            &format!("Today it is `{shown}`, which is cryptic."),
        );
        let plan = planned(&brief, &repository("acme/ferry", "5a1ad00", &files));
        plan.requirements[0].places.first().map(|place| (place.path.clone(), place.line))
    }

    #[test]
    fn what_stands_before_a_generated_name_names_the_line_that_puts_it_there() {
        assert_eq!(sited("ship-2458908649"), Some(("src/name.ts".to_owned(), Some(2))));
        assert_eq!(sited("ship-3f9a01bc"), Some(("src/name.ts".to_owned(), Some(2))));
        for other in ["ship-names", "ship-2024", "pier-2458908649"] {
            assert_ne!(sited(other), Some(("src/name.ts".to_owned(), Some(2))), "{other}");
        }
    }
}
