//! Takes secrets out of text before it is written anywhere.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::Regex;
use secrecy::{ExposeSecret as _, SecretString};

/// What stands where a secret stood.
pub const MARK: &str = "[REDACTED]";

/// A known secret shorter than this many bytes is not searched for: it would blot out ordinary words.
pub const SHORTEST_SECRET: usize = 6;

/// Replaces known secrets (exact, escaped, percent-encoded, hex, base64 at any offset) and everything shaped like a
/// token by [`MARK`]. Cheap to clone.
#[derive(Clone)]
pub struct Redactor {
    /// Every spelling of every secret, longest first. Searched for one by one: a search pattern made of all of them took
    /// 60 ms of a start and 10 MB of memory for one private key, and a log line is short.
    known: Arc<[String]>,
    shapes: Arc<[(Regex, &'static str)]>,
}

impl Redactor {
    /// A redactor that knows these secrets by heart and all token shapes.
    ///
    /// # Errors
    /// Only if one of our own patterns were wrong.
    pub fn new(secrets: &[SecretString]) -> Result<Self, regex::Error> {
        let shapes = SHAPES
            .iter()
            .map(|(pattern, replacement)| Ok((Regex::new(pattern)?, *replacement)))
            .collect::<Result<Arc<[_]>, regex::Error>>()?;
        Ok(Self { known: known(secrets), shapes })
    }

    /// The text without secrets; borrowed when there was none.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut clean = Cow::Borrowed(text);
        for spelling in self.known.iter() {
            if clean.contains(spelling.as_str()) {
                clean = Cow::Owned(clean.replace(spelling.as_str(), MARK));
            }
        }
        for (shape, replacement) in self.shapes.iter() {
            replace(&mut clean, shape, replacement);
        }
        clean
    }
}

/// GitHub's tokens of all kinds, signed web tokens, private keys (cut ones too, with real or escaped line ends),
/// passwords in addresses, and whatever follows an authorization header's scheme.
static SHAPES: &[(&str, &str)] = &[
    (r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)", "[REDACTED]"),
    (r"gh[oprsu]_[A-Za-z0-9_.-]{12,}", "[REDACTED]"),
    (r"github_pat_[A-Za-z0-9_]{8,}", "[REDACTED]"),
    (r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){0,2}", "[REDACTED]"),
    (r#"(://[^/\s:@"]*:)[^/\s@"]+@"#, "${1}[REDACTED]@"),
    (
        r#"(?i)\b(authorization\\?["']?\s*[:=]\s*\\?["']?(?:bearer|token|basic)\s+)[^\s"'\\,]+"#,
        "${1}[REDACTED]",
    ),
];

fn replace(text: &mut Cow<'_, str>, pattern: &Regex, replacement: &str) {
    if let Cow::Owned(changed) = pattern.replace_all(text, replacement) {
        *text = Cow::Owned(changed);
    }
}

fn known(secrets: &[SecretString]) -> Arc<[String]> {
    let mut spellings: Vec<String> = secrets
        .iter()
        .map(|secret| secret.expose_secret())
        .filter(|secret| secret.len() >= SHORTEST_SECRET)
        .flat_map(spellings)
        .filter(|spelling| !spelling.is_empty())
        .collect();
    // Longest first: a part must not be taken out before the whole.
    spellings.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    spellings.dedup();
    spellings.into()
}

/// The forms in which one secret may turn up in a log line.
fn spellings(secret: &str) -> Vec<String> {
    let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let mut all = vec![percent.replace('+', "%20"), percent, hex.to_uppercase(), hex];
    // Twice: a debug text inside a JSON line, or JSON inside JSON, is escaped twice.
    let once = escaped(secret);
    all.extend(once.iter().flat_map(|text| escaped(text)));
    all.extend(once);
    all.push(secret.to_owned());
    for shift in 0..3 {
        all.push(base64_core(&STANDARD_NO_PAD, secret, shift));
        all.push(base64_core(&URL_SAFE_NO_PAD, secret, shift));
    }
    all
}

fn escaped(text: &str) -> [String; 2] {
    [inside_quotes(&format!("{text:?}")), inside_quotes(&serde_json::Value::from(text).to_string())]
}

fn inside_quotes(quoted: &str) -> String {
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted).to_owned()
}

/// The characters of the base64 of `…secret…` that depend on the secret alone, when it begins `shift` bytes after a
/// multiple of three.
fn base64_core(engine: &impl base64::Engine, secret: &str, shift: usize) -> String {
    let mut bytes = vec![0; shift];
    bytes.extend_from_slice(secret.as_bytes());
    let encoded = engine.encode(&bytes);
    let first_own = (shift * 8).div_ceil(6);
    let last_own = bytes.len() * 8 / 6;
    encoded.get(first_own..last_own).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn redactor(secrets: &[&str]) -> Redactor {
        let secrets: Vec<SecretString> = secrets.iter().map(|s| SecretString::from(*s)).collect();
        Redactor::new(&secrets).unwrap()
    }

    #[test]
    fn s15_token_shapes_are_replaced() {
        let none = redactor(&[]);
        for token in [
            "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAB==\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\\nMIIEow and the line was cut",
        ] {
            let line = none.redact(token).into_owned();
            assert_eq!(line, MARK, "{token}");
        }
    }

    #[test]
    fn passwords_in_addresses_and_headers_are_replaced() {
        let none = redactor(&[]);
        assert_eq!(
            none.redact("cannot reach postgres://mill:hunter2@db/x"),
            "cannot reach postgres://mill:[REDACTED]@db/x"
        );
        assert_eq!(none.redact("authorization: Bearer abc.def"), "authorization: Bearer [REDACTED]");
        assert_eq!(
            none.redact(r#"{"authorization":"token abc"}"#),
            r#"{"authorization":"token [REDACTED]"}"#
        );
    }

    #[test]
    fn ordinary_lines_are_left_alone_and_not_copied() {
        let some = redactor(&["a-secret-nobody-writes"]);
        let line = "2026-11-21T03:29:15Z INFO millwright: delivery 72d3162e accepted for octo/repo#42 http://127.0.0.1:3000/x";
        assert!(matches!(some.redact(line), Cow::Borrowed(same) if same == line));
    }

    #[test]
    fn a_known_secret_goes_in_every_spelling() {
        let secret = "p\"a s\\s\nwörd/+?";
        let some = redactor(&[secret]);
        for line in [
            format!("plain {secret}."),
            format!("debug {secret:?}."),
            format!("json {}.", serde_json::Value::from(secret)),
            format!("form {}.", url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>()),
        ] {
            let clean = some.redact(&line);
            assert!(clean.contains(MARK), "{clean}");
            assert!(!clean.contains("rd/"), "{clean}");
            assert!(!clean.contains("rd%2F"), "{clean}");
        }
    }

    #[test]
    fn a_longer_secret_wins_over_its_own_beginning() {
        let both = redactor(&["secret", "secret-and-more"]);
        assert_eq!(both.redact("<secret-and-more>"), "<[REDACTED]>");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn s15_base64_of_text_around_a_secret_shows_nothing_of_it(
            secret in "[ -~]{12,40}", before in "[ -~]{0,7}", after in "[ -~]{0,7}",
        ) {
            let some = redactor(&[&secret]);
            let encoded = STANDARD.encode(format!("{before}{secret}{after}"));
            let clean = some.redact(&encoded);
            prop_assert!(clean.contains(MARK));
            let left = clean.len() - MARK.len();
            prop_assert!(left <= (before.len() + after.len()) * 2 + 10, "{clean}");
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), secret in any::<String>()) {
            let some = redactor(&[&secret]);
            let clean = some.redact(&text).into_owned();
            prop_assert!(secret.len() < SHORTEST_SECRET || MARK.contains(&secret) || !clean.contains(&secret));
        }
    }
}
