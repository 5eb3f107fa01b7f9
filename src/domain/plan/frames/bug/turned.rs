//! What happens today, turned round: of `the width is ignored` what one sees when it is mended.

use super::in_section;
use crate::domain::plan::asks;
use crate::domain::plan::clause;
use crate::domain::plan::frames::{Scene, short};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// The first sentence of the report that says in its own words what is wrong, as what is right; the title comes last.
pub(super) fn turned(scene: &Scene<'_>) -> Option<String> {
    let own = |by: &Option<String>| by.is_none();
    let all = scene.reading.talk.iter().chain(&scene.reading.demands);
    let mut said: Vec<_> = all
        .filter(|said| own(&said.by) && said.line > 0)
        .filter(|said| !in_section(said, asks::is_apart) && !in_section(said, asks::is_expected))
        .collect();
    said.sort_by_key(|said| said.line);
    // What one is not sure of happens, or it does not.
    let title = HEDGED.replace(&short(&scene.title()), |_| " ".to_owned());
    let texts = said.iter().map(|said| said.text.as_str()).chain(std::iter::once(title.as_str()));
    let texts: Vec<&str> =
        texts.filter(|text| !asks::is_question(text) && !OF_ANOTHER_VERSION.is_in(text)).collect();
    let own = texts.iter().copied().find_map(round);
    let symptom = || {
        let found = SYMPTOM.captures(&title).filter(|found| {
            !RIGHTLY.is_in(&title)
                && !CONDITION.is_in(&found[1])
                && !BEFORE.is_in(&found[3])
                && !asks::is_imperative(&title)
        })?;
        Some(format!("{} does not {} {}", &found[1], clause::base(&found[2]), &found[3]))
    };
    own.or_else(|| texts.iter().filter_map(|text| clause_of(text)).find_map(round))
        .or_else(|| barred(&title))
        .or_else(symptom)
}

/// `In v1 this did not happen`: how it was elsewhere is not what is wrong here.
static OF_ANOTHER_VERSION: Pattern = Pattern::new(
    r"\b(?:in|with|on|under|before|until|up to) (?:v|version |release )\d[\w.]*,? (?:this|it|that|everything|all) (?:did|was|were|used to|worked|never|had)|\b(?:this|it|that) (?:did|was|were|used to|worked|never|had)\b[^.]{0,40}\b(?:in|with|on|before|until) (?:v|version |release )\d[\w.]*\W*$",
);
static HEDGED: Pattern = Pattern::new(
    r" (?:possibly|apparently|seemingly|sometimes|occasionally|randomly|maybe|perhaps|probably) ",
);

/// `A is what B uses, and copying A does not copy B`: the second half, where it has a subject of its own and says what is not done.
fn clause_of(text: &str) -> Option<&str> {
    AND_NOT.first(text.trim_end_matches('.'), 1)
}

static AND_NOT: Pattern = Pattern::new(
    r"^.{12,160}?, (?:and|but|while) ([^,;:]{4,60}? (?:does|do|is|are)(?: not|n['’]t) [^,;:]{4,80}?)(?: too| either)?$",
);

/// Longest sentence that is turned, in characters.
const LONG: usize = 180;

/// What a title cannot do, or says not to do: in the text people say so of themselves.
fn barred(title: &str) -> Option<String> {
    if title.chars().count() > LONG || asks::secures(title) {
        return None;
    }
    if let Some(able) = NO_ABILITY.first(title, 1).filter(|able| !BUT.is_in(able) && !OF_MIND.is_in(able)) {
        return Some(format!("one can {}", LONGER.replace(able, |_| String::new())));
    }
    let found = DO_NOT.captures(title).filter(|found| !OF_MIND.is_in(&found[1]))?;
    Some(format!("does not {} {}", &found[1], &found[2]))
}

static LACKS: Pattern = Pattern::new(
    r"^(.{3,90}?) (?:do|does|did|will|would)(?: not|n['’]t) (?:currently |correctly |properly |seem to |appear to )?(\w+)\b(.{0,110})$",
);
static CANNOT: Pattern =
    Pattern::new(r"^(.{3,90}?) (?:cannot|can not|can['’]t|could not|couldn['’]t) (.{3,110})$");
