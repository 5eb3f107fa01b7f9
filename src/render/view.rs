//! What a template is filled from: a struct beside the feature that fills it, with samples for the tests.

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

/// A struct that fills one template.
pub trait View: Serialize {
    /// Name of the template: its path below `templates/`.
    const TEMPLATE: &'static str;

    /// Values that together reach every part of the template.
    fn samples() -> Vec<Self>
    where
        Self: Sized;

    /// What the last line of a comment with this text says; one sentence needs none.
    fn stamp(&self) -> Stamp {
        Stamp::None
    }
}

/// A view in a table of views: `Sample::of::<PlanView>()`.
#[derive(Clone, Copy)]
pub struct Sample {
    /// Name of the template.
    pub template: &'static str,
    values: fn() -> Vec<Value>,
}

impl Sample {
    /// The table row of a view.
    pub const fn of<V: View>() -> Self {
        Self {
            template: V::TEMPLATE,
            values: || V::samples().into_iter().map(|view| Value::from(Serde(view))).collect(),
        }
    }

    /// The view's samples as templates see them.
    pub(super) fn values(&self) -> Vec<Value> {
        (self.values)()
    }
}

/// What an answer is about, for its last line: `rev 1 · base 4f1c2ab · no model · help`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// One sentence, or the help itself: no such line.
    None,
    /// No plan: who made it, and where help is.
    Bare,
    /// What was found at a commit, without a plan.
    Commit {
        /// The commit that was read, seven digits.
        base: String,
    },
    /// A plan.
    Plan {
        /// Its revision.
        rev: i64,
        /// The commit that was read, seven digits.
        base: String,
    },
}
