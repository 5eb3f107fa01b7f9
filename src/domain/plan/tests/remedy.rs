//! What a report proposes to change, and the code it quotes, say where the work is.

use super::world::{comment, issue, planned, repository};
use crate::domain::plan::Plan;
use crate::domain::snapshot::Snapshot;

const TIDE: &str = "class Tide:\n    def _is_open(self, level, sill):\n        if level > sill:\n            return True\n        return False\n\n    def lock(self, level):\n        return not self._is_open(level, 2)\n";
const GATE: &str = "from harbor.tide import Tide\n\n\nclass Gate:\n    def swing(self, level):\n        return self.tide.lock(level)\n";

fn harbor() -> Snapshot {
    repository(
        "harbor/lock",
        "7a7a7a7",
        &[
            ("harbor/gate.py", GATE),
            ("harbor/tide.py", TIDE),
            ("tests/test_tide.py", "def test_lock():\n    assert True\n"),
        ],
    )
}

fn place(plan: &Plan) -> (String, Option<usize>, bool) {
    let first = plan.requirements.first().expect("a demand");
    let place = first.places.first().map(|place| (place.path.clone(), place.line));
    let (path, line) = place.unwrap_or_default();
    (path, line, first.likely.is_some())
}

#[test]
fn what_is_proposed_stands_at_its_place_beside_the_code_of_today() {
    let body = "### Bug\n\nBoats are kept out at the level of the sill, since the gate opens only when `level > sill`.\n\n### Fix\n\nThe check should be `level >= sill`.\n\nI have a patch at hand.\n";
    let brief = issue(7, "The gate fails at the level of the sill", body);
    let plan = planned(&brief, &harbor());
    assert_eq!(place(&plan), ("harbor/tide.py".to_owned(), Some(3), false));
    assert_eq!(
        plan.requirements[0].proposed.as_deref(),
        Some("“The check should be `level >= sill`”; today: `if level > sill:`")
    );
    let text = comment(&brief, &harbor());
    assert!(text.contains("line 3; proposed: “The check should be `level >= sill`”; today:"), "{text}");
    assert!(!text.contains("left aside"), "{text}");
}

#[test]
fn what_is_proposed_and_there_already_is_said_to_be() {
    let mended = TIDE.replace("level > sill", "level >= sill");
    let snapshot = repository("harbor/lock", "7a7a7a7", &[("harbor/tide.py", &mended)]);
    let body = "### Bug\n\n`Tide._is_open` is false at the level of the sill.\n\n### Proposed fix\n\nThe check should be `level >= sill`.\n";
    let plan = planned(&issue(7, "The gate fails at the level of the sill", body), &snapshot);
    assert_eq!(place(&plan), ("harbor/tide.py".to_owned(), Some(2), false));
    let proposed = plan.requirements[0].proposed.as_deref().unwrap_or_default();
    assert!(proposed.ends_with("`level >= sill` stands in line 3 already"), "{proposed}");
}

#[test]
fn code_that_is_to_stand_there_makes_a_report_of_what_a_title_tells() {
    let body = "I use `Gate` for a narrow lock. It still swings for every boat, and I think this is because of the line `return self.tide.lock(level)`.\n\nI think the code should be changed to something like this:\n\n```python\nreturn level > 0 and self.tide.lock(level)\n```\n";
    let plan = planned(&issue(7, "Gate opens twice for one boat", body), &harbor());
    assert_eq!(place(&plan), ("harbor/gate.py".to_owned(), Some(6), false));
    assert_eq!(plan.requirements[0].proposed.as_deref(), Some("the code of line 6"));
    assert!(plan.work_items[0].title.starts_with("Fix: Gate opens"), "{}", plan.work_items[0].title);
    // What somebody thinks of without blaming any code is a wish as before.
    let wish = "I use `Gate` for a narrow lock. I think the code could be changed to something like this:\n\n```python\nreturn level > 0\n```\n";
    let plan = planned(&issue(7, "Gate for narrow locks", wish), &harbor());
    assert!(plan.requirements.iter().all(|one| one.proposed.is_none()));
}

#[test]
fn a_fix_that_is_only_spoken_of_is_no_proposal() {
    for said in [
        "A fix for this would be great.",
        "I have a fix that makes it `level >= sill`.",
        "Should the check be `level >= sill`?",
        "The fix is in the branch `sill`.",
    ] {
        let body = format!("### Bug\n\n`Tide._is_open` is false at the level of the sill.\n\n{said}\n");
        let plan = planned(&issue(7, "The gate fails at the level of the sill", &body), &harbor());
        assert_eq!(plan.requirements[0].proposed, None, "{said}");
    }
}

#[test]
fn code_that_stands_in_several_lines_is_said_to() {
    let twice = format!("{TIDE}\n\ndef spare(level, sill):\n    return level > sill\n");
    let files = [("harbor/gate.py", GATE), ("harbor/tide.py", twice.as_str())];
    let snapshot = repository("harbor/lock", "7a7a7a7", &files);
    let body = "The gate fails to open when `level > sill` is false by a hair.";
    let plan = planned(&issue(7, "The gate fails at the level of the sill", body), &snapshot);
    assert_eq!(place(&plan), ("harbor/tide.py".to_owned(), Some(3), true));
    assert_eq!(plan.requirements[0].likely.as_deref(), Some("holds `level > sill` in lines 3 and 12"));
}

#[test]
fn what_is_typed_to_see_it_is_no_place() {
    let body = "### Steps\n\n1. Call `Tide._is_open` with `level > sill`.\n\n### Actual\n\nIt fails.\n";
    let plan = planned(&issue(7, "Boats wait for hours in front of the gate and it fails", body), &harbor());
    let (_, line, sure) = place(&plan);
    assert!(line != Some(3) || sure, "{:?}", place(&plan));
}
