//! Places that nobody names: what is told of them, and how sure.

use super::world::{comment, issue, planned, repository};
use crate::domain::snapshot::Snapshot;

fn mail() -> Snapshot {
    let send = "def connect(host):\n    return Socket(host)\n\n\ndef deliver(message, retries):\n    \
        for attempt in range(retries):\n        bounce = transmit(message)\n        if bounce.is_greylisted:\n            wait(attempt)\n";
    let queue = "def enqueue(message):\n    spool.append(message)\n\n\ndef greylisted(message):\n    return message.bounce\n";
    repository(
        "acme/mail",
        "5a1ad00",
        &[
            ("mail/send.py", send),
            ("mail/queue.py", queue),
            ("mail/template.py", "def render(page, values):\n    return page.format(values)\n"),
            ("tests/test_send.py", "def test_deliver(): pass\n"),
        ],
    )
}

#[test]
fn the_source_that_has_most_of_the_issue_is_told_with_its_definition_and_its_words() {
    let body = "When the bounce says greylisted, the retries of `deliver` go on without a wait between each attempt.";
    let told =
        comment(&issue(4, "Greylisted message is delivered without waiting for its retries", body), &mail());
    assert!(told.contains("most likely in `mail/send.py`"), "{told}");
    // Whose place is a guess, its test is one, too.
    assert!(told.contains("Proved by these cases, likely in [`tests/test_send.py`]"), "{told}");
    assert!(told.contains("/mail/send.py") || told.contains("[`mail/send.py`]"), "{told}");
    assert!(!told.contains("mail/template.py"), "{told}");
}

#[test]
fn of_several_that_are_about_as_likely_each_is_told_and_the_work_is_planned_in_the_first() {
    let files = [
        (
            "src/read.rs",
            "fn read_margin(page: Page) -> Margin {\n    page.margin_of_table(page.columns())\n}\n",
        ),
        (
            "src/write.rs",
            "fn write_margin(page: Page) {\n    print(page.margin_of_table(page.columns()))\n}\n",
        ),
        ("src/other.rs", "fn other() {}\n"),
    ];
    let snapshot = repository("acme/paper", "5a1ad00", &files);
    let body = "The margin of a table on the last page is wider than its columns.";
    let plan = planned(&issue(4, "Margin of a table is wrong on the last page", body), &snapshot);
    let places: Vec<&str> = plan.requirements[0].places.iter().map(|place| place.path.as_str()).collect();
    assert_eq!(places, ["src/read.rs", "src/write.rs"]);
    assert_eq!(plan.work_items[0].paths, ["src/read.rs"]);
    assert!(
        plan.headline[0].ends_with("most likely in `src/read.rs`, else in `src/write.rs`"),
        "{:?}",
        plan.headline
    );
    assert!(plan.importers.is_empty(), "who uses a file that may stay as it is is noise");
}

#[test]
fn a_guess_that_is_shared_is_told_once() {
    let body = "The retries of a greylisted bounce must wait between each attempt.\nA greylisted bounce must be delivered by its retries.\n";
    let told = comment(&issue(4, "Greylisted message: wait for the retries of `deliver`", body), &mail());
    let rows: Vec<&str> = told.lines().filter(|line| line.starts_with("| R")).collect();
    assert!(rows.len() == 2 && rows[0].contains("likely [`mail/send.py`]"), "{told}");
    assert!(rows[1].contains(" | as R1 | "), "{told}");
}

#[test]
fn where_nothing_has_enough_of_the_issue_no_place_is_told() {
    let plan = planned(&issue(4, "Colors of the website look odd", "They do, on my phone."), &mail());
    assert!(plan.requirements.iter().all(|one| one.places.is_empty()), "{:?}", plan.requirements);
}

#[test]
fn of_places_that_are_as_likely_the_one_that_the_title_names_comes_first() {
    let text = |name: &str| {
        format!("fn {name}(page: Page) {{\n    print(page.margin_of_table(page.columns()))\n}}\n")
    };
    let files = [
        ("src/a.rs", text("read_margin")),
        ("src/tables.rs", text("write_margin")),
        ("src/other.rs", "fn other() {}\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let body = "The margin on the last page is wider than its columns.";
    let title = "Margin of a table is wrong on the last page";
    let plan = planned(&issue(4, title, body), &repository("acme/paper", "5a1ad00", &files));
    let places: Vec<&str> = plan.requirements[0].places.iter().map(|place| place.path.as_str()).collect();
    assert_eq!(places, ["src/tables.rs", "src/a.rs"]);
}

#[test]
fn what_the_code_of_a_proposal_wants_of_a_type_lies_where_the_type_does() {
    let files = [
        ("src/action.rs", "pub enum Action {\n    Help,\n}\n"),
        ("src/lib.rs", "pub use action::Action;\n"),
        ("src/zsh.rs", "fn all() {\n    if let Action::Help = it.action() {}\n}\n"),
        ("src/command.rs", "pub fn command() {}\n"),
    ];
    let body = "### Describe the solution you'd like\n\nmaybe something like this?\n\n```rust\n#[arg(long, action = Action::HelpShort)]\nhelp: bool,\n```\n";
    let brief = issue(4, "how to have a short `--help`", body);
    let plan = planned(&brief, &repository("acme/args", "5a1ad00", &files));
    let places: Vec<&str> = plan.requirements[0].places.iter().map(|place| place.path.as_str()).collect();
    assert_eq!(places, ["src/action.rs"]);
    assert_eq!(plan.requirements[0].cases, ["the code of lines 6–7: does what it shows"]);
}
