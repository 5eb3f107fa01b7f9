//! Fills templates: ours, or the operator's where a folder of them is given.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};

use crate::domain::plan::secrets;

use super::filters;
use super::templates::{TEMPLATES, text};
use super::tidy::tidy;
use super::view::{Sample, View};

/// Instructions one template may run: far more than any comment needs, and soon reached by a loop without end.
const FUEL: u64 = 2_000_000;

/// Why a view could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("templates/{template}: {cause}")]
pub struct RenderError {
    /// Name of the template.
    pub template: String,
    /// What is wrong, and in which line.
    pub cause: String,
}

/// Fills templates.
pub struct Renderer {
    ours: Environment<'static>,
    operators: Option<Environment<'static>>,
    warned: Mutex<BTreeSet<&'static str>>,
}

/// Renders with our own templates.
pub fn render<V: View>(view: &V) -> Result<String, RenderError> {
    static OURS: LazyLock<Renderer> = LazyLock::new(Renderer::default);
    OURS.render(view)
}

impl Default for Renderer {
    /// Our own templates only.
    fn default() -> Self {
        Self { ours: environment(BTreeMap::new()), operators: None, warned: Mutex::default() }
    }
}

impl Renderer {
    /// Templates from `folder` in place of ours with the same path, each tried with the samples of the views it serves.
    ///
    /// One that cannot be read or does not render is left out; the second value has one sentence for each.
    pub fn with_overrides(folder: &Path, samples: &[Sample]) -> (Self, Vec<String>) {
        let mut warnings = Vec::new();
        let mut texts: BTreeMap<&'static str, String> = BTreeMap::new();
        for (name, _) in TEMPLATES {
            match std::fs::read_to_string(folder.join(name)) {
                Ok(text) => _ = texts.insert(name, text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    warnings.push(format!("{}: {error}; the default is used", folder.join(name).display()))
                }
            }
        }
        for name in texts.keys().copied().collect::<Vec<_>>() {
            if let Some(cause) = first_failure(name, &texts, samples) {
                texts.remove(name);
                warnings.push(format!("{}: {cause}; the default is used", folder.join(name).display()));
            }
        }
        let operators = (!texts.is_empty()).then(|| environment(texts));
        (Self { operators, ..Self::default() }, warnings)
    }

    /// Renders a view to tidy Markdown. An operator's template that fails is replaced by ours, with one warning in the log.
    pub fn render<V: View>(&self, view: &V) -> Result<String, RenderError> {
        if let Some(operators) = &self.operators {
            match fill(operators, V::TEMPLATE, value_of(view)) {
                Ok(text) => return Ok(text),
                Err(error) => self.warn_once(V::TEMPLATE, &error),
            }
        }
        fill(&self.ours, V::TEMPLATE, value_of(view))
    }

    /// Renders a view's samples and falls back to nothing: for checks.
    pub fn render_samples(&self, sample: &Sample) -> Vec<Result<String, RenderError>> {
        let env = self.operators.as_ref().unwrap_or(&self.ours);
        sample.values().into_iter().map(|value| fill(env, sample.template, value)).collect()
    }

    fn warn_once(&self, template: &'static str, error: &RenderError) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.insert(template) {
            tracing::warn!(template, %error, "an operator's template failed; the default is used");
        }
    }
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renderer").field("overridden", &self.operators.is_some()).finish()
    }
}

/// Why a template of the operator cannot be used: it alone in place of ours, under every view, because any may include it.
fn first_failure(
    name: &'static str,
    texts: &BTreeMap<&'static str, String>,
    samples: &[Sample],
) -> Option<String> {
    let alone: BTreeMap<_, _> = texts.get(name).map(|text| (name, text.clone())).into_iter().collect();
    let operators = environment(alone);
    if let Err(error) = operators.get_template(name) {
        return Some(cause(&error));
    }
    let renderer = Renderer { operators: Some(operators), ..Renderer::default() };
    let failed = samples.iter().flat_map(|sample| renderer.render_samples(sample)).find_map(Result::err);
    failed.map(|error| error.cause)
}

fn environment(overrides: BTreeMap<&'static str, String>) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(syntax());
    env.set_fuel(Some(FUEL));
    filters::install(&mut env);
    env.set_loader(move |name| Ok(overrides.get(name).cloned().or_else(|| text(name).map(str::to_owned))));
    env
}

/// A line that holds only a block tag leaves no line behind.
fn syntax() -> SyntaxConfig {
    // Only delimiters that collide can be refused, and these are the default ones.
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default()
}

fn value_of<V: View>(view: &V) -> Value {
    Value::from(Serde(view))
}

fn fill(env: &Environment<'_>, template: &str, value: Value) -> Result<String, RenderError> {
    match env.get_template(template).and_then(|template| template.render(value)) {
        // Whatever a comment is made of, it shows no token.
        Ok(text) => Ok(secrets::without(&tidy(&text))),
        Err(error) => Err(RenderError { template: template.to_owned(), cause: cause(&error) }),
    }
}

/// The innermost error: those around it only say which template included which.
fn cause(error: &minijinja::Error) -> String {
    let mut error = error;
    while let Some(inner) = error.source().and_then(|source| source.downcast_ref()) {
        error = inner;
    }
    let what = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let place = error.line().map(|line| match error.name() {
        Some(name) => format!("line {line} of {name}: "),
        None => format!("line {line}: "),
    });
    format!("{}{what}", place.unwrap_or_default())
}

#[cfg(test)]
mod tests;
