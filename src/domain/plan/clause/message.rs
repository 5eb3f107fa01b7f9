//! A message that is asked for word by word: `the error should say "no such crate"`.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{quantity, words};

/// What says it, the verb, and the words between their marks.
static SAYS: Pattern = Pattern::new(
    r#"^\W*(?:but |so |then |i think |ideally,? )?(?:the|an?|its|this) ((?:[\p{L}`-]+ ){0,3}?(?:messages?|errors?|warnings?|text|output|help|prompt|description|titles?|labels?|hints?|tooltip|button|heading|log(?: line)?)(?: (?:for|of|in) [^"“,]+?)?) (?:should|must|shall|has to|ought to|needs to) (?:rather |simply |then |instead )?(say|read|be|state|print|show|contain|include|mention)(?: something like| like)?:? ("[^"]+"|“[^”]+”)(?:,? instead\b[^.]{0,80})?\W*$"#,
);
/// `Could the message say that the file is too long?`
static TELLS: Pattern = Pattern::new(
    r"^\W*(?:(?:but|so|then|maybe|i think|ideally),? )*(?:(?:could|can|should) (?:the|its|this) ((?:[\p{L}-]+ ){0,2}?(?:messages?|errors?|warnings?|output|log|help(?: text)?))|(?:the|its|this) ((?:[\p{L}-]+ ){0,2}?(?:messages?|errors?|warnings?|output|log|help(?: text)?)) (?:should|must|shall|has to|ought to|could)) (?:please |also |at least |maybe |then |instead )*(say|mention|tell|state|explain|include|name|list|show)s? ((?:that|which|what|why|how|where|the|its|all|both|an?) [^\x22“]+?)[.?!]*$",
);
/// The deed and the words, whoever is bidden.
static PRINT: Pattern = Pattern::new(
    r#"(?:^\W*|\b(?:please|could you|could we|can you|can we|should|must|shall|better to|rather|like to see|prefer) (?:\w+ly )?)(print|say|show|display|report|output|log|emit)s? (?:an? |the )?(?:(?:[\p{L}-]+ ){0,3}?(?:message|error|warning|text|hint|line) )?(?:something like|like|such as|saying|that says|that reads|with|as)?:? ?("[^"]+"|“[^”]+”)"#,
);

/// A sentence that is nothing but such a demand, as a case.
pub fn message(text: &str) -> Option<String> {
    if let Some((subject, told)) = told(text) {
        return Some(format!("the {subject}: {told}"));
    }
    let found = SAYS.captures(text)?;
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str().trim());
    let verb = match part(2).to_lowercase().as_str() {
        "be" | "say" | "read" | "state" => "says",
        "print" | "show" => "shows",
        _ => "holds",
    };
    Some(format!("the {}: {verb} {}", part(1).to_lowercase(), marked(part(3))))
}

/// What says something, and what it says: neither between marks.
fn told(text: &str) -> Option<(String, String)> {
    let found = TELLS.captures(text)?;
    let part = |group: usize| found.get(group).map(|it| it.as_str().trim());
    let (subject, verb) = (part(1).or(part(2))?.to_lowercase(), part(3)?.to_lowercase());
    let verb = super::agrees(if subject.ends_with('s') { "they" } else { "it" }, &verb);
    Some((subject, format!("{verb} {}", part(4)?)))
}

/// `Please either skip the mark or say so.`
static EITHER: Pattern = Pattern::new(
    r"^\W*(?:(?:so|then|but|and),? )*(?:please|it (?:should|must)|we should|one should) either ([a-z]+) ([^.;]+?),? or ([a-z]+) (.+?)[.!]*$",
);

/// What a sentence bids to print, as an outcome; also where that is one of two ways.
pub fn printed(text: &str) -> Option<String> {
    if let Some(found) = EITHER.captures(text) {
        let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
        let (first, second) = (super::agrees("it", part(1)), super::agrees("it", part(3)));
        return Some(format!("{first} {}, or {second} {}", part(2), part(4)));
    }
    if let Some((subject, told)) = told(text) {
        return Some(format!("the {subject} {told}"));
    }
    let found = PRINT.captures(text)?;
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
    let code = quantity::exit_code(text).map(|code| format!(", exit code {code}")).unwrap_or_default();
    Some(format!("{}s {}{code}", part(1).to_lowercase(), marked(part(2))))
}

fn marked(literal: &str) -> String {
    words::quoted(literal.trim_matches(['"', '“', '”']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_case_by_its_words() {
        for (text, case) in [
            (
                "The message should say \"no settings were found, please create one\".",
                Some("the message: says “no settings were found, please create one”"),
            ),
            (
                "the warning for empty crates must contain “crate 7” instead of its number",
                Some("the warning for empty crates: holds “crate 7”"),
            ),
            (
                "Could the message say that the file looks like UTF-16?",
                Some("the message: says that the file looks like UTF-16"),
            ),
            ("The error should name the crate.", Some("the error: names the crate")),
            ("The message should be shorter.", None),
            ("The error must be raised when \"crate\" is given twice.", None),
        ] {
            assert_eq!(message(text).as_deref(), case, "{text}");
        }
    }

    #[test]
    fn what_is_to_be_printed_is_an_outcome() {
        for (text, told) in [
            (
                "Please print something like \"The crate is lifted. Drop it first.\" instead.",
                Some("prints “The crate is lifted. Drop it first.”"),
            ),
            ("It should show an error saying “no crate”", Some("shows “no crate”")),
            ("It should print \"no crate\" and exit with 1", Some("prints “no crate”, exit code 1")),
            (
                "Please either skip the mark or say \"there is a mark\".",
                Some("skips the mark, or says \"there is a mark\""),
            ),
            ("It prints \"error 17\" today.", None),
            ("Please print the name.", None),
        ] {
            assert_eq!(printed(text).as_deref(), told, "{text}");
        }
    }
}
