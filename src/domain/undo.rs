//! Whether a work item may be closed again: only while nobody has touched it.

use crate::domain::approval::LABEL;

/// A work item's issue as GitHub shows it now, beside what we wrote.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Open on GitHub.
    pub open: bool,
    /// Somebody has opened it again after it was closed.
    pub reopened: bool,
    /// Comments by anybody but us.
    pub comments: i64,
    /// Logins.
    pub assignees: Vec<String>,
    /// Title and body are the ones we wrote.
    pub text_is_ours: bool,
    /// Labels beside ours.
    pub other_labels: Vec<String>,
    /// The label that all of ours get is there.
    pub is_labeled: bool,
    /// The milestone it was put into.
    pub milestone: Option<String>,
    /// How many reactions it has.
    pub reactions: i64,
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
    if let Some(label) = seen.other_labels.first() {
        return Some(format!("the label {label} was added"));
    }
    if !seen.is_labeled {
        return Some(format!("the label {LABEL} was taken off"));
    }
    if let Some(milestone) = &seen.milestone {
        return Some(format!("it was put into the milestone {milestone}"));
    }
    if seen.reopened {
        return Some("it was closed and opened again".to_owned());
    }
    (seen.reactions > 0).then(|| "somebody has reacted to it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_touch_of_any_kind_is_enough() {
        let untouched = Seen {
            open: true,
            reopened: false,
            comments: 0,
            assignees: vec![],
            text_is_ours: true,
            other_labels: vec![],
            is_labeled: true,
            milestone: None,
            reactions: 0,
        };
        assert_eq!(touched(&untouched), None);
        let cases = [
            (Seen { open: false, ..untouched.clone() }, "closed"),
            (Seen { comments: 1, ..untouched.clone() }, "commented"),
            (Seen { assignees: vec!["ada".to_owned()], ..untouched.clone() }, "ada"),
            (Seen { text_is_ours: false, ..untouched.clone() }, "edited"),
            (Seen { other_labels: vec!["bug".to_owned()], ..untouched.clone() }, "bug"),
            (Seen { is_labeled: false, ..untouched.clone() }, "taken off"),
            (Seen { milestone: Some("2.0".to_owned()), ..untouched.clone() }, "2.0"),
            (Seen { reopened: true, ..untouched.clone() }, "opened again"),
            (Seen { reactions: 1, ..untouched }, "reacted"),
        ];
        for (seen, word) in cases {
            assert!(touched(&seen).is_some_and(|reason| reason.contains(word)), "{word}");
        }
    }
}
