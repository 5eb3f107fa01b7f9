//! Forty boxes below five headings.

use super::world::{comment, issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::snapshot::Snapshot;

pub fn fleet() -> Snapshot {
    repository(
        "spedition/fleet",
        "ba5eba1",
        &[
            ("src/trucks/list.ts", "export function list() {}\n"),
            ("src/trucks/list.test.ts", "test('list', () => {});\n"),
            ("src/drivers/shift.ts", "import { list } from '../trucks/list';\n"),
            ("src/routes/map.ts", "export const map = 1;\n"),
            ("src/billing/invoice.ts", "export const invoice = 1;\n"),
            ("package.json", "{\"scripts\": {\"test\": \"vitest\"}}\n"),
            (
                ".github/workflows/node.yml",
                "on: pull_request\njobs:\n  build:\n    steps:\n      - run: npm ci\n      - run: npm test\n",
            ),
        ],
    )
}

/// As a team writes them over a winter: no two boxes alike, the file in the first of each part.
pub fn forty() -> Brief {
    issue(1200, "Spring release of the fleet screens", include_str!("issues/checklist.md"))
}

#[test]
fn headings_cut_a_long_list() {
    let plan = planned(&forty(), &fleet());
    assert_eq!((plan.requirements.len(), plan.work_items.len()), (40, 5));
    for (index, item) in plan.work_items.iter().enumerate() {
        let own: Vec<String> = (1..=8).map(|n| format!("R{}", index * 8 + n)).collect();
        assert_eq!(item.requirements, own, "{}", item.title);
    }
    let text = comment(&forty(), &fleet());
    let folded = text.split("<details>").nth(1).and_then(|rest| rest.split("</details>").next());
    let rows = folded.unwrap_or_default().lines().filter(|line| line.starts_with("| R"));
    assert_eq!(rows.count(), 40, "{text}");
}
