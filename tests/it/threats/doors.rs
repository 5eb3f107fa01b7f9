//! Who gets in: signatures, permissions, arguments.

use millwright::domain::ids::{CommentId, RepoId};
use millwright::domain::permission::Permission;
use millwright::sandbox::{Effect, Fault, FaultAnswer, REPOSITORY, signature};
use millwright::store::CommandState;
use millwright::triggers::commands::COMMANDS;

use crate::flows::harness::{Restart, Setup, Talk, on_both};
use crate::flows::post::Post;

#[tokio::test]
async fn s1_a_forged_delivery_leaves_no_row() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "No command.").await;
        let sent = talk.world.webhook_log().into_iter().find(|sent| sent.event == "issue_comment").unwrap();
        let mut payload = (*sent.payload).clone();
        payload["comment"]["body"] = "/enhance".into();
        let body = payload.to_string().into_bytes();
        let good = signature(&talk.world.app().webhook_secret, &body);
        let forged = [
            None,
            Some(("x-hub-signature-256", signature("another secret", &body))),
            Some(("x-hub-signature-256", good.to_uppercase())),
            Some(("x-hub-signature-256", good[..40].to_owned())),
            Some(("x-hub-signature", good.replace("sha256=", "sha1="))),
            Some(("x-hub-signature", good.clone())),
        ];
        for (number, signed) in forged.into_iter().enumerate() {
            let guid = format!("forged-{number}");
            let post = Post { event: "issue_comment", guid: &guid, body: body.clone(), signed };
            assert_eq!(talk.post(post).await, 401, "{guid}");
            assert!(talk.app.ctx.store.inbox().get(&guid).await.unwrap().is_none(), "{guid}");
        }
        talk.work_through().await;
        assert_eq!(talk.answers(2), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn s1_the_old_and_the_new_secret_pass_during_a_rotation_and_no_third() {
    let mut talk = Talk::begin().await;
    let old = talk.world.app().webhook_secret;
    let both = format!("the-new-webhook-secret,{old}");
    talk.restart(Restart { variables: &[("GITHUB_WEBHOOK_SECRET", &both)], ..Restart::default() }).await;
    talk.says("ada", 1, "/status").await;
    talk.world.set_webhook_secret("the-new-webhook-secret");
    talk.says("ada", 1, "/help").await;
    talk.world.set_webhook_secret("a-third-webhook-secret");
    talk.says("ada", 1, "/items").await;
    assert_eq!(talk.answers(1).len(), 2);
}

#[tokio::test]
async fn s2_a_replayed_delivery_is_known_a_month_later() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "/enhance").await;
        let sent = talk
            .world
            .webhook_log()
            .into_iter()
            .find(|sent| sent.payload["comment"]["body"] == "/enhance")
            .unwrap();
        talk.hand.advance_ms(29 * 86_400_000);
        assert_eq!(talk.deliver("issue_comment", &sent.guid, &sent.payload).await, 200);
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn s3_each_command_runs_for_those_who_have_the_role_and_for_nobody_else() {
    let talk = Talk::begin().await;
    let number =
        talk.world.act_as("ada").open_issue(REPOSITORY, "Table", "- [ ] `src/auth.rs` must log\n").unwrap();
    let store = talk.app.ctx.store.repo(RepoId(talk.world.repository_id(REPOSITORY).unwrap()));
    let people = [
        ("stan", Permission::Read),
        ("rita", Permission::Read),
        ("tess", Permission::Triage),
        ("walt", Permission::Write),
        ("ada", Permission::Admin),
    ];
    for command in COMMANDS {
        for (login, role) in people {
            let comment = talk.says(login, number, command.example).await;
            let found = store.commands().of_comment(CommentId(comment)).await.unwrap();
            let taken = found.iter().any(|command| command.state != CommandState::Declined);
            assert_eq!(taken, role >= command.needs.role(), "{login} {}", command.name);
        }
    }
}

#[tokio::test]
async fn s3_what_the_payload_says_of_its_author_gives_no_right() {
    let talk = Talk::begin().await;
    talk.says("rita", 1, "No command.").await;
    let sent = talk.world.webhook_log().into_iter().find(|sent| sent.event == "issue_comment").unwrap();
    let mut payload = (*sent.payload).clone();
    payload["comment"]["body"] = "/enhance".into();
    for association in ["OWNER", "MEMBER", "COLLABORATOR"] {
        payload["comment"]["author_association"] = association.into();
        payload["issue"]["author_association"] = association.into();
        assert_eq!(talk.deliver("issue_comment", association, &payload).await, 202);
    }
    talk.work_through().await;
    insta::assert_snapshot!(talk.answers(1).join("\n---\n"), @"Somebody with triage access has to run `/enhance` here; nothing is wrong with this issue.");
}

