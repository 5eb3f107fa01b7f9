//! What `/enhance` was pointed at: this issue, another one, a path, a symbol or a sentence.

use crate::domain::brief::Target;
use crate::domain::command::closest::closest;
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::IssueNumber;

/// What the words behind `/enhance` ask for.
#[derive(Debug, PartialEq, Eq)]
pub enum Aim {
    /// A plan.
    Plan {
        /// `#12`: the issue to plan, if not the one the command stands on.
        issue: Option<IssueNumber>,
        /// Path, symbol or sentence to look at.
        target: Target,
    },
    /// `discover`: what could be planned.
    Discover,
    /// One word that is nearly `discover`.
    Misspelled(String),
}

/// Reads the words behind `/enhance`. They are only ever looked up, never run or fetched.
pub fn aim(text: &str) -> Outcome<Aim> {
    let text = text.trim();
    let bare = text.trim_matches('`');
    if let Some(number) = bare.strip_prefix('#') {
        let number = number.parse().ok().filter(|number| *number > 0).map(IssueNumber);
        return match number {
            Some(number) => Ok(Aim::Plan { issue: Some(number), target: Target::Issue }),
            None => Err(Failure::User("An issue is named by its number, as in `#12`.".to_owned())),
        };
    }
    if bare.contains("://") {
        return Err(Failure::User(
            "I read this repository only; name an issue (`#12`), a path, a symbol or a sentence.".to_owned(),
        ));
    }
    let target = match bare {
        words if names_nothing(words) => Target::Issue,
        words if is_discover(words) => return Ok(Aim::Discover),
        word if !word.contains(char::is_whitespace) && is_path(word) => {
            Target::Path(word.trim_start_matches("./").to_owned())
        }
        word if is_symbol(word) => Target::Symbol(word.trim_end_matches("()").to_owned()),
        word if is_misspelled(word) => return Ok(Aim::Misspelled(word.to_owned())),
        _ => Target::Text(text.to_owned()),
    };
    Ok(Aim::Plan { issue: None, target })
}

/// Whether a text holds nothing but politeness and pronouns, so that it means the issue it stands on.
fn names_nothing(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "this", "that", "it", "these", "please", "pls", "plz", "kindly", "now", "again", "thanks", "thank",
        "thx", "you", "the", "issue", "one", "here", "for", "me", "us", "too", "then", "and",
    ];
    text.split_whitespace().all(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        bare.is_empty() || WORDS.contains(&bare.as_str())
    })
}

/// The one word that is no target.
pub const DISCOVER: &str = "discover";

/// How many letters of the one word that is known may be wrong.
const REACH: usize = 2;

/// One word that is nearly `discover`: as a demand it would say nothing.
fn is_misspelled(word: &str) -> bool {
    !word.contains(char::is_whitespace) && closest(&word.to_lowercase(), [DISCOVER], REACH).is_some()
}

/// `discover`, whatever stands behind it that names nothing.
fn is_discover(text: &str) -> bool {
    let mut words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.next().is_some_and(|word| word.eq_ignore_ascii_case(DISCOVER))
        && words.all(|word| word.eq_ignore_ascii_case("more") || names_nothing(word))
}

fn is_path(word: &str) -> bool {
    let has_extension = word.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && (1..=5).contains(&extension.len()) && extension.chars().all(char::is_alphanumeric)
    });
    word.contains('/') || has_extension
}

fn is_symbol(word: &str) -> bool {
    let name = word.trim_end_matches("()");
    let mixed = name.contains('_')
        || name.contains("::")
        || name.chars().skip(1).any(char::is_uppercase)
        || name != word;
    mixed && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_told_from_the_others() {
        let target = |text: &str| match aim(text) {
            Ok(Aim::Plan { issue: None, target }) => Some(target),
            _ => None,
        };
        assert_eq!(target(""), Some(Target::Issue));
        assert_eq!(target("./src/auth.rs"), Some(Target::Path("src/auth.rs".to_owned())));
        assert_eq!(target("`README.md`"), Some(Target::Path("README.md".to_owned())));
        assert_eq!(target("parse_line()"), Some(Target::Symbol("parse_line".to_owned())));
        assert_eq!(target("RateLimiter"), Some(Target::Symbol("RateLimiter".to_owned())));
        assert_eq!(target("make search faster"), Some(Target::Text("make search faster".to_owned())));
        assert_eq!(target("faster"), Some(Target::Text("faster".to_owned())));
        let issue = Aim::Plan { issue: Some(IssueNumber(12)), target: Target::Issue };
        assert_eq!(aim("#12").ok(), Some(issue));
        assert_eq!(aim("discover").ok(), Some(Aim::Discover));
        assert_eq!(aim("Discover more, please").ok(), Some(Aim::Discover));
        assert_eq!(target("discover the proxy"), Some(Target::Text("discover the proxy".to_owned())));
    }

    #[test]
    fn politeness_alone_means_the_issue() {
        for text in ["this please", "it!", "this issue, please", "please :)", "again"] {
            assert_eq!(aim(text).ok(), Some(Aim::Plan { issue: None, target: Target::Issue }), "{text}");
        }
        let said = Aim::Plan { issue: None, target: Target::Text("this must be red".to_owned()) };
        assert_eq!(aim("this must be red").ok(), Some(said));
    }

    #[test]
    fn a_misspelled_word_makes_no_demand() {
        for text in ["disover", "Discvoer", "`discovr`"] {
            let word = text.trim_matches('`').to_owned();
            assert_eq!(aim(text).ok(), Some(Aim::Misspelled(word)));
        }
        assert!(matches!(aim("recover"), Ok(Aim::Plan { target: Target::Text(_), .. })));
    }

    #[test]
    fn what_cannot_be_looked_up_is_refused_in_one_sentence() {
        for text in ["#0", "#x", "#-1", "https://example.com/x"] {
            assert!(matches!(aim(text), Err(Failure::User(_))), "{text}");
        }
    }
}
