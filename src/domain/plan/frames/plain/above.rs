//! Code that stands above a sentence which says what one would get from it.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// `From this you would get both` below the code that is meant.
pub(super) fn of(scene: &Scene<'_>, demand: &Statement) -> Option<String> {
    let outcome = OF_THIS.first(demand.text.trim().trim_end_matches('.'), 1)?;
    let own = scene.reading.blocks.iter().take(scene.reading.own_blocks);
    let block = own.rev().find(|block| block.last() < demand.line)?;
    let near = block.last() + BELOW >= demand.line && block.section == demand.section;
    near.then(|| format!("the code of {}: {}", block.lines(), words::clipped(outcome, 110)))
}

/// So many lines below its last one a sentence still points to code.
const BELOW: usize = 3;

static OF_THIS: Pattern = Pattern::new(
    r"^\W*(?:from|with|by|for) (?:this|that|these|the above|it),? (?:you|i|we|one)(?: (?:would|should|will|could)|['’](?:d|ll)) (?:then )?(?:get|have|see|obtain) (.{3,})$",
);
