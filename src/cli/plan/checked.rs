//! What an input says in the right form and nobody can have meant.

use crate::domain::brief::Brief;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::titles;

/// Refuses a title that shows nothing and numbers that no issue has.
pub fn check(name: &str, brief: &Brief) -> Result<(), String> {
    if titles::is_blank(&brief.title) {
        return Err(format!(
            "{name}: `title` is empty but for characters that show nothing; give the title of the issue"
        ));
    }
    let blockers = brief.blocked_by.iter().map(|one| ("blocked_by", one.number));
    let children = brief.sub_issues.iter().map(|one| ("sub_issues", one.number));
    let gone = brief.gone.iter().map(|number| ("gone", *number));
    let mut numbers = std::iter::once(("number", brief.number)).chain(blockers).chain(children).chain(gone);
    match numbers.find(|(_, IssueNumber(number))| *number < 1) {
        Some((field, number)) => {
            Err(format!("{name}: `{field}` names issue {number}; the numbers of issues begin with 1"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::plan::input;

    #[test]
    fn what_no_issue_can_have_is_refused_in_one_sentence() {
        let refused = |text: &str| {
            let asked = input::parse("a.json", text);
            asked.and_then(|asked| check("a.json", &asked.brief)).expect_err("refused")
        };
        assert_eq!(
            refused(r#"{"number": 7, "title": "\u200b\u202e"}"#),
            "a.json: `title` is empty but for characters that show nothing; give the title of the issue"
        );
        for (input, field, number) in [
            (r#"{"number": 7, "title": "a", "blocked_by": [-5]}"#, "blocked_by", -5),
            (r#"{"number": 7, "title": "a", "sub_issues": [{"number": 0}]}"#, "sub_issues", 0),
            (r#"{"number": 7, "title": "a", "gone": [3, -1]}"#, "gone", -1),
            (r#"{"number": 0, "title": "a"}"#, "number", 0),
        ] {
            let said = refused(input);
            assert!(
                said.starts_with("a.json: `") && said.contains(field) && !said.contains('\n'),
                "{said} {number}"
            );
        }
    }
}
