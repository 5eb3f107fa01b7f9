//! Issues and trees that are made to fill the comment, or to have it say what nobody saw.

use super::world::{comment, issue, planned, repository};
use crate::domain::brief::{OpenIssue, State};
use crate::domain::ids::IssueNumber;

#[test]
fn of_many_issues_with_one_title_three_are_asked_about() {
    let mut brief = issue(7, "Answer 404 for lost files", "- [ ] `src/a.rs` must answer 404\n");
    let open = |number: i64| OpenIssue {
        number: IssueNumber(number),
        title: brief.title.clone(),
        state: Some(State::Open),
        state_reason: None,
        body: String::new(),
        pull_request: false,
    };
    let all: Vec<OpenIssue> = (100..299).map(open).collect();
    brief.open_issues.clone_from(&all);
    let snapshot = repository("acme/web", "5a1ad00", &[("src/a.rs", "")]);
    let plan = planned(&brief, &snapshot);
    let asked = plan.questions.iter().filter(|question| question.slot.starts_with("duplicate."));
    assert_eq!(asked.count(), 3);
    let text = comment(&brief, &snapshot);
    assert!(
        text.contains("196 more issues share most words of this title: they are other matters"),
        "{text}"
    );
    assert!(!text.contains("points are open, with defaults; the first"), "{text}");
    brief.open_issues = all.into_iter().take(3).collect();
    assert!(!comment(&brief, &snapshot).contains("more issue"));
}

#[test]
fn a_title_that_nobody_sees_is_none() {
    let snapshot = repository("acme/web", "5a1ad00", &[("src/a.rs", "")]);
    for body in ["", "- [ ] `src/a.rs` must answer 404\n", "It must answer 404 for lost files."] {
        let text = comment(&issue(7, "\u{200b}\u{202e}", body), &snapshot);
        assert!(!text.contains("**.**") && !text.contains("“”"), "{text}");
    }
    assert_eq!(planned(&issue(7, "\u{200b}", ""), &snapshot).title, "Issue #7");
}

#[test]
fn nothing_is_said_of_what_lies_where_nobody_could_look() {
    let body = "- [ ] `src/a.rs` must answer 404\n- [ ] add `priv/secret.rs` with the key\n- [ ] `priv/lost.rs` must answer 500\n";
    let mut snapshot = repository("acme/web", "5a1ad00", &[("src/a.rs", ""), ("priv2/b.rs", "")]);
    snapshot.unreadable = vec!["priv/".to_owned(), "src/\u{fffd}.rs".to_owned()];
    let brief = issue(7, "Answer 404", body);
    let text = comment(&brief, &snapshot);
    assert!(text.contains("what lies at `priv/` and `src/\u{fffd}.rs`: it cannot be read"), "{text}");
    assert!(!text.contains("not in the tree") && !text.contains("creates it"), "{text}");
    let plan = planned(&brief, &snapshot);
    let places = plan.requirements.iter().flat_map(|one| &one.places);
    assert!(places.clone().all(|place| !place.path.starts_with("priv/")), "{plan:?}");
    snapshot.unreadable = Vec::new();
    assert!(comment(&brief, &snapshot).contains("not in the tree"), "else it is said");
}

#[test]
fn a_manifest_that_cannot_be_read_is_said_to_be_one() {
    let brief = issue(7, "Answer 404", "- [ ] `src/a.js` must answer 404\n");
    let tree = |manifest| {
        repository(
            "acme/web",
            "5a1ad00",
            &[("src/a.js", "1\n"), ("package.json", manifest), ("pyproject.toml", "[tool\n")],
        )
    };
    let told = |manifest| planned(&brief, &tree(manifest)).not_checked;
    let broken = "what `package.json` says: it is no readable JSON";
    assert!(told("{\"scripts\": {").iter().any(|line| line == broken));
    assert!(told("{}").iter().any(|line| line == "what `pyproject.toml` says: it is no readable TOML"));
    for whole in ["{}", "\u{feff}{\"scripts\": {\"test\": \"jest\"}}"] {
        assert!(!told(whole).iter().any(|line| line == broken), "{whole}");
    }
}

#[test]
fn a_backtick_that_one_entry_leaves_open_is_none_of_the_next() {
    let mut brief = issue(7, "Answer 404", "- [ ] `src/a.rs` must answer 404\n");
    brief.unread = vec!["comments of `ada".to_owned(), "links of *all* and `more".to_owned()];
    let text = comment(&brief, &repository("acme/web", "5a1ad00", &[("src/a.rs", "")]));
    let line = text.lines().find(|line| line.starts_with("**Not checked:**")).unwrap_or_default();
    assert!(line.contains("comments of \\`ada; links of \\*all\\* and \\`more"), "{line}");
}
