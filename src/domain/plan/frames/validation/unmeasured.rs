//! A bound that names no number: `uploads should have a maximum size`.

use crate::domain::plan::frames::{Claim, Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Origin;
use crate::domain::plan::words;

use super::FRAME;

/// `Limit the size of uploads`.
static LIMIT: Pattern = Pattern::new(
    r"^\W*(?:please )?(?:limit|cap|restrict|bound|add an? (?:upper |maximum |max )?(?:limit|bound|cap) (?:to|for|on)) (?:the )?(?:maximum |max )?(size|length|depth|width|height|number) of (?:the |all |our )*([\p{L}][\p{L} `_-]{2,40}?)[.!]*$",
);
/// `Uploads should have a maximum size`.
static HAVE: Pattern = Pattern::new(
    r"^\W*(?:all |the |our |an? |each |every )*([\p{L}`][\p{L} `_-]{2,40}?) (?:should|must|shall|ha(?:s|ve) to|needs? to) have an? (?:upper |configurable |sensible |reasonable )*(?:(?:max(?:imum|imal)?|largest) (size|length|depth|width|height)|(size|length|depth|width|height) limit)\b[.!]*",
);

/// A number nobody said would be a guess that breaks somebody.
const DEFAULT: &str = "a setting, and nothing is refused until it is set";

/// Claims what bounds something without a number, and asks for it.
pub(super) fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let text = statement.text.as_str();
        if statement.origin == Origin::Report || text.chars().any(|c| c.is_ascii_digit()) {
            continue;
        }
        let Some((what, measure)) = bounded(text) else { continue };
        let slot = scene.slot("validation.bound", index);
        let bound = scene.answered(&slot);
        let told = bound.unwrap_or_else(|| format!("the {measure} asked below"));
        let many = measure.eq_ignore_ascii_case("number");
        let cases = match many {
            true => vec![
                format!("{what}, one more than {told}: refused"),
                format!("as many as {told}: none refused"),
            ],
            false => vec![
                format!("{what} just above {told}: refused"),
                format!("{what} of just {told}: not refused"),
            ],
        };
        let text = match many {
            true => format!("How many {what} are let through at most?"),
            false => {
                format!("Which {measure} of {} is the largest that is let through?", words::quoted(&what))
            }
        };
        let question = Question { slot, text, default: DEFAULT.into(), why: String::new(), weight: 88 };
        findings.ask(scene, &format!("the bound of R{}", index + 1), question);
        let places = scene.place(index).into_iter().collect();
        findings
            .claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places });
    }
}

/// What is bounded, and its measure.
fn bounded(text: &str) -> Option<(String, &str)> {
    if let Some(found) = LIMIT.captures(text) {
        return Some((found.get(2)?.as_str().trim().to_owned(), found.get(1)?.as_str()));
    }
    let found = HAVE.captures(text)?;
    let measure = found.get(2).or_else(|| found.get(3))?;
    Some((found.get(1)?.as_str().trim().to_lowercase(), measure.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_bounded_is_named_with_its_measure() {
        for (text, expected) in [
            ("Limit the number of open connections", Some(("open connections", "number"))),
            ("Comments must have a length limit.", Some(("comments", "length"))),
            ("Limit the Number of open files", Some(("open files", "Number"))),
            ("Limit sign-ins", None),
            ("The size of uploads should be shown.", None),
            ("Limit the size of uploads, which fills the disk, to what fits.", None),
        ] {
            let found = bounded(text);
            assert_eq!(found.as_ref().map(|(what, measure)| (what.as_str(), *measure)), expected, "{text}");
        }
    }
}
