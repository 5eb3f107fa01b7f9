//! What is a demand where an issue is written as people write: forms, titles that wish, proposals, those who turn them down.

use super::rate_limit::web;
use super::reading::said;
use super::world::{comment, issue, planned, quotes, repository};
use crate::domain::brief::Brief;
use crate::domain::plan::Verdict;

fn with_word(brief: Brief, author: &str, body: &str) -> Brief {
    Brief { comments: vec![said(author, "triage", body)], ..brief }
}

#[test]
fn answers_that_a_form_offers_are_no_demands() {
    let body = "**Does this issue relate to a new *feature* or an existing *bug*?**\n- [ ] Bug\n- [x] New Feature\n\nIs it urgent?\n- [ ] Very much\n- [ ] Not now\n\n`src/auth.rs` must answer 403.\n";
    let plan = planned(&issue(3, "Blocked accounts", body), &web());
    assert_eq!(quotes(&plan), ["`src/auth.rs` must answer 403."]);
    assert!(!plan.read_as.iter().any(|line| line.contains("ticked")), "{:?}", plan.read_as);
}

#[test]
fn why_a_maintainer_turns_it_down_is_no_demand() {
    let brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    let word = "It is not the responsibility of this service to block accounts. If the proxy lets them in, `src/auth.rs` should answer 200.";
    let plan = planned(&with_word(brief.clone(), "hugo", word), &web());
    assert_eq!(quotes(&plan), ["`src/auth.rs` must answer 403 for a blocked account."]);
    assert_eq!(plan.turned_down_by.as_deref(), Some("hugo"));
    let other = planned(&with_word(brief, "hugo", "`src/auth.rs` must answer 423 instead."), &web());
    assert_eq!((quotes(&other).len(), other.turned_down_by), (1, None));
    assert!(other.requirements[0].cases[0].contains("423"), "the same with his number");
}

#[test]
fn a_title_that_wishes_is_asked_for_as_a_whole_where_nothing_shows_anything() {
    let body = "Currently all accounts are watched alike.\n\nI would like to have deeper logging for one account without any change for the rest.\n";
    let brief = issue(3, "Add a way to follow one account in `src/auth.rs`", body);
    let plan = planned(&brief, &web());
    assert_eq!(quotes(&plan), ["Add a way to follow one account in `src/auth.rs`"]);
    let told = comment(&brief, &web());
    assert!(told.contains("the title as line 3 says it: “I would like to have deeper logging"), "{told}");
}

#[test]
fn below_the_name_of_a_new_thing_stands_what_it_does() {
    let body = "## Proposed changes\n\n### `Context::block(step)` (new)\nSets the account in `src/auth.rs` to blocked and logs it.\nReturns `true` when the account was there, `false` when it was not.\n\n## Alternatives considered\nUsers can call `block_all` by themselves, but that is slow.\n";
    let plan = planned(&issue(3, "Add a helper for blocked accounts", body), &web());
    assert_eq!(
        quotes(&plan),
        [
            "Sets the account in `src/auth.rs` to blocked and logs it.",
            "Returns `true` when the account was there, `false` when it was not."
        ]
    );
}

#[test]
fn a_call_over_many_lines_is_the_case_of_the_proposal_above_it() {
    let body = "I propose that a variant is added where `sign_in` takes a list of accounts, e.g.:\n\n```rust\nauth.sign_in([\n    { name: 'ada' },\n    { name: 'hugo' },\n]);\n```\n";
    let plan = planned(&issue(3, "sign_in() insufficient for more than one account", body), &web());
    assert_ne!(plan.verdict, Verdict::TooVague);
    assert_eq!(plan.requirements[0].cases, ["`auth.sign_in([…])` as in lines 4–7: accepted"]);
}

