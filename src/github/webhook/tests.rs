use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};
use serde_json::{Value, json};

use crate::domain::event::{Event, EventKind, IssueState};
use crate::github::webhook::{Shallow, parse};
use crate::skips::skip;

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

fn comment_payload() -> Value {
    json!({
        "action": "edited",
        "issue": {"id": 10, "number": 7, "title": "T", "body": null, "user": null, "state": "open"},
        "comment": {"id": 99, "body": "/enhance", "user": {"login": "mona", "id": 3, "type": "User"},
                    "created_at": "2026-01-01T00:00:00Z"},
        "changes": {"body": {"from": "/enh"}},
        "repository": {"id": 5, "name": "hello", "full_name": "octo/hello", "default_branch": "main"},
        "sender": {"login": "mona", "id": 3, "type": "User"},
        "installation": {"id": 42, "node_id": "x"}
    })
}

#[test]
fn a_comment_is_read_whole() {
    let envelope = parse("issue_comment", &bytes(&comment_payload())).unwrap();
    assert!(envelope.is(EventKind::action("issue_comment", "edited")));
    assert_eq!(envelope.installation.unwrap().0, 42);
    assert_eq!(envelope.repository.as_ref().unwrap().repo_name().unwrap().to_string(), "octo/hello");
    assert_eq!(envelope.sender.unwrap().login, "mona");
    let Event::IssueComment { issue, comment, old_body } = envelope.event else { panic!("another event") };
    assert_eq!((issue.number.0, issue.user, issue.state), (7, None, IssueState::Open));
    assert_eq!((comment.id.0, comment.body.as_str()), (99, "/enhance"));
    assert_eq!(comment.created_at_ms, Some(1_767_225_600_000));
    assert_eq!(old_body.as_deref(), Some("/enh"));
}

