//! `Given this, when that, then what`: a scenario in one sentence.

use super::joined;
use crate::domain::plan::pattern::Pattern;

static GIVEN: Pattern = Pattern::new(
    r"^\W*(?:given|angenommen,?) (?:that )?(.{2,200}?)[,;]?\s+(?:(?:and )?(?:when|wenn) (.{2,200}?)[,;]?\s+)?(?:then|dann) (.{3,300})$",
);

/// Condition and outcome of such a sentence.
pub fn given(text: &str) -> Option<String> {
    let found = GIVEN.captures(text.trim().trim_end_matches(['.', ';', '!']))?;
    let part = |group: usize| found.get(group).map(|it| it.as_str().trim());
    let condition = match part(2) {
        Some(when) => format!("{}, when {when}", part(1)?),
        None => part(1)?.to_owned(),
    };
    Some(joined(Some(&condition), part(3)?))
}

#[cfg(test)]
mod tests {
    use super::given;

    #[test]
    fn a_scenario_of_one_sentence_is_its_condition_and_its_outcome() {
        for (text, case) in [
            (
                "Given a blocked account, when it signs in, then the answer is `Err(Blocked)`",
                Some("a blocked account, when it signs in: the answer is `Err(Blocked)`"),
            ),
            (
                "Given an empty file, then the export ends with 0.",
                Some("an empty file: the export ends with 0"),
            ),
            ("Given that it is late we go home.", None),
        ] {
            assert_eq!(given(text).as_deref(), case, "{text}");
        }
    }
}
