//! `/approve`: what is bound to what was read, and what becomes of it.

use millwright::sandbox::{Effect, Fault, FaultAnswer, IssueEdit, NewIssue, REPOSITORY, When, World};

use super::harness::{Setup, Talk, on_both};
use super::said;

#[tokio::test]
async fn without_a_plan_there_is_nothing_to_approve() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"There is no plan on this issue yet; `/enhance` makes one.");
    talk.end().await;
}

#[tokio::test]
async fn wrong_arguments_are_answered_with_a_right_example() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve one").await, @"`one` is not a number; for example: `/approve 1`.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1 2").await, @"`2` is more than this command takes; for example: `/approve 1`.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1 --all").await, @"`--all` is not an option here; for example: `/approve 1`.");
    talk.end().await;
}

#[tokio::test]
async fn without_a_number_the_revision_must_have_been_readable() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve").await, @"Rev 1 was posted less than a minute before that; if you have read it, `/approve 1` approves it.");
    talk.minutes_pass(1).await;
    let approved = talk.asks("walt", 2, "/approve").await;
    assert!(approved.starts_with("**Rev 1 is approved"), "{approved}");
    talk.end().await;
}

#[tokio::test]
async fn another_revision_than_the_newest_is_not_approved() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"The newest revision here is rev 1; `/approve 1` approves it.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2 --one").await, @"The newest revision here is rev 1; `/approve 1 --one` approves it.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve --one").await, @"Rev 1 was posted less than a minute before that; if you have read it, `/approve 1 --one` approves it.");
    talk.end().await;
}

#[tokio::test]
async fn twice_is_said_to_be_twice() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"Rev 1 is approved already; `/items` shows where its work items stand.");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2).len(), 2);
    talk.end().await;
}

#[tokio::test]
async fn a_changed_issue_is_planned_anew_first() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let edit = IssueEdit { title: Some("Rate limit all sign-ins".to_owned()), ..IssueEdit::default() };
    talk.world.act_as("rita").edit_issue(REPOSITORY, 2, edit).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"The text of this issue has changed since rev 1; `/enhance` makes a revision that knows it.");
    talk.end().await;
}

#[tokio::test]
async fn a_changed_cited_file_is_named() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.world.act_as("walt").push(REPOSITORY, "Rewrite", &[("src/auth.rs", Some("// new\n"))]).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"`src/auth.rs` has changed on the default branch since rev 1; `/enhance` makes a revision that knows it.");
    talk.end().await;
}

