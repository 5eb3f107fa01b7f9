//! `/revise`: answers and further wishes.

use millwright::sandbox::{Effect, Fault, FaultAnswer, NewIssue, REPOSITORY, World};

use super::harness::{Setup, Talk};

fn furnish(world: &World) {
    let body = "Sign-in is slow and confusing. Make it better.".to_owned();
    let new = NewIssue { title: "Improve sign-in".to_owned(), body: Some(body), ..NewIssue::default() };
    world.add_issue(REPOSITORY, "rita", new).unwrap();
}

async fn vague() -> Talk {
    Talk::with(Setup { furnish, ..Setup::default() }).await
}

#[tokio::test]
async fn without_a_plan_there_is_nothing_to_revise() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/revise 1: yes").await, @"There is no plan on this issue yet; `/enhance` makes one.");
    talk.end().await;
}

#[tokio::test]
async fn without_words_there_is_nothing_to_change() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/revise").await, @"Say what to change: `/revise 1: the client IP`, or any further sentence.");
    talk.end().await;
}

#[tokio::test]
async fn an_answer_makes_a_new_revision() {
    let talk = vague().await;
    insta::assert_snapshot!(talk.asks("tess", 3, "/enhance").await, @"
    **Too vague to cut: “Improve sign-in” names no place and no outcome to check. Answers make it a plan.**

    **Questions** (the author may answer too: `/revise 1: … 2: …`)
    1. Where does “sign-in” show: which command, page or file?
    2. What is wrong with “sign-in” today: which step, and what happened instead? Such as “given …, when …, then …”.

    `/revise …` makes the next revision · held back by WI001: `/why rules`
    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("walt", 3, "/approve 1").await, @"Rev 1 proposes no work items yet; once its questions are answered with `/revise 1: …`, there is something to approve.");
    let revised = talk.asks("tess", 3, "/revise 1: answer in `src/auth.rs` within 200 ms").await;
    let told = revised
        .lines()
        .filter(|line| line.starts_with("**") || line.starts_with("| R") || line.starts_with("1."));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @"
    **Fits one small pull request in `src/auth.rs`. One point is open, with a default.**
    | R1 | tess: “answer in `src/auth.rs` within 200 ms” | [`src/auth.rs`][f2] | benchmark with R1's input: median at most 200 ms · the same at `df4d183`: noted beside 200 ms |
    **Work item**
    1. **Improve sign-in.** R1 · size S
    **Question** (the author may answer too: `/revise 3: …`)
    **Read as:** “200 ms” = the median on one machine.
    **Used by others:** `src/auth.rs` by `src/main.rs` and `tests/auth.rs`.
    **Done when** these 2 cases are in and `cargo test` in [`ci.yml`][f4] is green; on your machine: `cargo test --test auth`.
    **Not checked:** what `src/auth.rs` does today; whether “main” enforces owner review; left aside: what line 1 asks (“Make it better”). Size is a prior (n=0).
    ");
    let folded =
        talk.world.comments(REPOSITORY, 3).iter().filter(|comment| comment.minimized.is_some()).count();
    assert_eq!(folded, 1);
    // What was said stays said when the plan is made anew.
    let again = talk.asks("tess", 3, "/enhance").await;
    assert!(again.starts_with("[Rev 2](https://"), "{again}");
    talk.end().await;
}

#[tokio::test]
async fn the_author_may_answer_three_times_a_day() {
    let talk = vague().await;
    talk.asks("tess", 3, "/enhance").await;
    for answer in 1..=3 {
        let plan = talk.asks("rita", 3, &format!("/revise 1: answer {answer} in `src/auth.rs`")).await;
        assert!(plan.contains(&format!("rev {} ·", answer + 1)), "{plan}");
    }
    insta::assert_snapshot!(talk.asks("rita", 3, "/revise 1: answer 4").await, @"`/revise` has been used 3 times today by the author of this issue; somebody with triage access can go on, or you tomorrow.");
    let fifth = talk.says_unanswered("rita", 3, "/revise 1: answer 5").await;
    assert_eq!(talk.reactions(3, fifth), ["confused"]);
    talk.minutes_pass(24 * 60).await;
    let tomorrow = talk.asks("rita", 3, "/revise 1: answer 6 in `src/main.rs`").await;
    assert!(tomorrow.contains("rev 5 ·"), "{tomorrow}");
    talk.end().await;
}

#[tokio::test]
async fn a_stranger_may_not() {
    let talk = vague().await;
    talk.asks("tess", 3, "/enhance").await;
    insta::assert_snapshot!(talk.asks("stan", 3, "/revise 1: mine").await, @"Somebody with triage access has to run `/revise` here; nothing is wrong with this issue.");
    talk.end().await;
}

