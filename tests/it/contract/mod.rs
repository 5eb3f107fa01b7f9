//! The contract with GitHub: its payloads are understood, and what we send and get fits its own description.

use std::collections::{BTreeMap, BTreeSet};

use millwright::sandbox::{HookFault, REPOSITORY, Request, TokenKind};
use millwright::triggers::events;
use serde_json::{Value, json};

use crate::flows::discover;
use crate::flows::harness::Talk;
use crate::skips::skip;

#[path = "../../../src/sandbox/tests/openapi.rs"]
pub mod openapi;

fn examples() -> Option<BTreeMap<String, Value>> {
    #[expect(clippy::disallowed_methods, reason = "contract data is named by the environment of the tests")]
    let Ok(folder) = std::env::var("MILLWRIGHT_WEBHOOK_EXAMPLES") else {
        skip("a contract check, for MILLWRIGHT_WEBHOOK_EXAMPLES names no folder");
        return None;
    };
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
    };
    Some(files.map(read).collect())
}

#[tokio::test]
async fn every_example_of_a_webhook_is_accepted_and_worked_off() {
    let Some(examples) = examples() else { return };
    assert!(examples.len() > 50, "only {} examples", examples.len());
    let talk = Talk::begin().await;
    let mut stored = 0;
    for (name, payload) in &examples {
        let event = name.split('.').next().unwrap();
        let action = payload["action"].as_str();
        let mut installed = payload.clone();
        let repository = payload["repository"]["id"].as_i64().unwrap_or(77);
        if installed["installation"]["id"].is_null() {
            installed["installation"] = json!({ "id": repository });
        }
        talk.world.seed_from_payload(&installed);
        for (kind, payload) in [("bare", payload), ("installed", &installed)] {
            let status = talk.deliver(event, &format!("{name}-{kind}").replace('.', "-"), payload).await;
            let wanted = events::wanted(event, action) && !payload["installation"]["id"].is_null();
            assert_eq!(status, if wanted { 202 } else { 200 }, "{name} {kind}");
            stored += usize::from(wanted);
        }
        talk.work_through().await;
        let dead = talk.app.ctx.store.jobs().dead_list(10).await.unwrap();
        assert!(dead.is_empty(), "{name}: {dead:#?}");
    }
    assert!(stored >= 15, "only {stored} were stored");
    assert_eq!(talk.app.ctx.store.jobs().counts().await.unwrap().outstanding(), 0);
}

/// A conversation that reaches every verb the bot uses.
async fn conversation() -> Talk {
    let talk = Talk::begin().await;
    for text in [
        "/enhance",
        "/why R1",
        "/revise 1: the client IP",
        "/approve 2",
        "/items",
        "/status",
        "/stop",
        "/undo",
        "/help",
        "/enhnace",
    ] {
        talk.says("ada", 2, text).await;
        talk.hand.advance_ms(61_000);
    }
    talk.says("rita", 2, "/enhance").await;
    talk.says("stan", 2, "/approve 1").await;
    talk.says("ada", 1, "/enhance #2").await;
    talk.says("ada", 1, "/enhance --dry-run").await;
    talk.says("ada", 1, "/enhance #99").await;
    let edit = millwright::sandbox::IssueEdit {
        body: Some(Some("Something else.".to_owned())),
        ..Default::default()
    };
    talk.world.act_as("ada").edit_issue(REPOSITORY, 2, edit).unwrap();
    talk.says("ada", 2, "/enhance").await;
    // What nobody told us of: a delivery that failed, and one that was never sent.
    for fault in [HookFault::Fail(502), HookFault::Lose] {
        talk.app.timetable.tick().await.unwrap();
        talk.world.faults().add_for_webhooks("issue_comment", 1, fault);
        talk.says("ada", 2, "/status").await;
        talk.minutes_pass(40).await;
        talk.app.timetable.start().await.unwrap();
        talk.app.timetable.tick().await.unwrap();
        talk.work_through().await;
    }
    let mark = "fn lookup() {\n    // FIXME: gives up silently\n}\n";
    talk.world.add_files(REPOSITORY, &[("src/lookup.rs", mark)]).unwrap();
    talk.says("ada", 2, "/enhance discover").await;
    // Once more with what an operator may add: alerts, of which one scanner is switched off.
    discover::grant_alerts(&talk.world);
    for found in [discover::injection("src/lookup.rs", 1), discover::stripe_key()] {
        talk.world.add_alert(REPOSITORY, found).unwrap();
    }
    talk.minutes_pass(61).await;
    talk.says("ada", 2, "/enhance discover").await;
    talk
}

#[tokio::test]
async fn every_request_of_a_conversation_fits_githubs_description() {
    let Some(mut contract) = openapi::Contract::from_environment() else { return };
    let talk = conversation().await;
    let requests = talk.world.requests();
    let rest = requests.iter().filter(|request| request.path != "/graphql").collect::<Vec<&Request>>();
    let problems = rest.iter().flat_map(|request| contract.problems(request)).collect::<Vec<_>>();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n\n"));
    let asked = rest.iter().filter_map(|request| request.route).collect::<BTreeSet<_>>();
    for route in [
        "/app/hook/deliveries",
        "/app/hook/deliveries/{delivery_id}",
        "/app/installations/{installation_id}",
        "/repos/{owner}/{repo}/issues/comments",
        "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
        "/repos/{owner}/{repo}/code-scanning/alerts",
        "/repos/{owner}/{repo}/dependabot/alerts",
        "/repos/{owner}/{repo}/secret-scanning/alerts",
    ] {
        assert!(asked.contains(route), "{route} is not in the conversation: {asked:#?}");
    }
    let writes = rest.iter().filter(|request| request.method != "GET");
    let verbs =
        writes.map(|request| (request.method.as_str(), request.route.unwrap())).collect::<BTreeSet<_>>();
    let issue = "/repos/{owner}/{repo}/issues/{issue_number}";
    for (method, route) in [
        ("POST", "/app/installations/{installation_id}/access_tokens".to_owned()),
        ("POST", "/repos/{owner}/{repo}/issues".to_owned()),
        ("PATCH", issue.to_owned()),
        ("POST", format!("{issue}/comments")),
        ("POST", format!("{issue}/sub_issues")),
        ("POST", format!("{issue}/dependencies/blocked_by")),
        ("POST", "/repos/{owner}/{repo}/labels".to_owned()),
        ("POST", "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions".to_owned()),
        ("DELETE", "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}".to_owned()),
    ] {
        assert!(
            verbs.contains(&(method, route.as_str())),
            "{method} {route} is not in the conversation: {verbs:#?}"
        );
    }
}

#[tokio::test]
async fn every_graphql_operation_is_accepted() {
    let talk = conversation().await;
    let requests = talk.world.requests();
    let mut kinds = BTreeSet::new();
    for request in requests.iter().filter(|request| request.path == "/graphql") {
        let answer = request.answer.as_ref().unwrap();
        assert!(answer["errors"].is_null(), "{answer:#}");
        assert!(matches!(request.token, TokenKind::Installation(_)));
        let text = request.body.as_ref().unwrap()["query"].as_str().unwrap();
        kinds.insert(text.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
    }
    let names: Vec<&str> =
        kinds.iter().map(|kind| kind.split(['(', '{']).next().unwrap_or_default().trim()).collect();
    assert_eq!(names, ["mutation MinimizeComment", "query Blame", "query Files"]);
}
