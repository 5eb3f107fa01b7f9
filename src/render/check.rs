//! Whether every template has a view, and every view renders.

use super::renderer::{RenderError, Renderer};
use super::templates::TEMPLATES;
use super::view::Sample;

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
    let rendered = renderer.render_samples(sample);
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
