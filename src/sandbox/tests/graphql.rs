//! GraphQL.

use super::*;

async fn ask(bench: &Bench, query: &str, variables: Value) -> Value {
    let sent = bench.send("POST", "/graphql", json!({ "query": query, "variables": variables })).await;
    assert_eq!(sent.status, 200);
    sent.body
}

fn code(answer: &Value) -> &str {
    assert!(answer.get("data").is_none(), "nothing ran: {answer}");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

const BLOBS: &str = "query($owner: String!, $name: String!, $e0: String!, $e1: String!) {
  repository(owner: $owner, name: $name) {
    f0: object(expression: $e0) { __typename ...file }
    f1: object(expression: $e1) { ... on Blob { text } }
    issue(number: 2) { title state }
    defaultBranchRef { name target { oid } }
  }
  rateLimit { remaining cost }
}
fragment file on Blob { oid text byteSize isBinary isTruncated }";

#[tokio::test]
async fn blobs_are_read_by_aliases() {
    let bench = Bench::new();
    let head = bench.world.head(REPOSITORY).unwrap();
    let variables = json!({ "owner": "acme", "name": "web", "e0": format!("{head}:.github/CODEOWNERS"), "e1": "HEAD:nope" });
    let answer = ask(&bench, BLOBS, variables).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let repository = &answer["data"]["repository"];
    let text = "/src/auth.rs @acme/security\n";
    let file = json!({
        "__typename": "Blob",
        "oid": object_id("blob", text.as_bytes()),
        "text": text,
        "byteSize": text.len(),
        "isBinary": false,
        "isTruncated": false,
    });
    assert_eq!(repository["f0"], file);
    assert_eq!(repository["f1"], Value::Null);
    assert_eq!(repository["issue"], json!({ "title": "Rate limit failed sign-ins", "state": "OPEN" }));
    assert_eq!(repository["defaultBranchRef"], json!({ "name": "main", "target": { "oid": head } }));
    assert_eq!(answer["data"]["rateLimit"]["remaining"], 4999);
}

