//! What people show and weigh: inputs with their outputs, two things side by side, ways and reasons.

use super::reading::said;
use super::world::{cases, issue, planned, quotes, repository};
use crate::domain::brief::{Brief, Comment};
use crate::domain::plan::Plan;
use crate::domain::snapshot::Snapshot;

fn harbor() -> Snapshot {
    repository(
        "acme/harbor",
        "5a1ad00",
        &[
            ("src/config.ts", "export class HarborConfig {\n  public berths = 4\n}\n"),
            ("src/log.ts", "export function log(note: string) {\n  return note\n}\n"),
            ("tests/log.test.ts", "test('log', () => {})\n"),
        ],
    )
}

fn read(title: &str, body: &str, comments: Vec<Comment>) -> Plan {
    planned(&Brief { comments, ..issue(7, title, body) }, &harbor())
}

const NOTES: &str = "Input:\n```\nharbor: Westquay\n# low tide\n    ship: Anna\n```\n\nOutput:\n```\nharbor: Westquay\n tide\n    ship: Anna\n```\n";

#[test]
fn an_input_and_what_comes_of_it_are_the_case_of_a_report_and_none_of_a_wish() {
    let plan = read("Notes without indentation come out malformed", NOTES, Vec::new());
    assert_eq!(
        cases(&plan),
        ["the code of lines 3–5: not `harbor: Westquay`, then `tide`, then `ship: Anna`"]
    );
    let plan = read("Let notes without indentation stay where they are", NOTES, Vec::new());
    assert!(!cases(&plan).iter().any(|case| case.contains(": not `")), "{:?}", cases(&plan));
}

#[test]
fn what_a_maintainer_rules_to_be_right_is_what_is_held_against() {
    let body = "Input:\n```\nharbor: Westquay\nship: Anna\n```\n\nOn Linux the ship is moved below the harbor. Should it be so?\n";
    let ruled = |permission: &str| {
        let word = said("mara", permission, "This is a bug. What Linux does is the expected behavior.");
        let plan = read("Ships are placed differently on Linux than on macOS", body, vec![word]);
        cases(&plan).join(" · ")
    };
    assert!(
        ruled("write").contains("“What Linux does is the expected behavior” (mara)"),
        "{}",
        ruled("write")
    );
    assert!(!ruled("read").contains("(mara)"), "{}", ruled("read"));
}

#[test]
fn what_one_thing_gives_and_another_lacks_are_two_cases_and_the_solution_is_quoted() {
    let body = "**Is your feature request related to a problem? Please describe.**\nFor berth = \"7\" Harbor raises an alarm, yet for ship.berth = \"7\" it raises none\n\n**Describe the solution you'd like**\nHave H105:taken_berth look at the berths of ships as well\n";
    let plan = read("Berths of ships should be checked", body, Vec::new());
    assert_eq!(quotes(&plan), ["Have H105:taken_berth look at the berths of ships as well"]);
    assert_eq!(cases(&plan), ["`ship.berth = \"7\"`: raises an alarm", "`berth = \"7\"`: as at `5a1ad00`"]);
}

#[test]
fn where_a_title_names_the_matter_alone_what_one_has_to_do_today_is_not_to_be_needed() {
    let body = "Ferries let you walk through a hold, box by box. With the harbor you have to call `|unload` before that becomes possible.\n";
    let plan = read("Holds and walking", body, Vec::new());
    assert_eq!(quotes(&plan), ["With the harbor you have to call `|unload` before that becomes possible."]);
    assert_eq!(cases(&plan), ["without `|unload`: the same as with it today"]);
    // A title that bids says it itself.
    let plan = read("Add a way to walk through a hold without unloading", body, Vec::new());
    assert_eq!(quotes(&plan), ["Add a way to walk through a hold without unloading"]);
}

#[test]
fn a_setting_is_called_as_the_proposal_assigns_it_and_not_as_the_type_that_holds_it() {
    let body = "The harbor has four berths unless told otherwise. What would be nice is this:\n\n```ts\nconst harbor = open(config => {\n  config.maxBerths = 12;\n})\n```\n\n**Edit**\nThe depth likewise.\n";
    let reason = said(
        "mara",
        "write",
        "What I have in mind above all is the case where nobody wants to give the berths to `open`. Reading that file within the harbor is impossible, since the berths have to be handed over outside.",
    );
    let plan = read("Let `HarborConfig` hold the configuration of the berths", body, vec![reason]);
    let quoted = quotes(&plan); // what is impossible today is a reason
    assert_eq!(quoted, ["Let `HarborConfig` hold the configuration of the berths", "The depth likewise."]);
    let told = cases(&plan);
    assert!(told.contains(&"`config.maxBerths = 12`: the value is used"), "{told:?}");
    assert!(!told.iter().any(|case| case.contains("`HarborConfig` set")), "{told:?}");
    // What the tree has already is no new name.
    let known = body.replace("maxBerths", "berths");
    let plan = read("Let `HarborConfig` hold the configuration of the berths", &known, Vec::new());
    assert!(!cases(&plan).iter().any(|case| case.contains("= 12")), "{:?}", cases(&plan));
}

#[test]
fn what_for_is_no_demand_and_two_unsure_ways_are_a_question() {
    let body = "With hooks in the harbor section we would get:\n\n- the same as what most other sections of a harbor already offer.\n- a way to run things in the harbor section once it is done.\n";
    let word = "Having said that, what we should do is probably offer the tide as a variable, or perhaps add it without being asked.";
    let plan = read(
        "Harbor section: add before and after hooks to `HarborConfig`",
        body,
        vec![said("mara", "write", word)],
    );
    assert_eq!(quotes(&plan), ["Harbor section: add before and after hooks to `HarborConfig`"]);
    let asked: Vec<&str> = plan.questions.iter().map(|one| one.text.as_str()).collect();
    let two = "mara sees two ways: “offer the tide as a variable” or “add it without being asked”. Does one of them belong to this?";
    assert!(asked.contains(&two), "{asked:?}");
}

#[test]
fn what_the_author_would_like_best_stands_and_the_code_of_another_tool_is_no_test() {
    let body = "What I propose is an option for customizing it, for the sake of readability (in the harbor above all).\n\n[Ferry](https://ferry.example), which is another harbor, has `nameSlug` in its configuration for example.\n\nThere it may even be a function:\n\n```js\nmodule.exports = {\n  nameSlug: (hash, title) => sha1(`${hash}-${title}`)\n};\n```\n\nWhat would suit me best is an option that puts some sort of \"title\" of the `ship` into the generated name.\n";
    let plan = read("Let the generated name of a ship be customized", body, Vec::new());
    let quoted = quotes(&plan);
    assert!(quoted.iter().any(|quote| quote.contains("What would suit me best is")), "{quoted:?}");
    assert!(!cases(&plan).iter().any(|case| case.contains("the code of lines")), "{:?}", cases(&plan));
}
