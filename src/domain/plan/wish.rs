//! What a wish without must shows when it is granted: `keep the zeroes` shows the zeroes kept.

use crate::domain::plan::asks::lead_in;
use crate::domain::plan::clause::when_done;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// Longest part of a case, in characters.
const PART: usize = 110;

/// A verb at the start of a wish, and what its object is once it is done.
struct Deed {
    verb: &'static str,
    done: &'static str,
}

static DEEDS: &[Deed] = &[
    Deed { verb: "accept", done: "accepted" },
    Deed { verb: "align", done: "aligned" },
    Deed { verb: "allow", done: "accepted" },
    Deed { verb: "add support for", done: "accepted" },
    Deed { verb: "support", done: "accepted" },
    Deed { verb: "add", done: "there" },
    Deed { verb: "apply", done: "applied" },
    Deed { verb: "cache", done: "cached" },
    Deed { verb: "check", done: "checked" },
    Deed { verb: "configure", done: "configured" },
    Deed { verb: "convert", done: "converted" },
    Deed { verb: "delay", done: "delayed" },
    Deed { verb: "detect", done: "detected" },
    Deed { verb: "disable", done: "off" },
    Deed { verb: "display", done: "shown" },
    Deed { verb: "emit", done: "emitted" },
    Deed { verb: "enable", done: "on" },
    Deed { verb: "enforce", done: "enforced" },
    Deed { verb: "escape", done: "escaped" },
    Deed { verb: "exclude", done: "left out" },
    Deed { verb: "expose", done: "reachable from outside" },
    Deed { verb: "export", done: "exported" },
    Deed { verb: "filter", done: "filtered" },
    Deed { verb: "forbid", done: "refused" },
    Deed { verb: "format", done: "formatted" },
    Deed { verb: "handle", done: "handled" },
    Deed { verb: "hide", done: "hidden" },
    Deed { verb: "highlight", done: "highlighted" },
    Deed { verb: "honor", done: "honored" },
    Deed { verb: "ignore", done: "ignored" },
    Deed { verb: "include", done: "included" },
    Deed { verb: "keep", done: "kept" },
    Deed { verb: "list", done: "listed" },
    Deed { verb: "load", done: "loaded" },
    Deed { verb: "log", done: "logged" },
    Deed { verb: "mark", done: "marked" },
    Deed { verb: "mask", done: "masked" },
    Deed { verb: "mention", done: "mentioned" },
    Deed { verb: "omit", done: "left out" },
    Deed { verb: "parse", done: "parsed" },
    Deed { verb: "pass", done: "passed on" },
    Deed { verb: "preserve", done: "preserved" },
    Deed { verb: "prevent", done: "prevented" },
    Deed { verb: "print", done: "printed" },
    Deed { verb: "provide", done: "there" },
    Deed { verb: "raise", done: "raised" },
    Deed { verb: "read", done: "read" },
    Deed { verb: "refuse", done: "refused" },
    Deed { verb: "reject", done: "refused" },
    Deed { verb: "render", done: "rendered" },
    Deed { verb: "report", done: "reported" },
    Deed { verb: "reset", done: "reset" },
    Deed { verb: "respect", done: "respected" },
    Deed { verb: "restore", done: "restored" },
    Deed { verb: "return", done: "returned" },
    Deed { verb: "reuse", done: "used again" },
    Deed { verb: "rotate", done: "rotated" },
    Deed { verb: "round", done: "rounded" },
    Deed { verb: "save", done: "saved" },
    Deed { verb: "send", done: "sent" },
    Deed { verb: "have", done: "there" },
    Deed { verb: "drop", done: "gone" },
    Deed { verb: "remove", done: "gone" },
    Deed { verb: "delete", done: "gone" },
    Deed { verb: "touch", done: "touched" },
    Deed { verb: "call", done: "called" },
    Deed { verb: "set", done: "set" },
    Deed { verb: "implement", done: "there" },
    Deed { verb: "show", done: "shown" },
    Deed { verb: "skip", done: "skipped" },
    Deed { verb: "sort", done: "sorted" },
    Deed { verb: "split", done: "split" },
    Deed { verb: "store", done: "stored" },
    Deed { verb: "suppress", done: "not shown" },
    Deed { verb: "throw", done: "thrown" },
    Deed { verb: "track", done: "tracked" },
    Deed { verb: "trim", done: "trimmed" },
    Deed { verb: "use", done: "used" },
    Deed { verb: "validate", done: "checked" },
    Deed { verb: "warn about", done: "warned of" },
    Deed { verb: "write", done: "written" },
];

