//! Pictures and tags, which are no words of a line.

use crate::domain::plan::pattern::Pattern;

static IMAGE: Pattern = Pattern::new(
    r"^\s*(?:!\[[^\]]*\]\([^)\s]*\)|<img\b[^>]*>|</?(?:details|summary|br|p|div|sub)\b[^>]*>)\s*|\s*(?:!\[[^\]]*\]\([^)\s]*\)|<img\b[^>]*>|</?(?:details|summary|br|p|div|sub)\b[^>]*>)\s*$",
);

/// A line without the pictures and tags at its ends; what remains still stands in the issue as it is.
pub(super) fn without(line: &str) -> &str {
    let mut rest = line;
    for _ in 0..8 {
        let Some(found) = IMAGE.captures(rest).and_then(|found| found.get(0)) else { break };
        rest = match found.start() {
            0 => rest.get(found.end()..).unwrap_or_default(),
            at => rest.get(..at).unwrap_or_default(),
        };
    }
    rest
}
