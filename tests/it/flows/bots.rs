//! Bots: ignored, unless the configuration lists their App; and never our own words.

use millwright::sandbox::{NewRepository, REPOSITORY, World};

use super::harness::{Setup, Talk};

const BOT: &str = "helper[bot]";

/// Lists the Apps of these bots in the repository's file.
fn list(world: &World, bots: &[&str]) {
    let ids = bots.iter().map(|bot| world.app_of(bot).unwrap().to_string()).collect::<Vec<_>>();
    let text = format!("commands:\n  bots: [{}]\n", ids.join(", "));
    world.act_as("ada").push(REPOSITORY, "Listen", &[(".github/millwright.yml", Some(&text))]).unwrap();
}

#[tokio::test]
async fn a_bot_is_ignored_until_its_app_is_listed() {
    let talk = Talk::begin().await;
    let ignored = talk.says_unanswered(BOT, 2, "/enhance").await;
    assert!(talk.reactions(2, ignored).is_empty());
    talk.world.add_bot("other[bot]");
    list(&talk.world, &["other[bot]"]);
    let ignored = talk.says_unanswered(BOT, 2, "@millwright enhance").await;
    assert!(talk.reactions(2, ignored).is_empty(), "another App is listed");
    list(&talk.world, &["other[bot]", BOT]);
    let plan = talk.asks(BOT, 2, "/enhance").await;
    assert!(plan.contains("rev 1 ·"), "{plan}");
    list(&talk.world, &[]);
    talk.says_unanswered(BOT, 2, "/status").await;
    talk.end().await;
}

#[tokio::test]
async fn a_listed_bot_needs_the_permission_that_a_person_would_need() {
    let talk = Talk::with(Setup { furnish: |world| list(world, &[BOT]), ..Setup::default() }).await;
    talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(talk.asks(BOT, 2, "/approve 1").await, @"Somebody with write access has to run `/approve` here; nothing is wrong with this issue.");
    assert!(talk.world.sub_issues(REPOSITORY, 2).is_empty());
    // Told once, so that two bots do not keep each other busy.
    talk.says_unanswered(BOT, 2, "/approve 1").await;
    talk.end().await;
}

#[tokio::test]
async fn the_organization_can_lock_whom_it_listens_to() {
    let furnish = |world: &World| {
        let text = "locked: [commands]\n";
        world.add_repository(NewRepository::named("acme/.github"));
        world.add_files("acme/.github", &[(".github/millwright.yml", text)]).unwrap();
        let installation = world.installation_id(REPOSITORY).unwrap();
        world.add_to_installation(installation, &["acme/.github"]).unwrap();
        list(world, &[BOT]);
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.says_unanswered(BOT, 2, "/status").await;
    talk.end().await;
}

#[tokio::test]
async fn our_own_words_start_nothing_even_where_our_own_app_is_listed() {
    let talk = Talk::begin().await;
    let own = format!("{}[bot]", talk.world.app().slug);
    list(&talk.world, &[&own, BOT]);
    talk.asks("tess", 2, "/enhance").await;
    let ours = talk.world.comments(REPOSITORY, 2).pop().unwrap();
    let log = talk.world.webhook_log();
    let told = log.into_iter().find(|sent| sent.payload["comment"]["id"] == ours.id).unwrap();
    let mut echo = (*told.payload).clone();
    echo["comment"]["body"] = "/status".into();
    assert_eq!(echo["comment"]["performed_via_github_app"]["id"], talk.world.app().id);
    let before = talk.answers(2).len();
    assert_eq!(talk.deliver("issue_comment", "echo", &echo).await, 202);
    // Where GitHub names no App, or another one that is listed, the account says that it is us.
    echo["comment"]["performed_via_github_app"]["id"] = talk.world.app_of(BOT).into();
    assert_eq!(talk.deliver("issue_comment", "echo-of-another", &echo).await, 202);
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), before);
    talk.end().await;
}
