//! Code that an issue or its conversation quotes, wherever its blanks are set, in the one line that has it.

use crate::domain::brief::Brief;
use crate::domain::plan::lookup::code;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// Most comments that are read.
const COMMENTS: usize = 40;

/// The one line of the sources that has code of the issue.
pub(super) fn coded(brief: &Brief, _: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let comments = brief.comments.iter().filter(|said| !said.is_bot && !said.body.starts_with('/'));
    let comments = comments.take(COMMENTS).map(|said| said.body.as_str());
    let texts = [brief.title.as_str(), brief.body.as_str()].into_iter().chain(comments);
    let found = texts.flat_map(code::spans).find_map(|code| Some((places.coding(&code, code::close)?, code)));
    let told =
        |(place, code): (_, String)| Likely { place, because: format!("holds {}", words::code(&code)) };
    found.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::brief::Brief;
    use crate::domain::plan::tests::reading::said;
    use crate::domain::plan::tests::world::{issue, planned, repository};

    fn sited(quoted: &str) -> Option<(String, Option<usize>)> {
        let files = [
            ("ferry/core.py", "def cut(text, lead):\n    for row in text:\n        yield row[len(lead) :]\n"),
            ("ferry/main.py", "def parse_margin(text):\n    return text.rows[0] + text.rows[1]\n"),
            ("ferry/deck.py", "def deck(text):\n    return text.rows[0] + text.rows[1]\n"),
        ];
        let brief = issue(4, "Text of a margin comes out cut", "The text `a` comes out as nothing.");
        let brief = Brief { comments: vec![said("bo", "read", quoted)], ..brief };
        let plan = planned(&brief, &repository("acme/ferry", "5a1ad00", &files));
        plan.requirements[0].places.first().map(|place| (place.path.clone(), place.line))
    }

    #[test]
    fn code_that_anybody_quotes_is_found_in_the_one_line_that_has_it() {
        assert_eq!(sited("It is `row[len(lead): ]`"), Some(("ferry/core.py".to_owned(), Some(3))));
        let twice = sited("It is `text.rows[0]+text.rows[1]`");
        assert!(twice.is_none_or(|(path, _)| path != "ferry/core.py"), "two lines have it");
    }
}
