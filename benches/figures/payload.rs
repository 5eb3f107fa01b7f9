//! Signed deliveries in the size and shape of GitHub's own: an `issue_comment` of 12.7 KB.

use bytes::Bytes;
use millwright::sandbox::signature;
use serde_json::{Map, Value, json};

/// GitHub's example has this many bytes.
const BYTES: usize = 12_700;

/// A comment on the issue of one of many repositories, each in an installation of its own.
#[derive(Clone, Copy)]
pub struct Comment<'a> {
    /// Repository and installation.
    pub place: i64,
    /// Database id, distinct for each comment.
    pub id: i64,
    /// What it says.
    pub text: &'a str,
}

/// A body and its signature.
#[derive(Clone)]
pub struct Signed {
    /// The payload.
    pub body: Bytes,
    /// Value of `X-Hub-Signature-256`.
    pub signature: String,
}

/// Signs a payload.
pub fn signed(payload: &Value, secret: &str) -> Signed {
    let body = Bytes::from(payload.to_string());
    Signed { signature: signature(secret, &body), body }
}

/// The repository's full name.
pub fn repository(place: i64) -> String {
    format!("person-{place}/repository-{place}")
}

/// The payload.
pub fn payload(comment: Comment<'_>) -> Value {
    let Comment { place, id, text } = comment;
    let owner = person(place);
    let name = repository(place);
    let api = format!("https://api.github.com/repos/{name}");
    let mut repository = links(&api, 48);
    repository.insert("id".into(), json!(100_000 + place));
    repository.insert("node_id".into(), json!(format!("R_kgDOB{place:08}")));
    repository.insert("name".into(), json!(format!("repository-{place}")));
    repository.insert("full_name".into(), json!(name));
    repository.insert("private".into(), json!(false));
    repository.insert("owner".into(), owner.clone());
    repository.insert("default_branch".into(), json!("main"));
    let at = "2026-03-01T10:00:00Z";
    let mut issue = links(&format!("{api}/issues/1"), 6);
    for (key, value) in [
        ("id", json!(200_000 + place)),
        ("node_id", json!(format!("I_kwDOB{place:08}"))),
        ("number", json!(1)),
        ("title", json!("Searching takes four seconds on large repositories")),
        ("user", owner.clone()),
        ("labels", json!([])),
        ("state", json!("open")),
        ("locked", json!(false)),
        ("comments", json!(0)),
        ("created_at", json!(at)),
        ("updated_at", json!(at)),
        (
            "body",
            json!(
                "It walks every file for every query, and most of them have not changed since the last one."
            ),
        ),
    ] {
        issue.insert(key.into(), value);
    }
    let mut payload = json!({
        "action": "created",
        "issue": issue,
        "comment": {
            "id": 300_000 + id, "node_id": format!("IC_kwDOB{id:08}"), "user": owner, "body": text,
            "author_association": "OWNER", "created_at": at, "updated_at": at,
            "url": format!("{api}/issues/comments/{id}"), "html_url": format!("https://github.com/{name}/issues/1#issuecomment-{id}"),
        },
        "repository": repository,
        "sender": owner,
        "installation": {"id": 400_000 + place, "node_id": format!("MDIzOkluc3RhbGxhdGlvbg{place:08}")},
    });
    let missing = BYTES.saturating_sub(payload.to_string().len());
    payload["issue"]["performed_via"] = json!(prose(missing, place));
    payload
}

fn person(place: i64) -> Value {
    let login = format!("person-{place}");
    let mut person = links(&format!("https://api.github.com/users/{login}"), 13);
    person.insert("login".into(), json!(login));
    person.insert("id".into(), json!(500_000 + place));
    person.insert("node_id".into(), json!(format!("MDQ6VXNlcg{place:08}")));
    person.insert("type".into(), json!("User"));
    person.insert("site_admin".into(), json!(false));
    Value::Object(person)
}

/// Most of a payload is addresses.
fn links(base: &str, count: usize) -> Map<String, Value> {
    const KINDS: [&str; 12] = [
        "forks",
        "keys",
        "teams",
        "hooks",
        "events",
        "assignees",
        "branches",
        "tags",
        "blobs",
        "trees",
        "statuses",
        "languages",
    ];
    let link = |index: usize| {
        let kind = KINDS[index % KINDS.len()];
        (format!("{kind}_{index}_url"), json!(format!("{base}/{kind}{{/{index}}}")))
    };
    (0..count).map(link).collect()
}

/// Words that repeat, but not at once.
fn prose(bytes: usize, seed: i64) -> String {
    const WORDS: [&str; 16] = [
        "index", "file", "walks", "query", "cache", "slow", "when", "the", "reads", "every", "should",
        "seconds", "large", "and", "keeps", "again",
    ];
    let mut state = seed.unsigned_abs().wrapping_add(1);
    let mut text = String::new();
    while text.len() < bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(WORDS[(state >> 60) as usize]);
        text.push(' ');
    }
    text.truncate(bytes);
    text
}
