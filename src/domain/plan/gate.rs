//! What may be printed as a case: it says under which condition one sees what, whole, and more than the issue's own words do.

use crate::domain::plan::asks;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{wish, words};

/// What a case must say more than.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The words of the demand.
    pub quote: &'a str,
    /// The issue's title.
    pub title: &'a str,
}

/// The cases that may be printed, in their order.
pub fn printed(cases: &[String], asked: &Asked<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut conditioned = false;
    for case in cases {
        let case = case.trim();
        let shown = match parts(case) {
            // What holds otherwise, or beside it, is nothing without the condition before.
            (Some(input), outcome) if OTHERWISE.is_in(input) => {
                conditioned && is_whole(case) && is_outcome(outcome)
            }
            (Some(input), outcome) if BESIDE.is_in(input) => {
                !out.is_empty() && shows(outcome, asked) && !repeats(outcome, asked)
            }
            _ => shows(case, asked),
        };
        if !OTHERWISE.is_in(parts(case).0.unwrap_or_default()) {
            conditioned =
                shown && parts(case).0.is_some_and(|input| !input.ends_with('…') && !input.ends_with("…”"));
        }
        if shown && !out.iter().any(|seen| seen == case) {
            out.push(case.to_owned());
        }
    }
    out
}

static OTHERWISE: Pattern = Pattern::new(r"^(?:otherwise|else|if not)$");
static BESIDE: Pattern = Pattern::new(r"^and$");

/// What happens today, and is wrong, proves nothing.
static TODAY: Pattern = Pattern::new(
    r"^\W*(?:it |this |that )?(?:does(?:n['’]t| not) work|(?:is |are )(?:not working|broken)|not working|still (?:fails|broken))\b",
);

fn shows(case: &str, asked: &Asked<'_>) -> bool {
    if TODAY.is_in(case) {
        return false;
    }
    let (input, outcome) = parts(case);
    input != Some(outcome)
        && is_whole(case)
        && !is_nested(outcome)
        && !BE.is_in(outcome)
        && !TALK.is_in(&veiled(case))
        && !NARRATES.is_in(&veiled(outcome))
        && input.is_none_or(|input| is_input(input, asked))
        && is_outcome(outcome)
        && (!BARELY.is_in(outcome) || input.is_some_and(names))
        && !repeats(case, asked)
        && !echoes(case, asked)
        && !is_signature(case, asked)
        && !is_of_today(case, asked)
        && !input.is_some_and(|input| is_bare_with(input, outcome))
        && (!POSSIBLE.is_in(outcome) || names(outcome))
}

/// `from this it follows that the file: is written` behind a condition: a sentence that was parted twice.
fn is_nested(outcome: &str) -> bool {
    let (input, end) = parts(outcome);
    input.is_some_and(|input| veiled(input).split(' ').count() > NESTED) && PARTED.is_in(end)
}

/// Most words before a second colon: a name and its value are no sentence.
const NESTED: usize = 3;
/// What a subject stands before, and no colon.
static PARTED: Pattern = Pattern::new(r"^(?:(?:is|are|was|were|be|been) \w|\w+ed and )");

/// `with 422: 422`: what one sees, twice, and no condition.
fn is_bare_with(input: &str, outcome: &str) -> bool {
    input.strip_prefix("with ").is_some_and(|rest| words::bare(rest) == words::bare(outcome))
}

/// What is only asked for says nothing that one sees.
static BE: Pattern = Pattern::new(r"^be \w");

/// A title that tells a fault, `X does not clear the screen`, is what one sees before the change.
fn is_of_today(case: &str, asked: &Asked<'_>) -> bool {
    let (_, outcome) = parts(case);
    let fact =
        DENIED.first(outcome, 0).filter(|_| !WANTED.is_in(asked.quote) && asks::tells_fault(asked.title));
    fact.is_some_and(|fact| words::stands_in(asked.title, fact) && words::stands_in(asked.title, outcome))
}

static DENIED: Pattern =
    Pattern::new(r"\b(?:does|do|is|are|was|were|has|have|can|will)(?: not|n['’]t)\b.*|\bcannot\b.*");
static WANTED: Pattern = Pattern::new(
    r"\b(?:should|must|shall|ought|ha(?:s|ve) to|expect\w*|want\w*|make sure|ensure\w*|need\w*|so that|would|may not)\b",
);

/// The demand is nothing but code, with or without an aside: it says what is to be there, and not what one sees of it.
fn is_signature(case: &str, asked: &Asked<'_>) -> bool {
    SIGNATURE.is_in(asked.quote) && words::bare(case) == words::bare(asked.quote)
}