static PREFACE: Pattern = Pattern::new(concat!(
    r"^\W*(?:(?:hello|hi|hey)[ ,!]+)?(?:",
    lead_in!(),
    r")?(?:by \w+ing [^,]{3,60}?,? we (?:would )?simply |we (?:would )?simply |please |just |also |simply |then |at least |we could |we can |(?:could|can|would|will) (?:you|we|it) (?:please )?(?:consider |also |get |have )?|would(?:n['’]?t| not)? it (?:not )?(?:make (?:more |any )?sense|be (?:better|nicer?|great|good|easier|possible)) (?:to|if)\s+|(?:i|we)(?:'d| would)? (?:really |also )*(?:like|love|want|propose|suggest|need|wish)(?: (?:a|some) way)?(?: (?:to|that|for))?\s+|(?:it )?(?:would|might|could) be (?:very |really )?(?:nice|great|good|helpful|useful|cool|handy|awesome|ideal)(?: (?:to have|to|if (?:we|you|it|there) (?:could|can|had|was|were)?|if))?\s+|my (?:proposal|suggestion|idea|guess|preference|feeling) (?:is|would be) (?:to|that)\s+|the idea (?:is|being|would be) (?:to|that)\s+|(?:be )?able to\s+|how about\s+|let's\s+)+"
));
static SET: Pattern = Pattern::new(
    r"^(?:set|limit|change|turn|treat|make|restrict)\s+(.{2,90}?)\s+(?:to|into|as|from being|be)\s+(.{1,90})$",
);
static MAKE: Pattern = Pattern::new(
    r"^make\s+(.{2,90}?)\s+(as \w+ as .{3,80}|\w+(?:able|ible|ional|ly|er|ive|al|ent)\b.{0,80})$",
);
static NEGATED: Pattern = Pattern::new(r"^(?:do not|don['’]t|never|not)\s+(\w+)\s+(.{3,120})$");
static GERUND: Pattern = Pattern::new(r"^([a-z]{3,12})ing\s+(.{3,200})$");
static ARTICLE: Pattern = Pattern::new(r"^(?:an?|the|another|some) ");
static REPLACE: Pattern = Pattern::new(r"^(?:replace|swap)\s+(.{2,90}?)\s+(?:by|with|for)\s+(.{2,90})$");
static INSTEAD: Pattern =
    Pattern::new(r"^use\s+(.{2,90}?)\s+(?:instead of|rather than|in place of)\s+(.{2,90})$");
static PASSIVE: Pattern = Pattern::new(
    r"^(?:that )?(.{3,100}?)\s+(?:to be|is|are|was|were)\s+((?:not |also |always )?\w+(?:ed|en|t)\b.{0,300})$",
);
static PAST: Pattern =
    Pattern::new(r"^(?:it|this|that|they)\s+(?:also |always |would )?(\w+ed)\s+(.{3,110})$");
/// ``Add `on_end`, which is called when …``: what is to be seen of it.
static WHICH: Pattern = Pattern::new(
    r"^(?:add|provide|introduce|implement)\s+(?:an? |the )?(?:\w+ )?(`[^`]+`),? (?:which|that) ((?:is|are) \w+ed\b.{0,60}?) (?:when(?:ever)?|if|once) ([^,]{3,110})$",
);
/// ``a `count` variable which prints something like `12 k` ``: what is to be seen of it.
static GIVES: Pattern = Pattern::new(
    r#"^(?:an? |the )?(?:\w+ )?(`[^`]+`)[^`.;]{0,60}? (?:which|that) (?:(?:will|would|should|could|can) )?(?:prints?|shows?|gives?|returns?|displays?|yields?|renders?|outputs?|contains?|holds?) (?:something like |for example |e\.g\.,? |like )?(`[^`]+`|[“"][^“”"]+[”"])"#,
);
static CONDITION: Pattern =
    Pattern::new(r"^(.{3,110}?),?\s+(?:when|if|whenever|once|while|where)\s+([^,]{3,110})$");
