//! `/enhance`: what a plan is made for, and when there is none to make.

use millwright::sandbox::{Abilities, IssueEdit, NewIssue, NewRepository, REPOSITORY, Role, World};

use super::harness::{Setup, Talk};

#[tokio::test]
async fn the_plan_of_the_default_world() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance").await, @"
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
    ");
    talk.end().await;
}

#[tokio::test]
async fn again_without_a_change_the_revision_still_stands() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance").await, @"[Rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002) still stands: neither the issue nor a file it cites has changed, read again at `df4d183`.");
    talk.world.act_as("walt").push(REPOSITORY, "Say more", &[("docs/more.md", Some("More.\n"))]).unwrap();
    let again = talk.asks("ada", 2, "/enhance").await;
    assert!(again.starts_with("[Rev 1](https://"), "{again}");
    talk.end().await;
}

#[tokio::test]
async fn a_changed_issue_makes_a_new_revision_and_folds_the_earlier_one_away() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let body = "After 5 failed attempts within 60 s `src/auth.rs` must answer 429.".to_owned();
    let edit = IssueEdit { body: Some(Some(body)), ..IssueEdit::default() };
    talk.world.act_as("rita").edit_issue(REPOSITORY, 2, edit).unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("rev 2 ·"), "{plan}");
    let folded =
        talk.world.comments(REPOSITORY, 2).iter().filter(|comment| comment.minimized.is_some()).count();
    assert_eq!(folded, 1);
    talk.end().await;
}

#[tokio::test]
async fn another_issue_gets_the_plan_and_this_one_the_way_to_it() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance #1").await, @"The plan for #1 is [rev 1](https://github.example/acme/web/issues/1#issuecomment-3000000002), on that issue.");
    insta::assert_snapshot!(talk.last(1), @"
    **Fits one small pull request in `src/main.rs`. Nothing is open.**

    | | The issue asks | Where, at [`df4d183`][base] | Proved by these cases in [`tests/auth.rs`][f1] |
    |-|-|-|-|
    | R1 | “`src/main.rs` has to take the client address from `X-Forwarded-For` when the peer is listed in `config/app.toml`.” | `src/main.rs`; `config/app.toml` | the peer is listed in [`config/app.toml`][f2]: [`src/main.rs`][f3] takes the client address from `X-Forwarded-For` |
    | R2 | “a request from a listed proxy uses the last address in `X-Forwarded-For`” |  | a request from a listed proxy: uses the last address in `X-Forwarded-For` |
    | R3 | “a request from any other peer uses the address of the connection” |  | its test, red before the change |

    **Work item**
    1. **Read the client address behind the proxy.** R1–R3 · size S

    **Done when** these 2 cases and a test of R3 are in and `cargo test` in [`ci.yml`][f4] is green; on your machine: `cargo test --test auth`.
    **Not checked:** what `src/main.rs` and `config/app.toml` do today. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base df4d183 · no model · `/help`</sub>

    [base]: https://github.com/acme/web/tree/df4d18341b35fbbe7945f55bcdd040f1d12229cd
    [f1]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/tests/auth.rs
    [f2]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/config/app.toml
    [f3]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/src/main.rs
    [f4]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/.github/workflows/ci.yml
    ");
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance #1").await, @"[Rev 1](https://github.example/acme/web/issues/1#issuecomment-3000000002) still stands: neither the issue nor a file it cites has changed, read again at `df4d183`.");
    talk.end().await;
}

#[tokio::test]
async fn a_path_a_symbol_and_a_sentence_are_aims() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance src/auth.rs").await, @"
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
    ");
    talk.end().await;
}

/// An issue whose demand names no place: what `/enhance` is pointed at decides where it is done.
fn placeless(world: &World) {
    let body = "- [ ] an empty password is refused with status 400".to_owned();
    let new =
        NewIssue { title: "Refuse empty passwords".to_owned(), body: Some(body), ..NewIssue::default() };
    world.add_issue(REPOSITORY, "rita", new).unwrap();
}