static FAILS: Pattern = Pattern::new(r"^(.{3,90}?) (?:fails?|failed) to (\w+)\b(.{0,110})$");
static IS_NOT: Pattern = Pattern::new(
    r"^(.{3,90}?) (?:(is|are) not|(is|are)n['’]t) ((?:being )?\w+(?:ed|en|n|t|able|ible)\b.{0,110})$",
);
static NOT_DONE: Pattern = Pattern::new(
    r"^(.{3,90}?) not ((?:being )?(?:\w+ed|kept|sent|shown|read|written|set|found|built|run|drawn)\b.{0,60})$",
);
static IS_BAD: Pattern = Pattern::new(
    r"^(.{3,90}?) (is|are) ((?:(?:\w+ly|much|far|silently|always) )?(?:ignored|lost|dropped|swallowed|truncated|corrupted|overwritten|duplicated|skipped|doubled|slower|worse|larger|longer|too \w+)\b.{0,110})$",
);
static EVEN: Pattern = Pattern::new(
    r"^([^,]{3,90}?) (?:(is|are|gets?|was|were) )?(\w+(?:ed|en|nt)) even ((?:with|if|when|after|for) .{3,110})$",
);
static UNDER: Pattern = Pattern::new(r"^(?:when(?:ever)?|if|once|after) (.{8,140}), ([^,]{8,160})$");
/// No comma parts what is done from what does not come of it.
static IF_NOT: Pattern = Pattern::new(
    r"^(?:when(?:ever)?|if|once) (.{8,200}?),? (the \w+(?: \w+)?|it) (will|is|are|does|do)(?: not|n['’]t) (be )?(\w+)((?: (?:in|on|at|by|to|with|from) [^,]{2,50})?)$",
);
static DOER: Pattern = Pattern::new(r"^(?:i|you|we|one) ");
static HARMS: Pattern = Pattern::new(
    r"^(.{2,60}?)(?: (?:sometimes|always|often|also|still|\w+ly))? (duplicates|drops|loses|corrupts|swallows|ignores|truncates|overwrites|mangles|leaks|doubles|misplaces|reorders|strips|forgets|skips) (.{3,110})$",
);
static STILL: Pattern = Pattern::new(r" still\b|\bstill | (?:anymore|yet)$");
/// `If the account has a key, the tool keeps on asking for a code`.
static KEEPS: Pattern = Pattern::new(
    r"^(?:(?:if|when(?:ever)?) ([^,]{4,100}), )?([^,;:]{2,60}?) keeps (?:on )?(\w+ing) ([^,;:]{3,90}?)[,:]?$",
);
static FOREVER: Pattern = Pattern::new(
    r"^(.{2,80}?) (recurses|loops|runs|waits|blocks|spins|retries|hangs) (infinitely|forever|endlessly|indefinitely|without end)\b.{0,40}$",
);
/// What a title of a report says to happen.
static SYMPTOM: Pattern = Pattern::new(
    r"^((?:(?:the|an?|each|every|this) |`[^`]+`|(?-i:[A-Z]\w*[A-Z_.:]\w*)).{0,80}?) (opens|prints|shows|displays|returns|gives|renders|generates|creates|adds|removes|deletes|writes|sends|calls|runs|includes|treats|converts|upgrades|installs|asks|requires|accepts|matches|selects|changes|overwrites|closes|resets|starts|emits|logs) (.{3,100})$",
);
/// Behind a noun stands where or when it is.
static BEFORE: Pattern = Pattern::new(r"^(?:in|on|at|of|for|to|from|by|with|when|after|if|while|as)\b");
/// As it is right, or said with a condition of its own.
static RIGHTLY: Pattern =
    Pattern::new(r"\b(?:not|no|only|never|instead|even|should|must|but|as expected|correctly)\b");
static NEGATED: Pattern = Pattern::new(r"\b(?:no longer|never|only|not|and)\b");
static SINCE: Pattern =
    Pattern::new(r"^(.{3,110}?) (is|are) (\w+ed\b.{0,110}?),? since (?:version )?v?\d[\w.]*$");
static EVEN_DOES: Pattern =
    Pattern::new(r"^([^,]{3,60}?) (\w{3,}s) ([^,]{3,90}?) even (if|when|though|after) (.{3,110})$");
