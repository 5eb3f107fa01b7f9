//! What who may triage says of the cause and the way: quoted, where no requirement and no question holds it.

use crate::domain::brief::Brief;
use crate::domain::plan::asks;
use crate::domain::plan::model::{Plan, Verdict};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{Reading, Statement};
use crate::domain::plan::{unheard, words};

/// Most sentences that are quoted.
const MOST: usize = 2;
/// Longest quotation, in characters.
const LONG: usize = 220;

/// Why it happens.
static CAUSE: Pattern = Pattern::new(
    r"\b(?:(?:that|this|which|it|what) causes?|(?:is|are|was) caused by|because|due to|(?:root )?cause (?:is|was)|culprit|happens when|regression (?:from|in|caused)|introduced (?:in|by)|the (?:problem|issue|bug) (?:is|here is|comes|lies))\b",
);
/// How it is to be done.
static WAY: Pattern = Pattern::new(
    r"\b(?:(?:we['’]d|we would) (?:also )?need|to (?:fix|solve|resolve|address) (?:this|that|it|the)|the fix (?:is|would|should)|(?:should|must|needs? to|has to|could be|can be) (?:probably |just |simply |instead |then |also )?(?:be |only )?\w+|instead of|hard-?cod\w+|(?:nicest|cleanest|best|simplest|easiest|preferred|right) (?:solution|fix|way|approach) (?:is|would be))\b",
);
/// Which way it is, among several: so much of the sentence decides, whatever is asked behind it.
static DECIDES: Pattern = Pattern::new(
    r"^\W*((?:(?:yes|yeah|ok|okay|sure|so),? )?[^?]{4,140}?\b(?:(?:would be|is|seems(?: to be)?) the (?:best|right|cleanest|simplest|preferred|most sensible) (?:approach|way|solution|option|fix|choice)\b|(?:could|should|can|must) be (?:on|off|enabled|disabled|opt-in|opt-out|true|false) by default\b|(?:could|should|can|must) be (?:opt-in|opt-out)\b))",
);
/// Doubts it, or asks.
static DOUBTS: Pattern = Pattern::new(
    r"\b(?:don['’]?t|not|never|hardly) (?:\w+ )?(?:think|believe|sure|certain|know|see|convinced|want)\b|\b(?:whether|if|unless)\b|^\W*(?:do|does|is|are|would|could|should|can|why|how|what) |\bnot (?:the|a) (?:best|right)\b",
);
/// Said to whoever wrote, or of what they do until then.
static TO_YOU: Pattern = Pattern::new(
    r"\b(?:you|your|pr|prs|pull request|thanks|thank|welcome|feel free|for now|workaround|work around|i['’]?ll|i will|let me|my|i (?:do|don['’]?t|often|use|like|want|have|had|was|am))\b",
);

/// Finds it good, or easy: no way to do it.
static PRAISES: Pattern = Pattern::new(
    r"\b(?:good|great|nice|cool) (?:idea|suggestion|point|catch)\b|\b(?:should|would|could) be (?:very |pretty |quite |relatively |fairly )?(?:easy|simple|straightforward|doable|trivial|possible)\b|\bmakes sense\b",
);

/// Puts who says it, and what, before all that the plan reads otherwise, the cause first.
pub fn quote(brief: &Brief, reading: &Reading, plan: &mut Plan) {
    if plan.verdict == Verdict::TooVague || plan.turned_down_by.is_some() {
        return;
    }
    let known = unheard::known(plan);
    let of_triage = |said: &Statement| said.by.as_deref().is_some_and(|by| by != brief.author);
    let fits = |said: &&Statement| {
        let named = said.text.contains('`') || asks::says_must(&said.text);
        let named = named && said.text.split(' ').count() > 5;
        of_triage(said)
            && named
            && !asks::is_question(&said.text)
            && !TO_YOU.is_in(&said.text)
            && !PRAISES.is_in(&said.text)
            && !said.text.ends_with(':')
            && !unheard::is_heard(said, &known)
    };
    let causes = reading.talk.iter().filter(|said| CAUSE.is_in(&said.text)).filter(fits);
    let ways =
        reading.talk.iter().filter(|said| !CAUSE.is_in(&said.text) && WAY.is_in(&said.text)).filter(fits);
    let decided = reading.talk.iter().filter(|said| {
        let sure = !DOUBTS.is_in(&said.text) && !CAUSE.is_in(&said.text);
        of_triage(said) && sure && !unheard::is_heard(said, &known)
    });
    let mut decided: Vec<(&Statement, &str)> =
        decided.filter_map(|said| Some((said, DECIDES.first(&said.text, 1)?))).collect();
    // As they were said, one after the other.
    decided.sort_by_cached_key(|(_, part)| brief.comments.iter().position(|said| said.body.contains(part)));
    let told = |head: &str, said: &Statement, part: &str| {
        let by = said.by.as_deref().unwrap_or_default();
        let quote = words::quoted(&words::shorten(part.trim_end_matches('.'), LONG));
        format!("{head}, as {by} says: {quote}")
    };
    let causes = causes.map(|said| told("the cause", said, &said.text));
    let ways = ways.filter(|said| DECIDES.first(&said.text, 1).is_none());
    let ways = decided.into_iter().chain(ways.map(|said| (said, said.text.as_str())));
    let ways = ways.map(|(said, part)| told("the way", said, part));
    let all: Vec<String> = causes.chain(ways).take(MOST).collect();
    plan.read_as.splice(0..0, all);
}
