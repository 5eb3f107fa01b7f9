//! `/undo`: closes what nobody has touched.

use millwright::sandbox::{IssueEdit, REPOSITORY};

use super::harness::{Setup, Talk, on_both};
use super::said;

async fn approved() -> Talk {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk
}

#[tokio::test]
async fn without_an_approval_there_is_nothing_to_undo() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"There is no plan on this issue yet; `/enhance` makes one.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo 1").await, @"`1` is more than this command takes; for example: `/undo`.");
    talk.end().await;
}

#[tokio::test]
async fn untouched_items_are_closed_and_can_be_opened_anew() {
    let talk = approved().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    `/approve 1` opens them anew.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert!(!talk.world.issue(REPOSITORY, 3).unwrap().open);
    assert!(!talk.world.issue(REPOSITORY, 4).unwrap().open);
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"There is no approved plan on this issue, so there is nothing to undo.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"**There are no work items on this issue; `/approve 1` opens those of rev 1.**");
    insta::assert_snapshot!(talk.asks("walt", 2, "/status").await, @"
    **Rev 1 is taken back.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002), taken back, at `df4d183`
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.asks("walt", 2, "/approve 1").await, said::both_opened(1, [5, 6]));
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4, 5, 6]);
    assert_eq!(talk.asks("walt", 2, "/items").await, said::both_open(1, [5, 6]));
    talk.end().await;
}

#[tokio::test]
async fn touched_items_stay_open() {
    let talk = approved().await;
    talk.world.act_as("tess").label(REPOSITORY, 3, "bug").unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#4 is closed again; nobody had touched it.**

    - #3 stays as it is: the label bug was added

    `/approve 1` opens it anew.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 1 of its 2 work items is new, 1 was open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #5 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes the new one again while nobody has touched it.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn where_everything_was_touched_the_approval_stands() {
    let talk = approved().await;
    talk.world.act_as("stan").comment(REPOSITORY, 3, "I am on it.").unwrap();
    talk.world.act_as("walt").close(REPOSITORY, 4).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Nothing was closed, and rev 1 stays approved.**

    - #3 stays as it is: it has been commented on
    - #4 stays as it is: it is closed already

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/status").await, @"
    **1 of 2 work items is open.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002), approved, at `df4d183`
    - Work items: 1 open, 1 closed
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