#[tokio::test]
async fn another_changed_file_only_names_the_commit() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.world.act_as("walt").push(REPOSITORY, "Say more", &[("docs/more.md", Some("More.\n"))]).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 2 work items are open as sub-issues.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes them again while nobody has touched them.

    The default branch has moved on from `df4d183` to `c284e9e`; no file that this plan cites changed in between.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn kept_in_one_pull_request_nothing_is_opened() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1 --one").await, @"
    **Rev 1 is approved as one pull request for this issue; no sub-issues were opened.**

    - [ ] Answer 429 after 5 failed sign-ins in 60 s; a success resets
    - [ ] Read the limit from `config/limits.toml`

    Next comes one pull request, once #1 is done; `Closes #2` in its text closes this issue with the merge. `/undo` takes the approval back.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert!(talk.world.sub_issues(REPOSITORY, 2).is_empty());
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"**Rev 1 is approved as one pull request, so it has no sub-issues.**");
    insta::assert_snapshot!(talk.asks("walt", 2, "/status").await, @"
    **Rev 1 is approved.**

    - Plan: [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002), approved, at `df4d183`
    - Mode: full (default)

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"Rev 1 is approved already, as one pull request; `/undo` takes that back.");
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Rev 1 is no longer approved as one pull request.**

    `/approve 1 --one` approves it again.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn the_sub_issues_say_what_is_to_be_done() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    let item = |number| talk.world.issue(REPOSITORY, number).unwrap();
    insta::assert_snapshot!(item(3).title, @"Answer 429 after 5 failed sign-ins in 60 s; a success resets");
    insta::assert_snapshot!(super::harness::visible(&item(3).body.unwrap()), @"
    > after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429

    > success resets the counter

    Asked for in #2, planned in [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002).

    **Done when**
    - [ ] failures 1–5: none is 429
    - [ ] then an attempt at 59 s: 429
    - [ ] at 61 s: not 429
    - [ ] from a second address: not 429
    - [ ] 4 failures, success, 5 failures: no 429
    - [ ] the next attempt: 429

    **Where:** [`src/auth.rs`](https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/src/auth.rs)
    **Risk:** a counter in memory is empty after a restart, and two instances count apart
    **Back out:** revert item 2, “Read the limit from `config/limits.toml`”, then this one
    **Waits for:** #1: line 3 of #2

    <sub>size S, about 66 lines · base df4d183 · no model</sub>
    ");
    insta::assert_snapshot!(super::harness::visible(&item(4).body.unwrap()), @"
    > limit configurable in `config/limits.toml`

    Asked for in #2, planned in [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002).

    **Done when**
    - [ ] set to 2 in 10 s, 2 failures, then at 9 s: 429
    - [ ] at 11 s: not 429
    - [ ] file missing: 5 in 60 s

    **Where:** `config/limits.toml`, [`src/auth.rs`](https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/src/auth.rs)
    **Risk:** a counter in memory is empty after a restart, and two instances count apart
    **Back out:** revert its pull request
    **Waits for:** item 1, “Answer 429 after 5 failed sign-ins in 60 s; a success resets”: it configures the numbers that 1 brings in, and both change `src/auth.rs`

    <sub>size S, about 54 lines · base df4d183 · no model</sub>
    ");
    // The repository has a label for this kind of work; that label is used, none is invented.
    assert_eq!(item(3).labels, ["millwright", "enhancement"]);
    talk.end().await;
}

#[tokio::test]
async fn a_template_of_the_operator_shapes_the_sub_issues_and_a_broken_one_gives_way_to_ours() {
    let opened = async |template: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("work_item")).unwrap();
        std::fs::write(folder.path().join("work_item/body.md.j2"), template).unwrap();
        // Variables of a setup live as long as the program.
        let path: &'static str = Box::leak(folder.path().display().to_string().into_boxed_str());
        let talk =
            Talk::with(Setup { variables: vec![("MILLWRIGHT_TEMPLATES", path)], ..Setup::default() }).await;
        talk.asks("tess", 2, "/enhance").await;
        talk.asks("walt", 2, "/approve 1").await;
        let body = talk.world.issue(REPOSITORY, 4).unwrap().body.unwrap();
        talk.end().await;
        super::harness::visible(&body)
    };
    let theirs =
        "Asked for in #{{ parent }}.\n\n{% for line in acceptance %}\n1. {{ line | raw }}\n{% endfor %}\n";
    insta::assert_snapshot!(opened(theirs).await, @"
    Asked for in #2.

    1. set to 2 in 10 s, 2 failures, then at 9 s: 429
    1. at 11 s: not 429
    1. file missing: 5 in 60 s
    ");
    let ours = opened("{{ nothing_of_this_name }}").await;
    assert!(ours.contains("**Done when**\n- [ ] set to 2 in 10 s"), "{ours}");
}

#[tokio::test]
async fn an_approval_that_was_cut_off_is_taken_up_again() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let answer = FaultAnswer::status(403);
    let second = Fault::on("POST", "/repos/acme/web/issues", Effect::Answer(answer)).when(When::Nth(2));
    talk.world.faults().add(second);
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"`/approve 1` did not go through: GitHub answered `POST /repos/acme/web/issues` with 403, “An answer made up by a fault”. An administrator can check the App's permissions in this repository's settings; then the command works again.");
    talk.world.faults().clear();
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 1 of its 2 work items is new, 1 was open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4]);
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **#3 and #4 are closed again; nobody had touched them.**

    `/approve 1` opens them anew.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    // The first try is dead, and visible as such.
    talk.rests(1).await;
    talk.holds();
}

