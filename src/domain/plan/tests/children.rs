//! An issue whose boxes are sub-issues already.

use super::world::{comment, issue, planned, repository};
use crate::domain::brief::{Brief, IssueState, State};
use crate::domain::ids::IssueNumber;
use crate::domain::snapshot::Snapshot;

pub fn garden() -> Snapshot {
    repository("balkon/garden", "9a1de4a", &[("lib/bed.php", "<?php\n"), ("composer.json", "{}\n")])
}

pub fn split() -> Brief {
    let mut brief =
        issue(30, "Watering plan for every bed", "- [x] #31\n- [ ] #32\n- [ ] #33\n\nDepends on #29\n");
    let child = |number, title: &str, state| IssueState {
        number: IssueNumber(number),
        title: title.to_owned(),
        state: Some(state),
        state_reason: None,
        carries: Vec::new(),
    };
    brief.sub_issues = vec![
        child(31, "Beds know their size", State::Closed),
        child(32, "Beds know their last rain", State::Open),
        child(33, "Remind at 7 o'clock", State::Open),
    ];
    brief
}

#[test]
fn what_is_cut_already_is_not_cut_again() {
    assert!(planned(&split(), &garden()).work_items.is_empty());
    insta::assert_snapshot!(comment(&split(), &garden()), @r#"
    **Already cut into 3 sub-issues, of which #32 and #33 are left, once #29 is done.**

    **Sub-issues that exist**
    - #31 “Beds know their size” (closed)
    - #32 “Beds know their last rain” (open)
    - #33 “Remind at 7 o'clock” (open)

    `/items`
    <sub>rev 1 · base 9a1de4a · no model · `/help`</sub>
    "#);
}

#[test]
fn a_title_says_nothing_about_the_state_of_a_sub_issue() {
    let mut brief = split();
    brief.sub_issues[1].title = "Handle (closed) valves".to_owned();
    let text = comment(&brief, &garden());
    assert!(text.contains("of which #32 and #33 are left"), "{text}");
}
