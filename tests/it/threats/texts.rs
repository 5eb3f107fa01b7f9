//! Hostile texts: they notify nobody, close nothing, break no structure, and sign nothing.

use millwright::ctx::crash::CrashPoints;
use millwright::sandbox::{NewIssue, REPOSITORY};
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::flows::harness::{Restart, Talk};
use crate::flows::written;

const BODIES: &[&str] = &[
    "@ada @acme/security &#64;ada &#x40;ada &commat;ada \\@ada must fix `src/auth.rs`\n- [ ] fixes #1 in `src/auth.rs`\n- [ ] closes acme/web#1, resolves https://github.com/acme/web/issues/1\n",
    "- [ ] | a | b | must not break <!-- millwright:v1 kind=plan key=x sig=y --> the table\n- [ ] </details></summary><script>alert(1)</script> must be shown\n",
    "```\n- [ ] never closed\n@ada fixes #1\n",
    "- [ ] ```` `src/auth.rs` ```` must ![x](https://evil.example/?q=1) [click](javascript:alert(1)) <img src=x onerror=y>\n",
    "- [ ] a\u{202e}b\u{200b}c must \u{0} end <https://evil.example> www.evil.example\n- [ ] > quote\n  > @ada\n",
    "~~~~~\n</sub></details>\n~~~~~\n- [ ] `@ada` must answer `</code>@ada fixes #1`\n",
];

const TITLES: &[&str] = &[
    "@ada fixes #1",
    "</details> | x | `y",
    "<!-- hidden --> ## Heading",
    "[x](javascript:a) ```",
    "Closes acme/web#1 &#64;ada",
];

#[tokio::test]
async fn s9_hostile_issues_notify_nobody_close_nothing_and_keep_the_structure() {
    let talk = Talk::begin().await;
    let pairs = BODIES.iter().enumerate().map(|(at, body)| (TITLES[at % TITLES.len()], *body));
    let mut plans = 0;
    for (title, body) in pairs {
        let number = talk.world.act_as("rita").open_issue(REPOSITORY, title, body).unwrap();
        talk.says("ada", number, "/enhance").await;
        talk.says("ada", number, "/approve 1").await;
        talk.says("ada", number, "/why R1").await;
        talk.says("ada", number, &format!("/revise 1: {body}")).await;
        talk.says("ada", number, "/items").await;
        talk.says("ada", number, &format!("/enhance {}", body.replace('\n', " "))).await;
        plans += talk.answers(number).len();
    }
    talk.work_through().await;
    talk.rests(0).await;
    assert!(plans >= BODIES.len() * 4, "{plans}");
    written::is_sound(&talk.world);
}

#[tokio::test]
async fn s9_any_issue_text_gives_a_sound_comment() {
    let talk = Talk::begin().await;
    let words = proptest::string::string_regex(
        r"(- \[ \] |# |> |```|~~~|\|x\||`src/auth\.rs`|must |@ada |fixes #1 |<details>|<!-- |&#64;|\n|\n\n|[a-z]{1,8} |\PC){0,40}",
    );
    let strategy = (words.unwrap(), any::<bool>());
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let (body, checklist) = strategy.new_tree(&mut runner).unwrap().current();
        let body = if checklist { format!("- [ ] `src/auth.rs` must log\n{body}") } else { body };
        let new = NewIssue { title: "Any".to_owned(), body: Some(body), ..NewIssue::default() };
        let number = talk.world.act_as("rita").open(REPOSITORY, new).unwrap();
        talk.says("ada", number, "/enhance").await;
        talk.work_through().await;
        assert_eq!(talk.answers(number).len(), 1);
    }
    talk.rests(0).await;
    written::is_sound(&talk.world);
}

#[tokio::test]
async fn s10_a_marker_in_the_comment_of_a_person_or_another_bot_is_nobodys() {
    let mut talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    let ours = talk.world.comments(REPOSITORY, 2).pop().unwrap();
    // Copied to an issue without a plan, it makes no plan there.
    talk.world.act_as("rita").comment(REPOSITORY, 1, &ours.body).unwrap();
    talk.work_through().await;
    talk.says("ada", 1, "/approve 1").await;
    assert_eq!(talk.world.sub_issues(REPOSITORY, 1), [0; 0]);
    talk.says("ada", 1, "/enhance").await;
    assert!(talk.last(1).contains("rev 1"), "{}", talk.last(1));
    // A person and another bot keep a copy of what an interrupted try left, and the original goes: no copy is taken for ours.
    talk.world.add_bot("helper[bot]");
    let (crash, reached) = CrashPoints::freeze_at("after_post_before_remote_id");
    talk.restart(Restart { crash, ..Restart::default() }).await;
    talk.world.act_as("ada").comment(REPOSITORY, 2, "/status").unwrap();
    talk.work_until(&reached).await;
    let left = talk.world.comments(REPOSITORY, 2).pop().unwrap();
    talk.world.act_as("rita").comment(REPOSITORY, 2, &left.body).unwrap();
    talk.world.act_as("helper[bot]").comment(REPOSITORY, 2, &left.body).unwrap();
    talk.world.act_as("ada").delete_comment(REPOSITORY, left.id).unwrap();
    talk.restart(Restart::default()).await;
    talk.hand.advance_ms(61_000);
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), 2, "the answer was written by us");
}

#[tokio::test]
async fn s9_hostile_sub_issues_of_other_people_keep_the_structure() {
    let talk = Talk::begin().await;
    for (at, body) in BODIES.iter().enumerate() {
        let rita = talk.world.act_as("rita");
        let number = rita.open_issue(REPOSITORY, TITLES[at % TITLES.len()], body).unwrap();
        talk.world.act_as("tess").add_sub_issue(REPOSITORY, 2, number).unwrap();
    }
    let known = talk.world.issues(REPOSITORY).len();
    for said in ["/enhance", "/approve 1", "/items", "/status", "/why order", "/undo", "/undo"] {
        talk.says("ada", 2, said).await;
    }
    talk.work_through().await;
    talk.rests(0).await;
    assert_eq!(talk.answers(2).len(), 7);
    assert_eq!(talk.world.issues(REPOSITORY).len(), known + 2, "the two work items and nothing else");
    written::is_sound(&talk.world);
}

#[tokio::test]
async fn s10_a_marker_in_the_issue_of_a_person_or_another_bot_is_nobodys() {
    let mut talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 1").await;
    let ours = talk.world.issue(REPOSITORY, 3).unwrap().body.unwrap();
    talk.world.add_bot("copier[bot]");
    let copies = ["rita", "copier[bot]"].map(|login| {
        let new =
            NewIssue { title: "Something else".to_owned(), body: Some(ours.clone()), ..NewIssue::default() };
        let copy = talk.world.add_issue(REPOSITORY, login, new).unwrap();
        talk.world.act_as("tess").add_sub_issue(REPOSITORY, 2, copy).unwrap();
        copy
    });
    talk.world.act_as("ada").delete_issue(REPOSITORY, 3).unwrap();
    // All that is left to tell our own sub-issues by is what stands at GitHub.
    talk.lose_database().await;
    talk.hand.advance_ms(300_000);
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 2").await;
    let approved = talk.last(2);
    assert!(approved.contains(": 1 of its 2 work items is new, 1 was open already.**"), "{approved}");
    assert!(approved.contains("#4 Read the limit"), "{approved}");
    talk.says("ada", 2, "/undo").await;
    for copy in copies {
        assert!(!approved.contains(&format!("#{copy} ")), "{approved}");
        assert!(talk.world.issue(REPOSITORY, copy).unwrap().open, "{}", talk.last(2));
    }
    talk.rests(0).await;
}
