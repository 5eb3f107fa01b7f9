//! What tokens look like: one line for each kind. What is no token although it looks like one is told beside it.

use crate::domain::plan::pattern::Pattern;

/// What stands where a token stood.
pub const MARK: &str = "[masked]";

/// One kind of token: group 1 of the pattern is the token, or all of it where there is no group.
struct Shape {
    pattern: Pattern,
    is_real: fn(&str) -> bool,
}

const fn always(source: &'static str) -> Shape {
    Shape { pattern: Pattern::new(source), is_real: |_| true }
}

const fn unless_sample(source: &'static str) -> Shape {
    Shape { pattern: Pattern::new(source), is_real: |found| !SAMPLE.is_in(found) }
}

const fn with_digit(source: &'static str) -> Shape {
    Shape { pattern: Pattern::new(source), is_real: |found| found.chars().any(|c| c.is_ascii_digit()) }
}

/// Prefixes are those that the services document for secret scanning; none needs an end of word before it, because people
/// write `key_AKIA…` too.
static SHAPES: [Shape; 11] = [
    always(
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
    ),
    // Source code and packages.
    always(
        r"(?-i:gh[oprsu]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|gl(?:pat|rt|ptt|oas|dt|ft|soat)-[A-Za-z0-9_.-]{16,}|npm_[A-Za-z0-9]{30,}|pypi-AgE[A-Za-z0-9_-]{16,}|rubygems_[a-f0-9]{32,}|dckr_pat_[A-Za-z0-9_-]{16,}|ATATT3[A-Za-z0-9_=-]{16,}|lin_api_[A-Za-z0-9]{30,})",
    ),
    // Talk, mail, payment, models.
    always(
        r"(?-i:xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,}|sk-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,})",
    ),
    always(
        r"(?:hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/)([A-Za-z0-9/_-]{20,})",
    ),
    // Clouds.
    always(
        r"(?-i:AIza[0-9A-Za-z_-]{30,}|ya29\.[0-9A-Za-z_-]{20,}|do[opr]_v1_[a-f0-9]{32,}|pul-[a-f0-9]{32,}|AGE-SECRET-KEY-1[0-9A-Z]{40,}|hv[sbr]\.[A-Za-z0-9_-]{24,})",
    ),
    with_digit(r"(?-i:(?:AKIA|ASIA)[0-9A-Z]{16,})"),
    // Signed web tokens.
    always(r"(?-i:eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?)"),
    with_digit(r"(?:bearer|basic)\s+[A-Za-z0-9+/_.=-]{20,}"),
    // A value beside a name that says what it is; the name stays.
    with_digit(
        r#"(?:secret[_-]?(?:access[_-]?)?key|account[_-]?key|shared[_-]?access[_-]?key|client[_-]?secret|api[_-]?key|(?:access|auth|api|refresh)[_-]?token)["']?\s*[:=]\s*["']?([A-Za-z0-9+/_=-]{20,})"#,
    ),
    // Passwords in addresses, and tokens in place of a name. A password may hold `@` and `/`; what stands behind a colon and
    // is all digits up to a slash is a port; what begins with a bracket is an address of IPv6.
    unless_sample(
        r#"://[^/\s:@\[]{0,64}:(?:[^/\s@"'<>`]{3,128}|\d{0,16}[^\d/\s@"'<>`][^\s"'<>`]{2,128})@(?:[^/\s@"'<>`]{1,64}@)*"#,
    ),
    with_digit(r"://([A-Za-z0-9_-]{20,128})@"),
];

/// What stands in the place of a password in an example, instead of one.
static SAMPLE: Pattern = Pattern::new(
    r"^://[^:]*:(?:(?:my|your|the|some|db)?[-_]?(?:pass(?:word|wd|phrase)?|pw|pwd|secret)|changeme|redacted|masked|\[masked\]|[x*.#-]+|<[^>]*>|\$\{\w+\}|(?-i:\$[A-Z][A-Z_]*)|\{\{[\w. ]+\}\})@$",
);

/// Does a text hold a token that is no sample?
pub fn holds(text: &str) -> bool {
    SHAPES.iter().any(|shape| {
        shape.pattern.every(text).any(|found| {
            let token = found.get(1).or_else(|| found.get(0));
            token.is_some_and(|token| (shape.is_real)(token.as_str()))
        })
    })
}

/// The text with [`MARK`] for each token. Line ends inside a token stay, so that every other line keeps its number.
pub fn without(text: &str) -> String {
    SHAPES.iter().fold(text.to_owned(), |text, shape| {
        shape.pattern.replace_token(&text, |token| match (shape.is_real)(token) {
            false => token.to_owned(),
            true => format!("{MARK}{}", "\n".repeat(token.matches('\n').count())),
        })
    })
}
