//! What somebody proposes as a question and who may triage says yes to.

use crate::domain::brief::{Brief, Comment};
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::roles::Role;
use crate::domain::plan::source::{self, Form, Piece};
use crate::domain::plan::statement::{self, Origin, Reading, Statement};
use crate::domain::plan::words;

/// What was proposed as a question, and the yes to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The question.
    pub text: String,
    /// Who says yes.
    pub by: String,
    /// In these words.
    pub yes: String,
}

impl Agreed {
    /// A line that says whose yes makes it a demand.
    pub fn told(&self) -> String {
        let quote = |text: &str| words::quoted(words::shorten(text, QUOTE).trim_end_matches('.'));
        format!("{} says to {}: {}", self.by, quote(&self.text), quote(&self.yes))
    }
}

/// Most that one plan takes up: a longer talk is no list of yeses.
const MOST: usize = 6;
/// Longest part that is quoted of each, in characters.
const QUOTE: usize = 80;
/// A longer comment is no question, in bytes.
const LONGEST: usize = 4_000;

static YES: Pattern = Pattern::new(
    r"^\W*(?:oh|ah|hm+|well|thanks)?\W*(?:(?:yes|yeah|yep|yup|agreed|absolutely|definitely|(?:that|it) makes sense|good (?:idea|point)|sounds good)\b|(?:sure|right|exactly|correct)\W*$|(?:sure|right|exactly|correct),? (?:it|that|this|we) should\b)",
);
/// Takes back what was said before.
static NO: Pattern = Pattern::new(
    r"^\W*(?:no\b|nope\b|(?:actually|hm+|well),? no\b|on second thoughts?\b|i take (?:it|that) back\b)",
);
static BUT: Pattern = Pattern::new(r"\b(?:but|however|although|though|only|except|unless|not)\b|n['’]t\b|\?");
/// Proposes something to do, and does not ask how or which.
static PROPOSES: Pattern = Pattern::new(
    r"^\W*(?:so|and|also|then|or|maybe|perhaps)?\W*(?:should(?:n['’]t)?|shall|could|can) (?:we|it|they|this|that|the|an?|there|these|those|`)|^\W*(?:what|how) about\b|\bwould it (?:make sense|be (?:better|ok(?:ay)?|fine|good)) (?:to|if)\b",
);
static EITHER: Pattern = Pattern::new(r"\bor\b");

/// The one question of a comment, where it proposes something.
fn proposed(comment: &Comment) -> Option<Piece> {
    let pieces = source::read(&comment.body).pieces;
    let mut asked = pieces.into_iter().filter(|piece| asks::is_question(&piece.text));
    let only = asked.next().filter(|_| asked.next().is_none())?;
    let spoken = matches!(only.form, Form::Sentence | Form::Item);
    let text = only.text.as_str();
    let shows = statement::observable(text) || clause::case(text.trim_end_matches('?')).is_some();
    let proposes = PROPOSES.is_in(text) && !EITHER.is_in(text) && !asks::seeks_help(text);
    (spoken && shows && proposes).then_some(only)
}

/// The yes that a comment begins with.
fn yes(comment: &Comment) -> Option<String> {
    let first = source::read(&comment.body).pieces.into_iter().next()?.text;
    (YES.is_in(&first) && !BUT.is_in(&first)).then_some(first)
}

/// Takes each question that the next comment, of who may triage, answers with yes as a demand of whoever asked.
pub(super) fn take(reading: &mut Reading, brief: &Brief) {
    for (at, pair) in brief.comments.windows(2).enumerate() {
        let [question, answer] = pair else { continue };
        // An answer to a program or to one person is none to whoever spoke before.
        if pair.iter().any(|comment| comment.is_bot || comment.is_addressed()) {
            continue;
        }
        let long = question.body.len().max(answer.body.len()) > LONGEST;
        // Anybody may change a comment of their own after the yes; what the author writes is the issue anyway.
        let known = question.author == brief.author || question.by_triage();
        if long || !known || question.author == answer.author || !answer.by_triage() {
            continue;
        }
        if reading.agreed.len() >= MOST {
            return;
        }
        let (Some(piece), Some(yes)) = (proposed(question), yes(answer)) else { continue };
        let mut later = brief.comments.iter().skip(at + 2).filter(|comment| comment.by_triage());
        if later.any(|comment| NO.is_in(&comment.body)) {
            continue;
        }
        let same = |said: &Statement| said.text == piece.text;
        reading.talk.retain(|said| !same(said));
        reading.left_open.retain(|said| !same(said));
        reading.unanswered.take_if(|said| same(said));
        reading.agreed.push(Agreed { text: piece.text.clone(), by: answer.author.clone(), yes });
        if !reading.demands.iter().any(same) {
            reading.demands.push(Statement {
                text: piece.text,
                said: None,
                line: piece.line,
                section: None,
                by: Some(question.author.clone()),
                origin: Origin::Said,
                role: Role::Wish,
                wish: 100,
                links: piece.links,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::reading::said;
    use crate::domain::plan::tests::world::issue;

    #[test]
    fn a_question_that_a_maintainer_says_yes_to_is_a_demand_of_whoever_asked() {
        let asked = |question: &str, permission: &str, answer: &str| {
            let mut brief =
                issue(4, "Strict merging of files", "Types should be checked when files are merged.");
            brief.author = "ada".to_owned();
            brief.comments = vec![said("ada", "read", question), said("mia", permission, answer)];
            let reading = statement::read(&brief);
            let is_asked = |one: &&statement::Statement| one.by.as_deref() == Some("ada");
            let demand = reading.demands.iter().find(is_asked).map(|one| one.text.clone());
            (demand, reading.agreed.first().map(statement::Agreed::told))
        };
        let question = "Should the `delim` field move into the new `Config` as well?";
        let (demand, told) = asked(&format!("Thanks! {question}"), "write", "Oh yes, that makes sense.");
        assert_eq!(demand.as_deref(), Some(question));
        assert_eq!(
            told.as_deref(),
            Some(
                "mia says to “Should the `delim` field move into the new `Config` as well?”: “Oh yes, that makes sense”"
            )
        );
        for (question, permission, answer) in [
            (question, "read", "Oh yes, that makes sense."),
            (question, "write", "Yes, but not in this release."),
            (question, "write", "I would leave it where it is."),
            ("How should the `delim` field be read?", "write", "Yes."),
            ("Should `delim` move or stay?", "write", "Yes."),
            ("Can I work on `delim`?", "write", "Sure, go ahead!"),
            ("Should I open a PR for `delim`?", "write", "Yes, please."),
            ("Could this be a race in the driver?", "write", "Right, I see it too."),
        ] {
            assert_eq!(asked(question, permission, answer).1, None, "{question} {answer}");
        }
        let mut brief = issue(4, "Strict merging of files", "");
        brief.author = "ada".to_owned();
        brief.comments = vec![said("eve", "read", question), said("mia", "write", "Yes.")];
        assert!(statement::read(&brief).agreed.is_empty(), "a stranger may change the question later");
        for between in [said("leo", "read", "@bob What is `delim`?"), said("mia", "write", "Yes.")] {
            let last =
                said("mia", "write", if between.author == "leo" { "Yes." } else { "On second thought, no." });
            brief.comments = vec![said("ada", "read", question), between, last];
            assert!(statement::read(&brief).agreed.is_empty(), "{:?}", brief.comments);
        }
    }
}