static IS_UN: Pattern = Pattern::new(
    r"^(.{3,90}?) (is|are) (?:non-?(deterministic)|in(consistent|correct|complete|accurate|compatible|valid)|un(stable|predictable|reachable|usable|readable|available|reliable|sorted|ordered)|im(possible|precise)|ir(reproducible))\b(.{0,110})$",
);
static NO_ABILITY: Pattern = Pattern::new(
    r"^(?:(?:it['’]?s |it is |i am |i['’]m |we are )?(?:not able|unable|impossible|not possible)(?: to)?|(?:i |you |we |one )?(?:can['’]?t|cannot|can not|could not|couldn['’]t)) ([a-z]{2,} .{3,110})$",
);
static DO_NOT: Pattern = Pattern::new(r"(?:^|: )(?:do not|don['’]t) ([a-z]{2,}) (.{3,110})$");
/// `It uses the default instead of the one of the file`.
static IN_PLACE: Pattern = Pattern::new(
    r"^(?:(?:unfortunately|however|but|instead|now|currently),? )?([^,;:]{3,80}?) (uses|shows|prints|returns|gives|takes|picks|sends|writes|reads|opens|displays|reports|renders|generates|creates|calls|logs|runs) ([^,;:]{3,80}?) (?:instead of|rather than) ([^,;:]{3,100})$",
);
/// `the x in y is drawn as an error, while it is not one`
static TAKEN_FOR: Pattern = Pattern::new(
    r"^(?:the |an? )?(`[^`]+`|\w+) (?:in|of|inside|within) (`[^`]+`) (?:is|gets) (\w+(?:ed|en|n) as .{3,60}?),? (?:while|although|though|but|even though|when) (?:it|this|that) (?:is not|isn['’]t|should not be|shouldn['’]t be)(?: (?:an?|one)(?: \w+)?)?$",
);
/// Nothing without the sentence before, or with a turn that would have to be turned, too.
static VAGUE: Pattern = Pattern::new(
    r"^\W*(?:it|this|that|these|those|they|there|he|she|which|what|who|i|we|you|but|and|so|if|when|because|everything|nothing|anything|someone)\b|\b(?:but|although|though|whereas|unless|because|however|i|my|me)\b|[,;:] ",
);

/// What stands behind one of these is the condition or the reason, and not what is wrong.
static CONDITION: Pattern =
    Pattern::new(r"\b(?:when(?:ever)?|if|while|once|that|which|until|unless|where|should|would)\b");
/// Nobody sees it.
static OF_MIND: Pattern = Pattern::new(
    r"^(?:find|reproduce|share|provide|tell|say|think|know|see|hesitate|believe|remember|figure|understand|wait|worry|forget|want|need|have)\b",
);
static LONGER: Pattern = Pattern::new(r" any ?(?:more|longer)$");
/// So it is meant to be.
static MEANT: Pattern = Pattern::new(
    r"^(?:supported|deprecated|added|available|documented|required|allowed|released|introduced|fixed|based)\b",
);
static AUXILIARY: Pattern = Pattern::new(r"\b(?:is|are|was|were|gets?)\b");

