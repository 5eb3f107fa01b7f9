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

/// A wish of fewer words is said of something that stands elsewhere.
const BARE: usize = 3;

/// `An earlier run, as an example - https://…`: what is to be found there.
static CAPTION: Pattern = Pattern::new(r"^\W*(?:an?|the|another|one)\b[^.]*[-–—:(]\s*<?https?://\S+\W*$");
/// `Example: `a.yml``: what the code below is called.
static EXAMPLE: Pattern = Pattern::new(
    r"^\W*(?:for )?(?:examples?|instance|e\.g\.?|sample|input|output|file|before|after)\W*`[^`]+`\W*$",
);
static ADDRESS: Pattern = Pattern::new(r"^\W*(?:[a-z]+:\s+)?https?://\S+\W*$");
