//! The pull request that a comment says is the work already.

use crate::domain::brief::{Brief, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source;
use crate::domain::plan::words;

/// What a comment says of a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its number.
    pub number: IssueNumber,
    /// Who says so.
    pub by: String,
    /// The sentence.
    pub said: String,
    /// Open or closed, where that is known.
    pub state: Option<State>,
}

macro_rules! named {
    () => {
        r"(?:(?:^|[\s(])(?:gh-|#)|/(?:pull|issues)/)(\d{1,9})\b"
    };
}

/// `#12 solves it`.
static SOLVES: Pattern = Pattern::new(concat!(
    named!(),
    r"(?:[/#]\S*)?[)\]]?,? (?:(?:has|have|had|already|will|should|also|now|that|which) )*(?:solve[sd]?|fix(?:es|ed)?|resolve[sd]?|address(?:es|ed)?|closes?|takes? care of) (?:it|this|that|the (?:issue|problem|bug|fault))\b",
));
/// `Fixed by #12`.
static SOLVED: Pattern = Pattern::new(concat!(
    r"\b(?:fixed|solved|resolved|addressed|closed|implemented|taken care of) (?:already )?(?:by|in|with|via|through)(?: the| this)?(?: (?:pr|pull request|mr))?:? ?(?:\[?https?://[\w./-]*?)?",
    named!(),
));
/// Says it of a part, of another matter or as a thought, or says that it is not so.
static HEDGED: Pattern = Pattern::new(
    r"\b(?:not|never|no|nor|only|part(?:s|ly|ially)?|half|if|unless|until|whether|would|could|might|may|maybe|perhaps|hopefully|but|however|although|though|other|another|different|similar|related|still|again|regress\w*|came back|revert\w*|like|same|symptoms?|needs? to|can be|once|first|which)\b|n['’]t\b|\?",
);
/// Says later that it is there still.
static REMAINS: Pattern = Pattern::new(
    r"\b(?:still|not (?:yet )?(?:fixed|solved|resolved)|(?:does|did|is|was)n['’]t|re-?open\w*|came back|again|revert\w*)\b",
);

/// The newest pull request that a comment says solves this, where nobody says later that it does not.
pub fn find(brief: &Brief, repository: &str) -> Option<Claimed> {
    let mut found: Option<Claimed> = None;
    for comment in brief.comments.iter().filter(|comment| !comment.is_bot) {
        let pieces = source::read(&comment.body).pieces;
        let sentences = pieces.iter().flat_map(|piece| {
            words::sentences(&piece.text).into_iter().filter_map(|range| piece.text.get(range))
        });
        for said in sentences {
            match claim(said, repository).filter(|number| *number != brief.number) {
                Some(number) => {
                    let known = brief.open_issues.iter().find(|other| other.number == number);
                    let state = known.map(|other| other.state.unwrap_or(State::Open));
                    found = Some(Claimed {
                        number,
                        by: comment.author.clone(),
                        said: said.trim().to_owned(),
                        state,
                    });
                }
                None if REMAINS.is_in(said) => found = None,
                None => {}
            }
        }
    }
    found
}

fn claim(said: &str, repository: &str) -> Option<IssueNumber> {
    let number = [&SOLVES, &SOLVED].into_iter().find_map(|pattern| pattern.first(said, 1))?;
    let own = |(at, _): (usize, &str)| {
        let before = said.get(..at).unwrap_or_default().to_lowercase();
        before.ends_with(&format!("/{}", repository.to_lowercase()))
    };
    let addressed =
        ["pull", "issues"].map(|kind| format!("/{kind}/{number}")).into_iter().find(|it| said.contains(it));
    let is_own = addressed.is_none_or(|address| said.match_indices(address.as_str()).any(own));
    (is_own && !HEDGED.is_in(said)).then(|| number.parse().ok().map(IssueNumber)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pull_request_is_said_to_be_the_work_in_plain_words() {
        for said in [
            "I think #12 fixes this.",
            "@ada, the pr https://github.com/harbor/ferry/pull/12 solve it, and a test is there, too.",
            "Fixed by #12",
            "This was already resolved in PR #12.",
            "It should be fixed via https://github.com/harbor/ferry/pull/12.",
            "#12 has solved the problem for good.",
        ] {
            assert_eq!(claim(said, "ferry"), Some(IssueNumber(12)), "{said}");
        }
        for said in [
            "#12 does not fix this.",
            "#12 only fixes this for cars.",
            "Does #12 fix this?",
            "If #12 fixes this, close it.",
            "Since #12 the boat leaves late.",
            "This was introduced in #12.",
            "The other half was fixed in #12.",
            "harbor/crane#12 fixes this.",
            "Solved by https://github.com/harbor/crane/pull/12.",
            "It was fixed in #12, but it came back.",
        ] {
            assert_eq!(claim(said, "ferry"), None, "{said}");
        }
    }
}