fn round(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', '!', ';']).trim();
    // Turned round, it is not still so, and not yet.
    let text = STILL.replace(text, |_| String::new());
    let text = text.trim();
    // An example behind is no part of what is wrong.
    let text = EXAMPLE.first(text, 1).unwrap_or(text);
    let text = CALLED.replace(text, |_| String::new());
    let text = text.as_str();
    if text.chars().count() > LONG || asks::secures(text) {
        return None;
    }
    if let Some(found) = IN_PLACE.captures(text).filter(|_| !BUT.is_in(text) && !CONDITION.is_in(text)) {
        let (subject, verb) = (words::lowered(&found[1]), &found[2]);
        return Some(format!("{subject} {verb} {}, not {}", &found[4], &found[3]));
    }
    if let Some(found) = TAKEN_FOR.captures(text) {
        return Some(format!("{}: {} is not {}", &found[2], &found[1], &found[3]));
    }
    if let Some(found) = SINCE.captures(text).filter(|found| !MEANT.is_in(&found[3])) {
        return Some(format!("{} {} not {}", &found[1], &found[2], &found[3]));
    }
    if let Some(found) = UNDER.captures(text)
        && let Some(outcome) = round(&found[2])
    {
        return Some(format!("{}: {outcome}", words::lowered(&found[1])));
    }
    if let Some(found) = IF_NOT.captures(text).filter(|found| !BUT.is_in(&found[2])) {
        let passive = found.get(4).is_some() || matches!(&found[3], "is" | "are");
        let does = match passive {
            true => format!("{} {}", clause::agrees(&found[2], "be"), &found[5]),
            false => clause::agrees(&found[2], &found[5]),
        };
        let rest = found.get(6).map_or("", |it| it.as_str());
        let done = DOER.replace(&found[1], |_| String::new());
        return Some(format!("{}: {} {does}{rest}", words::clipped(&done, 160), &found[2]));
    }
    let alone = |subject: &str| !VAGUE.is_in(subject) && !NEGATED.is_in(subject);
    if let Some(found) = KEEPS.captures(text).filter(|found| alone(&found[2])) {
        let when = found.get(1).map_or(String::new(), |it| format!("{}: ", it.as_str()));
        return Some(format!("{when}{} does not keep {} {}", &found[2], &found[3], &found[4]));
    }
    if let Some(found) = FOREVER.captures(text).filter(|found| alone(&found[1])) {
        return Some(format!("{} does not {} {}", &found[1], clause::base(&found[2]), &found[3]));
    }
    if let Some(found) = HARMS.captures(text).filter(|found| alone(&found[1])) {
        return Some(format!("{} does not {} {}", &found[1], clause::base(&found[2]), &found[3]));
    }
    if VAGUE.is_in(text) {
        return None;
    }
    let part = |found: &regex::Captures<'_>, group: usize| {
        found.get(group).map_or_else(String::new, |it| it.as_str().trim().to_owned())
    };
    let with = |subject: &str, verb: &str, rest: &str| {
        let does = clause::agrees(subject, verb);
        spaced(&[subject, &does, rest])
    };
    if let Some(found) = LACKS.captures(text).or_else(|| FAILS.captures(text)) {
        return Some(with(&part(&found, 1), &part(&found, 2), &part(&found, 3)));
    }
    if let Some(found) = CANNOT.captures(text) {
        return Some(format!("{} can {}", part(&found, 1), part(&found, 2)));
    }
    if let Some(found) = IS_BAD.captures(text) {
        return Some(format!("{} {} not {}", part(&found, 1), part(&found, 2), part(&found, 3)));
    }
    if let Some(found) = IS_NOT.captures(text) {
        let is = found.get(2).or(found.get(3)).map_or("is", |it| it.as_str());
        return Some(format!("{} {is} {}", part(&found, 1), part(&found, 4)));
    }
    if let Some(found) = IS_UN.captures(text).filter(|found| !CONDITION.is_in(&found[1])) {
        let good = (3..=7).find_map(|group| found.get(group)).map_or("", |it| it.as_str());
        return Some(spaced(&[&found[1], &found[2], good, &part(&found, 8)]));
    }
    if let Some(found) = EVEN_DOES.captures(text).filter(|found| {
        !NO_VERB.is_in(&part(found, 2)) && !AUXILIARY.is_in(&part(found, 3)) && part(found, 1) != "The"
    }) {
        let (subject, word) = (part(&found, 1), part(&found, 4).replace("though", "if"));
        let verb = clause::base(&part(&found, 2));
        return Some(format!("{subject} does not {verb} {} {word} {}", part(&found, 3), part(&found, 5)));
    }
    // `The slash is stripped even with …`: it must not be, with that.
    if let Some(found) = EVEN.captures(text) {
        let is = found.get(2).map_or(String::new(), |it| format!(" {}", it.as_str()));
        let thing = words::lowered(&part(&found, 1));
        return Some(format!("{thing}{is} not {} {}", part(&found, 3), part(&found, 4)));
    }
    // `The retry parameter not documented` turned round has no verb and says nothing but that it is done.
    if let Some(found) = NOT_DONE.captures(text).filter(|found| part(found, 2).contains(' ')) {
        return Some(format!("{} {}", words::lowered(&part(&found, 1)), part(&found, 2)));
    }
    (STRAY.is_in(text) && !DOES.is_in(text)).then(|| format!("no {}", words::lowered(text)))
}