#[test]
fn the_shallow_look_finds_what_filter_and_lane_need() {
    let shallow = Shallow::read(&bytes(&comment_payload())).unwrap();
    let expected = Shallow {
        action: Some("edited".to_owned()),
        installation_id: Some(crate::domain::ids::InstallationId(42)),
        repo_id: Some(crate::domain::ids::RepoId(5)),
        repo_full_name: Some("octo/hello".to_owned()),
        issue_number: Some(crate::domain::ids::IssueNumber(7)),
        comment_id: Some(crate::domain::ids::CommentId(99)),
        may_command: true,
        account_login: None,
        bytes: bytes(&comment_payload()).len(),
    };
    assert_eq!(shallow, expected);
    let pull = Shallow::read(br#"{"number":12,"pull_request":{"number":12}}"#).unwrap();
    assert_eq!(pull.issue_number.unwrap().0, 12);
    let dependency =
        Shallow::read(br#"{"blocked_issue":{"number":4},"blocking_issue":{"number":5}}"#).unwrap();
    assert_eq!(dependency.issue_number.unwrap().0, 4);
}

#[test]
fn a_comment_is_passed_over_only_where_its_text_was_read_and_holds_no_command() {
    let may_command = |body: &str| {
        let payload =
            format!(r#"{{"action":"created","comment":{{"id":1,"body":{body}}},"repository":{{"id":5}}}}"#);
        let shallow = Shallow::read(payload.as_bytes()).unwrap();
        assert_eq!((shallow.comment_id.unwrap().0, shallow.repo_id.unwrap().0), (1, 5), "{body}");
        shallow.may_command
    };
    for nothing in [r#""Thanks, that helps.""#, r#""""#, r#""a\ud800b""#, r#""line\nline""#] {
        assert!(!may_command(nothing), "{nothing}");
    }
    for something in [
        r#""/help""#,
        r#""\/help""#,
        r#""\u002fhelp""#,
        r#""a\n\u0040millwright help""#,
        "null",
        "7",
        "[\"/help\"]",
        "{}",
    ] {
        assert!(may_command(something), "{something}");
    }
    assert!(Shallow::read(br#"{"action":"created"}"#).unwrap().may_command);
}

#[test]
fn wrong_types_of_what_is_not_needed_never_fail() {
    let mut payload = comment_payload();
    payload["issue"]["labels"] = json!({"odd": [1]});
    payload["issue"]["assignees"] = json!("nobody");
    payload["comment"]["user"] = Value::Null;
    payload["changes"] = json!([1, 2]);
    payload["sender"] = json!("ghost");
    payload["label"] = json!(17);
    payload["commits"] = json!({"a": {"b": []}});
    let envelope = parse("issue_comment", &bytes(&payload)).unwrap();
    assert_eq!(envelope.sender, None);
    payload["installation"] = json!("none");
    payload["repository"] = json!([]);
    let shallow = Shallow::read(&bytes(&payload)).unwrap();
    assert_eq!((shallow.installation_id, shallow.repo_id), (None, None));
    assert_eq!(shallow.comment_id.unwrap().0, 99);
}

#[test]
fn what_cannot_be_read_is_one_sentence() {
    let told = |name: &str, body: &[u8]| parse(name, body).unwrap_err().to_string();
    insta::assert_snapshot!(told("issue_comment", br#"{"action":"created"}"#), @"the body of the `issue_comment` event has no usable `issue`");
    insta::assert_snapshot!(told("push", b"{}"), @"the body of the `push` event has no usable `ref`");
    insta::assert_snapshot!(told("issues", br#"{"issue":{"number":7}}"#), @"the body of the `issues` event cannot be read: missing field `issue.id`");
    insta::assert_snapshot!(told("issue_comment", br#"{"comment":{"id":"x"}}"#), @r#"the body of the `issue_comment` event cannot be read: `comment.id`: the text "x" where a whole number is needed"#);
    insta::assert_snapshot!(told("issues", b"[]"), @"the body of the `issues` event cannot be read: it is not an object");
    insta::assert_snapshot!(Shallow::read(b"{").unwrap_err(), @"the webhook body cannot be read as a JSON object: EOF while parsing an object at line 1 column 1");
    for body in ["7", "[]", "null", "{} {}", "\"x\""] {
        assert!(Shallow::read(body.as_bytes()).is_err(), "{body}");
    }
    assert!(Shallow::read(b"").is_err());
}

#[test]
fn a_push_names_its_paths_once() {
    let payload = json!({
        "ref": "refs/heads/main", "before": "0", "after": "abc", "forced": true,
        "commits": [{"added": ["b", "a"], "modified": [".github/millwright.yml"]}, {"removed": ["a"], "added": 3}],
        "repository": {"id": 5, "full_name": "octo/hello", "default_branch": "main", "created_at": 1}
    });
    let Event::Push(push) = parse("push", &bytes(&payload)).unwrap().event else { panic!("another event") };
    assert!(push.on_default_branch && push.forced && !push.deleted);
    assert_eq!(push.paths, [".github/millwright.yml", "a", "b"]);
    assert_eq!((push.after.as_str(), push.commits), ("abc", 2));
    let mut elsewhere = payload;
    elsewhere["ref"] = json!("refs/tags/main");
    let Event::Push(push) = parse("push", &bytes(&elsewhere)).unwrap().event else { panic!("another event") };
    assert!(!push.on_default_branch);
}

#[test]
fn renames_and_installations_are_read() {
    let rename = json!({"action": "renamed", "changes": {"repository": {"name": {"from": "old"}}}});
    let event = parse("repository", &bytes(&rename)).unwrap().event;
    assert_eq!(event, Event::Repository { old_name: Some("old".to_owned()), old_owner: None });
    let transfer =
        json!({"action": "transferred", "changes": {"owner": {"from": {"user": {"login": "was"}}}}});
    let event = parse("repository", &bytes(&transfer)).unwrap().event;
    assert_eq!(event, Event::Repository { old_name: None, old_owner: Some("was".to_owned()) });
    let removed = json!({"action": "removed", "repositories_removed": [{"id": 6, "full_name": "octo/x"}]});
    let Event::InstallationRepositories { added, removed } =
        parse("installation_repositories", &bytes(&removed)).unwrap().event
    else {
        panic!("another event")
    };
    assert_eq!((added.len(), removed[0].repo_name().unwrap().to_string().as_str()), (0, "octo/x"));
}

#[test]
fn f19_poison_is_read_or_refused_and_nothing_panics() {
    let with_body = |escaped: &str| {
        format!(
            r#"{{"action":"created","issue":{{"id":1,"number":1,"title":"{}"}},"comment":{{"id":2,"body":"{escaped}"}}}}"#,
            "x".repeat(1 << 20)
        )
    };
    for (escaped, read) in [("a\\ud800b", "a\u{FFFD}b"), ("a\\u0000b", "a\0b"), ("\\ud83d\\ude00", "😀")] {
        let envelope = parse("issue_comment", with_body(escaped).as_bytes()).unwrap();
        let Event::IssueComment { issue, comment, .. } = envelope.event else { panic!("another event") };
        assert_eq!((comment.body.as_str(), issue.title.len()), (read, 1 << 20));
    }
    let deep = |open: &str, close: &str| open.repeat(100_000) + "1" + &close.repeat(100_000);
    for value in [deep("[", "]"), deep("{\"a\":", "}")] {
        let unneeded =
            format!(r#"{{"sender":{value},"unknown":{value},"installation":{{"id":3,"x":{value}}}}}"#);
        assert_eq!(Shallow::read(unneeded.as_bytes()).unwrap().installation_id.unwrap().0, 3);
        assert!(parse("ping", unneeded.as_bytes()).is_ok());
        assert!(parse("issues", format!(r#"{{"issue":{value}}}"#).as_bytes()).is_err());
    }
}

#[test]
fn every_official_example_is_read() {
    #[expect(clippy::disallowed_methods, reason = "the examples are data from outside the project")]
    let Ok(folder) = std::env::var("MILLWRIGHT_WEBHOOK_EXAMPLES") else {
        return skip("GitHub's own examples, for MILLWRIGHT_WEBHOOK_EXAMPLES names no folder");
    };
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some((name, action)) = file.strip_suffix(".json").and_then(|stem| stem.split_once('.')) else {
            continue;
        };
        let body = std::fs::read(&path).unwrap();
        let envelope = parse(name, &body).unwrap_or_else(|cause| panic!("{file}: {cause}"));
        let shallow = Shallow::read(&body).unwrap();
        assert_eq!(shallow.action, envelope.action, "{file}");
        assert_eq!(shallow.installation_id, envelope.installation, "{file}");
        assert_eq!(shallow.repo_id, envelope.repository.as_ref().map(|repository| repository.id), "{file}");
        assert_eq!(envelope.action.is_none(), action == "none", "{file}");
        let known =
            ["issue_comment", "issues", "push", "installation", "installation_repositories", "repository"];
        assert_eq!(!matches!(envelope.event, Event::Other), known.contains(&name), "{file}");
        read += 1;
    }
    assert!(read > 0, "the folder has no examples");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Shallow::read(&body);
        let _ = parse("issue_comment", &body);
    }

    #[test]
    fn any_value_in_any_place_is_read_or_refused(place in 0_usize..9, odd in odd_value()) {
        let mut payload = comment_payload();
        let field = ["action", "issue", "comment", "changes", "repository", "sender", "installation", "label", "ref"][place];
        payload[field] = odd;
        prop_assert!(Shallow::read(&bytes(&payload)).is_ok());
        let _ = parse("issue_comment", &bytes(&payload));
        let _ = parse("push", &bytes(&payload));
    }
}

fn odd_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map("(id|number|login|name|from|body|[a-z]{1,4})", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