/// `… while setting a flag` is done beside it, and no condition.
static BESIDE: Pattern = Pattern::new(r"^(.{6,160}?),? (while (?:also )?[a-z]+ing\b.{3,110})$");
static LEADING: Pattern = Pattern::new(
    r"^(?:if|when|whenever|once|while|on|after|before)\s+([^,]{3,110}),\s*(?:then\s+|please\s+)?(.{3,200})$",
);
static ASIDE: Pattern = Pattern::new(
    r"^(.{6,200}?)(?:,? (?:so that|because|since|as it|which|in order to|meaning)\b.*|, (?:as|so)\b.*|\s+\([^)`]*\)$|,? (?:similar to|like|e\.g\.).*)$",
);
/// Something that can be looked for.
static TOKEN: Pattern =
    Pattern::new(r#"(?-i:`[^`]+`|["“'][^"”' ]{2,}["”']|\d|--\w|\b\w+_\w+\b|\b[a-z]+[A-Z]\w+\b)"#);
/// What is nothing without the sentence before.
static VAGUE: Pattern =
    Pattern::new(r"^(?:this|that|it|them|these|those|so|something|anything|everything|one)\b");

/// What has a verb of its own is no thing that could be there.
static SENTENCE: Pattern = Pattern::new(
    r"\b(?:is|are|was|were|has|have|does|do|must|should|shall|can|may|will|uses?|takes?|returns?|answers?|gives?|shows?|keeps?|sets?|gets?|reads?|writes?|prints?|sends?|calls?|throws?|raises?|accepts?|rejects?|contains?|includes?|stays?|works?|fails?|goes|wins?|becomes?|ends?|starts?|begins?)\s",
);

/// The case a wish states; nothing where it names nothing one could see.
pub fn case(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ';', '!', '?', ':']);
    let wish = match PREFACE.captures(text).and_then(|found| found.get(0)) {
        Some(preface) => text.get(preface.end()..)?.trim(),
        None => text,
    };
    if let Some(found) = WHICH.captures(wish) {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str().trim());
        return Some(format!("{}: {} {}", words::shorten(part(3), PART), part(1), part(2)));
    }
    if let Some(found) = GIVES.captures(wish) {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
        return Some(format!("{}: {}", part(1), part(2)));
    }
    let wish = ASIDE.first(wish, 1).unwrap_or(wish).trim();
    let (wish, beside) = match BESIDE.captures(wish) {
        Some(found) => (found.get(1)?.as_str(), found.get(2).map(|it| it.as_str())),
        None => (wish, None),
    };
    let (wish, condition) = match LEADING.captures(wish).or_else(|| CONDITION.captures(wish)) {
        Some(found) if LEADING.is_in(wish) => (found.get(2)?.as_str(), Some(found.get(1)?.as_str())),
        Some(found) => (found.get(1)?.as_str(), Some(found.get(2)?.as_str())),
        None => (wish, None),
    };
    let (object, done) = done(wish)?;
    if let (None, Some((done, when))) = (condition, when_done(&done)) {
        let subject = words::shorten(&words::lowered(&object), PART);
        return Some(format!("{}: {subject} {done}", words::shorten(when, PART)));
    }
    let object = without_article(&object);
    if VAGUE.is_in(object) {
        return None;
    }
    if let ("prevented", Some(condition)) = (done.as_str(), condition) {
        // `Prevent users from …`, `prevent encoding …`: a deed, and no thing that is missing afterwards.
        let is_thing = !FROM.is_in(object) && !BEGINS_AS_DEED.is_in(object);
        return is_thing
            .then(|| format!("{}: no {}", words::shorten(condition, PART), words::shorten(object, PART)));
    }
    if let (None, None, Some((what, site))) = (condition, beside, sited(object, &done)) {
        return Some(format!("{}: {what} {done}", words::shorten(site, PART)));
    }
    Some(match condition {
        Some(condition) => {
            format!("{}: {} {done}", words::shorten(condition, PART), words::shorten(object, PART))
        }
        None => match beside {
            Some(beside) => format!("{}: {done}, {beside}", words::shorten(object, PART)),
            None => format!("{}: {done}", words::shorten(object, PART)),
        },
    })
}

static FROM: Pattern = Pattern::new(r"\bfrom \w+ing\b");
static BEGINS_AS_DEED: Pattern = Pattern::new(r"^\w+ing\b");

