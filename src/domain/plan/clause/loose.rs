//! Conditions and outcomes as people write them in a hurry.

use super::{PART, joined, outcome};
use crate::domain::plan::clause;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// `If both are given I would expect an error.`
static EXPECTS: Pattern = Pattern::new(
    r"^(?:and |but |so )?(?:if|when|whenever|once|unless)\s+([^:;]{4,120}?),?\s+(?:then )?(?:i|we|one)(?:['’]d| would)? expect (?:to (?:get|see) |that )?([^,;]{3,110})$",
);
/// `Without it, it should stay at 4.`
static WITHOUT: Pattern = Pattern::new(
    r"^(?:and |but )?((?:without|with no) [^,]{2,60}),\s*(?:then )?(?:it|this|that|everything|all)\s+(?:must|shall|should|has to|would)\s+(.{2,200})$",
);
/// `An option like `killAll: true` which stops the whole tree`.
static LIKE: Pattern = Pattern::new(
    r"\b(?:an?|the|some|new) (?:\w+ )?(?:options?|settings?|flags?|parameters?|property|attribute|switch|keyword|variable|method|function|command) (?:like |such as |called |named |\()?(`[^`]{2,60}`)\)? (?:which|that) ([a-z]+s) ([^,;.]{3,100})",
);
/// `Default `false`.`
static DEFAULT: Pattern = Pattern::new(
    r"^(?:the |its |by )?default(?:s to| value is| is| should be|:)? (`[^`]{1,40}`|\d[\w.]*|true|false|off|on|null|none)$",
);
/// `take an optional indent, e.g. `jsonify(2)``.
static TAKES: Pattern = Pattern::new(
    r"\b(?:take|accept)s? (?:an? |the )?(?:optional |extra |additional |second |third |new )*([a-z][\w -]{2,40}?)(?: (?:parameter|argument))?,? \(?(?:e\.g\.,?|for (?:example|instance),?|such as|like|as in) (`[^`]{3,80}`)\)?[?.!]*$",
);

/// `It'd be cool if `.mdx` were included too.`
static WERE: Pattern = Pattern::new(
    r"\bif (`[^`]{1,60}`|(?:the|all|every|each) [\w `-]{2,50}?) (?:was|were|would be|could be|got) (\w+(?:ed|en|n|t)(?: (?:in|on|at|by|with|from|as) [^,;.]{2,60}?)?)(?:,? (?:too|as well|also))?[.!]*$",
);
/// `It would help to see the oldest first.`
static ORDER: Pattern = Pattern::new(
    r"\b(?:to see|to have|to list|to show|showing|seeing|listing|if (?:it|they) (?:showed|listed)) (the [\w `-]{3,60}? (?:first|last|on top|at the (?:top|bottom|end)))[.!]*$",
);

/// `A missing file is an error.`
static FAILS: Pattern = Pattern::new(
    r"^(an? (?:missing|unknown|empty|invalid|malformed|unreadable|duplicate|second|wrong|negative|nonexistent|non-existent)(?: [\w`-]+){1,4}) (?:is|gives|causes|leads to|results in|should be|must be|should give|must give) (an? (?:error|warning|exception)(?: that .{3,60})?|ignored|refused|rejected|skipped)$",
);
/// ``Add `set quiet` so that all recipes are quiet``.
static ADDS: Pattern = Pattern::new(
    r"^(?:please )?(?:add|introduce|provide) (?:an? |the |new |option |setting |command )*(`[^`]{2,60}`)(?: (?:option|setting|flag|command|method|function))? so that (.{6,110}?)(?:, (?:as|like|just) [^,]{2,60})?$",
);
/// ``In case of `--dry-run` nothing changes.``
static IN_CASE: Pattern = Pattern::new(
    r"^(?:in (?:the )?case of|with|for) (`[^`]{2,60}`),? ((?:nothing|everything|all|the [\w -]{2,40}) (?:changes?|stays?|remains?|happens?|is (?:not )?\w+ed)\b[^,;]{0,60})$",
);

/// The case of such a sentence.
pub(super) fn loose(text: &str) -> Option<String> {
    let pair = |pattern: &Pattern| {
        let found = pattern.captures(text)?;
        Some((found.get(1)?.as_str().to_owned(), found.get(2)?.as_str().to_owned()))
    };
    if let Some((condition, expected)) = pair(&EXPECTS) {
        return Some(joined(Some(&condition), &words::shorten(expected.trim(), PART)));
    }
    if let Some((condition, verb)) = pair(&WITHOUT) {
        let done = outcome(false, verb.trim())?;
        let (verb, rest) = done.split_once(' ').unwrap_or((&done, ""));
        let verb = if verb.ends_with("ed") { verb.to_owned() } else { clause::agrees("it", verb) };
        return Some(joined(Some(&condition), format!("{verb} {rest}").trim_end()));
    }
    if let Some(found) = LIKE.captures(text) {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str().trim());
        return Some(joined(Some(part(1)), &format!("{} {}", part(2).to_lowercase(), part(3))));
    }
    if let Some(value) = DEFAULT.first(text, 1) {
        return Some(format!("not given: {value}"));
    }
    if let Some((what, done)) = pair(&WERE) {
        return Some(joined(Some(&what), &done));
    }
    if let Some((what, done)) = [&FAILS, &ADDS, &IN_CASE].into_iter().find_map(pair) {
        return Some(joined(Some(&what), &done));
    }
    if let Some(order) = ORDER.first(text, 1) {
        return Some(format!("the order: {order}"));
    }
    let (thing, shown) = pair(&TAKES)?;
    Some(joined(Some(&shown), &format!("takes the {}", thing.to_lowercase())))
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::clause;

    #[test]
    fn what_people_write_in_a_hurry_has_a_condition_all_the_same() {
        for (text, case) in [
            (
                "If both `--pier` and `--hold` are given I would expect an error.",
                "both `--pier` and `--hold` are given: an error",
            ),
            ("When the pier is closed, I'd expect to see exit code 3", "the pier is closed: exit code 3"),
            ("Without it, it should stay at 4.", "Without it: stays at 4"),
            (
                "It would be great to have an option like `dropAll: true` which drops the whole load.",
                "`dropAll: true`: drops the whole load",
            ),
            ("Default `false`.", "not given: `false`"),
            ("Could `weigh` take an optional unit, e.g. `weigh(\"kg\")`?", "`weigh(\"kg\")`: takes the unit"),
            ("If the file exists already it should be overwritten.", "the file exists already: overwritten"),
            ("It'd be cool if `.mdx` were included too.", "`.mdx`: included"),
            ("It would help to see the oldest crates first.", "the order: the oldest crates first"),
            ("A missing file is an error.", "A missing file: an error"),
            (
                "Please add `set calm` so that all cranes are quiet, as with `@`.",
                "`set calm`: all cranes are quiet",
            ),
            ("In the case of `--dry-run` nothing changes.", "`--dry-run`: nothing changes"),
            ("Note that `0x1f` must not be read as `0x1`.", "`0x1f`: not read as `0x1`"),
        ] {
            assert_eq!(clause::case(text).as_deref(), Some(case), "{text}");
        }
        assert_eq!(clause::case("I would expect an answer."), None);
    }
}
