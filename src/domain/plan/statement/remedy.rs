//! The change that a report proposes, and what it says of the cause.

use crate::domain::plan::asks;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::{Reading, Statement};

/// What is to be changed, as the writer of a report sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy<'a> {
    /// In a sentence.
    Said(&'a Statement),
    /// In code.
    Shown(&'a Block),
}

/// Below such a heading a report says what to change.
static HEADED: Pattern = Pattern::new(
    r"^\W*(?:(?:proposed|suggested|possible|potential|recommended|simple|my|the|a|an) )*(?:fix(?:es)?|solutions?|resolution|patch|(?:code )?changes?|remedy)\W*$",
);

/// A sentence that says it anywhere.
static SAYS: Pattern = Pattern::new(
    r"^\W*(?:(?:proposed|suggested|possible|potential|easy|simple|quick|the|a) )+(?:fix|solution|patch)\W*[:–-] .*`|\b(?:the|a|one|an?|my|possible|easy|simple|correct|right|proposed|suggested) (?:fix|solution|patch) (?:is|would be|could be|might be|should be|seems to be) (?:to|simply to|just to) \w+.*`|\b(?:check|guard|condition|line|comparison|expression|default|regex|pattern|type|call) (?:\w+ )?(?:should|must|has to|needs to) (?:probably |instead )?(?:be|read) `[^`]+`(?: (?:instead|rather)\b|\W*$)",
);

/// What leads in code that is to stand there.
static LEADS: Pattern = Pattern::new(
    r"\b(?:code|lines?|function|method|check|condition|body|it|this|that) (?:\w+ )?(?:should|could|must|has to|needs? to|can) be (?:\w+ )?(?:modified|changed|replaced|rewritten|fixed|adjusted|updated)\b|\b(?:fix|patch|solution) (?:is|would be|could be|might be|should be|looks like)\b[^.]*:\W*$|^\W*(?:proposed|suggested|possible|potential) (?:fix|solution|patch|change)\b[^.]*:\W*$",
);

/// Of whoever writes, or of the matter as a whole.
static SELF: Pattern = Pattern::new(r"^\W*(?:i|we|i['’](?:m|ve|d|ll))\b|\bnot sure\b|\bno idea\b");

/// The first of it; what a list or a question weighs against each other is no proposal.
pub fn remedy(reading: &Reading) -> Option<Remedy<'_>> {
    let below = |section: Option<&str>| {
        section.is_some_and(|section| HEADED.is_in(section.rsplit(asks::UNDER).next().unwrap_or(section)))
    };
    let own =
        |said: &&Statement| said.by.is_none() && !SELF.is_in(&said.text) && !asks::is_question(&said.text);
    let tells = |said: &&Statement| {
        let asks = asks::says_must(&said.text) || asks::is_imperative(&said.text);
        SAYS.is_in(&said.text) || below(said.section.as_deref()) && asks && said.text.contains('`')
    };
    let said = reading.talk.iter().filter(own).find(tells).map(Remedy::Said);
    let led = |block: &&Block| {
        below(block.section.as_deref()) || block.lead.as_deref().is_some_and(|lead| LEADS.is_in(lead))
    };
    let own_blocks = reading.blocks.iter().take(reading.own_blocks);
    said.or_else(|| own_blocks.into_iter().find(led).map(Remedy::Shown))
}

/// Says why it happens, by the code.
static BECAUSE: Pattern = Pattern::new(
    r"\b(?:this|it|that|which|(?:the )?(?:problem|issue|bug|cause|culprit|reason)) (?:is|was|happens|occurs|seems to be|might be|appears to be|comes)\b[^.]{0,40}\b(?:because|caused by|due to|from)\b[^.]*(?:`|\bline\b)",
);

/// Does a report say which code is to blame?
pub fn blames(reading: &Reading) -> bool {
    let own = reading.talk.iter().chain(&reading.demands).filter(|said| said.by.is_none());
    own.into_iter().any(|said| BECAUSE.is_in(&said.text))
}
