//! Whatever is sent, the world answers and never breaks.

use proptest::prelude::{Strategy, any, prop_oneof, proptest};

use super::*;

fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![proptest::sample::select(vec![
        "repos",
        "acme",
        "web",
        "issues",
        "comments",
        "labels",
        "1",
        "2",
        "99",
        "contents",
        "src",
        "git",
        "trees",
        "main",
        "sub_issues",
        "dependencies",
        "blocked_by",
        "reactions",
        "search",
        "app",
        "graphql",
        "api",
        "v3",
        "%",
        "%ff",
        "%00",
        "..",
        "",
        "-1",
        "99999999999999999999",
    ]),];
    let start =
        proptest::sample::select(vec!["", "/repos/acme/web", "/repos/acme/web/issues/1", "/repositories"]);
    let rest = proptest::collection::vec(segment, 1..5);
    (start, rest).prop_map(|(start, rest)| format!("{start}/{}", rest.join("/")))
}

fn body() -> impl Strategy<Value = String> {
    let field = proptest::sample::select(vec![
        "body",
        "title",
        "labels",
        "state",
        "content",
        "sub_issue_id",
        "issue_id",
        "query",
        "variables",
        "name",
    ]);
    let value = proptest::sample::select(vec![
        "null",
        "1",
        "-1",
        "1e99",
        "\"\"",
        "\"x\"",
        "\"\\u0000\"",
        "[]",
        "[null]",
        "[\"x\"]",
        "{}",
        "[{\"name\": \"x\"}]",
        "\"{ a(b: $c) { ...d } }\"",
        "\"query($a: [Int!]!) { repository(owner: $a) { name } }\"",
        "true",
    ]);
    let object = proptest::collection::vec((field, value), 0..3).prop_map(|fields| {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        format!("{{{}}}", fields.join(", "))
    });
    prop_oneof![4 => object, 1 => any::<String>()]
}

#[test]
fn any_request_is_answered() {
    let bench = Bench::new();
    bench.world.set_rates(Rates {
        core_per_hour: i64::MAX,
        graphql_per_hour: i64::MAX,
        points_per_minute: i64::MAX,
        content_per_minute: usize::MAX,
        content_per_hour: usize::MAX,
        ..Rates::default()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let method = proptest::sample::select(vec!["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"]);
    proptest!(|(method in method, path in path(), query in "[a-z_]{0,8}=[-0-9a-z%]{0,6}", body in body())| {
        let address = format!("{path}?{query}");
        let sent = runtime.block_on(bench.send(method, &address, Value::String(body)));
        proptest::prop_assert!(sent.status < 500, "{} for {} {}", sent.status, method, address);
    });
}

#[test]
fn any_graphql_text_is_answered() {
    let bench = Bench::new();
    bench.world.set_rates(Rates {
        graphql_per_hour: i64::MAX,
        points_per_minute: i64::MAX,
        ..Rates::default()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let word = proptest::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        "query",
        "mutation",
        "fragment a on Blob",
        "...a",
        "... on Blob",
        "repository",
        "owner:",
        "\"acme\"",
        "name:",
        "\"web\"",
        "object",
        "expression:",
        "\"main:src\"",
        "$x",
        ": Int!",
        "= 3",
        "text",
        "@skip(if: $x)",
        "issue",
        "number:",
        "99999999999999999999",
        "[",
        "]",
        "#",
        "\"\"\"",
    ]);
    let text = prop_oneof![
        3 => proptest::collection::vec(word, 0..24).prop_map(|words| words.join(" ")),
        1 => any::<String>(),
    ];
    proptest!(|(text in text)| {
        let sent = runtime.block_on(bench.send("POST", "/graphql", json!({ "query": text })));
        proptest::prop_assert_eq!(sent.status, 200);
    });
}
