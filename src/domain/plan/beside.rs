//! Asks what a new thing is called beside those of its kind, and what it gives where they give theirs.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::words;

/// Asks, where the issue wants a new thing beside others that the tree has.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    let Some(siblings) = &scene.lookups.siblings else { return };
    let others = words::list(&words::codes(&siblings.others));
    if let Some(registry) = &siblings.registry {
        let line = registry.line.unwrap_or(1);
        let text = format!(
            "What is it called beside {others}, which `{}` lists from line {line} on?",
            registry.path
        );
        let default = words::code(&siblings.name);
        findings.ask(scene, "its name", Question::new("sibling.name".to_owned(), text, default, 66));
    }
    if scene.reading.blocks.is_empty() {
        let text = format!("What comes out of it where {others} give theirs: one example?");
        let default = format!("shown by its tests; every option that `{}` respects holds", siblings.model);
        findings.ask(scene, "what it gives", Question::new("sibling.example".to_owned(), text, default, 74));
    }
}
