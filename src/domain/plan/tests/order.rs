//! Who waits for whom, and whose work is in whose way.

use super::rate_limit::{sign_ins, web};
use super::world::{comment, issue, planned, repository};
use crate::domain::brief::{Brief, IssueState, OpenIssue, Outside, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::Plan;
use crate::domain::plan::model::WaitOn;
use crate::domain::snapshot::Snapshot;

fn parts() -> Snapshot {
    repository(
        "acme/parts",
        "abcdef0",
        &[
            ("src/core.rs", "pub fn core() {}\n"),
            ("src/left.rs", "pub fn left() {}\n"),
            ("src/right.rs", "pub fn right() {}\n"),
        ],
    )
}

/// First place of each item, and the numbers of those it waits for.
fn sequence(plan: &Plan) -> Vec<(&str, Vec<usize>)> {
    let on = |wait: WaitOn| if let WaitOn::Item(on) = wait { Some(on) } else { None };
    let items = plan.work_items.iter();
    items
        .map(|item| (item.paths[0].as_str(), item.depends_on.iter().filter_map(|wait| on(wait.on)).collect()))
        .collect()
}

#[test]
fn two_that_wait_for_a_third_come_behind_it_in_the_order_of_the_issue() {
    let left = "`src/left.rs` must return 404 for at most 5 names, at least 2 names";
    let right = "`src/right.rs` must return 409 for at most 7 names, at least 4 names";
    let core = "`src/core.rs` must return 401 without a key, 403 with a wrong one, and at most 3 tries";
    let body = format!(
        "- [ ] T001 {left} (depends on T003)\n- [ ] T002 {right} (depends on T003)\n- [ ] T003 {core}\n"
    );
    let brief = issue(12, "Three parts", &body);
    let plan = planned(&brief, &parts());
    assert_eq!(
        sequence(&plan),
        [("src/core.rs", vec![]), ("src/left.rs", vec![1]), ("src/right.rs", vec![1])]
    );
    assert_eq!(
        plan.why["order"],
        [
            "1 waits for nothing",
            "2 waits for 1: T001 depends on T003, line 1",
            "3 waits for 1: T002 depends on T003, line 2",
        ]
    );
    assert!(comment(&brief, &parts()).contains("size S · waits for 1: T002 depends on T003, line 2"));
    // The other way round in the issue: whoever stands first there comes first here.
    let turned = format!(
        "- [ ] T002 {right} (depends on T003)\n- [ ] T001 {left} (depends on T003)\n- [ ] T003 {core}\n"
    );
    let plan = planned(&issue(12, "Three parts", &turned), &parts());
    assert_eq!(
        sequence(&plan),
        [("src/core.rs", vec![]), ("src/right.rs", vec![1]), ("src/left.rs", vec![1])]
    );
    // One who waits for two stands behind both.
    let last = format!("- [ ] T001 {left} (depends on T002, T003)\n- [ ] T002 {right}\n- [ ] T003 {core}\n");
    let plan = planned(&issue(12, "Three parts", &last), &parts());
    assert_eq!(
        sequence(&plan),
        [("src/right.rs", vec![]), ("src/core.rs", vec![]), ("src/left.rs", vec![1, 2])]
    );
}

#[test]
fn an_open_issue_that_names_the_file_and_waits_for_nothing_is_in_the_way() {
    let other = |number: i64, body: &str| OpenIssue {
        number: IssueNumber(number),
        title: format!("Another matter {number}"),
        state: Some(State::Open),
        state_reason: None,
        body: body.to_owned(),
        pull_request: false,
    };
    let mut brief = sign_ins();
    brief.open_issues.extend([
        other(8, "Change `src/auth.rs`, too."),
        other(9, "See https://github.com/acme/web/blob/main/src/auth.rs#L1."),
        // Another file, one that only begins alike, one that is ordered, one that is done, a pull request.
        other(10, "Change `tools/src/auth.rs`."),
        other(15, "See https://github.com/acme/web/blob/main/tools/src/auth.rs."),
        other(11, "Change `src/auth.rs.bak` and `src/auth.rs/x`."),
        other(12, "Depends on #2\n\nChange `src/auth.rs`."),
        OpenIssue { state: Some(State::Closed), ..other(13, "Change `src/auth.rs`.") },
        OpenIssue { pull_request: true, ..other(14, "Change `src/auth.rs`.") },
    ]);
    // Nothing but paths: gone through once, not once for each of them.
    brief.open_issues.push(other(16, &"src/auth.rs".repeat(4_000)));
    let plan = planned(&brief, &web());
    let told = |item: &str| -> Vec<String> {
        plan.why[item].iter().filter(|line| line.starts_with("conflicts with")).cloned().collect()
    };
    let hint = |number: u8| format!("conflicts with #{number}: both name `src/auth.rs`, without an order");
    assert_eq!(told("1"), [hint(8), hint(9)]);
    assert_eq!(told("2"), [hint(8), hint(9)], "the second item changes the same file");
    // A hint and no edge: the plan waits for none of them.
    let waits = plan.work_items.iter().flat_map(|item| &item.depends_on);
    assert!(waits.clone().all(|wait| !matches!(wait.on, WaitOn::Issue(issue) if issue.0 > 1)));
    assert!(!comment(&brief, &web()).contains("conflicts with"));
}

#[test]
fn why_a_demand_has_its_own_questions_and_not_those_of_its_neighbors() {
    let body = "- [ ] `src/auth.rs` must time out after 10 s\n- [ ] `src/session.rs` must time out after 20 s\n- [ ] the code must be maintainable\n";
    let plan = planned(&issue(7, "Calls hang", body), &web());
    let told = |id: &str| -> Vec<String> {
        plan.why[id].iter().filter(|line| line.starts_with("question ")).cloned().collect()
    };
    assert_eq!(told("R1"), ["question 1 is open; default: an error that names R1's time"]);
    assert_eq!(told("R2"), ["question 2 is open; default: an error that names R2's time"]);
    assert!(told("R3").is_empty(), "{:?}", told("R3"));
    let silent = planned(
        &issue(
            7,
            "Sign-in",
            "- [ ] `src/auth.rs` must answer 429 after 5 tries\n- [ ] the code must be maintainable\n",
        ),
        &web(),
    );
    assert!(
        silent.why["R2"].iter().any(|line| line.starts_with("question 1 is open; default: R2 stays in")),
        "{:?}",
        silent.why["R2"]
    );
}

/// What its own line says, what GitHub says, and who uses the file that changes: those, and no others.
#[test]
fn dependencies_are_those_of_the_text_of_github_and_of_the_tree() {
    let snapshot = repository(
        "acme/quay",
        "5a1ad00",
        &[
            ("src/crane.ts", "export function lift() {}\n"),
            ("src/berth.ts", "import { lift } from './crane';\n"),
            ("src/ship.ts", "import { lift } from './crane';\n"),
            ("src/tide.ts", "export const tide = 1;\n"),
        ],
    );
    let blocker = IssueState {
        number: IssueNumber(4),
        title: "Cranes".to_owned(),
        state: Some(State::Open),
        state_reason: None,
        carries: Vec::new(),
    };
    let brief = Brief {
        blocked_by: vec![blocker],
        ..issue(12, "Lift less", "Depends on #3\n\nSee #8.\n\n- [ ] `src/crane.ts` must lift at most 40 t\n")
    };
    let plan = planned(&brief, &snapshot);
    let on: Vec<i64> = plan.dependencies.iter().map(|one| one.issue.0).collect();
    assert_eq!(on, [4, 3]);
    let used: Vec<(&str, &[String])> =
        plan.importers.iter().map(|one| (one.path.as_str(), one.by.as_slice())).collect();
    assert_eq!(used, [("src/crane.ts", ["src/berth.ts".to_owned(), "src/ship.ts".to_owned()].as_slice())]);
    let text = comment(&brief, &snapshot);
    assert!(
        text.contains("**Used by others:** `src/crane.ts` by `src/berth.ts` and `src/ship.ts`"),
        "{text}"
    );
}

/// Another repository's number is no number here, whoever has it; and nobody looks whether it is closed.
#[test]
fn what_another_repository_has_is_told_by_its_name_and_as_not_checked() {
    let snapshot = repository("acme/quay", "5a1ad00", &[("src/crane.ts", "export function lift() {}\n")]);
    let with = |line: &str| {
        issue(12, "Lift less", &format!("{line}\n\n- [ ] `src/crane.ts` must lift at most 40 t\n"))
    };
    for line in ["Depends on acme/rails#7", "Depends on https://github.com/acme/rails/issues/7"] {
        let brief = with(line);
        let plan = planned(&brief, &snapshot);
        assert!(plan.dependencies.is_empty(), "{:?}", plan.dependencies);
        assert_eq!(plan.elsewhere.len(), 1);
        assert_eq!(plan.why["order"], ["1 waits for `acme/rails#7` (unknown): line 1"]);
        let text = comment(&brief, &snapshot);
        assert!(
            text.contains("once `acme/rails#7` is done")
                && text.contains("waits for `acme/rails#7` (not checked)"),
            "{text}"
        );
        let unseen = "whether `acme/rails#7` is closed: an issue of another repository";
        assert!(plan.not_checked.iter().any(|line| line == unseen), "{:?}", plan.not_checked);
    }
    for line in ["Depends on acme/quay#7", "Depends on https://github.com/acme/quay/issues/7"] {
        let plan = planned(&with(line), &snapshot);
        assert_eq!((plan.dependencies[0].issue, plan.elsewhere.len()), (IssueNumber(7), 0), "{line}");
    }
    // One that GitHub links is known: closed, it keeps nobody waiting.
    let linked = |state: State| {
        let name = "acme/rails#7".to_owned();
        let brief = Brief { blocked_elsewhere: vec![Outside { name, state: Some(state) }], ..with("") };
        comment(&brief, &snapshot)
    };
    let open = linked(State::Open);
    assert!(open.contains("once `acme/rails#7` (open) is done") && !open.contains("not checked)"), "{open}");
    assert!(!linked(State::Closed).contains("acme/rails"));
}
