//! What a writer took back: `~~like this~~`.

use crate::domain::plan::pattern::Pattern;

static STRUCK: Pattern = Pattern::new(r"(?:^|[\s(])~{1,2}[^~\s/](?:[^~]*[^~\s])?~{1,2}(?:$|[\s.,;:!?)])");

/// The text without it.
pub(super) fn without(text: String) -> String {
    if !text.contains('~') {
        return text;
    }
    let around = |struck: &str| -> String {
        let ends = [struck.chars().next(), struck.chars().next_back()];
        ends.into_iter().flatten().filter(|c| *c != '~').collect()
    };
    STRUCK.replace(&text, around)
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn what_is_struck_is_gone_and_a_home_stays() {
        for (text, left) in [
            ("keep ~~this and~~ that", "keep  that"),
            ("~One way would be `a`.~", ""),
            ("read ~/rows and ~/lines", "read ~/rows and ~/lines"),
            ("about ~5 of ~7", "about ~5 of ~7"),
            ("a `~` b", "a `~` b"),
        ] {
            assert_eq!(without(text.to_owned()), left, "{text}");
        }
    }
}
