//! What helps until a fault is mended.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

static WORKAROUND: Pattern =
    Pattern::new(r"\bwork-?\s?arounds?\b|\bin the meantime\b|\buntil (?:it|this|that) is fixed\b");
/// `There is no workaround`, `is there one?`.
static NONE: Pattern = Pattern::new(
    r"\b(?:no|any|a better|without(?: an?)?|need(?:s|ed)? an?|find an?|looking for an?|know of an?)\s+(?:\w+\s+)?work-?\s?around|\?\s*$|\bwork-?\s?arounds?\b[^.]{0,30}\b(?:not|\w+n['’]t|fails?|neither)\b",
);
/// It tells what one does.
static DEED: Pattern = Pattern::new(
    r"`[^`]+`|\b(?:set(?:ting)?|us(?:e|ing)|pass(?:ing)?|downgrad\w+|pin(?:ning)?|disabl\w+|delet\w+|remov\w+|restart\w*|add(?:ing)?|call(?:ing)?|run(?:ning)?|turn(?:ing)? o\w+|replac\w+|renam\w+)\b",
);

/// What is to be said of it for the way back: while the fault is there, its workaround is needed.
pub fn told(scene: &Scene<'_>) -> Option<String> {
    let own = scene.reading.own();
    let mut helps =
        own.filter(|said| WORKAROUND.is_in(&said.text) && !NONE.is_in(&said.text) && DEED.is_in(&said.text));
    let said = helps.find(|said| said.line > 0)?;
    let quote = words::quoted(&words::clipped(said.text.trim_end_matches('.'), 110));
    Some(format!("while it is out, the way around it of line {} is needed: {quote}", said.line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_around_that_helps_nobody_is_none() {
        for said in ["There is no workaround", "The workaround doesn't help: setting `a` to 1"] {
            assert!(NONE.is_in(said), "{said}");
        }
        assert!(!NONE.is_in("As a workaround we set `a` to 1"));
    }
}
