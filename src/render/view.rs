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
