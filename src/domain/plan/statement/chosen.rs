//! Which of several ways that an issue offers a maintainer wants.

use crate::domain::brief::Brief;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{Reading, Statement};

/// Says which one it is to be.
static CHOOSES: Pattern = Pattern::new(
    r"\b(?:let['’]?s (?:go|do|start)|(?:want|like|going|happy|inclined|prefer) to (?:go|start|do it)|(?:i|we)(?:['’]d| would)? (?:rather |probably )?(?:go|opt|vote)) (?:with|for)\b|\b(?:i|we)(?:['’]d| would)? (?:strongly |much )?prefer\b|\bis (?:the way to go|what (?:i|we) (?:want|need|['’]d like))\b",
);

/// Where a maintainer names one of the ways and none of the others, the others stay out.
pub(super) fn by_maintainer(reading: &mut Reading, brief: &Brief) {
    let triages = |login: &str| brief.comments.iter().any(|said| said.author == login && said.by_triage());
    let said = reading.talk.iter().chain(&reading.demands).chain(&reading.left_open);
    let chooses = |said: &&Statement| said.by.as_deref().is_some_and(triages) && CHOOSES.is_in(&said.text);
    let Some((by, names)) = said.filter(chooses).map(|said| (said.by.clone(), named(&said.text))).next_back()
    else {
        return;
    };
    let own = |one: &Statement| one.by.is_none() && one.line > 0;
    let wanted = |one: &Statement| names.iter().any(|name| one.text.contains(name.as_str()));
    let Some(only) = reading.demands.iter().filter(|one| own(one)).find(|one| wanted(one)).cloned() else {
        return;
    };
    let beside = |one: &Statement| own(one) && one.section == only.section && only.section.is_some();
    if reading.demands.iter().filter(|one| beside(one) && wanted(one)).count() > 1 {
        return;
    }
    let others = reading.demands.extract_if(.., |one| beside(one) && one.line != only.line);
    let others: Vec<Statement> = others.map(|one| Statement { by: by.clone(), ..one }).collect();
    reading.excluded.extend(others);
}

/// What a sentence writes as code.
fn named(text: &str) -> Vec<String> {
    let spans = mentions::spans(text).into_iter().filter(|(_, code)| *code);
    spans.map(|(name, _)| name.trim().to_owned()).filter(|name| name.len() > 2).collect()
}