/// The parts that say something, with blanks between them.
fn spaced(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

static NO_VERB: Pattern = Pattern::new(r"^(?:was|has|does|this|its|always|\w+[su]s)$");
static BUT: Pattern = Pattern::new(r"\b(?:but|because|although|unless|i|my|me|why|how)\b");

/// A thing that should not be there at all.
static STRAY: Pattern = Pattern::new(
    r"^(?:spurious|unexpected|unwanted|extra|duplicated?|stray|random|double|extraneous|superfluous|bogus|unnecessary|needless|nested) \w.{3,100}$",
);

/// What it does is wrong then, and not that it is there.
static DOES: Pattern = Pattern::new(
    r"\b(?:prints?|shows?|returns?|gives?|yields?|throws?|raises?|fails?|breaks?|causes?|leads?|is|are|has|have|does)\b",
);

/// `'a -b': the width …`: what it is about, before what is wrong.
static CALLED: Pattern = Pattern::new(r"^['\x22`“‘][^'\x22`”’]{2,60}['\x22`”’]\s*:\s*");
static EXAMPLE: Pattern = Pattern::new(r"^(.{20,}?),? (?:e\.g\.?|for example|such as|i\.e\.?)(?:\W.*)?$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_turned_round() {
        for (text, expected) in [
            (
                "The `--watch` flag doesn't work when naming a hidden file directly e.g.",
                Some("The `--watch` flag works when naming a hidden file directly"),
            ),
            ("The second column is silently dropped", Some("The second column is not silently dropped")),
            (
                "`track` is significantly worse than `spin`",
                Some("`track` is not significantly worse than `spin`"),
            ),
            ("The parser fails to close the file.", Some("The parser closes the file")),
            ("Users cannot change their name", Some("Users can change their name")),
            ("terminal width not honoured with -p", Some("terminal width honoured with -p")),
            ("It does not work", None),
            (
                "the `\\` in `catch(\\Exception $e)` gets highlighted as an error, while it is not an error",
                Some("`catch(\\Exception $e)`: `\\` is not highlighted as an error"),
            ),
            ("The flag does not work, but I like it", None),
            ("'ls -p': width not kept with -p", Some("width kept with -p")),
            ("spurious characters in the window", Some("no spurious characters in the window")),
            ("All is well", None),
            (
                "Trailing comma dropped even with `strict = false`",
                Some("trailing comma not dropped with `strict = false`"),
            ),
            (
                "The tool stops looking for settings at the first file even if it has none",
                Some("The tool does not stop looking for settings at the first file if it has none"),
            ),
            (
                "Unfortunately, running it on a folder uses the default instead of the one of the file",
                Some("running it on a folder uses the one of the file, not the default"),
            ),
            (
                "When a comment is inside a block, `fmt` duplicates the comment on each run.",
                Some("a comment is inside a block: `fmt` does not duplicate the comment on each run"),
            ),
            (
                "If I create a test with a space and pass it in through -list the test will not be discovered",
                Some("create a test with a space and pass it in through -list: the test is discovered"),
            ),
            ("A property is marked as optional since v4.4.3", Some("A property is not marked as optional")),
            ("Help is non-deterministic for needs", Some("Help is deterministic for needs")),
            ("No error is shown when the URL is invalid", None),
            ("The `key` option is supported since 1.2", None),
            ("A mode that prints one line instead of two would be nice", None),
            ("`fmt` silently drops the comment", Some("`fmt` does not drop the comment")),
            ("The parser no longer ignores comments", None),
            (
                "When I run the tests at once the file is not found",
                Some("run the tests at once: the file is found"),
            ),
            ("If the path to the file does not exist the tool crashes", None),
            (
                "Hidden files are deleted even when `keep` is set",
                Some("hidden files are not deleted when `keep` is set"),
            ),
            (
                "If an account has keys only, the tool keeps on asking to enter a code:",
                Some("an account has keys only: the tool does not keep asking to enter a code"),
            ),
            ("Env proxy still not ignored by the adapter", Some("env proxy ignored by the adapter")),
            ("`Shelf::find` recurses infinitely", Some("`Shelf::find` does not recurse infinitely")),
            ("I can't say why", None),
            ("Ledger & its Page Parameter Not Documented", None),
        ] {
            assert_eq!(round(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_second_half_of_a_sentence_may_say_what_is_not_done() {
        let said =
            "The index of the shelf is what `find` uses, and copying the shelf doesn't copy that index too.";
        assert_eq!(clause_of(said).and_then(round).as_deref(), Some("copying the shelf copies that index"));
        assert_eq!(clause_of("I like the shelf, but it does not copy the index").and_then(round), None);
    }

    #[test]
    fn a_title_says_what_cannot_be_done_and_people_say_so_of_themselves() {
        for (text, expected) in [
            ("Not able to run serve [::]:8000", Some("one can run serve [::]:8000")),
            ("Can't specify FIELD in COLORS anymore", Some("one can specify FIELD in COLORS")),
            ("Blame: Do not use colors for code", Some("does not use colors for code")),
            ("Can't reproduce this on Linux", None),
            ("Windows: don't see any colors", None),
        ] {
            assert_eq!(barred(text).as_deref(), expected, "{text}");
        }
        assert_eq!(round("I could not find an existing issue"), None);
        assert_eq!(round("If you need more details, do not hesitate to ask"), None);
    }
}