static SIGNATURE: Pattern = Pattern::new(r"^`[^`]+`:?\s*(?:\(.*\))?\W*$");

/// Possible for whoever does it: nothing one sees before.
static POSSIBLE: Pattern = Pattern::new(r"^(?:able|possible|allowed|easy|nice) (?:to|for)\b");

/// Only says the demand done, or the title: nothing one sees.
fn echoes(case: &str, asked: &Asked<'_>) -> bool {
    let quoted = words::sentences(asked.quote).into_iter().filter_map(|range| asked.quote.get(range));
    quoted.chain([asked.quote, asked.title]).any(|text| wish::is_echo(case, text))
}

/// Condition and outcome of a case; a colon in code or in a quotation parts nothing.
pub fn parts(case: &str) -> (Option<&str>, &str) {
    let veiled = veiled(case);
    match veiled.find(": ") {
        Some(at) if at > 0 => (case.get(..at).map(str::trim), case.get(at + 2..).unwrap_or_default().trim()),
        _ => (None, case.trim()),
    }
}

/// Each byte of code and of quotations is veiled, so that offsets stay.
fn veiled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within: Option<char> = None;
    for letter in text.chars() {
        match (within, letter) {
            (None, '`') => within = Some('`'),
            (None, '“') => within = Some('”'),
            (Some(end), letter) if letter == end => within = None,
            (Some(_), _) => {
                out.extend(std::iter::repeat_n('x', letter.len_utf8()));
                continue;
            }
            (None, _) => {}
        }
        out.push(letter);
    }
    // An end that never comes veils nothing.
    if within.is_some() { text.to_owned() } else { out }
}

/// Names code, a number or words as they stand on a screen.
fn names(text: &str) -> bool {
    NAMES.is_in(text)
}