/// Says the case only that the wish of these words is done, its object before and the participle behind?
///
/// `Enable events on deletion` asks for more than `events on deletion: on` shows.
pub fn is_echo(case: &str, text: &str) -> bool {
    let Some((object, outcome)) = case.rsplit_once(": ") else { return false };
    // When it is done is more than that it is.
    if UNDER.is_in(text) {
        return false;
    }
    let bare = outcome.strip_prefix("not ").unwrap_or(outcome);
    let is_input = matches!(outcome, "accepted" | "refused") && ONLY_CODE.is_in(object);
    DEEDS.iter().any(|deed| deed.done == bare) && !is_input && self::case(text).as_deref() == Some(case)
}

static UNDER: Pattern =
    Pattern::new(r"^\W*(?:and |but |so |also |even )?(?:if|when|whenever|once|unless) [^:]{6,}");

/// A call or a command, which goes in as it stands.
static ONLY_CODE: Pattern = Pattern::new(r"^`[^`]+`$");

static SITED: Pattern = Pattern::new(r"^([^`]{3,60}?) (?:to|in|on) (?:the |an? )?([^`]{3,60})$");

static TAKEN: Pattern = Pattern::new(r"^(.{3,60}?) from (?:the |an? )?([^\s]{3,60})$");

/// `The filter to the message`, applied: where one sees it, and what.
fn sited<'t>(object: &'t str, done: &str) -> Option<(&'t str, &'t str)> {
    let deeds =
        ["applied", "shown", "printed", "included", "kept", "written", "mentioned", "listed", "highlighted"];
    let taken = TAKEN.captures(object).filter(|_| done == "gone");
    let found = taken.or_else(|| SITED.captures(object).filter(|_| deeds.contains(&done)))?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
}

fn done(wish: &str) -> Option<(String, String)> {
    let pair = |found: &regex::Captures<'_>, object: usize, done: usize| {
        Some((found.get(object)?.as_str().to_owned(), words::shorten(found.get(done)?.as_str(), PART)))
    };
    if let Some(found) = REPLACE.captures(wish).or_else(|| INSTEAD.captures(wish)) {
        let (first, second) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        let (new, old) = if INSTEAD.is_in(wish) { (first, second) } else { (second, first) };
        return Some((new.to_owned(), format!("in place of {}", words::shorten(old, PART))));
    }
    if let Some(found) = MAKE.captures(wish).or_else(|| SET.captures(wish)) {
        return pair(&found, 1, 2);
    }
    if let Some(found) = PAST.captures(wish) {
        return pair(&found, 2, 1);
    }
    if let Some(found) = NEGATED.captures(wish) {
        let (verb, object) = (found.get(1)?.as_str().to_lowercase(), found.get(2)?.as_str());
        let known = DEEDS.iter().find(|deed| deed.verb == verb).map_or(verb.as_str(), |deed| deed.done);
        return Some((object.to_owned(), format!("not {known}")));
    }
    if let Some(found) = GERUND.captures(wish) {
        let (stem, object) = (found.get(1)?.as_str().to_lowercase(), found.get(2)?.as_str());
        // `Trailing slash`, `existing tests`: what ends as a verb does is none until the list says so.
        let known = DEEDS.iter().find(|deed| is_stem(&stem, deed.verb))?;
        return (object.len() > 3).then(|| (object.to_owned(), known.done.to_owned()));
    }
    let lower = wish.to_lowercase();
    let deed = DEEDS.iter().filter(|deed| begins(&lower, deed.verb)).max_by_key(|deed| deed.verb.len());
    if let Some(deed) = deed {
        let object = wish.get(deed.verb.len()..)?.trim();
        let general = matches!(
            deed.verb,
            "add"
                | "implement"
                | "set"
                | "have"
                | "call"
                | "support"
                | "add support for"
                | "provide"
                | "allow"
                | "handle"
                | "check"
        );
        let object = if deed.done == "there" { named(object) } else { object };
        let seen = TOKEN.is_in(object) || (!general && object.split(' ').count() > 1);
        return (seen && object.len() > 2).then(|| (object.to_owned(), deed.done.to_owned()));
    }
    if ARTICLE.is_in(wish) && TOKEN.is_in(wish) && !PASSIVE.is_in(wish) && !SENTENCE.is_in(wish) {
        return Some((wish.to_owned(), "there".to_owned()));
    }
    // `My guess is that …` says of no guess that it is done.
    let passive = PASSIVE.captures(wish).and_then(|found| pair(&found, 1, 2));
    passive.filter(|(_, done)| TOKEN.is_in(wish) && !done.starts_with("that "))
}

