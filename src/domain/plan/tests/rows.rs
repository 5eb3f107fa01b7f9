//! What becomes a row and what does not: lead-ins, thoughts of others, boxes of forms, code that stands within a sentence.

use super::rate_limit::web;
use super::reading::said;
use super::world::{comment, issue, planned, quotes};

fn of(title: &str, body: &str) -> Vec<String> {
    quotes(&planned(&issue(3, title, body), &web())).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_lead_in_is_no_row_and_the_title_is() {
    let title = "Blocking form of `sign_in` for scripts";
    let code = "```rust\nsign_in_blocking(\"ada\");\n```\n";
    let form =
        format!("### Describe the solution you'd like\n\nWould be nice to have it along these lines\n{code}");
    assert_eq!(of(title, &form), [title]);
    for lead in [
        "It would be nice to be able to write something along these lines",
        "It would be great to use something like this:",
    ] {
        assert_eq!(of(title, &format!("{lead}\n{code}")), [title], "{lead}");
    }
}

#[test]
fn a_thought_of_somebody_else_never_stands_for_the_issue() {
    let title = "`sign_in` cuts the names of accounts behind the first point";
    let mut brief =
        issue(3, title, "For `ada.byron` the greeting says `ada`, and the whole name is meant.\n");
    let word = "An effect of shortening that nobody intended. Often, e.g. with hosts of a cloud (like `ec2-54.compute`), what we want is to cut off what repeats.";
    brief.comments = vec![said("mia", "write", word)];
    let plan = planned(&brief, &web());
    assert_eq!(quotes(&plan).first(), Some(&title), "{:?}", plan.requirements);
    assert!(
        plan.requirements.iter().all(|one| one.cases.iter().all(|case| !case.starts_with("is:"))),
        "{:?}",
        plan.requirements
    );
}

#[test]
fn a_box_that_asks_its_reader_is_no_row() {
    let body = "## Checklist\n\n- [ ] Is it the newest 4.x release that you run? They are listed here.\n- [x] Have you read the manual? It stands here.\n\n## Bug\n\n`sign_in(\"\")` answers 500.\n";
    let all = of("`sign_in` fails for an empty name", body);
    assert!(!all.iter().any(|row| row.contains("release")), "{all:?}");
}

#[test]
fn whether_it_is_on_purpose_is_asked_and_nothing_that_works_is_taken_away() {
    let body = "## Describe the bug\n\nSince 3.6.2 `sign_in(\"\")` writes an empty line.\n\n## Expected\n\nI'd like to understand whether that was on purpose, as an empty name is valid. It should either stop accepting it, or not write lines that nobody needs.\n";
    let told = comment(&issue(3, "An empty line for an empty name since 3.6.2", body), &web());
    assert!(
        told.contains("asks on line 7 whether it is so on purpose: is it? *Default: no, it is a fault.*"),
        "{told}"
    );
    assert!(told.contains("*Default: the second, which refuses nothing that works today.*"), "{told}");
    assert!(!told.contains("never: needed"), "{told}");
}

#[test]
fn what_is_written_down_in_the_code_and_shall_come_from_the_settings_has_its_default_there() {
    let body = "## Solution\n\nIn other words, the tries that are hardcoded here\n\nhttps://github.com/acme/web/blob/1a2b3c4d5e/src/auth.rs#L4-L5\n\nshould be read from the configuration.\n";
    let plan = planned(&issue(3, "Let operators set the tries", body), &web());
    let row = "In other words, the tries that are hardcoded here … should be read from the configuration.";
    let demand = plan.requirements.iter().find(|one| one.quote == row).expect("one sentence");
    let cases = &demand.cases;
    assert!(cases[0].contains("tries") && cases[0].ends_with("set: the value is used"), "{cases:?}");
    assert!(
        !plan.questions.iter().any(|one| one.text.contains("where nobody sets it")),
        "{:?}",
        plan.questions
    );
}

#[test]
fn a_new_option_is_no_page_whenever_pages_are_built() {
    let body = "My suggestion would be a new option `hidden_groups` for the export: its input is a list of groups, and these get ignored when the docs are built.\n";
    let plan = planned(&issue(3, "New option: hidden_groups", body), &web());
    assert!(plan.work_items.iter().all(|item| item.kind != "docs"), "{:?}", plan.work_items);
}

#[test]
fn a_class_that_goes_destroys_no_data_and_is_searched_for() {
    let mut web = web();
    web.files.insert("src/form.rs".to_owned(), "pub struct FormattedName;\n".to_owned());
    let plan = planned(&issue(3, "Drop the FormattedName field", "It can be done with `sign_in`.\n"), &web);
    assert_eq!(
        plan.requirements[0].cases,
        ["a search for `FormattedName` finds nothing; today it stands in `src/form.rs`"]
    );
    assert!(!plan.rollback.iter().any(|line| line.contains("destroys")), "{:?}", plan.rollback);
}

#[test]
fn a_value_more_leaves_the_others_as_they_are() {
    let body = "The `window` setting gets a new value, `rolling`.\n";
    let plan = planned(&issue(3, "A rolling window", body), &web());
    assert_eq!(plan.requirements[0].cases.len(), 3, "{:?}", plan.requirements);
    assert!(plan.requirements[0].cases[1].starts_with("`window` with each value of today: as at "));
    assert!(!plan.questions.iter().any(|one| one.text.contains("where nobody sets it")));
}

#[test]
fn what_users_are_to_configure_is_the_setting() {
    let plan = planned(&issue(3, "Let users configure the length of names", "Today it is fixed.\n"), &web());
    let cases = &plan.requirements[0].cases;
    assert!(cases[0].starts_with("“length of names” set"), "{cases:?}");
}

#[test]
fn what_is_left_aside_is_quoted_and_who_takes_it_up_asks_for_nothing() {
    let mut brief = issue(3, "Log each refusal", "`src/auth.rs` must log each refusal.\n");
    brief.comments = vec![said(
        "mia",
        "write",
        "Having this would be nice I think. @rita, would you be interested in opening a PR for it?",
    )];
    let told = comment(&brief, &web());
    assert!(!told.contains("left aside"), "{told}");
}

#[test]
fn the_last_step_of_an_item_is_not_lost() {
    let body = "**Proposal**\n\n- The `position` of `src/auth.rs` gets a new value, `manual`\n- Look for `[NAME]` and put a marker in its place. At the end, swap that marker for the name of the account.\n";
    let plan = planned(&issue(3, "Names placed by hand", body), &web());
    let quotes: Vec<&str> = plan.requirements.iter().map(|one| one.quote.as_str()).collect();
    assert!(quotes.iter().any(|quote| quote.contains("swap that marker")), "{quotes:?}");
}