#[tokio::test]
async fn a_new_revision_keeps_what_it_shares_with_the_earlier_one() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    let body = "Depends on #1\n\n- [ ] after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429\n\
                - [ ] success resets the counter\n- [ ] `README.md` describes the limit\n";
    let edit = IssueEdit { body: Some(Some(body.to_owned())), ..IssueEdit::default() };
    talk.world.act_as("rita").edit_issue(REPOSITORY, 2, edit).unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan.lines().next().unwrap(), @"**Fits one small pull request beside #3, once #1 (open) is done. Two points are open, with defaults.**");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"
    **Rev 2 is approved: 1 of its 2 work items is new, 1 was open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #5 `README.md` describes the limit · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes the new one again while nobody has touched it.

    Not part of rev 2: #4. It comes from an earlier revision and stays open.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn a_lost_database_adopts_the_sub_issues_instead_of_opening_doubles() {
    let mut talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.lose_database().await;
    talk.minutes_pass(5).await;
    // The same plan as before, so that the same work items come up again.
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"
    **Rev 2 is approved: all of its work items were open already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3 · was open already

    Start with #3 once #1 is done.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.world.issues(REPOSITORY).len(), 4);
    assert_eq!(talk.asks("walt", 2, "/items").await, said::both_open(2, [3, 4]));
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Nothing was closed, and rev 2 stays approved.**

    - #3 stays as it is: it was open before this approval
    - #4 stays as it is: it was open before this approval

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn automatic_approval_opens_the_work_items_at_once() {
    let furnish = |world: &World| {
        let body = "- [ ] `src/auth.rs` trims the e-mail address\n".to_owned();
        let new =
            NewIssue { title: "Trim e-mail addresses".to_owned(), body: Some(body), ..NewIssue::default() };
        world.add_issue(REPOSITORY, "rita", new).unwrap();
        let file = (".github/millwright.yml", "enhance:\n  approval: automatic\n");
        world.add_files(REPOSITORY, &[file]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.says("tess", 3, "/enhance").await;
    assert_eq!(talk.answers(3).len(), 2, "{:?}", talk.answers(3));
    insta::assert_snapshot!(talk.last(3), @"
    **Rev 1 is approved: 1 work item is open as a sub-issue.**

    1. #4 Trim e-mail addresses · size S

    Start with #4. `/undo` closes it again while nobody has touched it.

    <sub>rev 1 · base 0c982e2 · no model · `/help`</sub>
    ");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 3), [4]);
    // Where something is open, a person decides.
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("**Questions**"), "{plan}");
    talk.end().await;
}

#[tokio::test]
async fn an_approval_that_was_overtaken_by_a_revision_is_finished() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let down = Fault::on("POST", "/repos/acme/web/issues", Effect::Answer(FaultAnswer::status(503)));
    talk.world.faults().add(down.when(When::Nth(2)));
    talk.says_unanswered("walt", 2, "/approve 1").await;
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3], "half done");
    let plan = talk.asks("tess", 2, "/revise 1: the client IP").await;
    assert!(plan.contains("rev 2 ·"), "{plan}");
    talk.work_through().await;
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4]);
    insta::assert_snapshot!(talk.last(2).lines().next().unwrap(), @"**Rev 1 is approved: 2 work items are open as sub-issues.**");
    talk.end().await;
}

#[tokio::test]
async fn an_approval_that_was_taken_back_meanwhile_is_not_given_again() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let down = Fault::on("POST", "/repos/acme/web/issues", Effect::Answer(FaultAnswer::status(503)));
    talk.world.faults().add(down.when(When::First(1)));
    talk.says_unanswered("walt", 2, "/approve 1").await;
    talk.asks("walt", 2, "/undo").await;
    talk.work_through().await;
    insta::assert_snapshot!(talk.last(2), @"The approval of rev 1 was taken back before all its work items were open; `/approve 1` gives it anew.");
    assert_eq!(talk.world.issues(REPOSITORY).len(), 2);
    talk.says("walt", 2, "/approve 1").await;
    talk.work_through().await;
    assert!(talk.last(2).starts_with("**Rev 1 is approved: 2 work items"), "{}", talk.last(2));
    talk.end().await;
}

#[tokio::test]
async fn what_is_closed_by_now_is_said_to_be_closed() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.world.act_as("walt").close(REPOSITORY, 3).unwrap();
    let plan = talk.asks("tess", 2, "/revise 1: the client IP").await;
    assert!(plan.contains("rev 2 ·"), "{plan}");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"
    **Rev 2 is approved: 1 of its 2 work items was open already, 1 is closed already.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · is closed already
    2. #4 Read the limit from `config/limits.toml` · size S · was open already

    Start with #4.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    assert_eq!(talk.world.issues(REPOSITORY).len(), 4, "nothing is opened anew");
    let undone = talk.asks("walt", 2, "/undo").await;
    assert!(undone.contains("#3 stays as it is: it is closed already"), "{undone}");
    // Closed is closed, also for a bot that has lost its memory.
    let mut talk = talk;
    talk.lose_database().await;
    talk.minutes_pass(5).await;
    talk.asks("tess", 2, "/enhance").await;
    let again = talk.asks("walt", 2, "/approve 3").await;
    assert!(again.contains("#3") && again.contains("is closed already"), "{again}");
    assert_eq!(talk.world.issues(REPOSITORY).len(), 4);
    talk.end().await;
}

