//! Takes what looks like a token out of an issue before anything of it is quoted, and out of the plan once more when it is
//! finished: what comes from the tree passes here alone, and what Markdown joins is one only then.

mod shapes;

use std::borrow::Cow;

use serde_json::Value;

use crate::domain::brief::Brief;
use crate::domain::escape::visible::is_hidden;
use crate::domain::plan::model::Plan;

use shapes::holds;
pub use shapes::{MARK, without};

/// The brief as its readers see it, without tokens and hidden characters, and the lines of its body that held a token;
/// borrowed where there was neither.
pub fn masked(brief: &Brief) -> (Cow<'_, Brief>, Vec<usize>) {
    let mut clean = brief.clone();
    let body = shown(&brief.body);
    let lines = lines(body.as_deref().unwrap_or(&brief.body));
    let mut changed = false;
    for text in clean.texts_mut() {
        if let Some(seen) = shown(text) {
            *text = seen;
            changed = true;
        }
        if holds(text) {
            *text = without(text);
            changed = true;
        }
    }
    match changed {
        true => (Cow::Owned(clean), lines),
        false => (Cow::Borrowed(brief), lines),
    }
}

/// The plan without tokens, whatever they came from.
pub fn finished(plan: Plan) -> Plan {
    // A plan is data and nothing else: it always has a JSON form, and is read back from it.
    let Ok(mut value) = serde_json::to_value(&plan) else { return plan };
    match clean(&mut value) {
        true => serde_json::from_value(value).unwrap_or(plan),
        false => plan,
    }
}

/// Masks every string of a value; did one hold a token?
fn clean(value: &mut Value) -> bool {
    match value {
        Value::String(text) if holds(text) => {
            *text = without(text);
            true
        }
        Value::Array(all) => all.iter_mut().fold(false, |changed, one| clean(one) | changed),
        Value::Object(all) => all.values_mut().fold(false, |changed, one| clean(one) | changed),
        _ => false,
    }
}

/// The text without characters that show nothing, which may stand inside a token; nothing where there are none, or nothing
/// else. Line ends stay as they are.
fn shown(text: &str) -> Option<String> {
    let hides = |c: char| c != '\r' && is_hidden(c);
    text.contains(hides).then(|| text.replace(hides, "")).filter(|seen| !seen.trim().is_empty())
}

/// The lines of a text that hold what looks like a token, from 1.
pub fn lines(text: &str) -> Vec<usize> {
    let found = |line: &str| line.len() < LONGEST && holds(line);
    text.lines().enumerate().filter(|(_, line)| found(line)).map(|(at, _)| at + 1).collect()
}

/// Longest line that is looked at for its number, bytes: what is longer was written by a program.
const LONGEST: usize = 4_000;

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
    fn what_hides_in_a_token_is_seen_through_and_every_kind_is_known() {
        let ghp = format!("ghp_{}", "a1B2".repeat(9));
        let (front, back) = ghp.split_at(12);
        for hidden in ["\u{200b}", "\u{ad}", "\u{feff}", "\u{202e}", "\0"] {
            let body = format!("use {front}{hidden}{back} here");
            let brief = Brief { body, ..Brief::new(IssueNumber(1)) };
            let (clean, lines) = masked(&brief);
            assert_eq!((clean.body.as_str(), lines), ("use [masked] here", vec![1]), "{hidden:?}");
        }
        let long = "a1B2c3D4e5".repeat(5);
        let hex = "0a1b2c3d".repeat(8);
        for (text, seen) in [
            ("key_AKIAIOSFODNN7EXAMPLE".to_owned(), "key_[masked]"),
            ("xASIAIOSFODNN7EXAMPLE".to_owned(), "x[masked]"),
            (format!("rk_live_{long}"), MARK),
            (format!("dop_v1_{hex}"), MARK),
            (format!("pypi-AgE{long}"), MARK),
            (
                format!("https://hooks.slack.com/services/T0/B0/{long}"),
                "https://hooks.slack.com/services/[masked]",
            ),
            (format!("aws_secret_access_key = {long}"), "aws_secret_access_key = [masked]"),
            (format!("AccountKey={long};Suffix=core"), "AccountKey=[masked];Suffix=core"),
            ("postgres://ada:p@ss/w0rd@db.example/x".to_owned(), "postgres[masked]db.example/x"),
            ("postgres://ada:p@ssw0rd@db.example/x".to_owned(), "postgres[masked]db.example/x"),
            (format!("https://{long}@host.example"), "https://[masked]@host.example"),
            (
                "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOY\n-----END PGP PRIVATE KEY BLOCK-----".to_owned(),
                "[masked]\n\n",
            ),
        ] {
            assert_eq!(without(&text), seen, "{text}");
        }
        for plain in [
            "http://localhost:8080/x@y and http://[::1]:80/a@b",
            "basic internationalization of the ASIAPACIFICREGIONNAMES",
            "api_key: settings.provider.key and `api_key=process.env.API_KEY`",
            "git+ssh://git@github.com/a/b and mailto:ada@example.org",
            "https://example.org:443/a?mail=a@b.example",
        ] {
            assert_eq!(without(plain), plain);
        }
    }

    #[test]
    fn every_text_of_a_brief_is_masked() {
        let token = format!("ghp_{}", "a1B2".repeat(9));
        let said = format!(
            r#"{{"number":1,"title":"{token}","body":"","author":"ada","labels":["{token}"],"issue_type":null,
            "milestone":{{"title":"{token}"}},"comments":[{{"body":"{token}"}}],
            "answers":[{{"slot":null,"text":"{token}","author":"ada"}}],"target":{{"text":"{token}"}},
            "blocked_by":[{{"number":2,"title":"{token}"}}],"blocked_elsewhere":[{{"name":"{token}"}}],
            "sub_issues":[{{"number":3,"title":"{token}","carries":["{token}"]}}],
            "open_issues":[{{"number":4,"title":"{token}","body":"{token}"}}],
            "history":[{{"number":5,"title":"{token}"}}],"unread":["{token}"],"alerts":[]}}"#
        );
        let brief: Brief = serde_json::from_str(&said).unwrap();
        let (clean, _) = masked(&brief);
        let clean = serde_json::to_string(clean.as_ref()).unwrap();
        assert!(!clean.contains(&token), "{clean}");
        assert_eq!(clean.matches(MARK).count(), 14, "{clean}");
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