async fn requirements(aim: &str) -> String {
    let talk = Talk::with(Setup { furnish: placeless, ..Setup::default() }).await;
    let plan = talk.asks("tess", 3, &format!("/enhance {aim}")).await;
    talk.end().await;
    plan.lines().filter(|line| line.starts_with("| R")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn each_kind_of_aim_changes_the_plan() {
    insta::assert_snapshot!(requirements("").await, @"| R1 | “an empty password is refused with status 400” | empty password: 400 |");
    insta::assert_snapshot!(requirements("src/main.rs").await, @"| R1 | “an empty password is refused with status 400” | [`src/main.rs`][f2] | empty password: 400 |");
    insta::assert_snapshot!(requirements("sign_in()").await, @"| R1 | “an empty password is refused with status 400” | [`src/auth.rs`][f2] line 31 | empty password: 400 |");
    insta::assert_snapshot!(requirements("`src/auth.rs` must log each refusal").await, @"
    | R1 | “an empty password is refused with status 400” | [`src/auth.rs`][f2] | empty password: 400 |
    | R2 | tess: “`src/auth.rs` must log each refusal” | `src/auth.rs` | each refusal: one line · otherwise: no such line |
    ");
}

#[tokio::test]
async fn a_work_item_of_ours_is_planned_with_its_issue() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("ada", 2, "/approve 1").await;
    insta::assert_snapshot!(talk.asks("tess", 3, "/enhance").await, @"#3 is a work item of the plan for #2; that plan changes with `/revise` there.");
    talk.world.act_as("rita").close(REPOSITORY, 2).unwrap();
    insta::assert_snapshot!(talk.asks("tess", 1, "/enhance #3").await, @"#3 is a work item of the plan for #2, which is closed; that plan changes with `/revise` there.");
    talk.end().await;
}

#[tokio::test]
async fn what_is_no_aim_is_refused_in_one_sentence() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance https://example.com/x").await, @"I read this repository only; name an issue (`#12`), a path, a symbol or a sentence.");
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance #99").await, @"There is no issue #<zwsp>99 in this repository.");
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance #two").await, @"An issue is named by its number, as in `#12`.");
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance src/auth.rs --deep").await, @"`--deep` is not an option here; for example: `/enhance src/auth.rs`.");
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance src/nowhere.rs").await, @"`src/nowhere.rs` is not in the tree at `df4d183`, and no file has a similar name; `/enhance` plans the issue without it.");
    talk.end().await;
}

#[tokio::test]
async fn a_pull_request_is_no_issue_to_plan() {
    let furnish = |world: &World| {
        let new = NewIssue { title: "Count failures".to_owned(), pull_request: true, ..NewIssue::default() };
        world.add_issue(REPOSITORY, "walt", new).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance #3").await, @"#3 is a pull request; only issues can be planned.");
    assert!(talk.answers(3).is_empty());
    talk.end().await;
}

#[tokio::test]
async fn an_empty_repository_has_nothing_to_plan_against() {
    let furnish = |world: &World| {
        world.add_repository(NewRepository::named("acme/empty"));
        world.set_role("acme/empty", "ada", Role::Admin).unwrap();
        let installation = world.installation_id(REPOSITORY).unwrap();
        world.add_to_installation(installation, &["acme/empty"]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let ada = talk.world.act_as("ada");
    let issue = ada.open_issue("acme/empty", "Begin", "Write the first file.").unwrap();
    ada.comment("acme/empty", issue, "/enhance").unwrap();
    talk.work().await;
    let comments = talk.world.comments("acme/empty", issue);
    insta::assert_snapshot!(super::harness::visible(&comments.last().unwrap().body), @"This repository has no commit on its default branch yet, so there is nothing to plan against.");
    talk.end().await;
}

#[tokio::test]
async fn a_truncated_tree_is_said_to_be_one() {
    let furnish = |world: &World| world.set_abilities(Abilities { tree_entries: 9, ..Abilities::default() });
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    let said = plan
        .lines()
        .filter(|line| line.contains("`src/auth.rs` is not") || line.starts_with("**Not checked"));
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @"
    2. `src/auth.rs` is not in the part of the tree that GitHub listed and no file has a similar name. Which is meant? *Default: R1 creates it.*
    **Not checked:** what lies beyond the first 9 entries: the tree came truncated. Size of 2 is a prior (n=0).
    ");
    talk.end().await;
}

#[tokio::test]
async fn sub_issues_that_exist_are_not_planned_again() {
    let talk = Talk::begin().await;
    let walt = talk.world.act_as("walt");
    let child = walt.open_issue(REPOSITORY, "Read the limit from `config/limits.toml`", "By hand.").unwrap();
    walt.add_sub_issue(REPOSITORY, 2, child).unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan.lines().next().unwrap(), @"**Fits one small pull request beside #3, once #1 (open) is done. Three points are open, with defaults.**");
    assert!(plan.contains(&format!("#{child}")), "{plan}");
    talk.end().await;
}

#[tokio::test]
async fn a_closed_issue_can_be_planned() {
    let talk = Talk::begin().await;
    talk.world.act_as("rita").close(REPOSITORY, 2).unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan.lines().next().unwrap(), @"**Plannable as 2 small pull requests, one after the other, once #1 (open) is done. Three points are open, with defaults.**");
    let approved = talk.asks("ada", 2, "/approve 1").await;
    insta::assert_snapshot!(approved, @"
    **Rev 1 is approved: 2 work items are open as sub-issues.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes them again while nobody has touched them.

    This issue itself is closed, and was left so.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn once_approved_the_work_items_are_named_not_planned_again() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("ada", 2, "/approve 1").await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance").await, @"
    **Already cut into 2 sub-issues, of which #3 and #4 are left, once #1 (open) is done.**

    | | The issue asks | Where, at [`df4d183`][base] | Proved by these cases in [`tests/auth.rs`][f1] |
    |-|-|-|-|
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | in #3; [`src/auth.rs`][f2] | failures 1–5: none is 429 · then an attempt at 59 s: 429 · at 61 s: not 429 · from a second address: not 429 |
    | R2 | “limit configurable in `config/limits.toml`” | in #4; **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs` | set to 2 in 10 s, 2 failures, then at 9 s: 429 · at 11 s: not 429 · file missing: 5 in 60 s |
    | R3 | “success resets the counter” | in #3; `src/auth.rs` | 4 failures, success, 5 failures: no 429 · the next attempt: 429 |

    **Work items**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · waits for #1 · open already as #3
    2. **Read the limit from `config/limits.toml`.** R2 · size S · waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs` · open already as #4

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

    `/approve 2` keeps #3 and #4 and opens nothing new · `/items` · `/why R1`
    <sub>rev 2 · base df4d183 · no model · `/help`</sub>

    [base]: https://github.com/acme/web/tree/df4d18341b35fbbe7945f55bcdd040f1d12229cd
    [f1]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/tests/auth.rs
    [f2]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/src/auth.rs
    [f3]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/config/app.toml
    [f4]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/.github/CODEOWNERS
    [f5]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/.github/workflows/ci.yml
    ");
    insta::assert_snapshot!(talk.asks("ada", 2, "/approve 2").await, @"
    **Rev 2 is approved: all of its work items were open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3 · was open already

    Start with #3 once #1 is done.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn after_an_approval_in_one_pull_request_the_revision_still_stands() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("ada", 2, "/approve 1 --one").await;
    let again = talk.asks("tess", 2, "/enhance").await;
    assert!(again.starts_with("[Rev 1](https://"), "{again}");
    talk.end().await;
}

#[tokio::test]
async fn a_lost_database_takes_up_the_count_and_folds_the_earlier_plan_away() {
    let mut talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("ada", 2, "/approve 1").await;
    talk.lose_database().await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("rev 2 ·"), "{plan}");
    let folded =
        talk.world.comments(REPOSITORY, 2).iter().filter(|comment| comment.minimized.is_some()).count();
    assert_eq!(folded, 1);
    talk.end().await;
}

#[tokio::test]
async fn a_target_named_again_without_a_change_leaves_the_revision_as_it_stands() {
    let talk = Talk::begin().await;
    let body = "- [ ] each refused sign-in must be logged once\n";
    let number = talk.world.act_as("rita").open_issue(REPOSITORY, "Log refused sign-ins", body).unwrap();
    for (rev, target) in
        (1..).zip(["src/auth.rs", "src/main.rs", "src/auth.rs", "Limiter", "without the address"])
    {
        let plan = talk.asks("tess", number, &format!("/enhance {target}")).await;
        assert!(plan.contains(&format!("rev {rev} ·")), "{target}: {plan}");
        let again = talk.asks("ada", number, &format!("/enhance {target}")).await;
        assert!(again.starts_with(&format!("[Rev {rev}](https://")), "{target}: {again}");
    }
    talk.end().await;
}

#[tokio::test]
async fn a_path_that_is_nearly_there_is_told_with_its_neighbors() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance src/auht.rs").await, @"`src/auht.rs` is not in the tree at `df4d183`, and the nearest names are `src/auth.rs` and `tests/auth.rs`; `/enhance` plans the issue without it.");
    talk.end().await;
}

#[tokio::test]
async fn what_lies_beyond_two_hundred_open_issues_is_said_not_to_be_compared() {
    let furnish = |world: &World| {
        for count in 0..205 {
            let new = NewIssue { title: format!("Chore number {count}"), ..NewIssue::default() };
            world.add_issue(REPOSITORY, "walt", new).unwrap();
        }
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan.lines().find(|line| line.starts_with("**Not checked")).unwrap(), @"**Not checked:** duplicates among open issues beyond the newest 200; what `src/auth.rs` does today; whether “main” enforces owner review. Sizes are priors (n=0).");
    talk.end().await;
}
