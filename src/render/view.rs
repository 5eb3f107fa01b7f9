//! What a template is filled from: a struct beside the feature that fills it, with samples for the tests.

use serde::Serialize;

use super::renderer::{RenderError, Renderer};
use super::templates::TEMPLATES;

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
pub struct Sample {
    /// Name of the template.
    pub template: &'static str,
    render: fn(&Renderer) -> Vec<Result<String, RenderError>>,
}

impl Sample {
    /// The table row of a view.
    pub const fn of<V: View>() -> Self {
        Self {
            template: V::TEMPLATE,
            render: |renderer| V::samples().iter().map(|view| renderer.render_strictly(view)).collect(),
        }
    }

    /// The view's samples, rendered without falling back to anything.
    pub fn render(&self, renderer: &Renderer) -> Vec<Result<String, RenderError>> {
        (self.render)(renderer)
    }
}

/// Everything wrong with a table of views, one sentence each: a template that no view fills, a view without samples,
/// a sample that does not render or renders to nothing. Templates whose name begins with `_` are parts of others.
pub fn check(samples: &[Sample], renderer: &Renderer) -> Vec<String> {
    let is_part = |name: &str| name.rsplit('/').next().is_some_and(|file| file.starts_with('_'));
    let unfilled = TEMPLATES
        .iter()
        .filter(|(name, _)| !is_part(name) && !samples.iter().any(|sample| sample.template == *name))
        .map(|(name, _)| format!("{name}: no view fills this template"));
    let broken = samples.iter().flat_map(|sample| check_one(sample, renderer));
    unfilled.chain(broken).collect()
}

fn check_one(sample: &Sample, renderer: &Renderer) -> Vec<String> {
    let rendered = sample.render(renderer);
    if rendered.is_empty() {
        return vec![format!("{}: the view has no samples", sample.template)];
    }
    let problem = |outcome: Result<String, RenderError>| match outcome {
        Ok(text) if text.trim().is_empty() => {
            Some(format!("{}: a sample renders to nothing", sample.template))
        }
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    };
    rendered.into_iter().filter_map(problem).collect()
}
