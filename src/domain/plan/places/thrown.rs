//! Where an exception is thrown.

use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::literals::is_comment;
use crate::domain::plan::places::{LINE, Places, existing, name, stem, without_tests};

/// What stands before the name of an exception where one is thrown.
static THROWS: Pattern = Pattern::new(
    r"(?-i:\b(?:throw new|throw|raise|Promise\.reject\(new|return new|panic\(|panic!\(|Err\()\s*(?:\w+(?:\.|::|\\))*$)",
);

impl Places<'_> {
    /// The lines that throw an exception of this name, outside of its own definition and of tests; none where many files do.
    pub fn throwing(&self, exception: &str) -> Vec<Place> {
        let mut found: Vec<Place> = Vec::new();
        for (path, text) in &self.sources {
            if !text.contains(exception) || stem(name(path)) == exception {
                continue;
            }
            for (at, line) in without_tests(path, text).lines().enumerate() {
                let Some((before, after)) = line.split_once(exception).filter(|_| line.len() < LINE) else {
                    continue;
                };
                let whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                if whole && !is_comment(line) && THROWS.is_in(before) {
                    found.push(Place { line: Some(at + 1), ..existing(path) });
                }
            }
        }
        found
    }
}
