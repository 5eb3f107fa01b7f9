//! What shows a demand done whose words have no outcome: a test with what it names, or with the issue's own example.

use crate::domain::plan::clause;
use crate::domain::plan::examples;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::Block;
use crate::domain::plan::{asks, trace, words};

/// The rule that holds back what shows nothing.
pub const RULE: &str = "WI001";

/// The criterion that such a demand lacks, as a form to fill in, by what it is about.
pub fn form(demand: &str) -> &'static str {
    FORMS.iter().find(|(about, _)| about.is_in(demand)).map_or(FORM, |(_, form)| *form)
}

/// Of everything else.
const FORM: &str = "given …, when …, then …";

static FORMS: [(Pattern, &str); 3] = [
    (
        Pattern::new(
            r"\b(?:fast(?:er)?|slow(?:er|ly)?|speed|performan(?:ce|t)|latency|quick(?:er|ly)?|responsive|schnell(?:er)?|langsam(?:er)?)\b",
        ),
        "with … it takes at most … ms",
    ),
    (Pattern::new(r"\b(?:memory|ram|footprint|speicher)\b"), "with … it takes at most … MB"),
    (
        Pattern::new(r"\b(?:document(?:s|ed|ation)?|docs|readme|manual|dokumentation|dokumentiert)\b"),
        "the page … names …, with an example that runs",
    ),
];

/// More names than this are no cases but a list.
const NAMES: usize = 3;

/// The test; nothing where the issue neither names nor shows anything to test with.
pub fn by(scene: &Scene<'_>, index: usize) -> Option<String> {
    let demand = scene.reading.demands.get(index)?;
    let is_known =
        |name: &str| name.starts_with("--") || scene.places.symbol(name).is_some_and(|symbol| symbol.defined);
    let names = named(&demand.text, is_known);
    let with = match names.as_slice() {
        [] => example(scene, index)?,
        [one] => format!("a test with {one}"),
        many => format!("a test each with {}", words::list(many)),
    };
    Some(clause::red(&demand.text, &with))
}

/// What stands behind one of these is the reason or the way of today, and not what is asked for.
static APART: Pattern = Pattern::new(
    r"^(.*?)\b(?:so that|because|since|in order|instead of|rather than|without|unlike|as opposed to|similar to|just like|like in|now that|today|currently)\b",
);

/// What nobody marked as code and is spelled like it.
static SPELLED: Pattern = Pattern::new(
    r"(?-i:(?:^|[\s(])((?:[A-Z]\w+\.[a-z]\w*\(\w*\)|--[a-z][\w-]+|[a-z]+[a-z0-9]*[A-Z]\w*|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[a-z]\w*_\w+)(?:\.\w+)*))",
);

/// `(`other` does something similar)`: another program, and nothing to test with.
static LIKENED: Pattern = Pattern::new(
    r"\([^()]{0,80}\b(?:similar(?:ly)?|likewise|does (?:this|that|so|it))\b[^()]{0,60}\)|,? (?:as|like|which is what) `[^`]{1,40}` (?:does|do|has)\b[^.;]*",
);

/// Code of a demand, as it was written; what nobody marked counts where it is known.
fn named(demand: &str, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    // Not within code.
    let whole = |asked: &&str| asked.matches('`').count().is_multiple_of(2);
    let asked = match APART.first(demand, 1).filter(whole) {
        // What begins with the way of today goes on behind it.
        Some(before) if before.trim().is_empty() => demand.split_once(", ").map_or("", |(_, behind)| behind),
        Some(before) => before,
        None => demand,
    };
    let asked = &LIKENED.replace(asked, |_| String::new());
    let code = mentions::spans(asked).into_iter().filter(|(_, is_code)| *is_code).map(|(code, _)| code);
    let mut found: Vec<&str> = code.collect();
    if found.is_empty() {
        found =
            SPELLED.all(asked, 1).into_iter().filter(|name| name.ends_with(')') || is_known(name)).collect();
    }
    let mut out: Vec<String> = Vec::new();
    for code in found {
        let code = code.trim().trim_end_matches([',', '.', ';', ':']);
        let shown = words::code(code);
        if code.chars().any(char::is_alphanumeric) && !mentions::known_ending(code) && !out.contains(&shown) {
            out.push(shown);
        }
    }
    if out.len() > NAMES { Vec::new() } else { out }
}

/// The only block of the issue that shows how it is used.
fn example(scene: &Scene<'_>, index: usize) -> Option<String> {
    let own = scene.reading.blocks.iter().take(scene.reading.own_blocks);
    let mut shows = own.filter(|block| is_use(block));
    let only = shows.next().filter(|_| shows.next().is_none())?;
    // It belongs to what is asked first.
    (index == 0).then(|| format!("a test with the code of {}", only.lines()))
}

fn is_use(block: &Block) -> bool {
    let section = block.section.as_deref().unwrap_or_default();
    let apart = asks::is_apart(section) || asks::is_circumstance(section);
    let fails = trace::has_trace(&block.text) || trace::error(&block.text).is_some();
    let elsewhere = block.lead.as_deref().is_some_and(|lead| ELSEWHERE.is_in(lead));
    !apart && !fails && !elsewhere && examples::is_program(block)
}

/// `There it may be a function:`: of another program, which the sentence before names.
static ELSEWHERE: Pattern = Pattern::new(
    r"^\W*(?:over )?there,? (?:it|this|that|one|you|they|we)\b|^\W*(?:they|others) (?:do|have|use)\b",
);

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_demand_is_tested_with_what_it_names_and_not_with_the_way_of_today() {
        for (demand, names) in [
            ("allow to complete flags like `--help`, `--version` etc.", &["`--help`", "`--version`"][..]),
            (
                "have the licenses via `tool licenses` without having to run `tool install`",
                &["`tool licenses`"],
            ),
            ("make it suppressible so that nobody has to edit it out in `sed`", &[]),
            ("use `a` instead of `b`", &["`a`"]),
            ("without `a` nothing works", &[]),
            ("Instead of `a`, use `b`", &["`b`"]),
            ("one of `a`, `b`, `c`, `d`", &[]),
            ("read it from `config/limits.toml`", &[]),
            ("a way to access retryCount in the BeforeRequest hook", &["`retryCount`", "`BeforeRequest`"]),
            ("nothing at all, on GitHub", &[]),
            ("warn of an empty file (`other` does something similar)", &[]),
            ("warn of it with `--empty`, as `other` does", &["`--empty`"]),
        ] {
            assert_eq!(named(demand, |name| name != "GitHub"), names, "{demand}");
        }
    }
}

#[cfg(test)]
mod forms {
    use super::form;

    #[test]
    fn the_criterion_that_is_lacking_goes_by_what_it_is_about() {
        for (demand, expected) in [
            ("The code must be maintainable.", "given …, when …, then …"),
            ("Search must be fast.", "with … it takes at most … ms"),
            ("It must need less memory.", "with … it takes at most … MB"),
            ("Everything must be documented.", "the page … names …, with an example that runs"),
        ] {
            assert_eq!(form(demand), expected, "{demand}");
        }
    }
}