#[tokio::test]
async fn what_is_gone_by_now_is_opened_anew() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.world.act_as("ada").delete_issue(REPOSITORY, 3).unwrap();
    talk.asks("tess", 2, "/revise 1: the client IP").await;
    let approved = talk.asks("walt", 2, "/approve 2").await;
    assert!(approved.contains("#5") && !approved.contains("#3 "), "{approved}");
    talk.end().await;
}

#[tokio::test]
async fn what_was_taken_back_does_not_count_as_opened() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.asks("walt", 2, "/undo").await;
    let answer = Effect::Answer(FaultAnswer::status(403));
    talk.world.faults().add(Fault::on("POST", "/repos/acme/web/issues", answer).when(When::Nth(2)));
    talk.asks("walt", 2, "/approve 1").await;
    talk.world.faults().clear();
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"**There are no work items on this issue; `/approve 1` opens those of rev 1.**");
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 1 of its 2 work items is new, 1 was open already.**

    1. #5 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1 · was open already
    2. #6 Read the limit from `config/limits.toml` · size S · waits for #5

    Start with #5 once #1 is done. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.rests(1).await;
    talk.holds();
}

#[tokio::test]
async fn a_closed_issue_is_said_to_be_closed() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.world.act_as("walt").close(REPOSITORY, 2).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 1").await, @"
    **Rev 1 is approved: 2 work items are open as sub-issues.**

    1. #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
    2. #4 Read the limit from `config/limits.toml` · size S · waits for #3

    Start with #3 once #1 is done. `/undo` closes them again while nobody has touched them.

    This issue itself is closed, and was left so.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 2, "/items").await, @"
    **Both work items are open.**

    | | work item | state | waits for |
    |-|-|-|-|
    | 1 | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open | #1 |
    | 2 | #4 Read the limit from config/limits.toml | open | #3 |

    This issue itself is closed. Nothing can be started now: #3 waits for #1; #4 waits for #3.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.asks("walt", 2, "/undo").await;
    let one = talk.asks("walt", 2, "/approve 1 --one").await;
    assert!(one.contains("\n\nThis issue itself is closed, and was left so.\n\n"), "{one}");
    talk.end().await;
}

/// A repository that takes seven items, with two issues of seven that touch different files; the second waits for others.
fn seven(world: &World) {
    let config = (".github/millwright.yml", "enhance:\n  max_items: 7\n");
    let names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"];
    let files = names.map(|name| (format!("src/{name}.rs"), format!("pub fn {name}() {{}}\n")));
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).chain([config]);
    world.add_files(REPOSITORY, &files.collect::<Vec<_>>()).unwrap();
    let lines = "- [ ] `src/alpha.rs` logs each start\n\
                 - [ ] `--quiet` prints nothing but errors in `src/beta.rs`\n\
                 - [ ] `src/gamma.rs` answers 404 for an unknown page\n\
                 - [ ] `src/delta.rs` trims the e-mail address\n\
                 - [ ] `src/epsilon.rs` gives up after 5 s\n\
                 - [ ] a list of users in `src/zeta.rs` comes in pages of 20\n\
                 - [ ] `src/eta.rs` caches the answer for 60 s\n";
    for first in ["", "Depends on #1, #2\n\n"] {
        let body = Some(format!("{first}{lines}"));
        let new = NewIssue { title: "Tidy up".to_owned(), body, ..NewIssue::default() };
        world.add_issue(REPOSITORY, "rita", new).unwrap();
    }
}

