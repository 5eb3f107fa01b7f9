//! A call to contributors is no piece of work until somebody takes a part of it.

use super::reading::said;
use super::world::{comment, issue, planned, repository};
use crate::domain::brief::{Answer, Brief};
use crate::domain::plan::Verdict;
use crate::domain::snapshot::Snapshot;

fn guide() -> Snapshot {
    let files = [
        ("docs/first-steps.md", "# First steps\n"),
        ("docs/tuning.md", "# Tuning\n"),
        ("docs/documentation.md", "# How this is written\n"),
        ("docs/backup.md", "# Backup\n"),
        ("src/main.rs", "fn main() {}\n"),
    ];
    repository("acme/web", "5a1ad00", &files)
}

fn call() -> Brief {
    let body = "Choose a page of the documentation and make it clearer. Each example must run.\n\nLook for:\n- wrong words\n- examples that do not run\n\nSay in a comment which page you take.\n";
    let comments = vec![
        said("hugo", "none", "Hi! I am working on the First Steps page."),
        said("lena", "none", "`tuning.md` still has old examples, I take it."),
    ];
    Brief { comments, ..issue(3, "Better documentation", body) }
}

#[test]
fn a_call_asks_which_part_and_tells_what_is_taken() {
    let told = comment(&call(), &guide());
    assert!(
        told.starts_with("**Not one piece of work: “Better documentation” calls for contributions"),
        "{told}"
    );
    let taken = "Named in comments: [`docs/first-steps.md`][f1] (hugo) and [`docs/tuning.md`][f2] (lena). *Default: `docs/`: one page that no comment names (2 of 4).*";
    assert!(told.contains(taken), "{told}");
    assert!(!told.contains("/approve") && !told.contains("| R1 |"), "{told}");
}

#[test]
fn who_takes_a_part_and_says_what_is_wrong_gets_a_plan_for_it() {
    let answer = |slot: &str, text: &str| Answer {
        slot: Some(slot.to_owned()),
        text: text.to_owned(),
        author: "ada".to_owned(),
    };
    let answers = vec![
        answer("vague.part", "`docs/backup.md`"),
        answer("vague.measure", "`docs/backup.md` must name `web restore`, which it leaves out."),
    ];
    let plan = planned(&Brief { answers, ..call() }, &guide());
    let quotes: Vec<&str> = plan.requirements.iter().map(|one| one.quote.as_str()).collect();
    assert_eq!(quotes, ["`docs/backup.md` must name `web restore`, which it leaves out."]);
    assert_ne!(plan.verdict, Verdict::TooVague);
}

#[test]
fn what_has_boxes_to_tick_or_is_one_task_for_whoever_wants_it_is_no_call() {
    let boxes = "Pick a box and say which one you are taking.\n\n- [ ] `src/main.rs` must print its version\n- [ ] `src/main.rs` must exit with 2 on a wrong option\n";
    let plan = planned(&issue(3, "Small things", boxes), &guide());
    assert_eq!(plan.requirements.len(), 2, "{:?}", plan.requirements);
    let one = "`src/main.rs` must print its version for `--version`. Comment below if you would like to take this.\n";
    let plan = planned(&issue(3, "Print the version", one), &guide());
    assert_ne!(plan.verdict, Verdict::TooVague);
}
