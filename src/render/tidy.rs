//! Tidy Markdown: at most one blank line in a row and no spaces at the ends of lines, except inside fenced blocks.

use super::fences::Fences;

/// The text tidied, without blank lines at its ends.
pub(super) fn tidy(text: &str) -> String {
    let mut fences = Fences::default();
    let mut out: Vec<&str> = Vec::new();
    for line in text.lines() {
        let inside = fences.is_open();
        fences.read(line);
        match line.trim_end() {
            _ if inside => out.push(line),
            "" if out.last().is_none_or(|before| before.is_empty()) => {}
            trimmed => out.push(trimmed),
        }
    }
    out.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn blank_lines_do_not_pile_up() {
        assert_eq!(tidy("\n\na  \n\n \n\nb\n\n"), "a\n\nb");
    }

    #[test]
    fn fenced_blocks_stay_as_they_are() {
        let text = "- a\n  ````text\n  b  \n\n\n  ```\n\n\n  ````\n\n\nc";
        assert_eq!(tidy(text), "- a\n  ````text\n  b  \n\n\n  ```\n\n\n  ````\n\nc");
    }
}