static NAMES: Pattern = Pattern::new(r#"\d|`|["“„«]|\B--?\w|(?:^|\s)['‘]\S"#);

/// Neither cut nor half of a pair.
fn is_whole(text: &str) -> bool {
    let bare = veiled(text);
    let pair = |open: char, close: char| {
        let mut depth = 0_i32;
        for letter in bare.chars() {
            depth += i32::from(letter == open) - i32::from(letter == close);
            if depth < 0 {
                return false;
            }
        }
        depth == 0
    };
    let even = |mark: char| bare.matches(mark).count().is_multiple_of(2);
    let paired =
        pair('(', ')') && pair('[', ']') && pair('{', '}') && pair('“', '”') && even('"') && even('`');
    let (input, outcome) = parts(text);
    paired && input.is_none_or(ends_well) && ends_well(outcome) && !FRAGMENT.is_in(&bare)
}

/// Begins with a sign that begins no sentence and no code.
static FRAGMENT: Pattern = Pattern::new(r"^[!,;:)\]}?*|>\\]");

/// Ends where a thought ends.
fn ends_well(text: &str) -> bool {
    let text = text.trim();
    !text.ends_with(['…', ',', ':', ';', '(', '–', '—', '-', '?'])
        && (!DANGLES.is_in(text) || SAYS_WHICH.is_in(text))
}

/// `… and says which`: of those before.
static SAYS_WHICH: Pattern = Pattern::new(r"\b(?:say|tell|show|name|know|list)s? (?:which|how|whether)$");
static DANGLES: Pattern = Pattern::new(
    r"\b(?:the|an?|of|to|and|or|but|nor|with|for|from|into|by|via|than|which|when|whenever|if|because|how|whether|its|their|your|our|my|just|could|would|should|such as|e\.g\.?)$",
);

/// Adverbs and pronouns are no condition, and the title again is none.
fn is_input(input: &str, asked: &Asked<'_>) -> bool {
    let quoted = input.strip_prefix('“').and_then(|rest| rest.strip_suffix('”'));
    let said = quoted.unwrap_or(input);
    !BARE.is_in(input)
        && !LABEL.is_in(input)
        && !INFINITIVE.is_in(input)
        && input.chars().any(char::is_alphanumeric)
        && !OPENS.is_in(input)
        && !ADDRESS.is_in(input)
        && !HELP.is_in(input)
        && !SUBORDINATE.is_in(input)
        && (!TO_COME.is_in(&veiled(input)) || RELATIVE.is_in(input) || input.starts_with('`'))
        && !(quoted.is_some() && (said.ends_with('…') || is_title(said, asked)))
}

fn is_outcome(outcome: &str) -> bool {
    let heads = outcome.starts_with('`') && outcome.ends_with(":`");
    !heads
        && !VOID.is_in(outcome)
        && (!CALLED_FOR.is_in(outcome) && !DOING.is_in(outcome) || names(outcome))
        && outcome.chars().any(char::is_alphanumeric)
        && ends_well(outcome)
        && !GETS.is_in(outcome)
}

/// What one gets, it does not say.
static GETS: Pattern = Pattern::new(r"\bgets?$");

macro_rules! empty_words {
    () => {
        "otherwise|ideally|hopefully|basically|actually|currently|instead|maybe|perhaps|probably|please|also|again|then|thus|so|i|you|we|he|she|it|this|that|these|those|they|them|something|anything|someone|yes|ok|ideal|better|best|more|less"
    };
}
static BARE: Pattern = Pattern::new(concat!(
    r"^(?:[^\w`]*\b(?:and|or|but|here|there|one|nothing|no|not|before anything(?: else)?|always|often|usually|sometimes|is|are|was|were|be|been|to|the|a|an|of|for|from|in|on|at|by|as|will|would|should|must|can|could|may|might|",
    empty_words!(),
    r")\b)+[^\w`]*$"
));
/// `Suggested solution: …` labels what follows.
static LABEL: Pattern = Pattern::new(
    r"^(?:(?:my|the|a|an|one|another|suggested|proposed|possible|specific|general|alternative|preferred|simple) )*(?:solutions?|proposals?|suggestions?|ideas?|workarounds?|edit)(?: \d)?$",
);
static VOID: Pattern = Pattern::new(concat!(
    r"^\W*(?:needed|wanted|necessary|(?:comes?|goes|go|done|added|built) (?:first|next|later|last|before)|",
    empty_words!(),
    r")\W*$"
));
/// `To know if …` is what somebody would like, and no condition.
static INFINITIVE: Pattern =
    Pattern::new(r"^to (?:know|see|hear|ask|understand|learn|find out|check|be able)\b");
/// `Implement it` says no more than that it is done.
static CALLED_FOR: Pattern = Pattern::new(
    r"^(?:gains?|gets?|has|have|adds?|offers?|provides?) (?:\w+ )?support for [^`\d]*$|^(?:implement|do|fix|solve|address|support|handle|use|have|want|need)s? (?:it|this|that|them|so)$",
);
/// The head of a definition goes in nowhere, and nor does an address.
static OPENS: Pattern = Pattern::new(r"[{(\[]`?$");
static ADDRESS: Pattern = Pattern::new(r"^`?https?:\S+$");

/// A line of a help text: an option, a gap and what is said of it.
static HELP: Pattern = Pattern::new(r"^`?--?[\w-]+[^`]*?\s{2,}\w+ \w+");
/// `If `include``: what was left of a condition that was parted at the wrong place.
static SUBORDINATE: Pattern = Pattern::new(r"^(?:if|whether|unless|although|because|since) `[^`]+`$");
/// What will be is told of others, and is no condition; what it is said of with `that` may be one.
static TO_COME: Pattern = Pattern::new(r"\b(?:is|are) going to (?:be|have|get)\b");
static RELATIVE: Pattern = Pattern::new(r"\b(?:that|which|who)\b");
/// `opening the editor`: what is done, and not what one sees of it.
static DOING: Pattern = Pattern::new(r"^(?:\w+[^s\W])ing (?:the|an?|its|their|all) \S+$");

/// There, and nothing else.
static BARELY: Pattern = Pattern::new(
    r"^(?:there|accepted|applied|handled|supported|implemented|included|provided|used|read|set|shown|done|added|called|checked|configured|enforced|possible|available|there too|works)$",
);

/// What people say to each other.
static TALK: Pattern = Pattern::new(
    r"\bI(?:['’](?:m|d|ve|ll)\b| (?:should|would|could|can|may|might|will|am|was|have|had|think|guess|believe|hope|wish|want|like|need|expect\w*|prefer|suggest|propose|wonder|know|acknowledge|admit|agree|assume|suppose|understand|don['’]t|do not)\b)|\byou['’]d\b|\b(?:probably|apolog\w+|thanks|thank you|please let|let me know|happy to|we (?:can|could|might|may)\b|happens to be|to know (?:if|whether|what|how|your)|think (?:it|this|that|so)\b|for now,?|as a workaround|work ?around|in the meantime|you (?:can|could|may|might|should|would|will|need|have)\b|no idea|not sure|sounds? (?:good|great|like)|would be (?:nice|great|good|handy|useful|helpful|cool|awesome|ideal)|make sense|makes sense|feel free|imho|fwiw|afaik|less ideal)\b|\?$",
);

/// Nobody of the issue acts in an outcome.
static NARRATES: Pattern = Pattern::new(r"(?-i:\bI\b)|\b(?:my|me|myself)(?:[^\w-]|$)");

/// Was it held back for nothing but that it repeats what is asked, or says it done? Then what is asked can be seen, in its own words.
pub fn says_again(case: &str, asked: &Asked<'_>) -> bool {
    let talks = TALK.is_in(&veiled(case)) || NARRATES.is_in(&veiled(case));
    let done = parts(case).0.is_some() && BARELY.is_in(parts(case).1);
    let again = done
        || POSSIBLE.is_in(parts(case).1)
        || echoes(case, asked)
        || repeats(case, asked) && names(asked.quote);
    again && is_whole(case) && !talks
}

/// Is it the title again, or most of it?
fn is_title(said: &str, asked: &Asked<'_>) -> bool {
    let said = said.trim_end_matches('…');
    let (part, whole) = (words::bare(said), words::bare(asked.title));
    let count = |text: &str| text.split(' ').count();
    count(&part) > 1 && words::stands_in(&whole, &part) && count(&part) * 5 >= count(&whole) * 2
}

/// Says the title or the demand once more.
fn repeats(case: &str, asked: &Asked<'_>) -> bool {
    let (input, outcome) = parts(case);
    let quotes = QUOTED.all(outcome, 1);
    let titled = quotes.iter().any(|quote| is_title(quote, asked))
        && input.is_none_or(|input| !input.contains('`'))
        || NO_LONGER.first(outcome, 1).is_some_and(|quote| is_title(quote, asked));
    let again = |of: &str| words::stands_in(of, case) && words::bare(case).split(' ').count() > 1;
    // A condition that stands apart from its outcome is more than the sentence.
    titled || (input.is_none() && !is_pair(case) && (again(asked.quote) || again(asked.title)))
}

static QUOTED: Pattern = Pattern::new(r"“([^”]{4,})”");
static NO_LONGER: Pattern = Pattern::new(r"^no longer “([^”]{4,})”$");

/// An outcome that is nothing but a value.
fn is_pair(case: &str) -> bool {
    let spans = mentions::spans(case);
    spans.iter().all(|(part, code)| *code || !part.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ASKED: Asked<'static> = Asked {
        quote: "`--groups` must list the visible groups only, and `CHANGES.md` gets an entry",
        title: "Empty groups are listed when every recipe is private",
    };

    fn passes(case: &str) -> bool {
        !printed(&[case.to_owned()], &ASKED).is_empty()
    }

    #[test]
    fn a_case_has_a_condition_and_an_outcome() {
        for case in [
            "`just --groups`: lists groups with a visible recipe",
            "failures 1–5: none is 429",
            "an empty file: exit code 2",
            "the code of lines 4–9: no “index out of range [1] with length 0”",
            "`a(1)`: `2`, not `3`",
            "after 59 s: not yet",
            "never: more than 5 rows",
            "`sum([1, 2])`: accepted",
            "a search for `parse_row` finds nothing; today it stands in `src/parse.ts`",
            "the setting absent: as at `4f1c2ab`",
            "a name of 200 letters (and `漢`): shown whole",
            "an I/O error: `limit: 5` stays",
            "`tool a`: nothing is changed in the 'my-project' directory",
            "if missing: 404",
            "an empty queue: nothing to do",
            "a lesson that is going to be canceled: shown in red",
        ] {
            assert!(passes(case), "{case}");
        }
    }

    #[test]
    fn what_shows_nothing_is_not_printed() {
        for case in [
            "",
            "otherwise: not 403",
            "and: exit code 2",
            "Ideally: raises an error",
            "it: raises an error",
            "is: cut off the suffixes of the names",
            "as it is: the names are sorted",
            "never: needed",
            "with `--edit`: come first",
            "to know if there are objections against this: implement it",
            "never: think it's possible to do that with fzf",
            "I should probably fix this, but for now, you: writes it in `name:...` form",
            "a `sort` parameter on `Choice`:",
            "foo.py: prints `a=None`,",
            "the output: ends in the",
            "!/usr/bin/env python: `import click`",
            "the names: sorted (as in the list",
            "the names: sorted “as in the list",
            "the names: `a",
            "all groups of every recipe of the file that is read when it is…: listed",
            "`just`: no longer “Empty groups are listed when every recipe is private”",
            "“Empty groups are listed when every recipe is private”: exit code 2",
            "a test of “Empty groups are listed when every recipe…”, red before the change",
            "`--groups` must list the visible groups only",
            "`CHANGES.md` gets an entry",
            "same filter chain: applied",
            "the groups: there",
            "`fn groups(&self) {`: they are listed",
            "https://example.org/groups?q=a: documented",
            "unable to find any reports, my apologies and thank you",
            "a ledger: possible to have a designated default page",
            "`Page Page`: we can use text or a mark",
            "This I acknowledge, no spaces: are allowed after `#`",
            "`a.add(1)`: with `b.add(2)` it works as it should, but then a file: created and kept",
            "with `--sort`: be offered as well",
            "`host`: the whole address is probably what comes",
            "from this you'd: get all of them",
            "If `include`: given in an extended manifest",
            "`-stdin-path      Path to the source that is read`: no “not found”",
            "in its next release the ring is going to have an API: gives back a name",
            "with the option: opening the editor",
            "with 422: 422",
        ] {
            assert!(!passes(case), "{case}");
        }
    }

    #[test]
    fn what_a_title_tells_of_today_is_no_proof() {
        let of = |quote: &str, case: &str| {
            let asked = Asked { quote, title: quote };
            !printed(&[case.to_owned()], &asked).is_empty()
        };
        let told = "`--clear` does not clear the screen when nothing restarts";
        assert!(!of(told, "`--clear`: does not clear the screen when nothing restarts"));
        let wanted = "`--clear` should not clear the screen when nothing restarts";
        assert!(of(wanted, "nothing restarts: `--clear` does not clear the screen"));
    }

    #[test]
    fn what_holds_otherwise_stands_behind_its_condition() {
        let cases = |first: &str| {
            let cases = [first.to_owned(), "otherwise: not 403".to_owned()];
            printed(&cases, &ASKED).len()
        };
        assert_eq!(cases("an unknown host: 403"), 2);
        assert_eq!(cases("“with neither setting a request with an unknown…”: 403"), 0);
        let twice = ["`a`: 1".to_owned(), "and: no error".to_owned(), "`a`: 1".to_owned()];
        assert_eq!(printed(&twice, &ASKED), ["`a`: 1", "and: no error"]);
    }

    proptest! {
        #[test]
        fn what_passes_is_whole_and_stays_as_it_is(cases in proptest::collection::vec("\\PC{0,60}|[a-z`:“”(), .]{0,40}", 0..6)) {
            let shown = printed(&cases, &ASKED);
            for case in &shown {
                prop_assert!(cases.iter().any(|given| given.trim() == case));
                prop_assert!(!case.is_empty() && !case.ends_with(['…', ',', ':', ';', '(']));
                prop_assert!(case.chars().any(char::is_alphanumeric));
            }
            // Once through the gate, nothing is stopped by it.
            prop_assert_eq!(printed(&shown, &ASKED), shown);
        }

        #[test]
        fn no_wish_is_shown_by_its_own_words_and_a_participle(
            verb in "(Add|Prevent|Enable|Disable|Keep|Remove|Adding|Trailing|Existing|Skipping)",
            object in "(`[a-z]{2,6}` |'[+]' |)[a-z]{3,8}( (for|on|of) `?[a-z]{2,8}`?){0,2}",
        ) {
            let quote = format!("{verb} {object}");
            let asked = Asked { quote: &quote, title: &quote };
            let shown = printed(&wish::case(&quote).into_iter().collect::<Vec<_>>(), &asked);
            let lone = |case: &String| {
                let (input, outcome) = parts(case);
                input.is_some() && outcome.split(' ').count() == 1
            };
            prop_assert!(!shown.iter().any(lone), "{:?}", shown);
        }

        #[test]
        fn no_text_that_is_quoted_passes_as_its_own_case(quote in "[A-Za-z]{2,8}( [a-z]{2,8}){1,8}") {
            let asked = Asked { quote: &quote, title: "" };
            prop_assert!(printed(std::slice::from_ref(&quote), &asked).is_empty());
        }
    }

    #[test]
    fn a_label_is_no_input_and_what_was_malformed_is_one() {
        for label in ["Solution", "suggested solution", "My proposal", "Workaround", "Option a solution 1"] {
            assert_eq!(LABEL.is_in(label), !label.starts_with("Option"), "{label}");
        }
        for input in [
            "a malformed request",
            "an expired request",
            "a failed update",
            "unsupported option",
            "disabled feature",
        ] {
            assert!(!LABEL.is_in(input), "{input}");
        }
    }
}
