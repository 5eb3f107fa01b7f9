//! What people write in issues, one habit a test.

use super::bug::ledger;
use super::rate_limit::web;
use super::world::{issue, planned, quotes};
use crate::domain::brief::{Brief, Comment};
use crate::domain::plan::Plan;

pub fn said(author: &str, permission: &str, body: &str) -> Comment {
    Comment {
        author: author.to_owned(),
        permission: permission.to_owned(),
        body: body.to_owned(),
        ..Comment::default()
    }
}

#[test]
fn a_link_to_a_file_is_a_place() {
    let body = "The status is chosen [here](https://github.com/acme/web/blob/main/src/auth.rs#L2) and must be 401.\n";
    let plan = planned(&issue(3, "Wrong status", body), &web());
    let place = &plan.requirements[0].places[0];
    assert_eq!((place.path.as_str(), place.line), ("src/auth.rs", Some(2)));
    assert_eq!(quotes(&plan), ["The status is chosen here and must be 401."]);
}

#[test]
fn quotes_and_logs_ask_for_nothing() {
    let body = "> It must be blue.\n>> And should be round.\n\n```\nERROR must not happen\n```\n\n    WARN should be empty\n\n`src/auth.rs` must answer 403.\n";
    assert_eq!(quotes(&planned(&issue(3, "Blocked", body), &web())), ["`src/auth.rs` must answer 403."]);
}

#[test]
fn a_fault_is_said_to_be_seen_with_its_version() {
    let body = "### Version\nledger 2.3.1\n\n### Steps to reproduce\n1. run `ledger export --csv out.csv`\n\n### Actual\nNothing is written to `ledger/export.py`.\n";
    let plan = planned(&issue(3, "Export writes nothing", body), &ledger());
    let seen = "whether `c0ffee1` still shows it; it was seen with ledger 2.3.1";
    assert!(plan.not_checked.iter().any(|line| line == seen), "{:?}", plan.not_checked);
}

#[test]
fn the_last_word_of_who_may_triage_counts() {
    let mut brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    brief.comments = vec![
        said("passer", "read", "It must answer 418."),
        said("hugo", "triage", "We won't add this."),
        said("grace", "triage", "`src/auth.rs` must answer 423 instead."),
    ];
    let plan = planned(&brief, &web());
    assert_eq!(quotes(&plan), ["`src/auth.rs` must answer 403 for a blocked account."], "not both");
    assert_eq!(plan.requirements[0].cases, ["a blocked account: 423", "otherwise: not 423"]);
    assert!(
        plan.read_as.contains(&"grace decides: `423` in place of `403`".to_owned()),
        "{:?}",
        plan.read_as
    );
    assert!(plan.questions.iter().all(|question| question.slot != "declined"));
    brief.comments.pop();
    let refused = planned(&brief, &web());
    assert_eq!(refused.questions[0].slot, "declined");
    assert!(refused.questions[0].text.contains("“We won't add this”"), "{:?}", refused.questions[0]);
}

#[test]
fn empty_answers_of_a_form_are_nothing() {
    let body = "### What should happen?\n\n_No response_\n\n### Requirements\n\nN/A\n\n### Acceptance\n\n- `src/auth.rs` answers 401 without a password\n";
    assert_eq!(
        quotes(&planned(&issue(3, "No password", body), &web())),
        ["`src/auth.rs` answers 401 without a password"]
    );
}

#[test]
fn paths_and_numbers_work_in_any_language_and_the_plan_says_what_does_not() {
    let body = "パスワードが空のとき、サインインは失敗するはずです。\n\n- [ ] `src/auth.rs` → 401\n- [ ] 空の名前 → 400\n";
    let plan = planned(&issue(3, "空のパスワード", body), &web());
    assert_eq!(plan.requirements[0].places[0].path, "src/auth.rs");
    assert_eq!(plan.requirements[1].cases, ["空の名前: 400"]);
    let told = "Japanese prose beyond code and numbers";
    assert!(plan.not_checked.iter().any(|line| line == told), "{:?}", plan.not_checked);
}

#[test]
fn a_place_nobody_names_is_found_by_what_it_holds() {
    let body = "When the row has an umlaut, `write_row` dies and the file stays empty.\n";
    let plan = planned(&issue(3, "Umlauts break the export", body), &ledger());
    let first = &plan.requirements[0];
    assert_eq!(first.places[0].path, "ledger/export.py");
    assert_eq!(first.likely.as_deref(), Some("is called “export” and defines `write_row`"));
}

