//! Which sentence is the request: a title that bids, a question that asks for a deed, what a maintainer proposes; not what
//! others do, where its writer needs it or what only shows it.

use super::rate_limit::web;
use super::reading::said;
use super::world::{cases, issue, planned, quotes};
use crate::domain::plan::{Verdict, statement};

#[test]
fn a_title_that_bids_or_says_it_outright_is_asked_for_instead_of_tales_and_opinions() {
    for (title, body) in [
        (
            "Make it possible to read accounts from a pipe",
            "Some tools work like this, e.g. `cat` and `sort`. Other programs get around it by letting you pass `-` as a file.",
        ),
        (
            "A warning should be printed for an empty name",
            "In my opinion a name that is empty should get a warning printed, or some kind of mark.",
        ),
        (
            "Support for shared accounts",
            "In its next release the proxy is going to have shared accounts, with which hosts can give back two names.",
        ),
    ] {
        let plan = planned(&issue(5, title, body), &web());
        assert_eq!(quotes(&plan), [title], "{body}");
    }
}

#[test]
fn what_happens_today_where_its_writer_needs_it_and_what_only_shows_it_is_no_demand() {
    let body = "If two names are given, the last one wins for `sign_in`.\n\nI'd like to have a way to keep the first name in `src/auth.rs`.\n";
    let plan = planned(&issue(5, "Names", body), &web());
    assert!(quotes(&plan).iter().all(|quote| !quote.starts_with("If two")), "{:?}", quotes(&plan));
    assert!(!quotes(&plan).is_empty());
    let body = "If the file is missing, print `not found`.\n\nI'd like to have a way to keep the first name in `src/auth.rs`.\n";
    let plan = planned(&issue(5, "Names", body), &web());
    assert!(quotes(&plan).iter().any(|quote| quote.starts_with("If the file")), "{:?}", quotes(&plan));
    let body = "In our web application I want the accounts exposed to the proxy.\n\nIt'd be nice to have a way in `sign_in` for passing in a `Clock`.\n";
    let plan = planned(&issue(5, "Accounts are always read by the clock", body), &web());
    assert!(quotes(&plan).iter().all(|quote| !quote.starts_with("In our")), "{:?}", quotes(&plan));
    let body = "An earlier run with the old list, as an example - https://ci.example/runs/1\n\nSo, all that to ask: can several lists be switched on at once in `src/auth.rs`?\n";
    let plan = planned(&issue(5, "Several lists?", body), &web());
    let told = quotes(&plan);
    assert!(told.iter().any(|quote| quote.contains("can several lists be switched on")), "{told:?}");
    assert!(told.iter().all(|quote| !quote.contains("An earlier run")), "{told:?}");
    let body = "A user reported that names have to be kept.\n\nWould it be reasonable to compare names in `sign_in` without case?\n";
    let plan = planned(&issue(5, "Names in `src/auth.rs`", body), &web());
    let told = quotes(&plan);
    assert!(told.iter().any(|quote| quote.starts_with("Would it be reasonable")), "{told:?}");
    assert!(plan.questions.iter().all(|question| !question.text.contains("A user reported")), "{plan:?}");
}

#[test]
fn what_is_shown_is_planned_and_asked_about_and_a_yes_with_a_doubt_behind_it_is_one() {
    let shown = issue(5, "Have something like `sort -r`", "It would help with long lists of accounts.");
    let plan = planned(&shown, &web());
    assert_eq!((plan.verdict == Verdict::TooVague, plan.work_items.len()), (false, 1), "{:?}", plan.headline);
    let asks = "The outputs lack what they had.\n\nCan several reporters be switched on somehow?";
    let plan = planned(&issue(5, "Several reporters?", asks), &web());
    assert_ne!(plan.verdict, Verdict::TooVague, "{:?}", plan.headline);
    for (word, confirms) in [
        ("I'd believe it's a bug, I can't remember why it was done.", true),
        ("I'm not sure this is a bug, it was done so on purpose.", false),
        ("This is a bug, but it was fixed in 2.1.", false),
        ("I can reproduce this, it works on main though.", false),
    ] {
        let mut brief = issue(5, "Accounts come twice", "They do now and then.");
        brief.comments = vec![said("mia", "write", word)];
        assert_eq!(statement::is_confirmed(&statement::read(&brief), &brief), confirms, "{word}");
    }
}

#[test]
fn who_asks_and_proposes_has_answered_and_what_it_would_be_is_a_row() {
    let mut brief =
        issue(5, "A flag for opening the list", "`web -e names` opens the list of `src/auth.rs`.");
    brief.comments = vec![said("mia", "write", "How should we choose the list to open?")];
    let plan = planned(&brief, &web());
    assert!(plan.questions.iter().any(|one| one.text.starts_with("mia asks")), "{:?}", plan.questions);
    let word = "How should we choose the list to open? My guess is that `--edit-list` should come first.";
    brief.comments = vec![said("mia", "write", word)];
    let plan = planned(&brief, &web());
    assert!(plan.questions.iter().all(|one| !one.text.starts_with("mia asks")), "{:?}", plan.questions);
    assert!(plan.not_checked.iter().all(|line| !line.contains("How should we")), "{:?}", plan.not_checked);
    assert!(cases(&plan).iter().all(|case| !case.contains("guess")), "{:?}", cases(&plan));
    brief.comments =
        vec![said("mia", "write", "Probably it would really be a config in the file, called `watch`.")];
    let plan = planned(&brief, &web());
    assert!(quotes(&plan).iter().any(|quote| quote.contains("called `watch`")), "{:?}", quotes(&plan));
    brief.comments =
        vec![said("mia", "write", "That would be an option, but I would rather not touch `Config`.")];
    let plan = planned(&brief, &web());
    assert!(quotes(&plan).iter().all(|quote| !quote.contains("rather not")), "{:?}", quotes(&plan));
}

#[test]
fn how_it_was_elsewhere_is_no_case_and_doubt_is_none_of_it() {
    let body = "Names are kept when they should be reset.\n\nIn v1 this didn't happen.\n\n```rust\nsign_in(\"a\");\n```\n";
    let mut brief = issue(5, "`sign_in` possibly loses names after a test", body);
    brief.labels = vec!["bug".to_owned()];
    let told = planned(&brief, &web());
    assert!(!cases(&told).is_empty(), "{told:?}");
    assert!(cases(&told).iter().all(|case| !case.contains("v1") && !case.contains("possibly")), "{told:?}");
}
