//! What somebody expects behind what came: the same input, and that.

use crate::domain::plan::examples::{self, Side};
use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// `I would expect no such line` behind what came: what went in, and that.
pub(super) fn of(scene: &Scene<'_>, index: usize) -> Option<String> {
    let demand = scene.reading.demands.get(index).filter(|demand| demand.by.is_none())?;
    let outcome = AWAITED.first(demand.text.trim().trim_end_matches('.'), 1)?;
    let shown = examples::of(scene.reading);
    let before = |one: &&examples::Example| {
        !one.input.is_empty() && one.line < demand.line && one.side != Side::Wanted
    };
    let came = shown.iter().filter(before).max_by_key(|one| one.line)?;
    Some(format!("{}: {}", examples::typed(came), words::clipped(outcome, 110)))
}

static AWAITED: Pattern = Pattern::new(
    r"^\W*(?:but |so |instead,? )?(?:i|we)(?:['’]d| would)? (?:have )?(?:expect(?:ed)?|want(?:ed)?)(?: (?:to (?:see|get)|that))? (.{3,110})$",
);
