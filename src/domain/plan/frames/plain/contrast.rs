//! `For this it raises an error, yet for that it raises none`: what is right of one thing has to be so of the other.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

static CONTRAST: Pattern = Pattern::new(
    r"^\W*(?:for|with|on|when) (.{2,80}?),? (?:(?:the|our) )?\w+ (\w+s) ((?:an?|the|its|all) [^,]{2,60}), (?:but|yet|while|whereas) (?:for|with|on|when) (.{2,80}?),? (?:it|\w+) (?:\w+s (?:none|nothing|no(?: \w+)?)|does(?: not|n['’]t)(?: \w+)?)\W*$",
);

/// Longest of the two things, in characters.
const THING: usize = 80;

/// The case of what lacks today, and that of what is right and stays so.
pub(super) fn of(scene: &Scene<'_>) -> Vec<String> {
    let own = scene.reading.talk.iter().chain(&scene.reading.demands).filter(|said| said.by.is_none());
    own.filter_map(|said| cases(&said.text))
        .next()
        .map_or_else(Vec::new, |[lacks, stays]| vec![lacks, format!("{stays}: as at {}", scene.base())])
}

/// What is to come of the one, and what stays.
fn cases(text: &str) -> Option<[String; 2]> {
    let found = CONTRAST.captures(text)?;
    let part = |group: usize| Some(words::shorten(found.get(group)?.as_str().trim(), THING));
    Some([format!("{}: {} {}", thing(&part(4)?), part(2)?, part(3)?), thing(&part(1)?)])
}

/// Between marks where it is code.
fn thing(text: &str) -> String {
    let is_code = !text.contains('`') && text.contains(['=', '(', '"', '.', '_']);
    if is_code { words::code(text) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::cases;

    #[test]
    fn what_is_right_of_one_thing_has_to_be_so_of_the_other() {
        let told =
            cases("For berth = \"7\" the harbor raises an alarm, yet for ship.berth = \"7\" it raises none");
        let [lacks, stays] = told.unwrap();
        assert_eq!(
            (lacks.as_str(), stays.as_str()),
            ("`ship.berth = \"7\"`: raises an alarm", "`berth = \"7\"`")
        );
        assert!(cases("For ships Harbor raises an alarm, and for boats it raises one, too").is_none());
    }
}
