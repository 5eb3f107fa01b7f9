//! Other issues that the text names.

use super::{LIMIT, Lookups};
use crate::domain::brief::Brief;
use crate::domain::plan::model::{Lookup, LookupKind};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Reading;

static NUMBER: Pattern = Pattern::new(r"(?:^|\s|\()#(\d{1,9})\b");

impl Lookups {
    /// Other issues, where the repository's issues are known.
    pub(super) fn issues(&mut self, brief: &Brief, reading: &Reading) {
        if brief.open_issues.is_empty() {
            return;
        }
        let said = reading.demands.iter().chain(&reading.talk).map(|statement| statement.text.as_str());
        let relations = reading.relations.iter().map(|(_, text)| text.as_str());
        for text in said.chain(relations).take(400) {
            for digits in NUMBER.all(text, 1) {
                let name = format!("#{digits}");
                if self.names.len() >= LIMIT || self.names.iter().any(|seen| seen.name == name) {
                    continue;
                }
                let found = brief.open_issues.iter().any(|open| open.number.to_string() == digits);
                self.names.push(Lookup {
                    name,
                    kind: LookupKind::Issue,
                    found,
                    place: None,
                    similar: Vec::new(),
                });
            }
        }
    }
}