#[tokio::test]
async fn what_waits_for_nothing_can_be_started_in_any_order() {
    let talk = Talk::with(Setup { furnish: seven, ..Setup::default() }).await;
    talk.asks("tess", 3, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 3, "/approve 1 --one").await, @"
    **Rev 1 is approved as one pull request for this issue; no sub-issues were opened.**

    - [ ] `src/alpha.rs` logs each start
    - [ ] Add `--quiet`
    - [ ] `src/gamma.rs` answers 404 for an unknown page
    - [ ] `src/delta.rs` trims the e-mail address
    - [ ] `src/epsilon.rs` gives up after 5 s
    - [ ] A list of users in `src/zeta.rs` comes in pages of 20
    - [ ] `src/eta.rs` caches the answer for 60 s

    Next comes one pull request; `Closes #3` in its text closes this issue with the merge. `/undo` takes the approval back.

    <sub>rev 1 · base 859c9ec · no model · `/help`</sub>
    ");
    talk.asks("walt", 3, "/undo").await;
    insta::assert_snapshot!(talk.asks("walt", 3, "/approve 1").await, @"
    **Rev 1 is approved: 7 work items are open as sub-issues.**

    1. #5 `src/alpha.rs` logs each start · size S
    2. #6 Add `--quiet` · size S
    3. #7 `src/gamma.rs` answers 404 for an unknown page · size S
    4. #8 `src/delta.rs` trims the e-mail address · size S
    5. #9 `src/epsilon.rs` gives up after 5 s · size S
    6. #10 A list of users in `src/zeta.rs` comes in pages of 20 · size S
    7. #11 `src/eta.rs` caches the answer for 60 s · size S

    Start with #5, #6, #7, #8, #9, #10 and #11, in any order, or at once. `/undo` closes them again while nobody has touched them.

    <sub>rev 1 · base 859c9ec · no model · `/help`</sub>
    ");
    // Another text: what was opened for the first is named once more, and stays.
    let body = Some(Some("- [ ] `README.md` describes the limit\n".to_owned()));
    talk.world.act_as("rita").edit_issue(REPOSITORY, 3, IssueEdit { body, ..IssueEdit::default() }).unwrap();
    talk.asks("tess", 3, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 3, "/approve 2").await, @"
    **Rev 2 is approved: 1 work item is open as a sub-issue.**

    1. #12 Tidy up · size S

    Start with #12. `/undo` closes it again while nobody has touched it.

    Not part of rev 2: #5, #6, #7, #8, #9, #10 and #11. They come from an earlier revision and stay open.

    <sub>rev 2 · base 859c9ec · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn where_much_waits_the_first_are_named_and_the_rest_is_counted() {
    let talk = Talk::with(Setup { furnish: seven, ..Setup::default() }).await;
    talk.asks("tess", 4, "/enhance").await;
    let one = talk.asks("walt", 4, "/approve 1 --one --dry-run").await;
    insta::assert_snapshot!(one.lines().find(|line| line.starts_with("Next")).unwrap(), @"Next comes one pull request, once #1 and #2 are done; `Closes #4` in its text closes this issue with the merge. `/undo` takes the approval back.");
    // So much at once has to wait for GitHub's pace.
    talk.says("walt", 4, "/approve 1").await;
    talk.work_through().await;
    insta::assert_snapshot!(talk.asks("walt", 4, "/items next").await, @"
    **All 7 work items are open.**

    Nothing can be started now: #5 waits for #1 and #2; #6 waits for #1 and #2; #7 waits for #1 and #2; #8 waits for #1 and #2; #9 waits for #1 and #2; and so for 2 more.

    <sub>rev 1 · base 859c9ec · no model · `/help`</sub>
    ");
    talk.says("walt", 4, "/undo").await;
    talk.work_through().await;
    let files = ["alpha", "beta", "gamma", "delta", "eta"].map(|name| format!("src/{name}.rs"));
    let files = files.iter().map(|path| (path.as_str(), Some("// another\n"))).collect::<Vec<_>>();
    talk.world.act_as("walt").push(REPOSITORY, "Rewrite", &files).unwrap();
    insta::assert_snapshot!(talk.asks("walt", 4, "/approve 1").await, @"`src/alpha.rs`, `src/beta.rs`, `src/delta.rs` and 2 more have changed on the default branch since rev 1; `/enhance` makes a revision that knows it.");
    talk.end().await;
}

#[tokio::test]
async fn what_has_the_title_of_an_item_that_was_opened_for_something_else_is_another_item() {
    let talk = Talk::begin().await;
    let rita = talk.world.act_as("rita");
    let number =
        rita.open_issue(REPOSITORY, "Tidy up", "- [ ] `src/auth.rs` must name its author\n").unwrap();
    talk.asks("tess", number, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", number, "/approve 1").await, @"
    **Rev 1 is approved: 1 work item is open as a sub-issue.**

    1. #4 Tidy up · size S

    Start with #4. `/undo` closes it again while nobody has touched it.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    let body = Some(Some("- [ ] `src/main.rs` must name its author\n".to_owned()));
    rita.edit_issue(REPOSITORY, number, IssueEdit { body, ..IssueEdit::default() }).unwrap();
    talk.asks("tess", number, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", number, "/approve 2").await, @"
    **Rev 2 is approved: 1 work item is open as a sub-issue.**

    1. #5 Tidy up · size S

    Start with #5. `/undo` closes it again while nobody has touched it.

    Not part of rev 2: #4. It comes from an earlier revision and stays open.

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn a_revision_that_asks_nothing_and_proposes_nothing_says_that() {
    let talk = Talk::begin().await;
    let walt = talk.world.act_as("walt");
    let parent = walt.open_issue(REPOSITORY, "Watering plan", "- [ ] #4\n").unwrap();
    let child = walt.open_issue(REPOSITORY, "Beds know their size", "").unwrap();
    walt.add_sub_issue(REPOSITORY, parent, child).unwrap();
    insta::assert_snapshot!(talk.asks("tess", parent, "/enhance").await, @"
    **Already cut into 1 sub-issue, #4, which is left.**

    **Sub-issues that exist**
    - #4 “Beds know their size” (open)

    `/items`
    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", parent, "/approve 1").await, @"Rev 1 proposes no work items, so there is nothing to approve.");
    insta::assert_snapshot!(talk.asks("walt", parent, "/items").await, @"**Rev 1 proposes no work items.**");
    talk.end().await;
}

/// What an earlier revision has brought is no part of the pull request any more; where all of it is done, nothing is offered.
#[tokio::test]
async fn in_one_pull_request_what_is_done_is_ticked_and_what_is_all_done_is_not_offered() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 1").await;
    talk.world.act_as("walt").close(REPOSITORY, 3).unwrap();
    talk.work_through().await;
    talk.asks("walt", 2, "/undo").await;
    let approved = talk.asks("walt", 2, "/approve 1 --one").await;
    assert!(approved.contains("- [x] Answer 429 after 5 failed sign-ins in 60 s; a success resets · done in #3\n- [ ] Read the limit"), "{approved}");
    insta::assert_snapshot!(talk.asks("walt", 2, "/undo").await, @"
    **Rev 1 is no longer approved as one pull request.**

    `/approve 1 --one` approves it again.

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("walt", 2, "/approve 2").await;
    let last = *talk.world.sub_issues(REPOSITORY, 2).last().unwrap();
    talk.world.act_as("walt").close(REPOSITORY, last).unwrap();
    talk.work_through().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("walt", 2, "/approve 2").await, @"The newest revision here is rev 3, and it has no work items to open.");
    talk.end().await;
}

#[tokio::test]
async fn what_was_closed_without_being_done_is_opened_anew_and_may_be_opened_again_beside_it() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.asks("tess", 2, "/enhance").await;
        talk.asks("walt", 2, "/approve 1").await;
        let dropped = IssueEdit {
            open: Some(false),
            state_reason: Some("not_planned".to_owned()),
            ..IssueEdit::default()
        };
        talk.world.act_as("walt").edit_issue(REPOSITORY, 3, dropped).unwrap();
        let plan = talk.asks("tess", 2, "/enhance").await;
        assert!(plan.starts_with("**Fits one small pull request beside #4"), "{plan}");
        let approved = talk.asks("walt", 2, "/approve 2").await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(approved, @"
            **Rev 2 is approved: 1 of its 2 work items is new, 1 was open already.**

            1. #5 Answer 429 after 5 failed sign-ins in 60 s; a success resets · size S · waits for #1
            2. #4 Read the limit from `config/limits.toml` · size S · waits for #5 · was open already

            Start with #5 once #1 is done. `/undo` closes the new one again while nobody has touched it.

            <sub>rev 2 · base df4d183 · no model · `/help`</sub>
            ");
        }
        talk.world.act_as("walt").reopen(REPOSITORY, 3).unwrap();
        talk.work_through().await;
        let items = talk.asks("walt", 2, "/items").await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(items, @"
            **All 3 work items are open.**

            | | work item | state | waits for |
            |-|-|-|-|
            | 1 | #5 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open | #1 |
            | 2 | #4 Read the limit from config/limits.toml | open | #3, #5 |
            | – | #3 Answer 429 after 5 failed sign-ins in 60 s; a success resets | open | #1 |

            Nothing can be started now: #5 waits for #1; #4 waits for #3 and #5; #3 waits for #1.

            <sub>rev 2 · base df4d183 · no model · `/help`</sub>
            ");
        }
        talk.end().await;
    })
    .await;
}

#[tokio::test]
async fn a_revision_may_be_called_one() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let unread = talk.asks("walt", 2, "/approve rev one").await;
    assert_eq!(unread, "`one` is not a number; for example: `/approve 1`.");
    let approved = talk.asks("walt", 2, "/approve Rev 1").await;
    assert!(approved.starts_with("**Rev 1 is approved"), "{approved}");
    talk.end().await;
}
