//! Which of several ways that an issue offers a maintainer wants.

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{Origin, Reading, Statement};
use crate::domain::plan::{wish, words};

/// Says which one it is to be.
static CHOOSES: Pattern = Pattern::new(
    r"\b(?:let['’]?s (?:go|do|start)|(?:want|like|going|happy|inclined|prefer) to (?:go|start|do it)|(?:i|we)(?:['’]d| would)? (?:rather |probably )?(?:go|opt|vote)) (?:with|for)\b|\bis (?:the way to go|what (?:i|we) (?:want|need|['’]d like))\b",
);

/// Doubts it, or says what it is not to be.
static DOUBTS: Pattern = Pattern::new(r"\b(?:not|why|unsure|whether|if we|would we|should we)\b|n['’]t\b|\?");
/// Heads ways of which one will do.
static OFFERS: Pattern =
    Pattern::new(r"\b(?:solutions?|options?|alternatives?|approach(?:es)?|ways?|proposals?|ideas?)\b");

/// Where a maintainer names one of the ways and none of the others, the others stay out.
pub(super) fn by_maintainer(reading: &mut Reading, brief: &Brief) {
    let said = reading.talk.iter().chain(&reading.demands).chain(&reading.left_open);
    let chooses = |said: &&Statement| {
        said.by.as_deref().is_some_and(|login| brief.triages(login))
            && CHOOSES.is_in(&said.text)
            && !DOUBTS.is_in(&said.text)
    };
    let Some((by, names)) = said.filter(chooses).map(|said| (said.by.clone(), named(&said.text))).next_back()
    else {
        return;
    };
    let own = |one: &Statement| one.by.is_none() && one.line > 0;
    let wanted = |one: &Statement| names.iter().any(|name| one.text.contains(name.as_str()));
    let Some(only) = reading.demands.iter().filter(|one| own(one)).find(|one| wanted(one)).cloned() else {
        return;
    };
    // A list of tasks offers nothing to choose from.
    let offered = only
        .section
        .as_deref()
        .is_some_and(|section| OFFERS.is_in(&section.to_lowercase()) && !asks::is_acceptance(section));
    let bound = |one: &Statement| matches!(one.origin, Origin::Box | Origin::Scenario | Origin::Said);
    let beside = |one: &Statement| offered && own(one) && !bound(one) && one.section == only.section;
    if reading.demands.iter().filter(|one| beside(one) && wanted(one)).count() > 1 {
        return;
    }
    let others = reading.demands.extract_if(.., |one| beside(one) && one.line != only.line);
    let others: Vec<Statement> =
        others.map(|one| Statement { by: by.clone(), origin: Origin::Said, ..one }).collect();
    reading.excluded.extend(others);
}

/// So many words two wishes have in common that are one: more than that both speak of a flag.
const SHARED: usize = 2;

/// Takes a change on if it is this one.
static WOULD_TAKE: Pattern = Pattern::new(
    r"\b(?:would|could|will|can|happy to|glad to|open to|i['’]d|we['’]d) (?:gladly |happily |probably |also )?(?:accept|take|merge|review|welcome|love|see) (?:an? |the )?(?:prs?|pull requests?|patch(?:es)?|change) (?:for|that|to|which|with|adding)\b",
);

/// Where a maintainer says by name what would be taken, what the author asks for in general words is that.
pub(super) fn by_offer(reading: &mut Reading, brief: &Brief) {
    let offers = |one: &&Statement| {
        one.by.as_deref().is_some_and(|login| brief.triages(login))
            && WOULD_TAKE.is_in(&one.text)
            && !DOUBTS.is_in(&one.text)
            && !named(&one.text).is_empty()
    };
    let Some(offer) = reading.demands.iter().find(offers).map(|one| words::stems(&one.text)) else { return };
    let general = |one: &Statement| {
        let shown = clause::case(&one.text).or_else(|| wish::case(&one.text)).is_some();
        one.by.is_none()
            && matches!(one.origin, Origin::Hope | Origin::Wish)
            && named(&one.text).is_empty()
            && !shown
            && words::stems(&one.text).intersection(&offer).count() >= SHARED
    };
    reading.talk.extend(reading.demands.extract_if(.., |one| general(one)));
    reading.talk.sort_by_key(|said| (said.by.is_some(), said.line));
}

/// The code behind another way that a maintainer names shows that way, and is no demand beside what the issue asks.
pub(super) fn by_another_way(reading: &mut Reading) {
    let ways = reading.left_open.iter().filter(|said| asks::names_way(&said.text));
    let whose: Vec<String> = ways.filter_map(|said| said.by.clone()).collect();
    let shows = |one: &Statement| {
        let own = one.by.as_ref().is_some_and(|by| whose.contains(by));
        own && one.text.starts_with('`') && !asks::says_must(&one.text)
    };
    reading.talk.extend(reading.demands.extract_if(.., |one| shows(one)));
}

/// What a sentence writes as code.
fn named(text: &str) -> Vec<String> {
    let spans = mentions::spans(text).into_iter().filter(|(_, code)| *code);
    spans.map(|(name, _)| name.trim().to_owned()).filter(|name| name.len() > 2).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::statement;
    use crate::domain::plan::tests::reading::said;
    use crate::domain::plan::tests::world::issue;

    /// What is demanded of `- Add …` points below a heading after a maintainer's word.
    fn demanded(heading: &str, word: &str) -> usize {
        let body = format!(
            "## {heading}\n\n- Add `--json` to `export`, which prints an object\n- Add `--csv` to `export`, which prints rows\n"
        );
        let mut brief = issue(4, "Export in another format", &body);
        brief.comments = vec![said("mia", "write", word)];
        statement::read(&brief).demands.iter().filter(|one| one.by.is_none() && one.line > 0).count()
    }

    #[test]
    fn what_a_maintainer_would_take_by_name_is_what_the_author_asked_for_in_general() {
        let body = "### What solution would you like to see?\n\nSome quiet flag or other means to opt out of the warnings of old rules";
        let mut brief = issue(4, "Quiet about the warnings of old rules", body);
        let asked = |brief: &_| {
            let all = statement::read(brief).demands.into_iter();
            all.map(|one| (one.by.is_none(), one.text.contains("--quiet"))).collect::<Vec<_>>()
        };
        assert_eq!(asked(&brief), [(true, false)]);
        brief.comments =
            vec![said("mia", "write", "We could accept a PR for a `--quiet` flag for warnings.")];
        assert_eq!(asked(&brief), [(false, true)]);
        brief.comments =
            vec![said("mia", "write", "I'm not sure we would accept a PR for a `--quiet` flag.")];
        assert_eq!(asked(&brief), [(true, false)]);
    }

    #[test]
    fn one_of_the_ways_that_are_offered_is_chosen_and_doubt_chooses_nothing() {
        assert_eq!(demanded("Suggested solutions", "Nice. Let's go with `--json` here."), 1);
        for word in [
            "I'm not sure `--json` is the way to go.",
            "Why would we want to go with `--json`?",
            "I'd prefer `--json` to be a switch.",
        ] {
            assert_eq!(demanded("Suggested solutions", word), 2, "{word}");
        }
        assert_eq!(demanded("Tasks", "Let's go with `--json` first."), 2, "tasks are all to be done");
    }
}
