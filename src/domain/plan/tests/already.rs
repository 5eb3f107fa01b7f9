//! What the tree says of the matter already comes first, and what maintainers said of it.

use super::reading::said;
use super::world::{comment, issue, planned, repository};
use crate::domain::brief::{Answer, Brief, OpenIssue, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::{Plan, Verdict};
use crate::domain::snapshot::Snapshot;

fn ferry() -> Snapshot {
    let changelog =
        "# Changelog\n\n## 2.1\n\n- The timetable shows cancelled crossings in red (#41)\n- Quicker start\n";
    let test = "from ferry import book\n\ndef test_full():\n    assert book(9) == 'the deck is full today'\n";
    repository(
        "harbor/ferry",
        "5e5e5e5",
        &[
            ("CHANGELOG.md", changelog),
            ("ferry/book.py", "def book(cars):\n    return 'the deck is full today'\n"),
            ("ferry/timetable.py", "def shown(crossing):\n    return crossing\n"),
            ("tests/test_book.py", test),
        ],
    )
}

fn first(plan: &Plan) -> &str {
    plan.questions.first().map_or("", |question| question.text.as_str())
}

fn wish() -> Brief {
    issue(
        7,
        "Show cancelled crossings in red in the timetable",
        "`ferry/timetable.py` must mark them with `x`.",
    )
}

#[test]
fn a_line_of_the_changelog_in_the_words_of_the_title_is_asked_about() {
    let plan = planned(&wish(), &ferry());
    let told = "`CHANGELOG.md` line 5 says “The timetable shows cancelled crossings in red (#41)”. Is it done with that?";
    assert_eq!(first(&plan), told);
    let other = issue(7, "Show delayed crossings", "`ferry/timetable.py` must mark them with `x`.");
    assert!(!first(&planned(&other, &ferry())).contains("CHANGELOG"));
}

#[test]
fn a_line_of_the_changelog_that_names_the_issue_is_asked_about() {
    let named = issue(41, "Red crossings", "`ferry/timetable.py` must mark them with `x`.");
    let plan = planned(&named, &ferry());
    assert!(
        first(&plan).starts_with("`CHANGELOG.md` line 5 names #41: “The timetable shows"),
        "{}",
        first(&plan)
    );
    assert_eq!(
        plan.headline[..2],
        [
            "May be done already: `CHANGELOG.md` line 5 names #41",
            "Else: fits one small pull request in `ferry/timetable.py`"
        ]
    );
    let other = issue(4, "Red crossings", "`ferry/timetable.py` must mark them with `x`.");
    assert!(!first(&planned(&other, &ferry())).contains("CHANGELOG"));
}

#[test]
fn an_open_issue_that_closes_this_one_comes_first() {
    let mut brief = issue(8, "Two decks", "`ferry/book.py` must answer 413 for a third deck.");
    let open = |body: &str| OpenIssue {
        number: IssueNumber(9),
        title: "Refuse a third deck".to_owned(),
        state: Some(State::Open),
        state_reason: None,
        body: body.to_owned(),
        pull_request: true,
    };
    brief.open_issues = vec![OpenIssue { pull_request: false, ..open("Fixes #8") }];
    assert!(planned(&brief, &ferry()).headline[0].starts_with("Fits one small"), "an issue closes nothing");
    brief.open_issues = vec![open("Fixes #8")];
    let plan = planned(&brief, &ferry());
    assert_eq!(plan.headline[0], "Under way already: #9 says that it closes this");
    assert_eq!(first(&plan), "#9 says that it closes this. Is “Refuse a third deck” the work?");
    brief.open_issues = vec![open("Fixes #80, see #8")];
    assert!(planned(&brief, &ferry()).headline[0].starts_with("Fits one small"));
}

#[test]
fn a_pull_request_that_a_comment_says_solves_it_comes_first() {
    let mut brief = issue(8, "Two decks", "`ferry/book.py` must answer 413 for a third deck.");
    brief.comments = vec![said("bob", "none", "@ada, https://github.com/harbor/ferry/pull/6 solves it.")];
    let plan = planned(&brief, &ferry());
    assert_eq!(
        plan.headline[..2],
        [
            "May be done already: bob says that #6 solves it",
            "Else: fits one small pull request in `ferry/book.py`"
        ]
    );
    assert!(first(&plan).ends_with("Is it merged, and is this done with it?"), "{}", first(&plan));
    brief.open_issues = vec![OpenIssue {
        number: IssueNumber(6),
        title: "Refuse a third deck".to_owned(),
        state: Some(State::Open),
        state_reason: None,
        body: String::new(),
        pull_request: true,
    }];
    let under_way = planned(&brief, &ferry());
    assert_eq!(under_way.headline[0], "Under way already: bob says that #6 (open) solves it");
    brief.comments.push(said("ada", "read", "I still see three decks with it."));
    assert!(planned(&brief, &ferry()).headline[0].starts_with("Fits one small"));
}

#[test]
fn nothing_is_small_beside_a_guess() {
    let text = |body: &str| comment(&issue(8, "Full decks in the timetable", body), &ferry());
    let sure = text("`ferry/book.py` must answer 413 for a third deck.");
    assert!(sure.contains("Fits one small pull request") && sure.contains("size S"), "{sure}");
    let wide = text(
        "`ferry/book.py`, `ferry/timetable.py` and `tests/test_book.py` must answer 413 for a third deck.",
    );
    assert!(wide.contains("Fits one pull request") && wide.contains("size open"), "{wide}");
}

#[test]
fn a_test_that_expects_what_is_complained_of_is_asked_about() {
    let body = "`book(9)` fails with `the deck is full today` although there is room.";
    let plan = planned(&issue(7, "Booking nine cars fails", body), &ferry());
    assert_eq!(
        first(&plan),
        "`tests/test_book.py` line 4 expects “the deck is full today” today. Is it meant so?"
    );
}

#[test]
fn a_wish_that_was_turned_down_is_that_first_and_not_planned_once_it_holds() {
    let mut brief = issue(8, "Two decks", "`ferry/book.py` must answer 413 for a third deck.");
    brief.comments = vec![said("hugo", "triage", "This is out of scope.")];
    let plan = planned(&brief, &ferry());
    assert_eq!(plan.headline, ["Turned down by hugo: nothing is to be done unless that no longer holds"]);
    assert_eq!((plan.verdict, plan.work_items.len(), plan.questions.len()), (Verdict::NotFeasible, 0, 1));
    let told = comment(&brief, &ferry());
    assert!(told.contains("hugo turned it down: “This is out of scope”. Does that still hold?"), "{told}");
    assert!(!told.contains("| R1 |") && !told.contains("/approve"), "{told}");
    let answered = |text: &str| {
        let answer =
            Answer { slot: Some("declined".to_owned()), text: text.to_owned(), author: "ada".to_owned() };
        planned(&Brief { answers: vec![answer], ..brief.clone() }, &ferry())
    };
    let holds = answered("Yes, it holds.");
    assert_eq!(holds.headline, ["Not planned: hugo turned it down, and ada says that it holds"]);
    assert_eq!((holds.verdict, holds.work_items.len()), (Verdict::NotFeasible, 0));
    assert!(answered("no, we want it now").headline[0].starts_with("Fits one small pull request"));
}

#[test]
fn what_turning_down_leaves_is_told_with_it() {
    let mut snapshot = ferry();
    let page = "# Booking\n\nCall `book_cars` with the number of cars.\n";
    snapshot.files.insert("docs/booking.md".to_owned(), page.to_owned());
    let mut brief = issue(8, "Let `book_cars` take trucks", "`ferry/book.py` must answer 200 for a truck.");
    brief.comments = vec![said("hugo", "triage", "It is intentionally only for cars.")];
    let asked = planned(&brief, &snapshot).questions.remove(0);
    assert!(
        asked
            .why
            .starts_with("Readers could find it said in `docs/booking.md`, where line 3 has `book_cars`."),
        "{asked:?}"
    );
    let word = "I'd rather not add trucks here. We could think about a second call for them.";
    brief.comments = vec![said("hugo", "triage", word)];
    let asked = planned(&brief, &snapshot).questions.remove(0);
    assert!(
        asked.why.starts_with("What hugo leaves open: “We could think about a second call for them”."),
        "{asked:?}"
    );
    brief.comments = vec![said("hugo", "triage", "Duplicate of #3.")];
    let plan = planned(&brief, &snapshot);
    assert!(
        plan.headline[0].starts_with("hugo calls it a duplicate of #3: nothing is to be done"),
        "{plan:?}"
    );
}

#[test]
fn what_is_said_of_today_turns_nothing_down() {
    let mut brief = issue(8, "Two decks", "`ferry/book.py` must answer 413 for a third deck.");
    brief.comments = vec![said("hugo", "triage", "No, there is no such thing as a deck at the moment.")];
    assert!(planned(&brief, &ferry()).turned_down_by.is_none());
}

#[test]
fn what_a_maintainer_asked_and_nobody_answered_is_asked_again() {
    let mut brief = issue(8, "Two decks", "`ferry/book.py` must answer 413 for a third deck.");
    brief.comments = vec![said("hugo", "triage", "How many cars does your ferry take?")];
    assert_eq!(first(&planned(&brief, &ferry())), "hugo asks: “How many cars does your ferry take?”");
    brief.comments.push(said("ada", "read", "Forty."));
    assert_eq!(first(&planned(&brief, &ferry())), "");
    brief.comments = vec![said("hugo", "triage", "Would you like to send a pull request?")];
    assert_eq!(first(&planned(&brief, &ferry())), "");
}
