//! Phases into which an issue cuts its work by its headings.

use crate::domain::plan::pattern::Pattern;

static PHASE: Pattern = Pattern::new(r"\b(phase|stage|milestone|iteration) (\d{1,2})\b");

/// What a heading calls its part, and its number: `Phase 2: recognize what is known`.
pub fn phase(section: &str) -> Option<(&str, u32)> {
    let found = PHASE.captures(section)?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str().parse().ok()?))
}