#[test]
fn what_is_plainly_wished_where_it_lies_is_work() {
    let body = "It would be great to have more information about the refused account in `src/auth.rs`.\n";
    let plan = planned(&issue(3, "Sign-in should tell more when it is refused", body), &web());
    assert_ne!(plan.verdict, Verdict::TooVague, "{:?}", plan.questions);
    assert_eq!(plan.work_items.len(), 1);
}

#[test]
fn a_wish_in_the_form_of_a_report_is_no_fault() {
    let body = "**Please describe the current behavior?**\n\nThe limit can be set for all accounts only.\n\n**Please describe the expected behavior?**\n\nThe limit of `src/auth.rs` can be set per account.\n";
    let told = comment(&issue(3, "Add a way to set the limit per account", body), &web());
    assert!(!told.contains("Fix:") && !told.contains("shows it"), "{told}");
}

#[test]
fn in_a_list_of_tasks_the_name_of_a_kind_is_a_task() {
    let tasks = "Still to do:\n- [ ] `src/auth.rs` must answer 403\n- [ ] Documentation\n- [ ] Performance\n";
    let plan = planned(&issue(3, "Blocked accounts", tasks), &web());
    assert_eq!(quotes(&plan), ["`src/auth.rs` must answer 403", "Documentation", "Performance"]);
    let form = "### Type of change\n- [ ] Documentation\n- [ ] Performance\n\n### What\n`src/auth.rs` must answer 403.\n";
    assert_eq!(
        quotes(&planned(&issue(3, "Blocked accounts", form), &web())),
        ["`src/auth.rs` must answer 403."]
    );
}

#[test]
fn what_a_type_is_said_to_lack_and_has_is_asked_about() {
    let source =
        "pub struct Limits {\n    pub per_minute: u32,\n    pub per_hour: u32,\n}\n\npub fn per_day() {}\n";
    let files = [("src/limits.rs", source), ("Cargo.toml", "[package]\nname = \"web\"\n")];
    let snapshot = repository("acme/web", "5a1ad00", &files);
    let asked = |title: &str| {
        let plan = planned(&issue(3, title, "Only `src/limits.rs` decides it.\n"), &snapshot);
        plan.questions.iter().any(|question| question.text.contains("Is it done with that?"))
    };
    let plan = planned(&issue(3, "Limits is missing `per_hour`", "It must be there.\n"), &snapshot);
    let expected = "`Limits` has `per_hour`, in `src/limits.rs` line 3. Is it done with that?";
    assert!(plan.questions.iter().any(|question| question.text == expected), "{:?}", plan.questions);
    assert!(asked("Limits lacks the per_minute setting"));
    assert!(!asked("Limits lacks `per_day`"), "that stands behind it");
    assert!(!asked("Limits lacks `per_second`"));
}

#[test]
fn who_wishes_is_no_subject_and_what_a_maintainer_advises_no_demand() {
    let body = "I wish there was an option just like what `express` provides which allows you to limit the total size in `src/auth.rs`.\n";
    let plan = planned(&issue(3, "bodySize limit option", body), &web());
    assert!(
        !plan.requirements.iter().any(|one| one.cases.iter().any(|case| case.contains("I wish"))),
        "{plan:?}"
    );
    let brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    let word = "`sign_in(blocked: false)` should do the trick.";
    let plan = planned(&with_word(brief, "hugo", word), &web());
    assert_eq!(quotes(&plan), ["`src/auth.rs` must answer 403 for a blocked account."]);
}

#[test]
fn code_that_a_wish_brings_in_is_what_has_to_work() {
    let body = "It would be great if `sign_in` allowed for accounts that throw.\nThis helps with tests.\n\nSomething like:\n\n```rust\nsign_in(|| {\n    panic!()\n});\n```\n";
    let plan = planned(&issue(3, "Allow sign_in to throw", body), &web());
    assert_eq!(plan.requirements[0].cases, ["the code of lines 7–9: does what it shows"]);
}