#[test]
fn examples_of_the_issue_come_before_words() {
    let body = "```py\nexport([1])\n# expected: 1.00\n# actual: 1\n```\n";
    let plan =
        planned(&Brief { labels: vec!["bug".into()], ..issue(3, "Decimals are lost", body) }, &ledger());
    assert_eq!(plan.requirements[0].cases, ["`export([1])`: `1.00`, not `1`"]);
}

#[test]
fn a_maintainers_instead_decides() {
    let mut brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    brief.comments = vec![said("passer", "read", "I would answer 418 instead of 403.")];
    assert!(planned(&brief, &web()).requirements[0].cases[0].contains("403"));
    brief.comments.push(said("hugo", "triage", "Fine with me, but 423 instead of 403."));
    let plan = planned(&brief, &web());
    let cases = plan.requirements[0].cases.join(" · ");
    assert!(cases.contains("423") && !cases.contains("403"), "{cases}");
    assert_eq!(quotes(&plan)[0], "`src/auth.rs` must answer 403 for a blocked account.");
    assert!(plan.read_as.contains(&"hugo decides: `423` in place of `403`".to_owned()), "{:?}", plan.read_as);
    brief.comments.push(said("grace", "triage", "Sorry, 451 instead of 403."));
    let plan = planned(&brief, &web());
    let cases = plan.requirements[0].cases.join(" · ");
    assert!(cases.contains("451") && !cases.contains("423"), "{cases}");
    let decided: Vec<&String> = plan.read_as.iter().filter(|line| line.contains("decides")).collect();
    assert_eq!(decided, ["grace decides: `451` in place of `403`"], "the later word");
}

#[test]
fn a_decision_on_one_demand_leaves_the_others_and_may_be_taken_back() {
    let body = "- [ ] `src/auth.rs` must answer 403 for a blocked account\n- [ ] `src/auth.rs` must answer 403 for a deleted account\n";
    let mut brief = issue(3, "Accounts", body);
    brief.comments =
        vec![said("hugo", "triage", "`src/auth.rs` must answer 423 for a blocked account instead.")];
    let cases = |plan: &Plan| plan.requirements.iter().map(|one| one.cases.join(" ")).collect::<Vec<_>>();
    let told = cases(&planned(&brief, &web()));
    assert!(told[0].contains("423") && told[1].contains("403") && !told[1].contains("423"), "{told:?}");
    assert_eq!(told.len(), 2);
    brief.comments = vec![
        said("hugo", "triage", "I want 423 instead of 403."),
        said("grace", "triage", "No, 403 instead of 423."),
    ];
    let plan = planned(&brief, &web());
    assert!(cases(&plan).iter().all(|cases| cases.contains("403")), "{:?}", cases(&plan));
    assert!(!plan.read_as.iter().any(|line| line.contains("decides")), "{:?}", plan.read_as);
}

#[test]
fn a_limit_said_anew_has_both_of_its_sides() {
    let mut brief = issue(3, "Shifts", "- [ ] A shift must last at most 10 hours, see `src/auth.rs`\n");
    brief.comments = vec![said("hugo", "triage", "A shift must last at most 12 hours instead.")];
    let plan = planned(&brief, &web());
    let all: Vec<String> = plan.requirements.iter().flat_map(|one| one.cases.clone()).collect();
    assert!(!all.join(" · ").contains("12 h: accepted · 11 h: not"), "{all:?}");
}

#[test]
fn a_bare_instead_that_is_of_another_matter_decides_nothing() {
    let demand = "`src/auth.rs` must answer 403 for a blocked account.";
    for reply in [
        "The mail must have 3 lines instead.",
        "Why not 423 instead?",
        "`src/auth.rs` must log 2 lines instead.",
        "`src/auth.rs` must not answer 404 for a blocked account instead.",
        "For a blocked account it answers 404 instead.",
        "`src/auth.rs` must answer after 3 failed tries instead.",
    ] {
        let mut brief = issue(3, "Blocked accounts", demand);
        brief.comments = vec![said("grace", "triage", reply)];
        let plan = planned(&brief, &web());
        assert!(plan.requirements[0].cases.iter().any(|case| case.contains("403")), "{reply}");
        assert!(!plan.read_as.iter().any(|line| line.contains("decides")), "{reply}");
    }
}