#[tokio::test]
async fn binary_and_long_blobs_say_so() {
    let bench = Bench::new();
    let long = "é".repeat(300_000);
    let files = [("bin", Some("a\0b")), ("long.txt", Some(long.as_str()))];
    bench.world.act_as("ada").push(REPOSITORY, "Add", &files).unwrap();
    let query = "{ repository(owner: \"acme\", name: \"web\") {
        bin: object(expression: \"main:bin\") { ... on Blob { text isBinary } }
        long: object(expression: \"main:long.txt\") { ... on Blob { text isTruncated byteSize } } } }";
    let answer = ask(&bench, query, Value::Null).await;
    let repository = &answer["data"]["repository"];
    assert_eq!(repository["bin"], json!({ "text": null, "isBinary": true }));
    assert_eq!(
        (&repository["long"]["isTruncated"], &repository["long"]["byteSize"]),
        (&json!(true), &json!(600_000))
    );
    assert_eq!(repository["long"]["text"].as_str().unwrap().len(), 512_000);
}

const MINIMIZE: &str = "mutation($id: ID!, $why: ReportedContentClassifiers!) {
  minimizeComment(input: { subjectId: $id, classifier: $why }) {
    minimizedComment { isMinimized minimizedReason ... on IssueComment { body } }
  }
}";

#[tokio::test]
async fn a_comment_is_minimized() {
    let bench = Bench::new();
    let sent = bench.send("POST", "/repos/acme/web/issues/1/comments", json!({ "body": "old" })).await;
    let id = sent.body["node_id"].clone();
    let answer = ask(&bench, MINIMIZE, json!({ "id": id, "why": "OUTDATED" })).await;
    let shown = &answer["data"]["minimizeComment"]["minimizedComment"];
    assert_eq!(*shown, json!({ "isMinimized": true, "minimizedReason": "outdated", "body": "old" }));
    assert_eq!(bench.world.comments(REPOSITORY, 1)[0].minimized.as_deref(), Some("outdated"));
    let rest = bench.get("/repos/acme/web/issues/1/comments").await;
    assert_eq!(rest.body[0]["minimized"], json!({ "reason": "outdated" }));
    let unknown = ask(&bench, MINIMIZE, json!({ "id": "IC_nothing", "why": "OUTDATED" })).await;
    assert_eq!(unknown["errors"][0]["type"], "NOT_FOUND");
    assert_eq!(unknown["errors"][0]["path"], json!(["minimizeComment"]));
    let wrong = ask(&bench, MINIMIZE, json!({ "id": id, "why": "BORING" })).await;
    assert_eq!(code(&wrong), "variableMismatch");
}

#[tokio::test]
async fn minimizing_needs_the_right_to_write_issues() {
    let bench = Bench::new();
    let comment = bench.world.act_as("rita").comment(REPOSITORY, 1, "hello").unwrap();
    let id = bench.get(&format!("/repos/acme/web/issues/comments/{comment}")).await.body["node_id"].clone();
    let bearer = format!("Bearer {}", bench.token_with(&[("issues", Level::Read)]));
    let body = json!({ "query": MINIMIZE, "variables": { "id": id, "why": "OUTDATED" } });
    let sent = bench.send_with("POST", "/api/graphql", (body, &[("authorization", &bearer)])).await;
    assert_eq!(sent.body["errors"][0]["type"], "FORBIDDEN");
    assert_eq!(bench.world.comments(REPOSITORY, 1)[0].minimized, None);
}

#[tokio::test]
async fn what_the_schema_does_not_know_is_refused() {
    let bench = Bench::new();
    let repository = "repository(owner: \"acme\", name: \"web\")";
    for (query, expected) in [
        (format!("{{ {repository} {{ nonsense }} }}"), "undefinedField"),
        ("{ nonsense }".to_owned(), "undefinedField"),
        (format!("{{ {repository} }}"), "selectionMismatch"),
        (format!("{{ {repository} {{ name {{ x }} }} }}"), "selectionMismatch"),
        ("{ repository(owner: \"acme\") { name } }".to_owned(), "missingRequiredArguments"),
        ("{ repository(owner: 1, name: \"web\") { name } }".to_owned(), "argumentLiteralsIncompatible"),
        (format!("{{ {repository} {{ name(x: 1) }} }}"), "argumentNotAccepted"),
        (format!("{{ {repository} {{ issue(number: $n) {{ title }} }} }}"), "variableNotDefined"),
        (
            format!("query($n: Int!) {{ {repository} {{ issue(number: $n) {{ title }} }} }}"),
            "variableMismatch",
        ),
        (
            format!("query($n: Int) {{ {repository} {{ issue(number: $n) {{ title }} }} }}"),
            "variableMismatch",
        ),
        (format!("{{ {repository} {{ ...nothing }} }}"), "useAndDefineFragment"),
        (format!("{{ {repository} {{ ... on Blob {{ text }} }} }}"), "cannotSpreadFragment"),
        (format!("{{ {repository} {{ ...a }} }} fragment a on Repository {{ ...a }}"), "maxDepth"),
        ("{ repository(".to_owned(), "parseError"),
        (
            "mutation { minimizeComment(input: { subjectId: \"x\" }) { clientMutationId } }".to_owned(),
            "missingRequiredInputObjectAttribute",
        ),
    ] {
        let answer = ask(&bench, &query, Value::Null).await;
        assert_eq!(code(&answer), expected, "{query}\n{answer}");
    }
}

#[tokio::test]
async fn graphql_needs_a_token_and_sees_only_its_repositories() {
    let bench = Bench::new();
    let body = json!({ "query": "{ rateLimit { cost } }" });
    let sent = bench.send_with("POST", "/graphql", (body, &[("authorization", "")])).await;
    assert_eq!(sent.status, 401);
    bench.world.add_repository(NewRepository::named("acme/other"));
    let answer = ask(&bench, "{ repository(owner: \"acme\", name: \"other\") { name } }", Value::Null).await;
    assert_eq!(
        (&answer["data"]["repository"], &answer["errors"][0]["type"]),
        (&Value::Null, &json!("NOT_FOUND"))
    );
}