#[test]
fn a_sentence_on_what_is_there_names_no_setting() {
    let body = "### Proposal\n\nAdd a separator to `sign_in` that one may choose.\n\nWe can still have a dot as default separator if not configured.\n";
    let told = comment(&issue(3, "Sign-in: custom separator", body), &web());
    assert!(
        !told.contains("configurable")
            && !told.contains("We can still have a dot as default separator if not”"),
        "{told}"
    );
}

#[test]
fn a_sentence_above_a_picture_asks_for_nothing_and_who_wants_something_says_so() {
    let body = "Hello.\n\nI want to display a help string behind the heading of `sign_in`.\n\nFor reference, this is what it should end up looking like:\n\n<img src=\"https://example.org/a.png\">\n\nIs this possible?\n";
    let plan = planned(&issue(3, "Help heading of sign_in", body), &web());
    assert_eq!(quotes(&plan), ["I want to display a help string behind the heading of `sign_in`."]);
}

#[test]
fn what_a_maintainer_leaves_undecided_is_asked_and_what_is_meant_so_is_turned_down() {
    let brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    let word = "First question is whether we add `is_blocked` or reuse `sign_in`. We also need to decide what to call it.";
    let plan = planned(&with_word(brief.clone(), "hugo", word), &web());
    let asked: Vec<&str> = plan.questions.iter().map(|question| question.text.as_str()).collect();
    let first = "hugo leaves open: “First question is whether we add `is_blocked` or reuse `sign_in`”. What is decided?";
    assert!(asked.contains(&first), "{asked:?}");
    assert!(asked.iter().any(|text| text.contains("We also need to decide what to call it")), "{asked:?}");
    assert_eq!(quotes(&plan), ["`src/auth.rs` must answer 403 for a blocked account."]);
    let word = "Blocking is intentionally only supported for guests. You should only use it with those.";
    let told = comment(&with_word(brief, "hugo", word), &web());
    assert!(told.starts_with("**Turned down by hugo"), "{told}");
    assert!(!told.contains("| hugo: “You should"), "{told}");
}

#[test]
fn code_of_today_is_no_sketch_and_who_wants_to_talk_wants_no_change() {
    let body = "It would be great if `sign_in` allowed for accounts that throw.\n\nCurrently I have to write something like:\n\n```rust\nsign_in(|| {\n    panic!()\n});\n```\n";
    let told = comment(&issue(3, "Allow sign_in to throw", body), &web());
    assert!(!told.contains("does what it shows"), "{told}");
    for talk in [
        "I want to know why `sign_in` has no retry.",
        "I'd like to hear what you think of a retry of `sign_in`.",
    ] {
        let plan = planned(&issue(3, "Help heading of sign_in", talk), &web());
        assert!(!quotes(&plan).contains(&talk), "{talk}");
    }
}

#[test]
fn what_a_maintainer_says_must_be_is_a_demand_and_no_refusal() {
    let brief = issue(3, "Blocked accounts", "`src/auth.rs` must answer 403 for a blocked account.");
    for word in [
        "`close()` must be called when the connection is still open.",
        "We did not intentionally change this, it regressed in 2.3.",
        "It's expected that `close` returns an error.",
        "I intentionally left the docs out of that pull request.",
    ] {
        let told = comment(&with_word(brief.clone(), "hugo", word), &web());
        assert!(!told.contains("Turned down") && !told.contains("leaves open"), "{word}: {told}");
    }
}

#[test]
fn a_request_with_manners_is_asked_for_and_what_others_think_aloud_is_not() {
    let body = "I use `verify` all day, and it is great.\n\nCan we get a `seconds_left` field which will show something like `12 s` for a blocked account?\n";
    let word = "Arguably the fields should have been a filter from the start.";
    let brief = issue(3, "Feature Req.: Remaining time of a block", body);
    let plan = planned(&with_word(brief, "hugo", word), &web());
    let request =
        "Can we get a `seconds_left` field which will show something like `12 s` for a blocked account?";
    assert_eq!(quotes(&plan), [request]);
    assert_eq!(plan.requirements[0].cases, ["`seconds_left`: `12 s`"]);
}