#[tokio::test]
async fn a_fold_that_fails_does_not_fail_the_revision() {
    let untyped = FaultAnswer {
        body: serde_json::json!({"data": null, "errors": [{"message": "Something went wrong"}]}),
        ..FaultAnswer::status(200)
    };
    for answer in [FaultAnswer::status(403), FaultAnswer::status(400), FaultAnswer::status(502), untyped] {
        let status = answer.status;
        let talk = Talk::begin().await;
        talk.asks("tess", 2, "/enhance").await;
        talk.world.faults().add(Fault::on("POST", "/graphql", Effect::Answer(answer)));
        let comment = talk.says("tess", 2, "/revise 1: the client IP").await;
        talk.work_through().await;
        assert!(talk.last(2).contains("<sub>rev 2 ·"), "{status}: {}", talk.last(2));
        assert_eq!(talk.reactions(2, comment), ["rocket"], "{status}");
        assert_eq!(talk.answers(2).len(), 2, "{status}");
        talk.end().await;
    }
}

#[tokio::test]
async fn two_answers_at_once_go_to_the_questions_that_were_read() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    // Both have read rev 1; the second is worked off against rev 2.
    talk.world.act_as("tess").comment(REPOSITORY, 2, "/revise 1: the client IP").unwrap();
    talk.world.act_as("rita").comment(REPOSITORY, 2, "/revise 2: after an hour").unwrap();
    talk.work().await;
    let plan = talk.last(2);
    assert!(plan.contains("rev 3 ·"), "{plan}");
    let asked = plan.lines().filter(|line| line.starts_with("**Question") || line.starts_with("- **"));
    let read = plan.lines().filter(|line| line.starts_with("**Read as:**"));
    insta::assert_snapshot!(asked.chain(read).collect::<Vec<_>>().join("\n"), @"
    **Question** (the author may answer too: `/revise 3: …`)
    - **3:** `src/nope.rs` is not in the tree and no file has a similar name. Which is meant? *Default: ignored; no check box needs it.*
    **Read as:** “one address”: tess: “the client IP”. the end of the 429: rita: “after an hour”. “after 5” = the 6th attempt is refused. “limit” = both numbers, 5 and 60 s. The tree has no schema or migration, so the counter of failed attempts lives in memory: a restart empties it, and two instances count apart.
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why R1").await, @"
    **R1: “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429”**

    - line 5 of the issue
    - read as rate limit
    - `src/auth.rs` is in the tree
    - question 1, answered by tess: “the client IP”
    - question 2, answered by rita: “after an hour”
    - case: failures 1–5: none is 429
    - case: then an attempt at 59 s: 429
    - case: the 429 ends: after an hour
    - case: from a second client IP: not 429
    - risk: a counter in memory is empty after a restart, and two instances count apart

    <sub>rev 3 · base df4d183 · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn a_vague_report_whose_questions_are_all_answered_becomes_work() {
    let furnish = |world: &World| {
        let new = NewIssue {
            title: "It crashes".to_owned(),
            body: Some("Please fix.".to_owned()),
            ..NewIssue::default()
        };
        world.add_issue(REPOSITORY, "rita", new).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.asks("tess", 3, "/enhance").await;
    let vague = talk.asks("rita", 3, "/revise 1. somewhere\n2. it just crashes\n3. all of them").await;
    insta::assert_snapshot!(vague, @"
    **Still too vague to cut: neither “It crashes” nor the answers say what one would see. One more answer makes it a plan.**

    **Question** (the author may answer too: `/revise 4: …`)
    - **4:** What is still missing is what one does and what one then sees. Which is it, in one sentence such as “an empty file must print `nothing to read`”?

    **Read as:** The place: rita: “somewhere”. What one sees: rita: “it just crashes”. Since when and where: rita: “all of them”.
    **Not checked:** whether `df4d183` shows it; where it is done: nothing in the issue names code of the 8 files here.

    `/revise …` makes the next revision · held back by WI001: `/why rules`
    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    // Nothing that can be asked of it points at questions that are gone.
    insta::assert_snapshot!(talk.asks("walt", 3, "/approve 2").await, @"Rev 2 proposes no work items yet; once its questions are answered with `/revise 4: …`, there is something to approve.");
    insta::assert_snapshot!(talk.asks("walt", 3, "/items").await, @"**Rev 2 proposes no work items yet; its questions come first.**");
    insta::assert_snapshot!(talk.asks("walt", 3, "/status").await, @"
    **Rev 2 waits for answers to its questions.**

    - Plan: [rev 2](https://github.example/acme/web/issues/3#issuecomment-3000000004), not yet approved, at `df4d183`
    - Mode: full (default)

    <sub>rev 2 · base df4d183 · no model · `/help`</sub>
    ");
    let plan = talk.asks("rita", 3, "/revise Q4: `src/auth.rs` must answer 400 to an empty password").await;
    let told = plan
        .lines()
        .filter(|line| line.starts_with("**") || line.starts_with("| R") || line.starts_with("1."));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @"
    **Fits one small pull request in `src/auth.rs`. Nothing is open.**
    | R1 | rita: “`src/auth.rs` must answer 400 to an empty password” | `src/auth.rs` | [`src/auth.rs`][f2]: 400 · otherwise: not 400 |
    **Work item**
    1. **Fix: It crashes.** R1 · size S
    **Read as:** rita, to question 3: “all of them”. rita, to question 2: “it just crashes”. rita, to question 1: “somewhere”.
    **Used by others:** `src/auth.rs` by `src/main.rs` and `tests/auth.rs`.
    **Done when** these 2 cases are in and `cargo test` in [`ci.yml`][f4] is green; on your machine: `cargo test --test auth`.
    **Not checked:** what `src/auth.rs` does today; whether “main” enforces owner review. Size is a prior (n=0).
    ");
    talk.asks("walt", 3, "/approve 3").await;
    let item = talk.world.issue(REPOSITORY, 4).unwrap();
    assert!(
        item.body.as_deref().unwrap_or_default().contains("must answer 400 to an empty password"),
        "{:?}",
        item.body
    );
    talk.end().await;
}

#[tokio::test]
async fn what_is_not_understood_is_said_and_makes_no_revision() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/revise 9: the client IP").await, @"There is no question 9; 1, 2 and 3 are open; for example: `/revise 1: your answer`.");
    insta::assert_snapshot!(talk.asks("tess", 2, "/revise drop R7").await, @"There is no R7; the plan has R1 to R3; for example: `/revise drop R3`.");
    insta::assert_snapshot!(talk.asks("tess", 2, "/revise drop R2 and add a flag").await, @"“drop R2 and add a flag” names a requirement among other words: one line says one thing; for example: `/revise drop R2`.");
    let refused = talk.says("tess", 2, "/revise q8) yes").await;
    assert_eq!(talk.reactions(2, refused), ["confused"]);
    let plan = talk.asks("tess", 2, "/revise Q1: the client IP\nR2 is not needed").await;
    assert!(plan.contains("rev 2 ·") && !plan.contains("| R3 |"), "{plan}");
    assert!(plan.contains("“limit configurable in `config/limits.toml`” stays out, says tess"), "{plan}");
    talk.end().await;
}

#[tokio::test]
async fn an_answer_stands_in_the_work_item_that_it_touches() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let plan = talk.asks("tess", 2, "/revise 1: the account\n2: never").await;
    assert!(plan.contains("at 61 s and ever after: 429") && !plan.contains("at 61 s: not 429"), "{plan}");
    talk.asks("ada", 2, "/approve 2").await;
    let item = talk.world.issue(REPOSITORY, 3).unwrap();
    assert!(
        item.body.as_deref().unwrap_or_default().contains("at 61 s and ever after: 429"),
        "{:?}",
        item.body
    );
    assert!(
        item.body.as_deref().unwrap_or_default().contains("from a second account: not 429"),
        "{:?}",
        item.body
    );
    talk.end().await;
}

#[tokio::test]
async fn a_dry_run_may_be_asked_for_behind_the_text() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let shown = talk.asks("tess", 2, "/revise 1: the client IP --dry-run").await;
    assert!(shown.contains("rev 2") && !shown.contains("--dry-run`"), "{shown}");
    insta::assert_snapshot!(talk.asks("ada", 2, "/approve 2").await.lines().next().unwrap(), @"The newest revision here is rev 1; `/approve 1` approves it.");
    talk.end().await;
}

#[tokio::test]
async fn what_changes_nothing_makes_no_revision() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("tess", 2, "/revise 1: the client IP").await;
    let thanks = talk.says("tess", 2, "/revise thanks!").await;
    talk.work().await;
    insta::assert_snapshot!(talk.last(2), @"“thanks!” changes nothing in [rev 2](https://github.example/acme/web/issues/2#issuecomment-3000000004); `/revise` takes `/revise 2: …`, `/revise R1: …`, `/revise drop R1` and a sentence that says what must be.");
    assert_eq!(talk.reactions(2, thanks), ["confused"]);
    assert!(talk.asks("tess", 2, "/revise no").await.starts_with("“no” changes nothing in [rev 2]("));
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance").await, @"[Rev 2](https://github.example/acme/web/issues/2#issuecomment-3000000004) still stands: neither the issue nor a file it cites has changed, read again at `df4d183`.");
    let folded = talk.world.comments(REPOSITORY, 2).into_iter().filter(|comment| comment.minimized.is_some());
    assert_eq!(folded.count(), 1, "rev 1 alone");
    // What was said stays as it is, and what is said next counts.
    let plan = talk.asks("tess", 2, "/revise 2: after an hour").await;
    assert!(plan.contains("rev 3 ·") && plan.contains("the client IP"), "{plan}");
    talk.end().await;
}

#[tokio::test]
async fn who_drops_a_requirement_is_told_which_have_another_number_now() {
    let talk = Talk::begin().await;
    talk.asks("tess", 2, "/enhance").await;
    let plan = talk.asks("tess", 2, "/revise drop R2").await;
    assert!(plan.contains("\n\nR3 is now R2.\n\n"), "{plan}");
    let next = talk.asks("tess", 2, "/revise 1: the client IP").await;
    assert!(next.contains("rev 3 ·") && !next.contains("is now"), "{next}");
    talk.end().await;
}
