//! What happens to whoever has so many of something within so much time: `an account with 20 failures within 24 h gets 423`.

use crate::domain::plan::frames::{Claim, Findings, Scene};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::quantity;

/// The number belongs to what it counts, the time is the window of the count and no bound of its own.
static REACHED: Pattern = Pattern::new(
    r"\b(?:with|has|had|have|having|reach(?:es|ed)?)\s+(?:at least\s+)?(\d{1,9}) ((?:[\p{L}-]+ ){0,2}?(?:attempts?|requests?|calls?|sign-?ins?|logins?|failures?|tries|messages?|uploads?|mails?|jobs?))\s+(?:within|in|per|during)\s+((?:\d{1,9}\s*)?(?:ms|s|secs?|seconds?|mins?|minutes?|h|hours?|d|days?))\b",
);
static GETS: Pattern = Pattern::new(r"\b(?:gets?|receives?|sees?|meets?)\s+(?:an? )?`?([1-5]\d\d)\b");
static BECOMES: Pattern =
    Pattern::new(r"\b(?:is|are|be|gets?)\s+(locked|blocked|refused|rejected|disabled|suspended|banned)\b");
static UNTIL: Pattern = Pattern::new(r"\buntil\s+([^.;,]{3,60}\p{L}[^.;,]*)");

/// Claims what says so, each by itself.
pub(super) fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, one) in scene.open(findings) {
        let Some(cases) = cases(&one.text) else { continue };
        let places = scene.own_places(index).to_vec();
        let claim = Claim { frame: super::FRAME.name, group: String::new(), kind: "feature", cases, places };
        findings.claim(index, claim);
    }
}

fn cases(text: &str) -> Option<Vec<String>> {
    let found = REACHED.captures(text)?;
    let [count, thing, window] = [1, 2, 3].map(|group| found.get(group).map_or("", |part| part.as_str()));
    let count: u64 = count.parse().ok()?;
    let answer = quantity::status(text).or_else(|| GETS.first(text, 1)).or_else(|| BECOMES.first(text, 1))?;
    let mut cases = vec![
        format!("{count} {thing} within {window}: {answer}"),
        format!("{}: not {answer}", count.checked_sub(1)?),
    ];
    cases.extend(UNTIL.first(text, 1).map(|end| format!("then until {}: {answer}", end.trim())));
    Some(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_of_time_is_no_bound() {
        for (text, expected) in [
            (
                "an account with 20 failures within 24 h gets 423 until an admin unlocks it",
                "20 failures within 24 h: 423 · 19: not 423 · then until an admin unlocks it: 423",
            ),
            (
                "who has 3 failed sign-ins in 10 minutes must be locked",
                "3 failed sign-ins within 10 minutes: locked · 2: not locked",
            ),
        ] {
            assert_eq!(cases(text).unwrap_or_default().join(" · "), expected, "{text}");
        }
        for text in
            ["after 5 failed attempts within 60 s answer 429", "a page with 20 jobs loads within 24 h"]
        {
            assert_eq!(cases(text), None, "{text}");
        }
    }
}
