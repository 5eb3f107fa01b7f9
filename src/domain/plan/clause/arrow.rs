//! `this -> that`, or a row of a table: the condition and what one sees.

use super::joined;
use crate::domain::plan::pattern::Pattern;

static ARROW: Pattern = Pattern::new(r"^(.{3,160}?)\s*(?:->|=>|→|⇒)\s*(.{2,200})$");
static ROW: Pattern = Pattern::new(r"^(.{1,300}) \| ([^|]{1,200})$");
/// `this -> that`, or a row of a table: the condition and what one sees.
pub fn arrow(text: &str) -> Option<String> {
    let text = text.trim();
    let veiled = veiled(text);
    if let Some(found) = ROW.captures(&veiled) {
        let cells = text.get(found.get(1)?.range())?;
        let given: Vec<&str> = cells.split(" | ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        return Some(joined(Some(&given.join(", ")), text.get(found.get(2)?.range())?));
    }
    let found = ARROW.captures(veiled.trim_end_matches(['.', ';', '!']))?;
    Some(joined(Some(text.get(found.get(1)?.range())?), text.get(found.get(2)?.range())?))
}

/// The text with letters in place of its code, each byte in its place: an arrow in code is code.
fn veiled(text: &str) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '`' => {
                inside = !inside;
                out.push(letter);
            }
            _ if inside => out.extend(std::iter::repeat_n('x', letter.len_utf8())),
            _ => out.push(letter),
        }
    }
    if inside { text.to_owned() } else { out }
}
