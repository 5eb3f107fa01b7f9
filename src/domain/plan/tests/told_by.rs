//! What a thread tells of causes, of conditions that follow one another, and of what is right beside what is wrong.

use super::option::tracer;
use super::rate_limit::web;
use super::reading::said;
use super::world::{comment, issue, planned, quotes, repository};
use crate::domain::brief::{Brief, Comment};
use crate::domain::snapshot::Snapshot;

#[test]
fn a_request_with_please_stands_beside_a_must_and_a_bound_of_a_name_is_no_unit() {
    let body = "So in `src/session.rs` please set the default of `depth` to 80. A `depth` of more than 100 must be refused.\n";
    let plan = planned(&issue(7, "Less depth by default", body), &web());
    assert_eq!(
        quotes(&plan),
        [
            "So in `src/session.rs` please set the default of `depth` to 80.",
            "A `depth` of more than 100 must be refused."
        ]
    );
    assert_eq!(plan.requirements[1].cases, ["`depth` of 100: taken", "of 101: refused"]);
}

#[test]
fn what_holds_else_is_told_with_what_does_not_hold() {
    let body = "Which theme is taken should not depend on luck. The order should be\n1. When `--theme` is given, that one is used\n2. If not, and a theme is set in the configuration, the latter is used\n3. If not, `Theme::plain()` is used\n";
    let plan = planned(&issue(7, "Choose the theme", body), &web());
    let of = |start: &str| {
        let mut found = plan.requirements.iter().filter(|one| one.quote.starts_with(start));
        found.next().map(|one| one.cases.clone()).unwrap_or_default()
    };
    assert_eq!(of("When `--theme`"), ["`--theme` is given: that one is used"], "{:?}", quotes(&plan));
    assert_eq!(
        of("If not, and"),
        ["`--theme` is not given, a theme is set in the configuration: the latter is used"]
    );
    assert_eq!(
        of("If not, `Theme"),
        ["`--theme` is not given, a theme is not set in the configuration: `Theme::plain()` is used"]
    );
}

fn harbor() -> Snapshot {
    repository(
        "acme/harbor",
        "5a1ad00",
        &[
            ("src/tide.ts", "const KNOWN = [1, 2];\n\nexport const KNOWN_TIDES = new Set(KNOWN);\n"),
            ("src/tide.test.ts", "test('tide', () => {});\n"),
            ("package.json", "{\"scripts\": {\"test\": \"vitest run\"}}\n"),
        ],
    )
}

fn tides(comments: Vec<Comment>) -> Brief {
    let body = "I call it like this:\n\n```ts\nconst a = tide(\n  4,\n)\n```\n\nwhat comes out:\n\n```\nharbor.ts:1:2 - error TS2391: no such tide\nharbor.ts:2:2 - error TS7010: nor that one\n```\n\nIn `src/tide.ts` only one line works.\n";
    Brief { comments, labels: vec!["bug".into()], ..issue(7, "tide: several lines give an error", body) }
}

#[test]
fn what_a_maintainer_takes_for_the_cause_is_quoted_and_gives_the_line() {
    let guess = "My guess is that `KNOWN_TIDES` lacks the one that you meet.";
    let plan = planned(&tides(vec![said("mara", "write", guess)]), &harbor());
    let told = |plan: &crate::domain::plan::Plan| {
        plan.read_as.iter().find(|line| line.starts_with("the cause")).cloned()
    };
    let quoted = "the cause, as mara sees it: “My guess is that `KNOWN_TIDES` lacks the one that you meet”";
    assert_eq!(told(&plan).as_deref(), Some(quoted));
    assert_eq!(plan.requirements[0].places[0].line, Some(3));
    // Whoever may not triage, asks, or talks of no code says nothing of it.
    for (permission, text) in [
        ("read", guess),
        ("write", "Could my guess be right that the cause is `KNOWN_TIDES`?"),
        ("write", "I suspect the weather."),
        ("write", "I bet that was fixed by upgrading `tide`, already fixed in 2.0."),
    ] {
        let plan = planned(&tides(vec![said("mara", permission, text)]), &harbor());
        assert_eq!(told(&plan), None, "{text}");
    }
}

#[test]
fn the_complaints_of_a_compiler_are_told_by_their_codes() {
    let plan = planned(&tides(Vec::new()), &harbor());
    assert_eq!(plan.requirements[0].cases, ["the code of lines 4–6: no error `TS2391` and `TS7010`"]);
}

#[test]
fn what_a_maintainer_expects_to_happen_today_is_no_outcome() {
    let word = said("mara", "write", "Thanks! I expect that the last tide will be gone.");
    let text = comment(&tides(vec![word]), &harbor());
    assert!(!text.contains(": the last tide will be gone"), "{text}");
}

#[test]
fn a_name_between_dots_is_no_status_and_a_wrong_one_stands_beside_the_right_one() {
    let body = "`cmd/tracer/main.go` should check the names of all reports. For example `hop.123.md` where it should be `123.hop.md`.\n";
    let text = comment(&issue(7, "Check the names of reports", body), &tracer());
    assert!(!text.contains(": 123"), "{text}");
    assert!(text.contains("`hop.123.md`: told as wrong · `123.hop.md`: not"), "{text}");
}
