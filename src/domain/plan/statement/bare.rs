//! Sentences that name nothing by themselves: a link, what a block below is called, `Make it better.`

use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// Names nothing that is wished for: `Make it better.`, a link.
pub(super) fn is_bare(text: &str) -> bool {
    ADDRESS.is_in(text)
        || CAPTION.is_in(text) && !asks::has_ask(text)
        || EXAMPLE.is_in(text)
        || !text.contains('`') && words::nouns(text).len() < BARE
}

/// `The host likewise.` below `Edit`: what is asked for above is asked for of this, too.
pub(super) fn is_likewise(heading: &str, text: &str) -> bool {
    ADDED.is_in(heading) && LIKEWISE.is_in(text)
}

static ADDED: Pattern = Pattern::new(r"^\W*(?:edit(?:ed)?|update[ds]?|addendum|p\.?s\.?)\b[\W\d]*$");
static LIKEWISE: Pattern = Pattern::new(
    r"^\W*(?:and |also )?(?:the |our |its |an? )?[\w`-][\w` -]{2,50}? (?:likewise|as well|too)\W*$|^\W*(?:and |the )?(?:same|likewise)(?: thing)? (?:for|with|goes for|applies to) \S.{2,60}$",
);

/// A wish of fewer words is said of something that stands elsewhere.
const BARE: usize = 3;

/// `An earlier run, as an example - https://…`: what is to be found there.
static CAPTION: Pattern = Pattern::new(r"^\W*(?:an?|the|another|one)\b[^.]*[-–—:(]\s*<?https?://\S+\W*$");
/// `Example: `a.yml``: what the code below is called.
static EXAMPLE: Pattern = Pattern::new(
    r"^\W*(?:for )?(?:examples?|instance|e\.g\.?|sample|input|output|file|before|after)\W*`[^`]+`\W*$",
);
static ADDRESS: Pattern = Pattern::new(r"^\W*(?:[a-z]+:\s+)?https?://\S+\W*$");

#[cfg(test)]
mod tests {
    use super::is_likewise;

    #[test]
    fn what_is_added_below_edit_may_say_that_it_holds_of_another_thing_too() {
        assert!(is_likewise("Edit", "The host likewise."));
        assert!(is_likewise("Update:", "Same for the `dock` command"));
        assert!(!is_likewise("Notes", "The host likewise."));
        assert!(!is_likewise("Edit", "It works on my ship, where nothing else is set, as well as on yours."));
    }
}
