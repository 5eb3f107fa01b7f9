//! `--dry-run`: everything that would be written, and nothing written.

use millwright::sandbox::{NewIssue, REPOSITORY, World};

use super::harness::{Setup, Talk};

#[tokio::test]
async fn of_enhance_and_revise() {
    let talk = Talk::begin().await;
    let shown = talk.asks("tess", 2, "/enhance --dry-run").await;
    insta::assert_snapshot!(shown, @"
    **Dry run of `/enhance`: this would be done.**

    1. comment on #2, as shown below

    <details><summary>The comment that would be written</summary>

    **Plannable as 2 small pull requests, one after the other, once #1 (open) is done. Three points are open, with defaults.**

    | | The issue asks | Where, at [`df4d183`][base] | Proved by these cases in [`tests/auth.rs`][f1] |
    |-|-|-|-|
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | [`src/auth.rs`][f2] | failures 1–5: none is 429 · then an attempt at 59 s: 429 · at 61 s: not 429 · from a second address: not 429 |
    | R2 | “limit configurable in `config/limits.toml`” | **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs` | set to 2 in 10 s, 2 failures, then at 9 s: 429 · at 11 s: not 429 · file missing: 5 in 60 s |
    | R3 | “success resets the counter” | `src/auth.rs` | 4 failures, success, 5 failures: no 429 · the next attempt: 429 |

    **Work items**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · waits for #1
    2. **Read the limit from `config/limits.toml`.** R2 · size S · waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs`

    Both need a review by `acme/security` ([`CODEOWNERS`][f4] owns `src/auth.rs`); `config/limits.toml` and `tests/auth.rs` have no owner.

    **Questions** (the author may answer too: `/revise 1: … 2: … 3: …`)
    1. “one address”: IP or e-mail address? *Default: client IP.* It is the key of the counter.
    2. When does the 429 end? R3 frees an address by a success, but a refused attempt cannot succeed. *Default: refused without checking the password until the oldest of the 5 failures is 60 s old; refused attempts do not count.*
    3. `src/nope.rs` is not in the tree and no file has a similar name. Which is meant? *Default: ignored; no check box needs it.*

    **Read as:** “after 5” = the 6th attempt is refused. “limit” = both numbers, 5 and 60 s. The tree has no schema or migration, so the counter of failed attempts lives in memory: a restart empties it, and two instances count apart.
    **Used by others:** `src/auth.rs` by `src/main.rs` and `tests/auth.rs`.
    **Done when** these 9 cases are in and `cargo test` in [`ci.yml`][f5] is green; on your machine: `cargo test --test auth`.
    **Back out:** revert 2, then 1. No data to migrate; without 2 nothing reads `config/limits.toml`.
    **Not checked:** what `src/auth.rs` does today; whether “main” enforces owner review. Sizes are priors (n=0).

    `/approve 1` opens both as sub-issues · `/approve 1 --one` keeps one pull request, here · `/why R1`
    <sub>rev 1 · base df4d183 · no model · `/help`</sub>

    [base]: https://github.com/acme/web/tree/df4d18341b35fbbe7945f55bcdd040f1d12229cd
    [f1]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/tests/auth.rs
    [f2]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/src/auth.rs
    [f3]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/config/app.toml
    [f4]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/.github/CODEOWNERS
    [f5]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/.github/workflows/ci.yml

    </details>
    ");
    let none = talk.asks("walt", 2, "/approve 1").await;
    assert!(none.starts_with("There is no plan"), "{none}");
    talk.asks("tess", 2, "/enhance").await;
    let shown = talk.asks("tess", 2, "/revise --dry-run 1: per account").await;
    insta::assert_snapshot!(shown.lines().take(5).collect::<Vec<_>>().join("\n"), @"
    **Dry run of `/revise 1: per account`: this would be done, in this order.**

    1. comment on #2, as shown below
    2. fold the revision before it away as outdated
    ");
    talk.end().await;
}

#[tokio::test]
async fn of_approve_and_undo() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1 --dry-run").await, @"
    **Dry run of `/approve 1`: this would be done, in this order.**

    1. create the label `millwright` unless it exists
    2. open the issue “Answer 429 after 5 failed sign-ins in 60 s; a success resets”, labeled `millwright`, `enhancement`
    3. make “Answer 429 after 5 failed sign-ins in 60 s; a s…” a sub-issue of #2
    4. open the issue “Read the limit from config/limits.toml”, labeled `millwright`
    5. make “Read the limit from config/limits.toml” a sub-issue of #2
    6. mark “Answer 429 after 5 failed sign-ins in 60 s; a s…” as blocked by #1
    7. mark “Read the limit from config/limits.toml” as blocked by “Answer 429 after 5 failed sign-ins in 60 s; a s…”
    8. comment on #2 with the numbers of these issues, and what to start with

    <sub>no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1 --one --dry-run").await, @"
    **Dry run of `/approve 1 --one`: this would be done.**

    1. comment on #2, as shown below

    <details><summary>The comment that would be written</summary>

    **Rev 1 is approved as one pull request for this issue; no sub-issues were opened.**

    - [ ] Answer 429 after 5 failed sign-ins in 60 s; a success resets
    - [ ] Read the limit from `config/limits.toml`

    Next comes one pull request, once #1 is done; `Closes #2` in its text closes this issue with the merge. `/undo` takes the approval back.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>

    </details>
    ");
    assert_eq!(talk.world.issues(REPOSITORY).len(), 2);
    talk.asks("walt", 2, "/approve 1").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo --dry-run").await, @"
    **Dry run of `/undo`: this would be done, in this order.**

    1. mark #3 as closed, not planned
    2. mark #4 as closed, not planned
    3. comment on #2 with what was closed and what stays

    <sub>no model · `/help`</sub>
    ");
    assert!(talk.world.issue(REPOSITORY, 3).unwrap().open);
    talk.end().await;
}

#[tokio::test]
async fn of_what_only_answers() {
    let talk = Talk::begin().await;
    assert!(talk.asks("walt", 2, "/help --dry-run").await.starts_with("**What you can type"));
    assert!(talk.asks("walt", 2, "/status --dry-run").await.starts_with("**There is no plan"));
    assert!(talk.asks("walt", 2, "/items --dry-run").await.starts_with("**There is no plan"));
    assert!(talk.asks("walt", 2, "/undo --dry-run").await.starts_with("There is no plan"));
    talk.end().await;
}

#[tokio::test]
async fn of_a_plan_that_approves_itself() {
    let furnish = |world: &World| {
        let file = (".github/millwright.yml", "enhance:\n  approval: automatic\n");
        world.add_files(REPOSITORY, &[file]).unwrap();
        let body = Some(
            "Depends on #1\n\n- [ ] `--quiet` must print nothing but errors in `src/main.rs`\n".to_owned(),
        );
        let new = NewIssue { title: "Add a `--quiet` option".to_owned(), body, ..NewIssue::default() };
        world.add_issue(REPOSITORY, "rita", new).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let shown = talk.asks("tess", 3, "/enhance --dry-run").await;
    insta::assert_snapshot!(shown.split("<details>").next().unwrap().trim_end(), @"
    **Dry run of `/enhance`: this would be done, in this order.**

    1. comment on #3, as shown below
    2. approve rev 1, as `approval: automatic` says
    3. create the label `millwright` unless it exists
    4. open the issue “Add --quiet”, labeled `millwright`, `enhancement`
    5. make “Add --quiet” a sub-issue of #3
    6. mark “Add --quiet” as blocked by #1
    7. comment on #3 with the numbers of these issues, and what to start with
    ");
    let shown = talk.asks("tess", 1, "/enhance #3 --dry-run").await;
    insta::assert_snapshot!(shown.split("<details>").next().unwrap().trim_end(), @"
    **Dry run of `/enhance #3`: this would be done, in this order.**

    1. comment on #3, as shown below
    2. comment on #1 with where the plan stands
    ");
    assert_eq!(talk.world.issues(REPOSITORY).len(), 3);
    talk.end().await;
}
