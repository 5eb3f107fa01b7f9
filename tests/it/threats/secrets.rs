//! Secrets stay where they are, and a token opens one repository.

use millwright::ctx::crash::CrashPoints;
use millwright::sandbox::{Effect, Fault, FaultAnswer, REPOSITORY, When, World};
use millwright::telemetry::audit::Audit;
use millwright::telemetry::logs::{LogFormat, LogOptions, subscriber};
use millwright::telemetry::redact::Redactor;
use serde_json::{Value, json};

use crate::flows::harness::{Restart, Setup, Talk};
use crate::flows::kept::{Kept, let_events_be_heard};

/// Every token that this GitHub has given out.
fn tokens(world: &World) -> Vec<String> {
    let answers = world.requests().into_iter().filter(|request| request.path.ends_with("/access_tokens"));
    answers.filter_map(|request| request.answer?["token"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn s15_no_secret_reaches_logs_database_comments_or_the_audit_trail() {
    const OWN: &str = "canary-of-our-own-secret-0123456789abcdef";
    let (log, trail) = (Kept::default(), Kept::default());
    let output = log.clone();
    let options = LogOptions { filter: "trace".to_owned(), format: LogFormat::Json };
    // Without a list of secrets to hide: nothing may get as far as the redactor.
    let quiet = Redactor::new(&[]).unwrap();
    let_events_be_heard();
    let _guard = tracing::subscriber::set_default(
        subscriber(&options, quiet.clone(), move || output.clone()).unwrap(),
    );
    let audit = Audit::to_writer(trail.clone(), quiet);
    let talk =
        Talk::with(Setup { variables: vec![("MILLWRIGHT_SECRET", OWN)], audit, ..Setup::default() }).await;
    for text in ["/enhance", "/approve 1", "/items", "/undo", "/help"] {
        talk.says("ada", 2, text).await;
    }
    // Trouble is where secrets slip out.
    for status in [401, 403, 422, 500] {
        let fault = Effect::Answer(FaultAnswer::status(status));
        talk.world.faults().add(Fault::on("*", "/**", fault).when(When::Nth(3)));
        talk.world.expire_all_tokens();
        talk.says("ada", 1, "/enhance").await;
        talk.world.faults().clear();
    }
    talk.world.set_webhook_secret("canary-of-a-wrong-webhook-secret");
    talk.says("ada", 1, "/status").await;
    talk.work_through().await;
    let app = talk.world.app();
    let key = app
        .private_key_pem
        .lines()
        .filter(|line| !line.starts_with('-'))
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let mut canaries = tokens(&talk.world);
    assert!(canaries.len() >= 3, "{canaries:?}");
    canaries.extend(key.into_iter().filter(|line| line.len() > 20));
    canaries.extend([
        OWN.to_owned(),
        app.webhook_secret,
        "canary-of-a-wrong-webhook-secret".to_owned(),
        "Bearer ey".to_owned(),
    ]);
    let file = talk.database.trim_start_matches("sqlite://").to_owned();
    let comments = [1, 2].into_iter().flat_map(|number| talk.world.comments(REPOSITORY, number));
    let mut places = vec![
        ("log", log.bytes()),
        ("audit trail", trail.bytes()),
        ("comments", comments.map(|comment| comment.body).collect::<String>().into_bytes()),
        ("database", std::fs::read(&file).unwrap()),
    ];
    places.extend(std::fs::read(format!("{file}-wal")).ok().map(|bytes| ("database's log", bytes)));
    for (place, bytes) in places {
        assert!(!bytes.is_empty(), "{place} is empty");
        let text = String::from_utf8_lossy(&bytes);
        for canary in &canaries {
            let at = text.find(canary.as_str());
            assert!(
                at.is_none(),
                "{place}: …{}",
                text[at.unwrap_or(0).saturating_sub(300)..].chars().take(400).collect::<String>()
            );
        }
    }
}

#[tokio::test]
async fn s16_every_token_is_asked_for_one_repository_and_one_permission_set() {
    let talk = Talk::begin().await;
    for text in ["/enhance", "/approve 1", "/items"] {
        talk.says("ada", 2, text).await;
    }
    let id = talk.world.repository_id(REPOSITORY).unwrap();
    let work = json!({
        "repository_ids": [id],
        "permissions": { "issues": "write", "contents": "read", "metadata": "read", "actions": "read" },
    });
    let configuration = json!({ "repositories": [".github"], "permissions": { "contents": "read" } });
    let asked = talk.world.requests().into_iter().filter(|request| request.path.ends_with("/access_tokens"));
    let mut bodies = asked.filter_map(|request| request.body).collect::<Vec<Value>>();
    bodies.sort_by_key(ToString::to_string);
    assert_eq!(bodies, [configuration, work], "one token per scope for the whole conversation");
}

#[tokio::test]
async fn s16_the_apps_key_is_exchanged_in_the_middle_of_the_work() {
    let (crash, reached) = CrashPoints::freeze_at("after_post_before_remote_id");
    let mut talk = Talk::with(Setup { crash, ..Setup::default() }).await;
    talk.world.act_as("ada").comment(REPOSITORY, 2, "/enhance").unwrap();
    talk.work_until(&reached).await;
    let old = talk.world.app().private_key_pem;
    talk.world.add_private_key();
    let new = talk.world.app().private_key_pem;
    assert_ne!(old, new);
    talk.world.revoke_old_private_keys();
    talk.world.expire_all_tokens();
    let both = format!("{new}\n{old}");
    talk.restart(Restart { variables: &[("GITHUB_APP_PRIVATE_KEY", &both)], ..Restart::default() }).await;
    talk.hand.advance_ms(61_000);
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), 1, "what the old key had signed is known as ours");
    // Without the old key, too, everything goes on.
    talk.restart(Restart { variables: &[("GITHUB_APP_PRIVATE_KEY", &new)], ..Restart::default() }).await;
    talk.says("ada", 2, "/approve 1").await;
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2).len(), 2, "{}", talk.last(2));
}
