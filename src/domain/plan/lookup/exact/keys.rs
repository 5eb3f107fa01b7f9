//! Keys of a configuration that an issue changes, or that its example sets.

use std::collections::HashSet;

use super::{LIMIT, by_words};
use crate::domain::brief::Brief;
use crate::domain::plan::clues;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{Likely, Places};
use crate::domain::plan::statement::Reading;
use crate::domain::plan::words;

/// Where a key of the configuration is read that gets another value, or the rarest that the issue speaks of and whose
/// use its example shows.
pub(super) fn read_key(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if reading.tells_fault {
        return Vec::new();
    }
    let own = reading.own();
    let texts: Vec<&str> =
        std::iter::once(brief.title.as_str()).chain(own.map(|said| said.text.as_str())).collect();
    let named = texts.iter().filter_map(|text| KEYED.either(text)).take(LIMIT).map(str::to_owned);
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
        parts.filter(|part| part.len() > 3).map(str::to_lowercase).collect()
    };
    let prose: HashSet<String> = texts.iter().flat_map(|text| parts(text)).collect();
    let is_said =
        |key: &&str| key.len() > 3 && !clues::is_general(key) && prose.contains(&key.to_lowercase());
    let blocks = reading.blocks.iter().take(reading.own_blocks).take(20);
    let lines = blocks.flat_map(|block| block.text.lines().take(200)).filter(|line| line.len() < 400);
    let mut shown: Vec<&str> = lines.filter_map(|line| SET.first(line, 1)).filter(is_said).collect();
    shown.sort_unstable();
    shown.dedup();
    let told = |key: &str| {
        let because = format!("reads the key {}", words::code(key));
        let found = places.reading(key).into_iter();
        found.map(|place| Likely { place, because: because.clone() }).collect::<Vec<Likely>>()
    };
    let named = named.map(|key| told(&key)).find(|found| !found.is_empty());
    let rarest = || {
        let all = shown.iter().take(LIMIT).map(|key| told(key)).filter(|found| !found.is_empty());
        all.min_by_key(Vec::len)
    };
    let mut found = named.or_else(rarest).unwrap_or_default();
    by_words(&mut found, brief, places);
    found
}

static KEYED: Pattern = Pattern::new(
    r"`([a-z][\w-]{2,40})` (?:config(?:uration)?|setting|option|key|property|parameter)s? (?:\w+ ){0,3}?(?:an?|another|one more|additional|further|new) (?:new |other |further |additional )?(?:value|mode|choice)|(?:value|mode|choice)s? (?:of|for|to) (?:the )?`([a-z][\w-]{2,40})`",
);
/// A key of YAML, TOML or JSON.
static SET: Pattern =
    Pattern::new(r"^\s*(?:- )?[\x22']?([a-z][\w-]{2,40})[\x22']?\s*(?::(?:\s|$)|=\s*[\x22'\[\d{tf])");
