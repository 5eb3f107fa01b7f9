//! Whether the writer of an issue has an option today: what one uses is no new one.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;

/// `If you format with `--stdin``: whoever tells what it does today has it.
pub(super) fn is_used(scene: &Scene<'_>, flag: &str) -> bool {
    let own = scene.reading.talk.iter().filter(|said| said.by.is_none());
    own.filter_map(|said| said.text.split_once(flag)).any(|(before, after)| {
        let whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        whole && USES.is_in(before)
    })
}

/// `Pass a path with `--stdin``: something else, where that is given.
pub(super) fn is_beside(text: &str, flag: &str) -> bool {
    let before = text.split_once(flag).map_or("", |(before, _)| before);
    WITH.is_in(before.trim_end_matches(['`', ' ', '"', '\'']))
}

static WITH: Pattern = Pattern::new(r"\b(?:with|via|using|through|under|beside|besides|alongside)(?: the)?$");
static USES: Pattern = Pattern::new(
    r"\b(?:if|when|whenever|as soon as) (?:you|i|we|one|people|users?|someone) (?:\w+ ){1,4}?(?:with|using|via|use|pass|set|run)\b[^.,;]{0,40}$|\b(?:i|we) (?:currently |already |now )?(?:use|used|pass|passed|set|run|ran)\b[^.,;]{0,30}$",
);
