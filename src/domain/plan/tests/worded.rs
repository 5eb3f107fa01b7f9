//! Messages that people ask for word by word, and conditions that they write without a comma.

use super::rate_limit::web;
use super::reading::said;
use super::world::{cases, issue, planned, quotes};
use crate::domain::brief::Brief;

#[test]
fn a_message_is_one_text_whatever_its_periods() {
    let body = "When no settings file exists, `web serve` crashes with a stack trace. It should print \"No settings found. Create \
        one and try again.\" and exit with 1.";
    let plan = planned(&issue(3, "Crash without settings", body), &web());
    assert_eq!(
        cases(&plan),
        [
            "`web serve` when no settings file exists: prints “No settings found. Create one and try again.”, exit code 1"
        ]
    );
    assert!(plan.questions.iter().all(|question| question.slot != "bug.steps"), "{:?}", plan.questions);
    assert!(plan.not_checked.iter().all(|line| !line.starts_with("left aside")), "{:?}", plan.not_checked);
}

#[test]
fn what_is_to_be_printed_instead_is_the_outcome_of_a_report() {
    let body = "Running `web drop` twice gives \"error 17\". Please print something like \"The crate is gone. Use `web list` first.\" instead.";
    let plan = planned(&issue(3, "Unclear error", body), &web());
    assert_eq!(cases(&plan), ["`web drop` twice: prints “The crate is gone. Use `web list` first.”"]);
}

#[test]
fn a_polite_question_about_a_message_is_the_demand() {
    let body = "I saved the file with another editor and got `cannot read it`. Could the message say that the file is too old?";
    let plan = planned(&issue(3, "Old files give a confusing message", body), &web());
    let all = cases(&plan).join(" · ");
    assert!(all.contains("the message") && all.contains("says that the file is too old"), "{all}");
    assert!(plan.not_checked.iter().all(|line| !line.starts_with("left aside")), "{:?}", plan.not_checked);
}

#[test]
fn a_condition_needs_no_comma() {
    let plan = planned(&issue(3, "Export", "If the file exists already it should be overwritten."), &web());
    assert!(cases(&plan).contains(&"the file exists already: overwritten"), "{:?}", cases(&plan));
}

#[test]
fn a_command_that_is_called_docs_is_no_page() {
    let body =
        "When I run `web docs --check` I only see exit code 1. I expected it to list the files that are old.";
    for title in ["docs --check does not say which file is old", "Old files are not listed by docs --check"] {
        let plan = planned(&issue(3, title, body), &web());
        assert_eq!(
            (quotes(&plan), cases(&plan)),
            (vec![title], vec!["`web docs --check`: it lists the files that are old"])
        );
    }
}

#[test]
fn of_two_outcomes_one_will_do_and_when_is_what_one_does() {
    let body = "When I load a file that starts with a mark I get an error. Please either skip the mark or say that there is one.";
    let plan = planned(&issue(3, "Confusing error for files with a mark", body), &web());
    let expected = "when I load a file that starts with a mark: skips the mark, or says that there is one";
    assert_eq!(cases(&plan), [expected]);
    assert!(plan.not_checked.iter().all(|line| !line.starts_with("left aside")), "{:?}", plan.not_checked);
}

#[test]
fn a_title_that_names_an_error_and_for_what_is_a_case_and_its_message_is_no_input() {
    let body = "Our ship answers so. The tool says\n\n    org.acme.BadCrateException: Unhandled kind. Must be wood. Kind=Iron\n\nIt should be taken.";
    let plan = planned(&issue(3, "BadCrateException for Kind: Iron", body), &web());
    assert!(cases(&plan)[0].starts_with("`Kind: Iron`: "), "{:?}", cases(&plan));
    assert!(plan.questions.iter().all(|question| question.slot != "bug.steps"), "{:?}", plan.questions);
}

#[test]
fn a_new_option_is_told_by_its_example_and_stands_before_one_that_is_there() {
    let main = "use clap::Parser;\n#[derive(Parser)]\nstruct Args {\n    #[arg(long)]\n    pager: bool,\n}\n";
    let files = [("src/main.rs", main), ("Cargo.toml", "[package]\nname = \"ferry\"\n")];
    let tree = super::world::repository("acme/ferry", "5a1ad00", &files);
    let body = "I'd like to scroll in it, as one can at the start.\n\nA `--deck` (`-d`) flag would be nice: `ferry --deck README.md` opens the \
        file on deck.\n\nIf both `--pager` and `--deck` are given I would expect an error.";
    let plan = planned(&issue(3, "Flag to open the deck for a single file", body), &tree);
    let all = cases(&plan);
    assert_eq!(all[0], "with `--deck`: scrolls in it", "{all:?}");
    assert!(all.contains(&"`ferry --deck README.md`: opens the file on deck"), "{all:?}");
    assert!(all.contains(&"both `--pager` and `--deck` are given: an error"), "{all:?}");
    assert!(!all.iter().any(|case| case.contains("without its value")), "{all:?}");
}

#[test]
fn a_list_may_end_its_sentence_and_a_wish_may_say_were() {
    let body = "Currently the list only shows `.md` files etc. It'd be cool if `.mdx` were included too.";
    let plan = planned(&issue(3, "Support for .mdx files", body), &web());
    assert_eq!(cases(&plan), ["`.mdx`: included"]);
}

