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
    let text = comment(&forty(), &fleet());
    let outside: String = text.split("<details>").next().unwrap_or_default().to_owned()
        + text.rsplit("</details>").next().unwrap_or_default();
    insta::assert_snapshot!(outside, @r#"
    **Plannable as 5 pull requests, 4 of them free to start, from `src/trucks/list.ts` on. Nothing is open.**



    **Work items**
    1. **Trucks.** R1–R8 · size M
    2. **Drivers.** R9–R16 · size M
    3. **Routes.** R17–R24 · size M
    4. **Billing.** R25–R32 · size M
    5. **Export.** R33–R40 · size M · waits for 1: both change `src/trucks/list.ts`

    **Used by others:** `src/trucks/list.ts` by `src/drivers/shift.ts`.
    **Done when** these 80 cases are in and `npm test` in [`node.yml`][f6] is green; on your machine: `npm test -- src/trucks/list.test.ts`.
    **Back out:** revert from 5 (“Export”) down to 1. No data to migrate.
    **Not checked:** what `src/trucks/list.ts`, `src/drivers/shift.ts`, `src/routes/map.ts` and `src/billing/invoice.ts` do today. Sizes are priors (n=0).

    `/approve 1` opens all 5 as sub-issues · `/approve 1 --one` keeps one pull request, here · `/why R1`
    <sub>rev 1 · base ba5eba1 · no model · `/help`</sub>

    [base]: https://github.com/spedition/fleet/tree/ba5eba1ba5eba1ba5eba1ba5eba1ba5eba1ba5eb
    [f1]: https://github.com/spedition/fleet/blob/ba5eba1ba5eba1ba5eba1ba5eba1ba5eba1ba5eb/src/trucks/list.test.ts
    [f2]: https://github.com/spedition/fleet/blob/ba5eba1ba5eba1ba5eba1ba5eba1ba5eba1ba5eb/src/trucks/list.ts
    [f3]: https://github.com/spedition/fleet/blob/ba5eba1ba5eba1ba5eba1ba5eba1ba5eba1ba5eb/src/drivers/shift.ts
    [f4]: https://github.com/spedition/fleet/blob/ba5eba1ba5eba1ba5eba1ba5eba1ba5eba1ba5eb/src/routes/map.ts
    [f5]: https://github.com/spedition/fleet/blob/ba5eba1ba5eba1ba5eba1ba5eba1ba5eba1ba5eb/src/billing/invoice.ts
    [f6]: https://github.com/spedition/fleet/blob/ba5eba1ba5eba1ba5eba1ba5eba1ba5eba1ba5eb/.github/workflows/node.yml
    "#);
}
