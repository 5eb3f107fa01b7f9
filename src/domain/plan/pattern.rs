//! A regular expression that is compiled on first use and never panics.

use std::sync::OnceLock;

use regex::{Captures, Regex};

/// Memory in which one pattern remembers the states it has met, bytes: hundreds of patterns look at each sentence.
const CACHE: usize = 512 * 1024;

/// A constant pattern. One that does not compile matches nothing; tests refuse to run with one.
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Case-insensitive.
    pub const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    /// Is it anywhere in the text?
    pub fn is_in(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The text with every match replaced by what `with` makes of it.
    pub fn replace(&self, text: &str, with: impl Fn(&str) -> String) -> String {
        match self.regex() {
            Some(regex) => regex
                .replace_all(text, |found: &Captures<'_>| with(found.get(0).map_or("", |it| it.as_str())))
                .into_owned(),
            None => text.to_owned(),
        }
    }

    /// Like [`Pattern::replace`], of group 1 alone where the match has one.
    pub fn replace_token(&self, text: &str, with: impl Fn(&str) -> String) -> String {
        let Some(regex) = self.regex() else { return text.to_owned() };
        let replaced = regex.replace_all(text, |found: &Captures<'_>| {
            let whole = found.get(0).map_or("", |it| it.as_str());
            match (found.get(0), found.get(1)) {
                (Some(all), Some(token)) => {
                    let (before, after) = (token.start() - all.start(), token.end() - all.start());
                    let side = |range: Option<&str>| range.unwrap_or_default().to_owned();
                    side(whole.get(..before)) + &with(token.as_str()) + &side(whole.get(after..))
                }
                _ => with(whole),
            }
        });
        replaced.into_owned()
    }

    /// The first match.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    /// All of group `group`, in order.
    pub fn all<'t>(&self, text: &'t str, group: usize) -> Vec<&'t str> {
        let Some(regex) = self.regex() else { return Vec::new() };
        regex.captures_iter(text).filter_map(|found| found.get(group)).map(|found| found.as_str()).collect()
    }

    /// The first group that took part, of each match in order.
    pub fn either_of_all<'t>(&self, text: &'t str) -> Vec<&'t str> {
        self.every(text).filter_map(|found| any_group(&found)).collect()
    }

    /// Every match, in order.
    pub fn every<'p, 't>(&'p self, text: &'t str) -> impl Iterator<Item = Captures<'t>> + use<'p, 't> {
        self.regex().into_iter().flat_map(move |regex| regex.captures_iter(text))
    }

    /// Group `group` of the first match.
    pub fn first<'t>(&self, text: &'t str, group: usize) -> Option<&'t str> {
        self.captures(text)?.get(group).map(|found| found.as_str())
    }

    /// The first group that took part in the first match: one of several ways to say the same.
    pub fn either<'t>(&self, text: &'t str) -> Option<&'t str> {
        any_group(&self.captures(text)?)
    }

    fn regex(&self) -> Option<&Regex> {
        let compiled = self.compiled.get_or_init(|| {
            let compiled =
                regex::RegexBuilder::new(self.source).case_insensitive(true).dfa_size_limit(CACHE).build();
            #[cfg(test)]
            assert!(compiled.is_ok(), "{}", self.source);
            compiled.ok()
        });
        compiled.as_ref()
    }
}

/// The first group that took part.
fn any_group<'t>(found: &Captures<'t>) -> Option<&'t str> {
    found.iter().skip(1).flatten().next().map(|part| part.as_str())
}
