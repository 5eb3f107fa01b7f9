//! The manual page that an issue calls the project's own.

use super::said;
use crate::domain::brief::Brief;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::statement::Reading;

/// Documents that the issue calls the project's own, where its label says that it is about such.
pub(super) fn documents(brief: &Brief, _: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let labeled = brief.labels.iter().any(|label| label.to_lowercase().starts_with("doc"));
    let said = said(brief);
    if !labeled || !OWN_PAGE.is_in(&said) {
        return Vec::new();
    }
    let mut found: Vec<&str> = places.proper().filter(|path| is_page(path)).collect();
    // What is written by hand, before what is made of it.
    found.sort_by_key(|path| (!places::is_prose(path), path.len(), *path));
    let written = found.iter().filter(|path| places::is_prose(path)).count();
    if written > 0 {
        found.truncate(written);
    }
    let told = |path: &str| Likely {
        place: places::existing(path),
        because: "is the man page that the issue calls its own".to_owned(),
    };
    if found.len() > PAGES { Vec::new() } else { found.into_iter().map(told).collect() }
}

/// More pages than these are none that is called the project's own.
const PAGES: usize = 3;
static OWN_PAGE: Pattern = Pattern::new(
    r"\b(?:our|its|(?:the )?project['’]s)(?: own)? man ?pages?\b|\bman ?page (?:source|itself)\b|\b(?:source of|in) the man ?page\b",
);

/// A page of the manual, or what it is made of.
fn is_page(path: &str) -> bool {
    let ending = places::ending(path);
    let section = ending.len() == 1 && ending.chars().all(|c| c.is_ascii_digit());
    let above = places::folder(path).rsplit('/').next().unwrap_or_default();
    let written = places::is_prose(path) || matches!(ending, "ronn" | "scd" | "pod");
    section || written && matches!(above, "man" | "manpages" | "man1")
}
