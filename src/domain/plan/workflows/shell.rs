//! The commands in a line of a shell, without what only decides whether, or how often, they run.

/// `if [ … ]; then CMD; fi` comes down to `CMD`, a line that only decides to nothing; any other line is as it was.
pub(super) fn commands(line: &str) -> Vec<String> {
    // A line is a few hundred characters long; a longer one is not looked into.
    if line.len() > LONGEST || !decides(line) {
        return vec![line.to_owned()];
    }
    let mut out = Vec::new();
    let pieces = pieces(line);
    // A condition is a command of its own only where one sees what it decides.
    let is_whole = pieces.iter().any(|piece| first(piece) == "then");
    for piece in pieces {
        let mut rest = piece.trim();
        let mut condition = false;
        while let word @ ("if" | "elif" | "then" | "else" | "do" | "!") = first(rest) {
            condition |= matches!(word, "if" | "elif");
            rest = rest.get(word.len()..).unwrap_or_default().trim_start();
        }
        let rest = guarded(rest);
        let decided = is_test(rest) || matches!(first(rest), "for" | "while" | "until" | "case" | "select");
        let closes = matches!(first(rest), "fi" | "done" | "esac" | "");
        if !(closes || decided || condition && !is_whole) {
            out.push(rest.to_owned());
        }
    }
    out
}

const LONGEST: usize = 2_000;

fn decides(line: &str) -> bool {
    let word = first(line);
    matches!(
        word,
        "if" | "elif" | "then" | "else" | "fi" | "for" | "while" | "until" | "do" | "done" | "case" | "esac"
    ) || is_test(line)
}

fn is_test(text: &str) -> bool {
    matches!(first(text), "[" | "[[" | "test") || text.starts_with("((")
}

/// What runs where a test holds, or where it does not: `[ … ] && CMD`.
fn guarded(piece: &str) -> &str {
    let mut rest = piece;
    while is_test(rest) {
        let at = ["&&", "||"].iter().filter_map(|sign| outside(rest, sign)).min();
        // Within the brackets the signs are part of the test.
        let close = ["]]", " ]", "))"].iter().filter_map(|end| rest.find(end).map(|at| at + end.len())).max();
        let from = close.unwrap_or_default();
        let after = rest.get(from..).and_then(|text| {
            let at = ["&&", "||"].iter().filter_map(|sign| text.find(sign)).min()?;
            text.get(at + 2..)
        });
        match (first(rest), at, after) {
            ("test", Some(at), _) => rest = rest.get(at + 2..).unwrap_or_default().trim_start(),
            ("test", None, _) | (_, _, None) => return rest,
            (_, _, Some(after)) => rest = after.trim_start(),
        }
    }
    rest
}

fn first(text: &str) -> &str {
    let text = text.trim_start();
    text.split([' ', ';']).next().unwrap_or_default()
}

/// Where a sign stands that is in no quotes.
fn outside(text: &str, sign: &str) -> Option<usize> {
    text.match_indices(sign).map(|(at, _)| at).find(|at| is_bare(text, *at))
}

fn is_bare(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    ['"', '\''].iter().all(|quote| before.matches(*quote).count() % 2 == 0)
        && before.matches("$(").count() <= before.matches(')').count()
}

/// The line cut at its semicolons.
fn pieces(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices(';').filter(|(at, _)| is_bare(line, *at)) {
        out.push(line.get(from..at).unwrap_or_default());
        from = at + 1;
    }
    out.push(line.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_and_what_repeats_is_no_command() {
        for (line, told) in [
            ("if [[ $KEEL = 1 ]]; then vendor/bin/phpunit --stop; fi", "vendor/bin/phpunit --stop"),
            ("if [ -n \"$A\" ]; then make a; else make b; fi", "make a | make b"),
            ("if ! make check; then exit 1; fi", "make check | exit 1"),
            ("for n in 1 2; do tox -e py$n; done", "tox -e py$n"),
            ("while read x; do echo \"a; b\"; done", "echo \"a; b\""),
            ("[ \"$DEEP\" = 1 ] && ctest", "ctest"),
            ("[[ $A && $B ]] && ctest", "ctest"),
            ("test -f x || make x", "make x"),
            ("if [ -n \"$A\" ]; then", ""),
            ("fi", ""),
            ("cargo test; cargo test --doc", "cargo test; cargo test --doc"),
            ("iffy --do it", "iffy --do it"),
        ] {
            assert_eq!(commands(line).join(" | "), told, "{line}");
        }
    }
}
