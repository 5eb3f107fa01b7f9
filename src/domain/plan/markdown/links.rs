//! Links the first mention of every cited file, and only that one.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::escape;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Plan};
use crate::domain::plan::places;

/// The links of one comment.
pub struct Links {
    url: String,
    sha: String,
    /// What a code span may say, and the path it means.
    known: BTreeMap<String, String>,
    seen: BTreeSet<String>,
    made: Vec<(String, String)>,
}

impl Links {
    /// Knows the files a plan cites.
    pub fn new(plan: &Plan) -> Self {
        let mut known = BTreeMap::new();
        for path in plan.cited.keys() {
            known.insert(path.clone(), path.clone());
            if places::folder(path) == ".github/workflows" || places::name(path) == "CODEOWNERS" {
                known.insert(places::name(path).to_owned(), path.clone());
            }
        }
        let url = escape::link::page(&plan.repo_url);
        let linkable = !url.is_empty() && !plan.base_sha.is_empty();
        let known = if linkable { known } else { BTreeMap::new() };
        Self { url, sha: plan.base_sha.clone(), known, seen: BTreeSet::new(), made: Vec::new() }
    }

    /// Escaped prose; a code span that is a cited file becomes a link, once.
    pub fn prose(&mut self, text: &str) -> String {
        let mut out = String::new();
        for (part, code) in mentions::spans(text) {
            match code {
                true => out.push_str(&self.code(part, None)),
                false => out.push_str(&super::within(part)),
            }
        }
        out
    }

    /// Escaped prose without links, for quotes and bold text.
    pub fn plain(&self, text: &str) -> String {
        super::plain(text)
    }

    /// A place; the line is part of the link, not of the words.
    pub fn place(&mut self, place: &Place) -> String {
        if place.new {
            return escape::code_span(&place.path);
        }
        match place.line {
            Some(line) => self.code(&place.path, Some(line)),
            None => self.code(&place.path, None),
        }
    }

    /// Is it said for the first time in this comment?
    pub fn first_time(&mut self, text: &str) -> bool {
        self.seen.insert(text.to_owned())
    }

    /// The commit, linked to its tree.
    pub fn base(&mut self) -> Option<String> {
        let short = self.sha.get(..7).unwrap_or(&self.sha).to_owned();
        if short.is_empty() {
            return None;
        }
        if self.url.is_empty() {
            return Some(escape::code_span(&short));
        }
        let target = escape::link::tree(&self.url, &self.sha);
        self.made.push(("base".to_owned(), target));
        Some(format!("[{}][base]", escape::code_span(&short)))
    }

    /// Reference definitions, one per line.
    pub fn definitions(self) -> Option<String> {
        let lines: Vec<String> =
            self.made.iter().map(|(label, target)| format!("[{label}]: {target}")).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn code(&mut self, text: &str, line: Option<usize>) -> String {
        let span = escape::code_span(text);
        let Some(path) = self.known.get(text).cloned() else { return span };
        let key = format!("{path}:{}", line.unwrap_or(0));
        if !self.seen.insert(key) {
            return span;
        }
        let label = format!("f{}", self.made.iter().filter(|(label, _)| label != "base").count() + 1);
        let lines = line.and_then(|line| u32::try_from(line).ok()).map(|line| (line, line));
        self.made.push((label.clone(), escape::link::permalink(&self.url, &self.sha, &path, lines)));
        format!("[{span}][{label}]")
    }
}
