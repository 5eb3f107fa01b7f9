//! `Having a take precedence over b would be nice`: what a has to do.

use super::{PART, agrees};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

static HAVING: Pattern = Pattern::new(
    r"^having (.{3,120}?) (take|be|become|use|show|print|work|accept|respect|honou?r|apply|default|return|stay|keep|run) (.{3,160}?) would (?:also |really )?be (?:nice|great|good|useful|helpful|handy|ideal|preferable)\b.*$",
);

/// What is wished to do something, and what it does then.
pub fn having(text: &str) -> Option<String> {
    // `Having an option to show it` has no subject that shows.
    let is_whole = |subject: &str| !subject.ends_with(" to") && !subject.contains(" that");
    let found = HAVING.captures(text.trim()).filter(|found| is_whole(&found[1]))?;
    let (subject, verb, rest) = (found.get(1)?.as_str(), found.get(2)?.as_str(), found.get(3)?.as_str());
    let does = agrees(subject, verb);
    Some(format!("{}: {does} {}", words::shorten(subject, PART), words::shorten(rest, PART)))
}

#[cfg(test)]
mod tests {
    use super::having;

    #[test]
    fn what_one_would_like_to_have_do_something_does_it() {
        assert_eq!(
            having("Having a header take precedence over the file would be nice too.").as_deref(),
            Some("a header: takes precedence over the file")
        );
        assert_eq!(having("Having an option to show hidden files would be great."), None);
        assert_eq!(having("Having to type it twice would be bad."), None);
    }
}
