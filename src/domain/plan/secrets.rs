//! Takes what looks like a token out of an issue before anything of it is quoted.

use std::borrow::Cow;

use crate::domain::brief::{Brief, Target};
use crate::domain::plan::pattern::Pattern;

/// What stands where a token stood.
pub const MARK: &str = "[masked]";

/// Private keys, GitHub's tokens, signed web tokens, keys of the large clouds and services, passwords in addresses.
static SHAPES: [Pattern; 5] = [
    Pattern::new(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)"),
    Pattern::new(
        r"(?-i:gh[oprsu]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{20,}|\bAKIA[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}|sk_live_[A-Za-z0-9]{16,})",
    ),
    Pattern::new(r"(?-i:\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?)"),
    Pattern::new(r"(?:bearer|basic)\s+[A-Za-z0-9+/_.=-]{20,}"),
    Pattern::new(r"://[^/\s:@]{1,64}:[^/\s@]{3,128}@"),
];

/// What stands in the place of a password in an example, instead of one.
static SAMPLE: Pattern = Pattern::new(
    r"^://[^:]*:(?:(?:my|your|the|some|db)?[-_]?(?:pass(?:word|wd|phrase)?|pw|pwd|secret)|changeme|redacted|[x*.#-]+|<[^>]*>|\$\{\w+\}|(?-i:\$[A-Z][A-Z_]*)|\{\{[\w. ]+\}\})@$",
);

/// Does a text hold a token that is no sample?
fn holds(text: &str) -> bool {
    SHAPES.iter().any(|shape| shape.all(text, 0).into_iter().any(|found| !SAMPLE.is_in(found)))
}

/// The brief without tokens, and the lines of its body that held one; borrowed where there was none.
pub fn masked(brief: &Brief) -> (Cow<'_, Brief>, Vec<usize>) {
    let found = holds;
    let said = brief.comments.iter().map(|comment| &comment.body);
    let answered = brief.answers.iter().map(|answer| &answer.text);
    let mut all = [&brief.title, &brief.body].into_iter().chain(said).chain(answered);
    let aimed = matches!(&brief.target, Target::Text(text) if found(text));
    if !aimed && !all.any(|text| found(text)) {
        return (Cow::Borrowed(brief), Vec::new());
    }
    let lines =
        brief.body.lines().enumerate().filter(|(_, line)| found(line)).map(|(at, _)| at + 1).collect();
    let mut clean = brief.clone();
    for text in [&mut clean.title, &mut clean.body] {
        mask(text);
    }
    clean.comments.iter_mut().for_each(|comment| mask(&mut comment.body));
    clean.answers.iter_mut().for_each(|answer| mask(&mut answer.text));
    if let Target::Text(text) = &mut clean.target {
        mask(text);
    }
    (Cow::Owned(clean), lines)
}

/// The lines of a file that hold what looks like a token, from 1.
pub fn lines(text: &str) -> Vec<usize> {
    let found = |line: &str| line.len() < 4_000 && holds(line);
    text.lines().enumerate().filter(|(_, line)| found(line)).map(|(at, _)| at + 1).collect()
}

/// Line ends inside a token stay, so that every other line keeps its number.
fn mask(text: &mut String) {
    for shape in &SHAPES {
        *text = shape.replace(text, |found| match SAMPLE.is_in(found) {
            true => found.to_owned(),
            false => format!("{MARK}{}", "\n".repeat(found.matches('\n').count())),
        });
    }
}

/// Whoever can read the issue can read the token: that has to be said once.
pub fn told(lines: &[usize]) -> Option<String> {
    let first = lines.first()?;
    Some(format!("line {first} holds what looks like a token: masked here, to be revoked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::IssueNumber;

    #[test]
    fn the_password_of_an_example_is_none() {
        for sample in
            ["://user:secret@10.0.0.1/x", "://ada:password@host", "://ada:****@host", "://ada:${PGPASS}@host"]
        {
            assert!(lines(sample).is_empty(), "{sample}");
        }
        for real in [
            "://user:s3cr3t-91@10.0.0.1/x",
            "://ada:secretary9@host",
            "://ada:$up3rSecret99@host",
            "://postgres:postgres@host",
        ] {
            assert_eq!(lines(real), [1], "{real}");
        }
    }

    #[test]
    fn tokens_go_and_the_rest_keeps_its_lines() {
        let body = "one\nuse ghp_abcdefghijklmnop1234567890 here\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nhttps://ada:geheim123@host.example/x\nAKIAIOSFODNN7EXAMPLE\nlast";
        let brief = Brief { body: body.to_owned(), ..Brief::new(IssueNumber(1)) };
        let (clean, lines) = masked(&brief);
        assert_eq!(
            clean.body,
            "one\nuse [masked] here\n[masked]\n\n\nhttps[masked]host.example/x\n[masked]\nlast"
        );
        assert_eq!(lines, [2, 3, 6, 7]);
        let plain = Brief { body: "ghp_short and sk-ip are words".to_owned(), ..Brief::new(IssueNumber(1)) };
        assert!(matches!(masked(&plain).0, Cow::Borrowed(_)));
    }
}
