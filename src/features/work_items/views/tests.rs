//! What a work item's own issue says, for each kind of work.

use super::*;
use crate::domain::plan::tests::world::{issue, planned, repository};
use crate::render::renderer;

/// The bodies of all items that an issue becomes.
fn bodies(title: &str, body: &str) -> String {
    let snapshot = repository(
        "acme/depot",
        "5a1ad00",
        &[
            ("src/stock.ts", "export function countStock(rows) {}\n"),
            ("src/parse.ts", "export function parse_row(line) {}\n"),
            ("README.md", "# depot\n"),
            ("package.json", "{\n  \"dependencies\": {\n    \"axios\": \"^1.6.0\"\n  }\n}\n"),
        ],
    );
    let made = planned(&issue(9, title, body), &snapshot);
    let shown = made.work_items.iter().map(|item| {
        let body = renderer::render(&ItemBody::new(&made, item, 1, None)).unwrap();
        format!("[{}] {}\n{body}", item.kind, item.title)
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_fault() {
    insta::assert_snapshot!(bodies("parse_row drops the last column", "Calling `parse_row(\"a,b\")` returns only `a`.\n\nExpected: `a` and `b`."), @r#"
    [bug] Fix: parse_row drops the last column
    > parse\_row drops the last column

    Asked for in #9.

    **Red before the change, green after it**
    - [ ] `parse_row("a,b")`: `a` and `b`

    **Where:** [`src/parse.ts`](https://github.com/acme/depot/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/src/parse.ts)
    **Back out:** revert its pull request

    <sub>size S, about 21 lines · base 5a1ad00 · no model</sub>
    "#);
}

#[test]
fn security() {
    insta::assert_snapshot!(bodies("Guests change the stock", "- [ ] only managers may correct the stock in `src/stock.ts`"), @"
    [security] Guests change the stock
    > only managers may correct the stock in `src/stock.ts`

    Asked for in #9.

    **Done when each holds against a test that tries the opposite**
    - [ ] managers correct the stock in `src/stock.ts`: done
    - [ ] anybody but managers: refused, nothing changed

    **Where:** [`src/stock.ts`](https://github.com/acme/depot/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/src/stock.ts)
    **Risk:** too narrow locks people out, too wide leaks; both sides need a test
    **Back out:** revert its pull request

    <sub>size S, about 30 lines · base 5a1ad00 · no model</sub>
    ");
}

#[test]
fn performance() {
    insta::assert_snapshot!(bodies("Parse faster", "- [ ] `parse_row` must parse 10,000 rows in under 50 ms"), @"
    [performance] Parse faster
    > `parse_row` must parse 10,000 rows in under 50 ms

    Asked for in #9.

    **Measured, with the base commit in the same run**
    - [ ] benchmark with 10,000 rows: median under 50 ms
    - [ ] the same at `5a1ad00`: noted beside 50 ms

    **Where:** [`src/parse.ts`](https://github.com/acme/depot/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/src/parse.ts)
    **Risk:** noise; the base commit is measured in the same run
    **Back out:** revert its pull request

    <sub>size S, about 30 lines · base 5a1ad00 · no model</sub>
    ");
}

#[test]
fn a_change_of_structure() {
    insta::assert_snapshot!(bodies("One name", "- [ ] rename `parse_row` to `parse_line`\n- [ ] document `parse_line` in `README.md`"), @"
    [structure] One name
    > rename `parse_row` to `parse_line`

    > document `parse_line` in `README.md`

    Asked for in #9.

    **Done when, with the outcome of every other test as it was**
    - [ ] `parse_line` does what `parse_row` did
    - [ ] a search for `parse_row` finds nothing; today it stands in `src/parse.ts`
    - [ ] `README.md` names `parse_line` with an example that runs

    **Where:** [`src/parse.ts`](https://github.com/acme/depot/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/src/parse.ts), [`README.md`](https://github.com/acme/depot/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/README.md)
    **Risk:** who calls `parse_row` from outside breaks at once
    **Back out:** revert its pull request

    <sub>size S, about 39 lines · base 5a1ad00 · no model</sub>
    ");
}

#[test]
fn a_dependency() {
    insta::assert_snapshot!(bodies("Upgrade axios", "- [ ] upgrade axios to 1.7.2"), @r#"
    [dependency] Upgrade `axios` to 1.7.2
    > upgrade axios to 1.7.2

    Asked for in #9.

    **Done when**
    - [ ] `package.json` asks for axios 1.7.2; today line 3 is `"axios": "^1.6.0"`
    - [ ] the suite is green with axios 1.7.2

    **Where:** [`package.json`](https://github.com/acme/depot/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/package.json)
    **Risk:** what changed between the two versions and no test calls; its change notes say more than a green suite
    **Back out:** revert its pull request

    <sub>size S, about 30 lines · base 5a1ad00 · no model</sub>
    "#);
}

#[test]
fn what_is_deleted_is_not_brought_back_by_a_revert() {
    let body =
        bodies("Old rows", "- [ ] stock rows in `src/stock.ts` must be deleted when older than 30 days");
    let back = body.lines().find(|line| line.starts_with("**Back out:**")).unwrap();
    assert!(back.contains("revert its pull request; ") && back.contains("irreversible"), "{back}");
}

#[test]
fn a_page() {
    insta::assert_snapshot!(bodies("The page", "- [ ] document `parse_row` in `README.md`"), @"
    [docs] Describe `parse_row` in `README.md`
    > document `parse_row` in `README.md`

    Asked for in #9.

    **Read and tried**
    - [ ] `README.md` names `parse_row` with an example that runs

    **Where:** [`README.md`](https://github.com/acme/depot/blob/5a1ad005a1ad005a1ad005a1ad005a1ad005a1ad/README.md)
    **Back out:** revert its pull request

    <sub>size S, about 21 lines · base 5a1ad00 · no model</sub>
    ");
}
