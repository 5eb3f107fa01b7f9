//! Where the key of a configuration is read.

use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::literals::is_comment;
use crate::domain::plan::places::{LINE, Places, existing, without_tests};
use crate::domain::plan::words;

/// In more files than these a key is read everywhere.
const FILES: usize = 3;

static DECIDES: Pattern = Pattern::new(
    r"^\W*(?:if|else if|elif|for|foreach|while|switch|match|case|unless|when)\b|\bget\w*\(|\[\x22|\['",
);

impl Places<'_> {
    /// Where the sources read a key, in quotes or as a member; those that only declare it come into account where nothing
    /// else reads it. None where too many do.
    pub fn reading(&self, key: &str) -> Vec<Place> {
        let names = spelled(key);
        let mut found: Vec<(bool, Place)> = Vec::new();
        for (path, text) in &self.sources {
            let text = without_tests(path, text);
            if !names.iter().any(|name| words::holds(text, name)) {
                continue;
            }
            let reads = |line: &str| {
                line.len() < LINE && !is_comment(line) && names.iter().any(|name| reads(line, name))
            };
            let lines: Vec<(usize, &str)> =
                text.lines().enumerate().filter(|(_, line)| reads(line)).collect();
            let best = lines.iter().find(|(_, line)| DECIDES.is_in(line)).or(lines.first());
            let Some((at, _)) = best else { continue };
            let declares = names.iter().any(|name| self.definition(path, name).is_some());
            found.push((declares, Place { line: Some(at + 1), ..existing(path) }));
        }
        if found.iter().any(|(declares, _)| !declares) {
            found.retain(|(declares, _)| !declares);
        }
        if found.len() > FILES { Vec::new() } else { found.into_iter().map(|(_, place)| place).collect() }
    }
}

/// As configurations and code write it: `max-age`, `max_age`, `maxAge`, `MaxAge`.
fn spelled(key: &str) -> Vec<String> {
    let parts: Vec<&str> = key.split(['-', '_']).filter(|part| !part.is_empty()).collect();
    let camel: String = parts.iter().map(|part| words::capitalized(part)).collect();
    let small = camel.chars().take(1).flat_map(char::to_lowercase).chain(camel.chars().skip(1)).collect();
    let mut out = vec![key.to_owned()];
    for name in [parts.join("_"), parts.join("-"), small, camel] {
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// `"key"`, `'part/key'`, `config.key`; what is only set is not read.
fn reads(line: &str, name: &str) -> bool {
    line.match_indices(name).take(8).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + name.len()..).unwrap_or_default();
        let next = after.chars().next();
        let closes = matches!(next, Some('"' | '\'' | '`'));
        let quoted = closes && matches!(before, Some('"' | '\'' | '`' | '/' | '.' | ':'));
        let ends = !next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '('));
        let rest = after.trim_start();
        let is_set = rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>");
        quoted || before == Some('.') && ends && !is_set && !closes
    })
}
