//! What people may do, and worlds made from payloads.

use super::*;

#[test]
fn people_do_only_what_their_role_allows() {
    let bench = Bench::new();
    let world = &bench.world;
    let status = |result: Result<(), Refusal>| result.map_or_else(|refusal| refusal.status, |()| 200);
    for (login, label, lock, delete) in [
        ("stan", 403, 403, 403),
        ("rita", 403, 403, 403),
        ("tess", 200, 403, 403),
        ("walt", 200, 200, 403),
        ("ada", 200, 200, 200),
    ] {
        let person = world.act_as(login);
        let number = world.act_as("ada").open_issue(REPOSITORY, "Target", "").unwrap();
        assert!(person.comment(REPOSITORY, number, "hello").is_ok(), "{login}");
        let done = [
            status(person.label(REPOSITORY, number, "bug")),
            status(person.lock(REPOSITORY, number)),
            status(person.delete_issue(REPOSITORY, number)),
        ];
        assert_eq!(done, [label, lock, delete], "{login}");
    }
    assert!(world.act_as("rita").push(REPOSITORY, "x", &[("a", Some("b"))]).is_err());
}

#[test]
fn authors_may_change_what_is_theirs() {
    let bench = Bench::new();
    let (rita, stan) = (bench.world.act_as("rita"), bench.world.act_as("stan"));
    let number = rita.open_issue(REPOSITORY, "Mine", "").unwrap();
    let comment = rita.comment(REPOSITORY, number, "mine").unwrap();
    assert_eq!(stan.edit_comment(REPOSITORY, comment, "his").unwrap_err().status, 403);
    assert_eq!(stan.close(REPOSITORY, number).unwrap_err().status, 403);
    rita.edit_comment(REPOSITORY, comment, "still mine").unwrap();
    rita.close(REPOSITORY, number).unwrap();
    assert_eq!(bench.world.comments(REPOSITORY, number)[0].body, "still mine");
    assert!(!bench.world.issue(REPOSITORY, number).unwrap().open);
}

#[test]
fn a_private_repository_does_not_exist_for_strangers() {
    let bench = Bench::new();
    bench.world.add_repository(NewRepository { private: true, ..NewRepository::named("acme/vault") });
    let refused = bench.world.act_as("stan").open_issue("acme/vault", "x", "").unwrap_err();
    assert_eq!(refused.status, 404);
}

#[test]
fn the_default_world_is_quiet_and_complete() {
    let bench = Bench::new();
    assert_eq!(bench.world.waiting_webhooks(), 0);
    let titles: Vec<String> = bench.world.issues(REPOSITORY).into_iter().map(|issue| issue.title).collect();
    assert_eq!(titles, ["Read the client address behind the proxy", "Rate limit failed sign-ins"]);
    assert!(bench.world.issue(REPOSITORY, 2).unwrap().body.unwrap().contains("Depends on #1"));
    assert!(!bench.world.files(REPOSITORY).contains(&"src/nope.rs".to_owned()));
    let again = Bench::new();
    assert_eq!(bench.world.head(REPOSITORY), again.world.head(REPOSITORY), "the same world every time");
}

#[tokio::test]
async fn a_world_is_seeded_from_a_payload() {
    let bench = Bench::new();
    let empty = World::new(Arc::new(|| START_MS));
    let payload = json!({
        "action": "created",
        "issue": { "id": 444_500_041, "node_id": "MDU6SXNzdWU0NDQ1MDAwNDE=", "number": 17, "title": "Spelling",
            "user": { "login": "Octo", "id": 21, "type": "User" }, "labels": [{ "name": "typo" }],
            "state": "closed", "locked": false, "body": "It says colour." },
        "comment": { "id": 492_700_400, "node_id": "IC_legacy", "user": null, "body": "/enhance" },
        "repository": { "id": 186_853_002, "name": "hello", "full_name": "octo/hello", "private": true,
            "owner": { "login": "octo", "id": 7, "type": "Organization" }, "default_branch": "trunk" },
        "sender": { "login": "Octo2", "id": 22, "type": "User" },
        "installation": { "id": 5, "node_id": "x" },
    });
    empty.seed_from_payload(&payload);
    empty.seed_from_payload(&payload);
    assert_eq!(empty.repository_id("octo/hello"), Some(186_853_002));
    assert_eq!(empty.installation_id("octo/hello"), Some(5));
    let issue = empty.issue("octo/hello", 17).unwrap();
    assert_eq!((issue.id, issue.open, issue.author.as_deref()), (444_500_041, false, Some("Octo")));
    let comments = empty.comments("octo/hello", 17);
    assert_eq!((comments.len(), comments[0].id, comments[0].author.clone()), (1, 492_700_400, None));
    assert_eq!(empty.labels("octo/hello", 17), ["typo"]);
    assert_eq!(empty.waiting_webhooks(), 0);
    let token = empty.installation_token(5, None).unwrap();
    let seeded = Bench { world: empty, installation: 5, token, clock: bench.clock };
    let sent = seeded.get("/repos/octo/hello/issues/17").await;
    assert_eq!((sent.status, &sent.body["node_id"]), (200, &json!("MDU6SXNzdWU0NDQ1MDAwNDE=")));
    seeded.world.seed_from_payload(&json!({ "issue": 7, "repository": [], "sender": "x" }));
    assert_eq!(seeded.world.act_as("Octo2").open_issue("octo/hello", "Next", "").unwrap(), 18);
}

#[test]
fn ids_at_the_end_of_their_range_break_nothing() {
    let bench = Bench::new();
    let last = i64::MAX;
    bench.world.seed_from_payload(&json!({
        "repository": { "id": last, "full_name": "far/out", "owner": { "login": "far", "id": last } },
        "issue": { "id": last, "number": last, "title": "", "user": { "login": "x", "id": last } },
        "comment": { "id": last, "body": "" },
        "installation": { "id": last },
        "sender": { "login": "x", "id": last, "type": "User" },
    }));
    assert_eq!(bench.world.installation_id("far/out"), Some(last));
    assert_eq!(bench.world.issue("far/out", last).unwrap().title, "Untitled");
    assert!(bench.world.act_as("x").open_issue("far/out", "Next", "").is_err(), "no number is left");
}
