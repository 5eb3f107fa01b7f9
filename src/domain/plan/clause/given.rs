//! `Given this, when that, then what`: a scenario in one sentence.

use super::joined;
use crate::domain::plan::pattern::Pattern;

static GIVEN: Pattern = Pattern::new(
    r"^\W*(?:given|angenommen,?) (?:that )?(.{2,200}?)[,;]?\s+(?:(?:and )?(?:when|wenn) (.{2,200}?)[,;]?\s+)?(?:then|dann) (.{3,300})$",
);

static CAPITAL: Pattern = Pattern::new(r"(?-i:,? (?:And|Und|But|Aber) )");

/// Condition and outcome of such a sentence.
pub fn given(text: &str) -> Option<String> {
    let found = GIVEN.captures(text.trim().trim_end_matches(['.', ';', '!']))?;
    let part = |group: usize| found.get(group).map(|it| it.as_str().trim());
    let condition = match part(2) {
        Some(when) => format!("{}, when {when}", part(1)?),
        None => part(1)?.to_owned(),
    };
    // The lines of a scenario begin with a capital, whose words go on with the one before.
    let condition = CAPITAL.replace(&condition, |_| " and ".to_owned());
    Some(joined(Some(&condition), &CAPITAL.replace(part(3)?, |_| ", and ".to_owned())))
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
                "Given a free berth And no wind When a ship asks Then it gets the berth And the log names it",
                Some("a free berth and no wind, when a ship asks: it gets the berth, and the log names it"),
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