#[test]
fn what_is_not_there_today_forbids_nothing() {
    let body = "The `lift` method for crates doesn't appear to come with a `precision` parameter.";
    let plan = planned(&issue(3, "Lift crates in two units?", body), &web());
    assert!(
        !cases(&plan).iter().any(|case| case.contains("never") || case.contains("appear")),
        "{:?}",
        cases(&plan)
    );
}

#[test]
fn what_whoever_reports_thinks_should_come_is_the_outcome_even_as_a_question() {
    let body = "With 3.0 this raises `TypeError`:\n\n```python\nShip(many=True).load(1)\n```\n\nI think `Ship.load()` should rather catch \
        invalid types and raise `CrateError`?";
    let mut brief = issue(3, "TypeError thrown with many=True", body);
    brief.comments = vec![said("cy", "write", "This is a good idea, and should be easy to implement.")];
    let plan = planned(&brief, &web());
    assert!(
        cases(&plan)[0].ends_with("`Ship.load()` catch invalid types and raise `CrateError`"),
        "{:?}",
        cases(&plan)
    );
    assert!(plan.read_as.iter().all(|line| !line.contains("easy to implement")), "{:?}", plan.read_as);
}

#[test]
fn what_is_only_possible_is_taken_where_a_maintainer_agrees_with_the_whole() {
    let body = "It would be pretty handy to have timestamps on each printed line of `web list`. Possibly by opting into it with a new \
        `--timestamps` flag?";
    let mut brief = issue(3, "Add timestamps to each line", body);
    let default = |brief: &_| {
        let plan = planned(brief, &web());
        let asked = plan.questions.iter().find(|question| question.text.contains("possibly"));
        asked.map(|question| question.default.clone())
    };
    assert_eq!(default(&brief).as_deref(), Some("no"));
    brief.comments = vec![said("cy", "write", "That seems reasonable to me!")];
    assert_eq!(default(&brief).as_deref(), Some("yes, cy agrees"));
    brief.comments = vec![said("cy", "write", "That seems reasonable, but without a flag.")];
    assert_eq!(default(&brief).as_deref(), Some("no"));
}

#[test]
fn which_path_asks_the_message_to_name_it_and_what_should_not_be_says_nothing_alone() {
    let body = "`set file := \"foo.env\"` with no such file gives\n\n```\nerror: Failed to load the environment file: not found\n```\n\nWhich path? Please name it.";
    let plan = planned(&issue(3, "Confusing error when the file does not exist", body), &web());
    assert_eq!(cases(&plan)[0], "the message names the path", "{:?}", cases(&plan));
    let body = "Flags with `Hidden: true` are offered by `web --complete`. They should not be.";
    let plan = planned(&issue(3, "Completion lists hidden flags", body), &web());
    assert_eq!(quotes(&plan), ["Completion lists hidden flags"]);
    assert_eq!(cases(&plan), ["Flags with `Hidden: true`: are not offered by `web --complete`"]);
}

#[test]
fn an_error_that_is_asked_for_is_none_that_goes() {
    for body in [
        "It should raise `UploadError` with the message \"no file\". It should print \"bad file\" to stderr.",
        "It must instead fail with an UploadError.\n\nIt should print \"bad file\".",
    ] {
        let plan = planned(&issue(3, "upload crashes without a file", body), &web());
        let all = cases(&plan).join(" · ");
        assert!(!all.contains("no UploadError"), "{all}");
    }
    let body = "With an empty path I get an UploadError. It should print \"bad file\" to stderr.";
    let plan = planned(&issue(3, "upload crashes without a file", body), &web());
    assert!(cases(&plan).contains(&"no UploadError"), "{:?}", cases(&plan));
}

#[test]
fn what_is_called_rename_renames_nothing() {
    let body = "`rename` must throw `NameError` if the name is empty.";
    let plan = planned(&issue(3, "rename accepts an empty name", body), &web());
    let all = cases(&plan).join(" · ");
    assert!(!all.contains("does what") && all.contains("NameError"), "{all}");
}

/// A number that was measured decides nothing, and a decision on one thing leaves the other as it is.
#[test]
fn a_decided_number_changes_the_demand_that_it_is_of() {
    let body = "- [ ] Sessions must expire after 1 hour\n- [ ] Reset links must expire after 1 hour\n";
    let after = |text: &str| {
        let brief = Brief { comments: vec![said("bo", "admin", text)], ..issue(3, "Expiry", body) };
        cases(&planned(&brief, &web())).join(" · ")
    };
    let all = after("Sessions: 15 minutes instead of 1 hour.");
    assert!(all.contains("Sessions 14 min") && all.contains("Reset links 59 min"), "{all}");
    let all = after("On my box sessions get 15 minutes instead of 1 hour.");
    assert!(all.contains("Sessions 59 min") && !all.contains("14 min"), "{all}");
}

#[test]
fn what_lacks_and_should_not_is_no_denial() {
    let body = "Hidden flags are not listed. That should not happen.";
    let plan = planned(&issue(3, "Hidden flags", body), &web());
    assert!(!cases(&plan).join(" · ").contains("not not"), "{:?}", cases(&plan));
}