#[test]
fn what_is_told_before_a_request_is_not_asked_for() {
    let body = "It can be done with a wrapper for each account, but wouldn't it make sense to let `src/auth.rs` take the limit of the group?\n";
    let plan = planned(&issue(3, "RFC: Limits of groups", body), &web());
    assert_eq!(quotes(&plan)[0], "wouldn't it make sense to let `src/auth.rs` take the limit of the group?");
    let told = comment(&issue(3, "RFC: Limits of groups", body), &web());
    assert!(
        told.starts_with("**Undecided: the issue asks for opinions, and no maintainer has said yes."),
        "{told}"
    );
    assert!(told.contains("*Default: nothing is built before a maintainer says so.*"), "{told}");
}

#[test]
fn another_way_that_a_maintainer_prefers_is_decided_first() {
    let brief = issue(
        3,
        "Move `src/auth.rs` to another hash",
        "`src/auth.rs` should move to a hash that is still maintained.",
    );
    let word = "I would prefer to drop passwords than to keep two kinds of hashes.";
    let told = comment(&with_word(brief, "hugo", word), &web());
    assert!(told.starts_with("**Undecided: a maintainer would have it another way."), "{told}");
    assert!(
        told.contains("Is that the way, in place of what the issue asks? *Default: yes, as hugo says.*"),
        "{told}"
    );
    assert!(!told.contains("R2"), "{told}");
}

#[test]
fn the_placeholder_of_a_template_is_no_title_and_its_questions_are_no_tasks() {
    let body = "### Checklist\n- [x] Did you read the manual? It is here.\n- [x] Have you looked for the same problem?\n\n### Describe the bug\n`src/auth.rs` crashes when the name is empty.\n";
    let plan = planned(&issue(3, "your bug title goes here", body), &web());
    assert!(plan.title.contains("crashes when the name is empty"), "{}", plan.title);
    assert!(!plan.read_as.iter().any(|line| line.contains("ticked")), "{:?}", plan.read_as);
}

#[test]
fn what_a_text_lacks_is_no_fault_of_the_program() {
    let body = "I had to read the source to get `src/auth.rs` going.\n\nA page with a complete configuration would be nice.\n";
    let plan = planned(&issue(3, "Missing some readme information", body), &web());
    assert!(quotes(&plan).contains(&"A page with a complete configuration would be nice."), "{plan:#?}");
    assert!(plan.work_items.iter().all(|item| !item.title.starts_with("Fix")), "{:?}", plan.work_items);
    let built = planned(
        &issue(3, "Building the docs fails with a missing font", "It stops at `src/auth.rs`."),
        &web(),
    );
    assert!(built.work_items.iter().all(|item| item.title.starts_with("Fix")), "{:?}", built.work_items);
}

#[test]
fn a_list_right_below_a_wish_says_what_each_thing_gets_and_its_title_is_said_once() {
    let body = "It would help if results such as DENIED and GRANTED were printed in color by `src/auth.rs`.\n* red for DENIED\n* green for GRANTED\n\nand so on";
    let plan = planned(&issue(3, "Colored results in verbose mode", body), &web());
    let cases: Vec<&str> = plan.requirements.iter().flat_map(|one| &one.cases).map(String::as_str).collect();
    assert_eq!(quotes(&plan).len(), 1, "{:?}", quotes(&plan));
    assert_eq!(cases, ["DENIED: red", "GRANTED: green"]);
    let other = body.replace("* green for GRANTED", "* whatever looks good");
    let plan = planned(&issue(3, "Colored results in verbose mode", &other), &web());
    assert!(plan.requirements.iter().all(|one| !one.cases.iter().any(|case| case.contains("DENIED: red"))));
}