/// What is to be there, without what is said of it: `a `close` action following the pattern of others`.
fn named(object: &str) -> &str {
    let long = object.split(' ').count() > 6;
    SAID_OF_IT.first(object, 1).filter(|_| long).unwrap_or(object)
}

static SAID_OF_IT: Pattern = Pattern::new(
    r"^(.*?`[^`]+`(?: \w+)?)[,:]? (?:following|based|that|which|who|so|with|for|to|in|as|like|because|where|when)\b",
);

/// What is left of a verb before `-ing`: `writ`, `skipp`, `print`.
fn is_stem(stem: &str, verb: &str) -> bool {
    let doubled = || verb.chars().next_back().is_some_and(|last| stem.strip_suffix(last) == Some(verb));
    stem == verb || verb.strip_suffix('e') == Some(stem) || doubled()
}

fn begins(text: &str, verb: &str) -> bool {
    text.strip_prefix(verb).is_some_and(|rest| rest.starts_with(' '))
}

fn without_article(object: &str) -> &str {
    ["the ", "The ", "a ", "an ", "A ", "An "]
        .iter()
        .find_map(|article| object.strip_prefix(article))
        .unwrap_or(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_shows_its_object_done() {
        for (text, expected) in [
            ("I would like a way to keep the zeroes, since I use `a`.", "zeroes: kept"),
            (
                "It might be nice if it also included `getName()` in the exception message.",
                "`getName()` in the exception message: included",
            ),
            ("enforce exactly 1 flag to be given", "exactly 1 flag to be given: enforced"),
            ("Use `a` instead of `b`", "`a`: in place of `b`"),
            ("Please print the total when `--sum` is given", "`--sum` is given: total printed"),
            (
                "The idea being that `cmd` is executed for each matching file",
                "each matching file: `cmd` executed",
            ),
            ("Make `Foo` comparable", "`Foo`: comparable"),
            ("Make the column as wide as its `name`", "column: as wide as its `name`"),
            ("Do not show the window when a key is bound", "a key is bound: window not shown"),
            ("On start, write the journal", "start: journal written"),
            ("I suggest rotating log files hourly.", "log files hourly: rotated"),
            ("It would be nice to have a `close` action", "`close` action: there"),
            ("Add `on_end`, which is called when reading fails", "reading fails: `on_end` is called"),
        ] {
            assert_eq!(case(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["Add a nice feature", "Support everything", "We are happy"] {
            assert_eq!(case(text), None, "{text}");
        }
    }

    #[test]
    fn a_word_in_ing_is_a_verb_only_when_the_list_holds_it() {
        assert_eq!(case("Skipping the empty rows").as_deref(), Some("empty rows: skipped"));
        assert_eq!(case("Writing `a.toml` first").as_deref(), Some("`a.toml` first: written"));
        for text in [
            "Trailing comma kept even with `strict = false`",
            "Existing `TestSum` / `TestMean` updated",
            "Missing `close` in the pool",
            "Incoming rows of `Journal`",
        ] {
            assert!(case(text).is_none_or(|case| !case.ends_with("ed")), "{text}: {:?}", case(text));
        }
    }

    #[test]
    fn what_is_prevented_is_not_there_or_is_no_case() {
        for (text, expected) in [
            (
                "Prevent the `Grace` header if the reader is too old",
                Some("the reader is too old: no `Grace` header"),
            ),
            ("Prevent escaping `+` signs when the mode is plain", None),
            ("Prevent guests from deleting rows when `locked` is set", None),
        ] {
            assert_eq!(case(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_object_with_its_participle_is_an_echo_of_the_wish() {
        for text in [
            "Prevent escaping '+' signs",
            "Enable event generation on deletion in `watch()`",
            "Add short flags for `--export`",
            "I would like a way to keep the zeroes",
        ] {
            let said = case(text).unwrap_or_default();
            assert!(is_echo(&said, text), "{text}: {said}");
        }
        for text in
            ["Accept `--depth 0`", "Please print the total when `--sum` is given", "Use `a` instead of `b`"]
        {
            let said = case(text).unwrap_or_default();
            assert!(!said.is_empty() && !is_echo(&said, text), "{text}: {said}");
        }
        assert!(!is_echo("negative amounts: refused", "negative amounts must be refused"));
    }
}
