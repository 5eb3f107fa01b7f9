//! Short answers that every command uses.

use serde::Serialize;

use crate::domain::escape;
use crate::domain::failure::BoxError;
use crate::github::error::{ApiError, ErrorKind};
use crate::render::view::View;

/// One sentence of ours, Markdown already.
#[derive(Serialize)]
pub struct Sentence {
    /// The sentence; user text in it is escaped by whoever made it.
    pub text: String,
}

impl View for Sentence {
    const TEMPLATE: &'static str = "answer/sentence.md.j2";

    fn samples() -> Vec<Self> {
        vec![Self { text: "Nothing is running on this issue.".to_owned() }]
    }
}

/// Somebody without the role asked.
#[derive(Serialize)]
pub struct Refused {
    /// What is needed, such as `write access`.
    pub access: &'static str,
    /// As it is typed here.
    pub command: String,
    /// What nothing is wrong with: `your issue` for its author, `this issue` for others.
    pub subject: &'static str,
}

impl View for Refused {
    const TEMPLATE: &'static str = "answer/refused.md.j2";

    fn samples() -> Vec<Self> {
        vec![Self { access: "write access", command: "/enhance".to_owned(), subject: "your issue" }]
    }
}

/// A name that is close to one of ours.
#[derive(Serialize)]
pub struct Unknown {
    /// What was typed.
    pub typed: String,
    /// What may have been meant.
    pub meant: String,
    /// How to ask for help here.
    pub help: String,
}

impl View for Unknown {
    const TEMPLATE: &'static str = "answer/unknown.md.j2";

    fn samples() -> Vec<Self> {
        vec![Self { typed: "/enhace".to_owned(), meant: "/enhance".to_owned(), help: "/help".to_owned() }]
    }
}

/// A command that could not be worked.
#[derive(Serialize)]
pub struct Failed {
    command: String,
    what: String,
    mend: Option<String>,
}

impl Failed {
    /// Says what GitHub refused, and what would mend it; causes of our own making are not shown, they are in the log.
    pub fn new(command: String, cause: &(dyn std::error::Error + Send + Sync + 'static)) -> Self {
        let Some(error) = cause.downcast_ref::<ApiError>() else {
            let what =
                "something on our side failed, and trying again would not help; the operator's log says what";
            return Self { command, what: what.to_owned(), mend: None };
        };
        let granted = error.facts.permissions.as_ref().map(|needed| {
            format!(
                "The App's owner has to ask for {}, and an administrator here to accept it; then the command works again.",
                escape::code_span(needed)
            )
        });
        let mend = match error.kind {
            ErrorKind::Forbidden => {
                granted.as_deref().unwrap_or("An administrator can check the App's permissions in this repository's settings; then the command works again.")
            }
            ErrorKind::Validation(_) => {
                "Changing what the message names and typing the command again will do."
            }
            _ => "Typing the command again starts it anew.",
        };
        let facts = &error.facts;
        let request = escape::code_span(&format!("{} {}", facts.method, facts.path));
        let message = escape::inline(facts.message.trim_end_matches('.'));
        let what = match facts.status {
            Some(status) => format!("GitHub answered {request} with {status}, “{message}”"),
            None => format!("GitHub did not answer {request}, “{message}”"),
        };
        Self { command, what, mend: Some(mend.to_owned()) }
    }

    /// Nobody was left to say what it came to.
    pub fn died(command: String) -> Self {
        let what = "whatever worked on it ended without a word; the operator's log says why";
        Self {
            command,
            what: what.to_owned(),
            mend: Some("Typing the command again starts it anew.".to_owned()),
        }
    }
}

impl View for Failed {
    const TEMPLATE: &'static str = "answer/failed.md.j2";

    fn samples() -> Vec<Self> {
        let cause: BoxError = "a bug".into();
        vec![Self::new("/enhance".to_owned(), cause.as_ref()), Self::died("/enhance".to_owned())]
    }
}
