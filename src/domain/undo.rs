//! Whether a work item may be closed again: only while nobody has touched it.

/// A work item's issue as GitHub shows it now, beside what we wrote.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Open on GitHub.
    pub open: bool,
    /// Comments by anybody but us.
    pub comments: i64,
    /// Logins.
    pub assignees: Vec<String>,
    /// Title and body are the ones we wrote.
    pub text_is_ours: bool,
    /// Labels beside ours.
    pub other_labels: Vec<String>,
}

/// Why the issue is left alone, in words that follow `#n stays as it is:`; none when it may be closed.
pub fn touched(seen: &Seen) -> Option<String> {
    if !seen.open {
        return Some("it is closed already".to_owned());
    }
    if let Some(first) = seen.assignees.first() {
        return Some(format!("{first} is assigned"));
    }
    if seen.comments > 0 {
        return Some("it has been commented on".to_owned());
    }
    if !seen.text_is_ours {
        return Some("its text was edited".to_owned());
    }
    seen.other_labels.first().map(|label| format!("the label {label} was added"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_touch_of_any_kind_is_enough() {
        let untouched =
            Seen { open: true, comments: 0, assignees: vec![], text_is_ours: true, other_labels: vec![] };
        assert_eq!(touched(&untouched), None);
        let cases = [
            (Seen { open: false, ..untouched.clone() }, "closed"),
            (Seen { comments: 1, ..untouched.clone() }, "commented"),
            (Seen { assignees: vec!["ada".to_owned()], ..untouched.clone() }, "ada"),
            (Seen { text_is_ours: false, ..untouched.clone() }, "edited"),
            (Seen { other_labels: vec!["bug".to_owned()], ..untouched }, "bug"),
        ];
        for (seen, word) in cases {
            assert!(touched(&seen).is_some_and(|reason| reason.contains(word)), "{word}");
        }
    }
}
