//! Whether the writer of an issue has an option today: what one uses is no new one.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;

/// Most sentences that are looked through, and most of one before the option, in bytes.
const SENTENCES: usize = 200;
const BEFORE: usize = 400;

/// `If you format with `--stdin``: whoever tells what it does today has it.
pub(super) fn is_used(scene: &Scene<'_>, flag: &str) -> bool {
    let own = scene.reading.talk.iter().filter(|said| said.by.is_none()).take(SENTENCES);
    own.filter(|said| said.text.contains(flag)).any(|said| uses(&said.text, flag))
}

fn uses(text: &str, flag: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '-';
    text.match_indices(flag).take(4).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + flag.len()..).unwrap_or_default();
        let near = before.get(before.floor_char_boundary(at.saturating_sub(BEFORE))..).unwrap_or_default();
        let whole = !after.starts_with(part) && !before.ends_with(part);
        whole && USES.is_in(near) && !WISHES.is_in(near)
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
/// What one could do if it were there.
static WISHES: Pattern =
    Pattern::new(r"\b(?:could|can|cannot|no|not|without|lacks?|missing|would|should)\b|n['’]t\b|['’]d\b");

#[cfg(test)]
mod tests {
    use super::uses;

    #[test]
    fn what_one_could_pass_is_used_by_nobody() {
        for text in ["If you format with `--all`, names are lost.", "I run it with --all and it stops."] {
            assert!(uses(text, "--all"), "{text}");
        }
        for text in [
            "It'd help if I could pass `--all`.",
            "I use a loop as there is no `--all`.",
            "If you run with `--all-hosts`, names are lost.",
        ] {
            assert!(!uses(text, "--all"), "{text}");
        }
    }
}
