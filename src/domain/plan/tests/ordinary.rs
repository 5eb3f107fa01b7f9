//! Sentences as anybody writes them about a service, a library or a program.

use super::bug::ledger;
use super::rate_limit::web;
use super::reading::said;
use super::world::{comment, issue, planned, quotes, repository};
use crate::domain::brief::Brief;
use crate::domain::snapshot::Snapshot;

fn ferry() -> Snapshot {
    repository(
        "acme/ferry",
        "5a1ad00",
        &[
            ("go.mod", "module acme/ferry\n"),
            (
                "internal/api/router.go",
                "package api\n\nfunc Routes(r chi.Router) {\n\tr.Get(\"/boats/{id}\", one)\n\tr.Post(\"/crews\", crew)\n}\n",
            ),
            ("internal/api/router_test.go", "package api\n\nfunc TestRoutes(t *testing.T) {}\n"),
            ("internal/fleet/fleet.go", "package fleet\n\nfunc Sink() {}\n"),
        ],
    )
}

fn cases(title: &str, body: &str) -> Vec<String> {
    let plan = planned(&issue(7, title, body), &ferry());
    plan.requirements.into_iter().flat_map(|one| one.cases).collect()
}

#[test]
fn the_status_that_a_caller_gets_is_the_one_of_the_issue_and_stands_with_its_condition() {
    for (body, told) in [
        (
            "When a client sends DELETE /boats/1 for an unknown boat, it must get 404.",
            vec!["`DELETE /boats/1` for an unknown boat: 404"],
        ),
        (
            "`POST /boats` with an empty `name` must answer 422.",
            vec!["`POST /boats` with an empty `name`: 422"],
        ),
        (
            "Given a boat at sea, when a client sends DELETE /boats/1, then the answer is 409.",
            vec!["a boat at sea, when a client sends DELETE /boats/1: the answer is 409"],
        ),
        ("`GET /boats` must answer 200.", vec!["`GET /boats`: 200"]),
    ] {
        assert_eq!(cases("Boats", body), told, "{body}");
        let text = comment(&issue(7, "Boats", body), &ferry());
        assert!(!text.contains("without a status in the issue"), "{text}");
    }
    let scenario = "Scenario: sink a boat\n  Given a boat in port\n  And no wind\n  When a client sends DELETE /boats/{id}\n  Then the answer is 204\n  And the boat is gone\n";
    assert_eq!(
        cases("Boats can be sunk", scenario),
        [
            "a boat in port and no wind, when a client sends DELETE /boats/{id}: the answer is 204, and the boat is gone"
        ]
    );
}

#[test]
fn an_address_is_placed_where_its_neighbors_are_routed() {
    let plan = planned(&issue(7, "Boats", "`POST /boats` must answer 201."), &ferry());
    let place = &plan.requirements[0].places[0];
    assert_eq!((place.path.as_str(), place.line), ("internal/api/router.go", Some(4)));
    // No route begins so, and the sources are not told apart.
    let plan = planned(&issue(7, "Docks", "`POST /docks` must answer 201."), &ferry());
    assert!(plan.requirements[0].places.iter().all(|place| place.line.is_none()));
}

#[test]
fn what_a_tool_is_called_with_is_no_option_of_the_project() {
    for body in ["mypy --strict must pass in CI.", "`eslint --max-warnings 0` must pass in CI"] {
        let text = comment(&issue(7, "Add tests", body), &ledger());
        assert!(!text.contains("Add `--") && !text.contains("without its value"), "{text}");
    }
    let own = "`ledger export --strict` must exit with code 2 when a row is empty.";
    assert!(comment(&issue(7, "Strict export", own), &ledger()).contains("`--strict`"));
}

#[test]
fn what_was_expected_below_a_question_is_the_outcome() {
    let body = "### What happened?\n\nThe export holds more than there is. `row(\"rice\", 5)` when there are 3 leaves -2 in the table.\n\n### What did you expect?\n\nA ValueError, and the amount stays 3.\n";
    let brief = Brief { labels: vec!["bug".into()], ..issue(7, "row allows negative stock", body) };
    let plan = planned(&brief, &ledger());
    let told = "`row(\"rice\", 5)`, when there are 3: a ValueError, and the amount stays 3";
    assert_eq!(plan.requirements[0].cases, [told]);
    assert!(plan.questions.iter().all(|question| question.slot != "bug.steps"), "{:?}", plan.questions);
}

#[test]
fn a_title_that_renames_stays_beside_what_the_text_says_of_it() {
    let body = "Keep `main` as a deprecated alias for one release. Remove `row`, use a tuple.";
    let plan = planned(&issue(7, "Rename `main` to `entry`", body), &ledger());
    assert_eq!(quotes(&plan)[0], "Rename `main` to `entry`");
    assert!(plan.questions.iter().all(|question| !question.slot.contains("missing.entry")));
    let told = "Please rename `main` to `entry`; the old name can stay as an alias until 3.0.";
    let plan = planned(&issue(7, "Rename `main` to `entry`", told), &ledger());
    assert_eq!(quotes(&plan), [told]);
}

#[test]
fn the_version_of_an_upgrade_may_stand_in_the_text() {
    let snapshot = repository(
        "acme/pantry",
        "5a1ad00",
        &[
            ("pyproject.toml", "[project]\ndependencies = [\"requests==2.31.0\"]\n"),
            ("pantry/prices.py", "import requests\n"),
        ],
    );
    let brief = issue(7, "Upgrade requests", "Please upgrade requests from 2.31.0 to 2.32.3.");
    let text = comment(&brief, &snapshot);
    assert!(text.contains("asks for requests 2.32.3") && !text.contains("To which version"), "{text}");
}

#[test]
fn the_number_that_a_maintainer_wants_instead_makes_the_cases_and_the_quote_stays() {
    let asked = "`src/session.rs` must cache answers for 1 hour.";
    let told = |permission: &str| {
        let comments = vec![said("bo", permission, "15 minutes instead of 1 hour please.")];
        planned(&Brief { comments, ..issue(7, "Cache answers", asked) }, &web())
    };
    let plan = told("admin");
    assert_eq!(quotes(&plan), [asked]);
    let cases = plan.requirements[0].cases.join(" · ");
    assert!(cases.contains("14 min") && cases.contains("16 min"), "{cases}");
    let decides = "bo decides: `15 minutes` in place of `1 hour`";
    assert!(plan.read_as.iter().any(|line| line == decides), "{:?}", plan.read_as);
    // A stranger decides nothing, and a question is none.
    let cases = told("read").requirements[0].cases.join(" · ");
    assert!(cases.contains("59 min") && cases.contains("61 min"), "{cases}");
    let asks = vec![said("bo", "admin", "Would 15 minutes instead of 1 hour do?")];
    let plan = planned(&Brief { comments: asks, ..issue(7, "Cache answers", asked) }, &web());
    assert!(plan.requirements[0].cases.join(" · ").contains("59 min"));
}

#[test]
fn what_is_kept_for_a_time_and_then_deleted_has_its_two_sides() {
    let told = cases("Keep sunk boats", "Sunk boats are kept for 7 days, then deleted.");
    assert_eq!(told[..2], ["Sunk boats 6 days old: kept", "Sunk boats 8 days old: gone"]);
}

#[test]
fn no_test_is_made_in_a_language_that_the_tree_lacks() {
    let plan =
        planned(&issue(7, "Limit", "`app/limit.php` must exit with code 3 when it is full."), &ledger());
    assert_eq!(plan.tests.file, None);
}
