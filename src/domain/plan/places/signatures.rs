//! How a function is called, as its definition says it.

use crate::domain::plan::places::Places;
use crate::domain::plan::places::definitions::{defines, position};

/// Most lines over which parameters go.
const LINES: usize = 8;
/// Longest signature that is shown, in characters.
const LONGEST: usize = 100;

impl Places<'_> {
    /// The signatures of a function in a file, one for each definition, without what stands before its name.
    pub fn signatures(&self, path: &str, name: &str) -> Vec<String> {
        let lines: Vec<&str> = self.text(path).map_or_else(Vec::new, |text| text.lines().collect());
        let at = |index: usize, line: &str| {
            let at = position(line, name).filter(|at| line.len() < 400 && defines(line, *at, name.len()))?;
            let first = line.get(at..)?;
            let rest = lines.get(index + 1..).unwrap_or_default().iter().take(LINES).map(|line| line.trim());
            let whole = std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" ");
            Some(closed(&whole)?.replace("( ", "(").replace(", )", ")").replace(" )", ")"))
        };
        lines.iter().enumerate().filter_map(|(index, line)| at(index, line)).collect()
    }
}

/// As far as the parenthesis behind the name is closed.
fn closed(text: &str) -> Option<String> {
    let open = text
        .find('(')
        .filter(|open| text.get(..*open).is_some_and(|name| !name.contains(['=', '{', ';', ':'])))?;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return text.get(..=at).map(str::to_owned),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The longest of the signatures that can be shown whole.
pub fn fullest(signatures: &[String]) -> Option<&String> {
    let shown = |one: &&String| one.chars().count() <= LONGEST && !one.contains('`');
    signatures.iter().filter(shown).max_by_key(|one| one.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::tests::world::repository;

    #[test]
    fn a_signature_goes_as_far_as_its_parameters() {
        let java = "class Mocks {\n    public static <T> Mock<T> mock(Class<T> type) {\n        return mock(type, null);\n    }\n\n    public static <T> Mock<T> mock(\n            Class<T> type,\n            Answer<T> answer) {\n    }\n}\n";
        let files = [
            ("src/Mocks.java", java),
            ("src/sign.rs", "pub const sign: u8 = f(1);\npub fn sign_in(a: (u8, u8)) -> u16 {\n"),
        ];
        let snapshot = repository("acme/web", "5a1ad00", &files);
        let places = Places::new(&snapshot);
        let found = places.signatures("src/Mocks.java", "mock");
        assert_eq!(found, ["mock(Class<T> type)", "mock(Class<T> type, Answer<T> answer)"]);
        assert_eq!(fullest(&found).map(String::as_str), Some("mock(Class<T> type, Answer<T> answer)"));
        assert_eq!(places.signatures("src/sign.rs", "sign_in"), ["sign_in(a: (u8, u8))"]);
        assert!(places.signatures("src/sign.rs", "sign").is_empty());
    }
}
