//! Forty boxes below five headings.

use std::fmt::Write;

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

pub fn forty() -> Brief {
    let parts = [
        ("Trucks", "src/trucks/list.ts", "truck"),
        ("Drivers", "src/drivers/shift.ts", "driver"),
        ("Routes", "src/routes/map.ts", "route"),
        ("Billing", "src/billing/invoice.ts", "invoice"),
        ("Export", "src/trucks/list.ts", "export"),
    ];
    let mut body = String::from("Everything for the spring release.\n");
    for (heading, path, noun) in parts {
        let _ = write!(body, "\n## {heading}\n");
        for number in 1..=8 {
            let _ = writeln!(
                body,
                "- [ ] {noun} rule {number} in `{path}` must answer 40{} when field {number} is missing",
                number % 4
            );
        }
    }
    issue(1200, "Spring release of the fleet screens", &body)
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