#[test]
fn each_sentence_of_what_was_expected_is_a_case_of_the_steps() {
    let body = "1. run `ledger export`\n2. open the file\n\nI expect every row to be written. The last line should end with a newline. It must not take the lock.\n\nInstead the file is empty.\n";
    let brief = Brief { labels: vec!["bug".into()], ..issue(3, "Export stops after the first row", body) };
    let told = "### Steps to reproduce\n1. run `ledger export`\n2. open the file\n\n### Expected behavior\nEvery row is written.\nThe last line ends with a newline.\n\n### Actual\nThe file is empty.\n";
    for brief in [brief, issue(3, "Export stops after the first row", told)] {
        let plan = planned(&brief, &ledger());
        let all: Vec<String> = plan.requirements.iter().flat_map(|one| one.cases.clone()).collect();
        let all = all.join(" · ");
        assert!(all.contains("row") && all.contains("newline"), "{all}");
        assert!(all.starts_with("run `ledger export`, open the file: "), "{all}");
        assert_eq!(plan.work_items[0].kind, "bug");
    }
}

#[test]
fn sentences_end_before_small_letters_too() {
    let body =
        "`src/auth.rs` must answer 403, see npm. then it must answer 401 (e.g. for guests, max. 3 times).\n";
    assert_eq!(
        quotes(&planned(&issue(3, "Blocked", body), &web())),
        [
            "`src/auth.rs` must answer 403, see npm.",
            "then it must answer 401 (e.g. for guests, max. 3 times)."
        ]
    );
}

fn cases_of(body: &str) -> Vec<String> {
    let plan = planned(&issue(3, "Sign-in", body), &web());
    plan.requirements.into_iter().flat_map(|one| one.cases).collect()
}

#[test]
fn both_ends_of_a_range_are_cases() {
    assert_eq!(
        cases_of("- [ ] in `src/auth.rs` the port must be between 1024 and 65535, otherwise a RangeError\n"),
        ["1024 and 65535: not RangeError", "1023 and 65536: RangeError"]
    );
    assert_eq!(
        cases_of("- [ ] `src/auth.rs` must, between 7 and 29 days, say `weeks`\n- [ ] between 7 and 29 days say `weeks`\n").last().map(String::as_str),
        Some("6 and 30 days: not `weeks`")
    );
}

#[test]
fn two_demands_of_one_sentence_have_a_case_each_and_what_stays_is_compared_with_the_base() {
    let both =
        cases_of("`src/auth.rs` must print `x` when it starts, and `sign_in` must print `y` when it ends.\n");
    assert!(both.len() == 2 && both[0].contains("`x`") && both[1].contains("`y`"), "{both:?}");
    assert_eq!(cases_of("`src/auth.rs` must stay as is."), ["`src/auth.rs`: as at `4f1c2ab`"]);
}

#[test]
fn what_is_asked_in_passing_is_a_demand_too() {
    let body = "`src/auth.rs` must answer 403.\n\nAt the same time, remove `sign_in`. While you're at it, print the `total` to the log.\n";
    assert_eq!(quotes(&planned(&issue(3, "Blocked", body), &web())).len(), 3);
}

#[test]
fn files_that_the_steps_make_are_not_asked_for() {
    let body =
        "1. create `a.txt` and `b.txt`\n2. run `ledger export`\n\nI expect `ledger export` to write both.\n";
    let brief = Brief { labels: vec!["bug".into()], ..issue(3, "Export stops after the first file", body) };
    let plan = planned(&brief, &ledger());
    assert!(plan.questions.is_empty(), "{:?}", plan.questions);
}

/// Four boxes and two sentences that ask are six demands, each in its own words with its line.
#[test]
fn boxes_and_sentences_become_numbered_demands_with_their_lines() {
    let body = "Ships wait too long.\n\nThe harbormaster must see each ship that waits in `src/auth.rs`.\n\n- [ ] a ship of 40 m is berthed first\n- [ ] a ship of 20 m is berthed second\n- [ ] an unknown ship is answered 404\n- [ ] a ship that left is answered 410\n\nThe list must be at most 50 ships long.\n";
    let plan = planned(&issue(9, "Ships wait", body), &web());
    let told: Vec<(&str, usize, &str)> =
        plan.requirements.iter().map(|one| (one.id.as_str(), one.line, one.quote.as_str())).collect();
    assert_eq!(
        told,
        [
            ("R1", 3, "The harbormaster must see each ship that waits in `src/auth.rs`."),
            ("R2", 5, "a ship of 40 m is berthed first"),
            ("R3", 6, "a ship of 20 m is berthed second"),
            ("R4", 7, "an unknown ship is answered 404"),
            ("R5", 8, "a ship that left is answered 410"),
            ("R6", 10, "The list must be at most 50 ships long."),
        ]
    );
    for (id, line, _) in told {
        assert!(plan.why[id].contains(&format!("line {line} of the issue")), "{id}: {:?}", plan.why[id]);
    }
}
