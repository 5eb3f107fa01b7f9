//! The names in a text: letters, digits and underscores in a row.

/// Each with the byte at which it begins.
pub fn of(text: &str) -> Names<'_> {
    Names { text, at: 0 }
}

/// See [`of`].
pub struct Names<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Names<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.run(false);
        let end = self.run(true);
        self.text.get(start..end).filter(|name| !name.is_empty()).map(|name| (start, name))
    }
}

impl Names<'_> {
    /// Passes over all that is part of a name, or over all that is none. Whole repositories go through here: what is ASCII is told
    /// by its byte.
    fn run(&mut self, of_name: bool) -> usize {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            let (is_part, length) = match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => (true, 1),
                0..=0x7f => (false, 1),
                _ => self.wide(),
            };
            if is_part != of_name {
                break;
            }
            self.at += length;
        }
        self.at
    }

    fn wide(&self) -> (bool, usize) {
        let letter = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        letter.map_or((false, 1), |letter| (letter.is_alphanumeric(), letter.len_utf8()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_what_stands_between_all_other_letters(text in "[a-zA-Z0-9_ .,:ß漢é€\\n]{0,60}|\\PC{0,60}") {
            let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let expected: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            let found: Vec<(usize, &str)> = of(&text).collect();
            prop_assert_eq!(found.iter().map(|(_, name)| *name).collect::<Vec<_>>(), expected);
            prop_assert!(found.iter().all(|(at, name)| text[*at..].starts_with(name)));
        }
    }
}