/// The rows of a plan's table and its work items, without their cases.
fn skeleton(plan: &str) -> String {
    let row = |line: &str| line.split(" | ").take(3).collect::<Vec<_>>().join(" | ");
    let kept = |line: &&str| {
        line.starts_with("| R") || line.starts_with("**") || line.starts_with(['1', '2', '3', '`'])
    };
    let questions = plan.find("**Question").unwrap_or(plan.len());
    let end = plan.rfind("\n`").unwrap_or(plan.len());
    let head = plan[..questions].lines().filter(kept).map(row);
    head.chain(plan[end..].lines().filter(kept).map(str::to_owned)).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_was_taken_back_counts_for_nothing_when_it_is_planned_again() {
    let talk = approved().await;
    talk.asks("walt", 2, "/undo").await;
    let again = talk.asks("tess", 2, "/enhance").await;
    assert!(again.starts_with("[Rev 1](https://"), "{again}");
    let plan = talk.asks("tess", 2, "/revise 1: the client IP").await;
    insta::assert_snapshot!(skeleton(&plan), @"
    **Plannable as 2 small pull requests, one after the other, once #1 (open) is done. Two points are open, with defaults.**
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | [`src/auth.rs`][f2]
    | R2 | “limit configurable in `config/limits.toml`” | **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs`
    | R3 | “success resets the counter” | `src/auth.rs`
    **Work items**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · waits for #1
    2. **Read the limit from `config/limits.toml`.** R2 · size S · waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs`
    `/approve 2` opens both as sub-issues · `/approve 2 --one` keeps one pull request, here · `/why R1`
    ");
    let approved = talk.asks("walt", 2, "/approve 2").await;
    assert!(
        approved.starts_with("**Rev 2 is approved: 2 work items are open as sub-issues.**"),
        "{approved}"
    );
    talk.end().await;
}

#[tokio::test]
async fn what_stays_open_keeps_its_rows_and_the_rest_is_planned_anew() {
    let talk = approved().await;
    talk.world.act_as("tess").label(REPOSITORY, 3, "bug").unwrap();
    talk.asks("walt", 2, "/undo").await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(skeleton(&plan), @"
    **Fits one small pull request beside #3, once #1 (open) is done. Three points are open, with defaults.**
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | in #3; [`src/auth.rs`][f2]
    | R2 | “limit configurable in `config/limits.toml`” | **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs`
    | R3 | “success resets the counter” | in #3; `src/auth.rs`
    **Work items**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · waits for #1 · open already as #3
    2. **Read the limit from `config/limits.toml`.** R2 · size S · waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs`
    `/approve 2` keeps #3 and opens the other as a sub-issue · `/items` · `/why R1`
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2 --dry-run").await, @"
    **Dry run of `/approve 2`: this would be done, in this order.**

    1. create the label `millwright` unless it exists
    2. open the issue “Read the limit from config/limits.toml”, labeled `millwright`
    3. make “Read the limit from config/limits.toml” a sub-issue of #2
    4. mark “Read the limit from config/limits.toml” as blocked by #3
    5. comment on #2 with the numbers of these issues, and what to start with

    <sub>no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"
    **Rev 2 is approved: 1 of its 2 work items is new, 1 was open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #5 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes the new one again while nobody has touched it.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.asks("walt", 2, "/items").await, said::both_open(2, [3, 5]));
    talk.end().await;
}

#[tokio::test]
async fn the_newest_revision_is_named_because_no_other_can_be_approved() {
    let talk = approved().await;
    talk.asks("tess", 2, "/revise 1: the client IP").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    `/approve 2` opens the work items of rev 2, the newest.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    let approved = talk.asks("walt", 2, "/approve 2").await;
    assert!(
        approved.starts_with("**Rev 2 is approved: 2 work items are open as sub-issues.**"),
        "{approved}"
    );
    talk.end().await;
}

#[tokio::test]
async fn what_an_earlier_approval_opened_is_said_to_stay() {
    let talk = approved().await;
    talk.asks("tess", 2, "/revise 1: the client IP").await;
    talk.asks("walt", 2, "/approve 2").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Rev 2 is no longer approved; it had opened nothing of its own.**

    - #3 stays as it is: an earlier approval opened it
    - #4 stays as it is: an earlier approval opened it

    Rev 1 is still approved; `/undo` once more takes that back.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    assert!(talk.world.issue(REPOSITORY, 3).unwrap().open);
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    `/approve 2` opens the work items of rev 2, the newest.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert!(!talk.world.issue(REPOSITORY, 3).unwrap().open);
    talk.end().await;
}

#[tokio::test]
async fn a_demand_that_comes_after_an_approval_is_cut_beside_what_is_open() {
    let talk = approved().await;
    let body = talk.world.issue(REPOSITORY, 2).unwrap().body.unwrap();
    let more = format!("{body}- [ ] `src/main.rs` prints the limit when it starts\n");
    let edit = IssueEdit { body: Some(Some(more)), ..IssueEdit::default() };
    talk.world.act_as("rita").edit_issue(REPOSITORY, 2, edit).unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(skeleton(&plan), @"
    **Fits one small pull request beside #3 and #4, once #1 (open) is done. Three points are open, with defaults.**
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | in #3; [`src/auth.rs`][f2]
    | R2 | “limit configurable in `config/limits.toml`” | in #4; **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs`
    | R3 | “success resets the counter” | in #3; `src/auth.rs`
    | R4 | “`src/main.rs` prints the limit when it starts” | `src/main.rs`
    **Work items**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · waits for #1 · open already as #3
    2. **Read the limit from `config/limits.toml`.** R2 · size S · waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs` · open already as #4
    3. **`src/main.rs` prints the limit when it starts.** R4 · size S · waits for #1
    `/approve 2` keeps #3 and #4 and opens the one that is left as a sub-issue · `/items` · `/why R1`
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"
    **Rev 2 is approved: 1 of its 3 work items is new, 2 were open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3 · was open already
    3. #5 `src/main.rs` prints the limit when it starts · size S · waits for #1

    Start with #3 once #1 is done. `/undo` closes the new one again while nobody has touched it.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4, 5]);
    talk.end().await;
}

#[tokio::test]
async fn what_was_closed_and_opened_again_counts_as_touched() {
    let talk = approved().await;
    let walt = talk.world.act_as("walt");
    walt.close(REPOSITORY, 3).unwrap();
    walt.reopen(REPOSITORY, 3).unwrap();
    walt.unlabel(REPOSITORY, 4, "millwright").unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Nothing was closed, and rev 1 stays approved.**

    - #3 stays as it is: it was closed and opened again
    - #4 stays as it is: the label millwright was taken off

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn an_item_that_was_closed_and_approved_again_twice_is_one_item() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.asks("tess", 2, "/enhance").await;
        talk.asks("walt", 2, "/approve 1").await;
        talk.world.act_as("walt").close(REPOSITORY, 3).unwrap();
        for _ in 0..2 {
            talk.asks("walt", 2, "/undo").await;
            talk.asks("walt", 2, "/approve 1").await;
        }
        let items = talk.asks("walt", 2, "/items").await;
        let status = talk.asks("walt", 2, "/status").await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(items, @"
            **1 of 2 work items is open.**

            | | work item | state | waits for |
            |-|-|-|-|
            | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | closed |  |
            | 2 | #6 Read the limit from config/limits.toml | open |  |

            Can be started now: #6.

            <sub>rev 1 · base df4d183 · no model · `/help`</sub>
            ");
            insta::assert_snapshot!(status.lines().nth(3).unwrap(), @"- Work items: 1 open, 1 closed");
        }
        // Opened again by a person, it is open once, and `/undo` names it once.
        talk.world.act_as("walt").reopen(REPOSITORY, 3).unwrap();
        let items = talk.asks("walt", 2, "/items").await;
        let undone = talk.asks("walt", 2, "/undo").await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(items.lines().next().unwrap(), @"**Both work items are open.**");
            insta::assert_snapshot!(undone, @"
            **#6 is closed again; nobody had touched it.**

            - #3 stays as it is: it was closed and opened again

            `/approve 1` opens it anew.

            <sub>rev 1 · base df4d183 · no model · `/help`</sub>
            ");
        }
        talk.end().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_newest_revision_without_work_items_needs_first_is_said() {
    let talk = approved().await;
    let edit = |title: &str, body: &str| IssueEdit {
        title: Some(title.to_owned()),
        body: Some(Some(body.to_owned())),
        ..IssueEdit::default()
    };
    talk.world.act_as("rita").edit_issue(REPOSITORY, 2, edit("Make it better", "")).unwrap();
    talk.asks("tess", 2, "/revise 1: the client IP").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"Rev 2 proposes no work items yet; once its questions are answered with `/revise 4: …`, there is something to approve.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    The newest revision, rev 2, proposes no work items yet; `/revise 4: …` answers its questions.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"**Rev 2 proposes no work items yet; its questions come first.**");
    talk.end().await;
}

#[tokio::test]
async fn what_is_gone_is_said_to_be_gone() {
    let talk = approved().await;
    talk.world.act_as("ada").delete_issue(REPOSITORY, 3).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#4 is closed again; nobody had touched it.**

    - #3 stays as it is: it is gone from this repository

    `/approve 1` opens it anew.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn a_revision_that_only_keeps_what_people_opened_says_so() {
    let talk = Talk::begin().await;
    let walt = talk.world.act_as("walt");
    for title in [
        "Answer 429 after 5 failed sign-ins in 60 s; a success resets",
        "Read the limit from config/limits.toml",
    ] {
        let number = walt.open_issue(REPOSITORY, title, "").unwrap();
        walt.add_sub_issue(REPOSITORY, 2, number).unwrap();
    }
    insta::assert_snapshot!(skeleton(&talk.asks("tess", 2, "/enhance").await), @"
    **Already cut into 2 sub-issues, of which #3 and #4 are left, once #1 (open) is done.**
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | in #3; [`src/auth.rs`][f2]
    | R2 | “limit configurable in `config/limits.toml`” | in #4; **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs`
    | R3 | “success resets the counter” | in #3; `src/auth.rs`
    **Work items**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets.** R1, R3 · size S · waits for #1 · open already as #3
    2. **Read the limit from `config/limits.toml`.** R2 · size S · waits for 1: it configures the numbers that 1 brings in, and both change `src/auth.rs` · open already as #4
    `/approve 1` keeps #3 and #4 and opens nothing new · `/items` · `/why R1`
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: all of its work items were open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3 · was open already

    Start with #3 once #1 is done.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"Rev 1 is approved already; `/items` shows where its work items stand.");
    talk.asks("tess", 2, "/revise 1: the client IP").await;
    talk.asks("walt", 2, "/approve 2").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Rev 2 is no longer approved; it had opened nothing of its own.**

    - #3 stays as it is: it was open before this approval
    - #4 stays as it is: it was open before this approval

    Rev 1 is still approved; `/undo` once more takes that back.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn a_newest_revision_that_proposes_nothing_is_said_to_propose_nothing() {
    let talk = approved().await;
    let body = Some(Some("- [ ] #3\n- [ ] #4\n".to_owned()));
    talk.world.act_as("rita").edit_issue(REPOSITORY, 2, IssueEdit { body, ..IssueEdit::default() }).unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.starts_with("**Already cut into 2 sub-issues, of which #3 and #4 are left"), "{plan}");
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    The newest revision, rev 2, proposes no work items.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}