#[tokio::test]
async fn s3_without_an_answer_about_the_permission_nothing_runs() {
    for effect in
        [Effect::Answer(FaultAnswer::status(500)), Effect::Cut, Effect::Answer(FaultAnswer::status(404))]
    {
        let talk = Talk::begin().await;
        talk.world.faults().add(Fault::on("GET", "/repos/*/*/collaborators/*/permission", effect));
        let comment = talk.says("ada", 2, "/enhance").await;
        talk.work_through().await;
        let store = talk.app.ctx.store.repo(RepoId(talk.world.repository_id(REPOSITORY).unwrap()));
        let found = store.commands().of_comment(CommentId(comment)).await.unwrap();
        assert!(found.iter().all(|command| command.state == CommandState::Declined), "{found:?}");
        assert!(talk.answers(2).iter().all(|said| !said.contains("Plannable")));
    }
}

#[tokio::test]
async fn s4_arguments_name_no_settings_and_reach_nothing_outside() {
    let talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    let mut ends = Vec::new();
    for text in [
        "/enhance --config.model=gpt --pr_help_docs.repo_url=https://github.com.attacker.tld/x",
        "/enhance https://github.com.attacker.tld/acme/web",
        "/enhance http://169.254.169.254/latest/meta-data",
        "/enhance ../../../etc/passwd",
        "/enhance #2 --repo=attacker/evil",
        "/approve 1 --config.approval=automatic",
        "/approve --one --repo attacker/evil 1",
        "/revise --mode=full",
        "/why ../../../etc/passwd",
        "/undo --all --repo=attacker/evil",
        "/enhance `cat /etc/passwd` $(id)",
    ] {
        let comment = talk.says("ada", 2, text).await;
        talk.work_through().await;
        let row = talk.store().commands().of_comment(CommentId(comment)).await.unwrap().remove(0);
        let why = row.note.map(|note| format!("\n  {note}")).unwrap_or_default();
        ends.push(format!("{}: {text}{why}", row.state.as_str()));
        if row.state == CommandState::Refused {
            assert_eq!(talk.reactions(2, comment), ["confused"], "{text}");
        }
    }
    // What is refused names an option or a place; the rest is plain text, quoted in a plan and nothing more.
    insta::assert_snapshot!(ends.join("\n"), @"
    refused: /enhance --config.model=gpt --pr_help_docs.repo_url=https://github.com.attacker.tld/x
      `--config.model=gpt` is not an option here; for example: `/enhance src/auth.rs`.
    refused: /enhance https://github.com.attacker.tld/acme/web
      I read this repository only; name an issue (`#12`), a path, a symbol or a sentence.
    refused: /enhance http://169.254.169.254/latest/meta-data
      I read this repository only; name an issue (`#12`), a path, a symbol or a sentence.
    refused: /enhance ../../../etc/passwd
      `../../../etc/passwd` is not in the tree at `df4d183`, and no file has a similar name; `/enhance` plans the issue without it.
    refused: /enhance #2 --repo=attacker/evil
      `--repo=attacker/evil` is not an option here; for example: `/enhance src/auth.rs`.
    refused: /approve 1 --config.approval=automatic
      `--config.approval=automatic` is not an option here; for example: `/approve 1`.
    refused: /approve --one --repo attacker/evil 1
      `attacker/evil` is not a number; for example: `/approve 1`.
    refused: /revise --mode=full
      “--mode=full” changes nothing in [rev 1](https://github.example/acme/web/issues/2#issuecomment-3000000002); `/revise` takes `/revise 1: …`, `/revise R1: …`, `/revise drop R1` and a sentence that says what must be.
    refused: /why ../../../etc/passwd
      This plan can explain `1`, `2`, `R1`, `R2`, `R3`, `order`, `priority`, `repository`, `size`, `tests` and `type`; for example `/why R1`.
    refused: /undo --all --repo=attacker/evil
      `--all` is not an option here; for example: `/undo`.
    done: /enhance `cat /etc/passwd` $(id)
    ");
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [0; 0], "nothing was approved");
    let counts = talk.app.ctx.store.jobs().counts().await.unwrap();
    assert_eq!((counts.outstanding(), counts.dead), (0, 0));
    for request in talk.world.requests() {
        let path = &request.path;
        let ours = path.starts_with("/repos/acme/web") || path.starts_with("/repos/acme/.github/");
        assert!(ours || path.starts_with("/app") || path == "/graphql", "{path}");
        assert!(!path.contains("passwd") && !path.contains("attacker") && !path.contains(".."), "{path}");
    }
}
