//! What a sentence says to come of a call or a command that it names.

use super::in_section;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// What the input does, as soon as it is named: `` `a()` causes b ``.
pub(super) fn effect(scene: &Scene<'_>, input: &str) -> Option<String> {
    let code = input.split('`').nth(1).filter(|_| input.starts_with('`'))?;
    told(scene).find_map(|said| {
        let (_, behind) = said.text.split_once(&format!("`{code}`"))?;
        let effect = EFFECT.first(behind, 1)?;
        let outcome = words::clipped(effect.trim_end_matches(['.', ' ']), 110);
        (!outcome.ends_with(':')).then_some(outcome)
    })
}

/// ``Calls to `a()` by several threads will fail``: the call with its circumstance, and that it does not.
pub(super) fn failing(scene: &Scene<'_>) -> Option<String> {
    told(scene)
        .filter(|said| said.line > 0 && !asks::is_question(&said.text))
        .find_map(|said| stands(&said.text))
}

fn stands(text: &str) -> Option<String> {
    let found = FAILING.captures(text)?;
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
    let under = WHEN.is_in(part(4));
    if OTHER.is_in(part(2)) || !under && OTHER.is_in(part(4)) {
        return None;
    }
    Some(format!("{}{}: does not {}{}", part(1), part(2), clause::base(part(3)), part(4)))
}

fn told<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Statement> {
    let own = scene.reading.talk.iter().chain(&scene.reading.demands).filter(|said| said.by.is_none());
    own.filter(|said| !in_section(said, asks::is_expected) && !RIGHT.is_in(&said.text))
}

static RIGHT: Pattern = Pattern::new(r"\b(?:right|correct(?:ly)?|expected|fine|as it should|works)\b");
static EFFECT: Pattern = Pattern::new(
    r"^ ((?:causes?|leads? to|results? in|throws|crashes|fails|skips|ignores|hangs)\b.{6,160})$",
);
static FAILING: Pattern = Pattern::new(
    r"^\W*(?:(?:any |all |every |the |concurrent )?calls? (?:to|of) |calling |using |running |invoking |executing )?(`[^`]{3,100}`)( [^.,;:]{3,90}?)? (?:(?:will|would|may|might|can|could|sometimes|always|often|then|now|randomly|occasionally) )*(fails?|crash(?:es)?|hangs?|deadlocks?|panics?|segfaults?|leaks?)( [^.,;:]{2,60})?\W*$",
);
static WHEN: Pattern = Pattern::new(r"^ (?:when(?:ever)?|if|while|once|after|unless) ");
/// A sentence of more than one thought: its verb is another one.
static OTHER: Pattern = Pattern::new(
    r"\b(?:is|are|was|were|does|do|did|has|have|not|never|no longer|but|although|and|so|which|that|should|must|to)\b",
);

#[cfg(test)]
mod tests {
    use super::stands;

    #[test]
    fn a_call_that_fails_goes_in_with_its_circumstance() {
        for (said, expected) in [
            (
                "Calls to `shelf.copy().put(book)` made by several threads at a time will fail.",
                Some("`shelf.copy().put(book)` made by several threads at a time: does not fail"),
            ),
            (
                "Running `shelf list` hangs when the disk is full",
                Some("`shelf list`: does not hang when the disk is full"),
            ),
            ("`shelf list` is what I typed when it fails", None),
            ("`put` should fail", None),
            ("`a()` and `b()` do not fail", None),
        ] {
            assert_eq!(stands(said).as_deref(), expected, "{said}");
        }
    }
}
