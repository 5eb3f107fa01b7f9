use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::domain::ids::{InstallationId, IssueNumber};
use crate::github::blobs::Wanted;
use crate::github::error::ErrorKind;
use crate::github::issues::{IssueQuery, StateFilter};
use crate::github::testing::{Fake, Reply, START_MS, Seen, issue, repo_of};

const ISSUE: IssueNumber = IssueNumber(7);

#[tokio::test]
async fn what_was_not_modified_is_answered_from_the_cache() {
    let fake = Fake::start(|seen| match (seen.path.as_str(), seen.header("if-none-match")) {
        ("/repos/octo/hello/issues", "W/\"a\"") => {
            Some(Reply::Answer { status: 304, headers: vec![], body: String::new() })
        }
        ("/repos/octo/hello/issues", _) if seen.query.contains("page=2") => {
            Some(Reply::json(200, json!([issue(2)])))
        }
        ("/repos/octo/hello/issues", _) => {
            let link = "</repos/octo/hello/issues?page=2>; rel=\"next\"";
            Some(Reply::json(200, json!([issue(1)])).header("etag", "W/\"a\"").header("link", link))
        }
        _ => None,
    })
    .await;
    let github = fake.github();
    for _ in 0..2 {
        let listed = repo_of(&github, 1).issues(&IssueQuery::default()).await.unwrap();
        assert_eq!(listed.items.iter().map(|issue| issue.number.0).collect::<Vec<_>>(), [1, 2]);
    }
    let sent: Vec<_> = fake.seen().into_iter().filter(|seen| seen.path.ends_with("/issues")).collect();
    let asked: Vec<_> = sent.iter().map(|seen| seen.header("if-none-match")).collect();
    assert_eq!(asked, ["", "", "W/\"a\"", ""]);
    repo_of(&github, 2).issues(&IssueQuery::default()).await.unwrap();
    let other = fake.seen().into_iter().rev().find(|seen| !seen.query.contains("page=2")).unwrap();
    assert_eq!(other.header("if-none-match"), "", "another installation never gets this one's answer");
}

#[tokio::test]
async fn an_answer_that_could_not_be_parsed_is_not_remembered() {
    let broken = AtomicBool::new(true);
    let fake = Fake::start(move |seen| {
        let body = match seen.path.ends_with("/issues/7") && broken.swap(false, Ordering::SeqCst) {
            true => json!({"id": 1}),
            false => issue(7),
        };
        (!seen.is_token_request()).then(|| Reply::json(200, body).header("etag", "\"e\""))
    })
    .await;
    let repo = fake.repo();
    assert_eq!(repo.issue(ISSUE).await.unwrap_err().kind, ErrorKind::Decode);
    repo.issue(ISSUE).await.unwrap();
    repo.issue(ISSUE).await.unwrap();
    let asked: Vec<String> = fake
        .seen()
        .iter()
        .filter(|seen| !seen.is_token_request())
        .map(|seen| seen.header("if-none-match").to_owned())
        .collect();
    assert_eq!(asked, ["", "", "\"e\""]);
}

#[tokio::test]
async fn a_list_says_when_it_is_not_all() {
    let fake = Fake::start(|seen| {
        let page = seen.before as i64 + 1;
        let link = format!("</repos/octo/hello/issues?page={}>; rel=\"next\"", page + 1);
        seen.path.ends_with("/issues").then(|| Reply::json(200, json!([issue(page)])).header("link", link))
    })
    .await;
    let query = IssueQuery {
        labels: vec!["good first issue".to_owned(), "bug".to_owned()],
        state: StateFilter::All,
        since_ms: Some(START_MS),
        max_pages: 3,
    };
    let listed = fake.repo().issues(&query).await.unwrap();
    assert_eq!((listed.items.len(), listed.complete), (3, false));
    let first = fake.seen().into_iter().find(|seen| seen.path.ends_with("/issues")).unwrap();
    assert_eq!(
        first.query,
        "state=all&labels=good+first+issue%2Cbug&since=2026-01-01T00%3A00%3A00Z&per_page=100"
    );
}

#[tokio::test]
async fn f19_a_comment_with_half_an_emoji_and_no_author_is_read() {
    let fake = Fake::start(|seen| {
        let body = r#"[{"id":1,"body":"a\ud800b\u0000","user":null,"created_at":"2026-01-01T00:00:00Z"},
                       {"id":2,"body":null,"user":{"login":"m[bot]","type":"Bot"},"performed_via_github_app":{"id":77}}]"#;
        let reply = Reply::Answer { status: 200, headers: vec![], body: body.to_owned() };
        seen.path.ends_with("/comments").then_some(reply)
    })
    .await;
    let comments = fake.repo().comments(ISSUE, None).await.unwrap().items;
    assert_eq!((comments[0].body.as_str(), &comments[0].user), ("a\u{FFFD}b\0", &None));
    assert_eq!((comments[1].body.as_str(), comments[1].app_id), ("", Some(77)));
}

#[tokio::test]
async fn the_owners_configuration_is_read_or_is_not_there() {
    let not_covered = json!({"message": "There is at least one repository that does not exist or is not accessible to the parent installation."});
    let fake = Fake::start(move |seen| match seen.path.as_str() {
        "/app/installations/1/access_tokens" => None,
        "/app/installations/2/access_tokens" => Some(Reply::json(422, not_covered.clone())),
        "/repos/octo/.github/contents/.github/millwright.yml" => Some(Reply::json(
            200,
            json!({"type": "file", "sha": "s1", "encoding": "base64", "content": "bW9k\nZQ==\n"}),
        )),
        _ => None,
    })
    .await;
    let github = fake.github();
    let config = |installation| github.for_config(InstallationId(installation), "octo");
    let file = config(1).content_file(".github/millwright.yml", 1 << 20).await.unwrap().unwrap();
    assert_eq!((file.sha.as_str(), file.text().as_ref()), ("s1", "mode"));
    assert_eq!(config(1).content_file("none.yml", 1 << 20).await.unwrap(), None);
    assert_eq!(config(2).content_file("none.yml", 1 << 20).await.unwrap(), None);
    assert_eq!(config(3).content_file("none.yml", 1 << 20).await.unwrap(), None);
    for status in [404, 422] {
        let refused = Fake::start(move |seen| seen.is_token_request().then(|| Reply::status(status))).await;
        let config = refused.github().for_config(InstallationId(1), "octo");
        assert_eq!(config.content_file("x", 1 << 20).await.unwrap(), None, "{status} in words of its own");
    }
    let failing = Fake::start(|seen| seen.is_token_request().then(|| Reply::status(500))).await;
    let config = failing.github().for_config(InstallationId(1), "octo");
    assert_eq!(config.content_file("x", 1 << 20).await.unwrap_err().kind, ErrorKind::Server);
}

#[tokio::test]
async fn a_file_is_read_whatever_its_size_and_a_folder_is_no_file() {
    let fake = Fake::start(|seen| match seen.path.as_str() {
        "/repos/octo/hello/contents/src/a%20b.rs" => Some(Reply::json(
            200,
            json!({"type": "file", "sha": "s1", "encoding": "base64", "content": "aGk="}),
        )),
        "/repos/octo/hello/contents/large" => {
            Some(Reply::json(200, json!({"type": "file", "sha": "s2", "encoding": "none", "content": ""})))
        }
        "/repos/octo/hello/git/blobs/s2" => {
            Some(Reply::json(200, json!({"sha": "s2", "encoding": "base64", "content": "bGFyZ2U="})))
        }
        "/repos/octo/hello/contents/src" => Some(Reply::json(200, json!([{"type": "file", "sha": "s1"}]))),
        "/repos/octo/hello/contents/module" => {
            Some(Reply::json(200, json!({"type": "submodule", "sha": "s3"})))
        }
        "/repos/octo/hello/contents/odd" => Some(Reply::json(
            200,
            json!({"type": "file", "sha": "s1", "encoding": "base64", "content": "***"}),
        )),
        _ => None,
    })
    .await;
    let repo = fake.repo();
    let text = async |path: &str| {
        let file = repo.content_file(path, "abc", 1 << 20).await;
        file.map(|file| file.map(|file| file.text().into_owned()))
    };
    assert_eq!(text("src/a b.rs").await.unwrap().as_deref(), Some("hi"));
    assert_eq!(fake.seen().last().unwrap().query, "ref=abc");
    assert_eq!(text("large").await.unwrap().as_deref(), Some("large"));
    for none in ["src", "module", "missing"] {
        assert_eq!(text(none).await.unwrap(), None);
    }
    assert_eq!(text("odd").await.unwrap_err().kind, ErrorKind::Decode);
}

#[tokio::test]
async fn a_blob_is_bounded() {
    let fake = Fake::start(|seen| {
        let blob = json!({"encoding": "base64", "content": "eHh4eHh4eHh4eA==", "sha": "s", "padding": "x".repeat(3000)});
        let huge = json!({"encoding": "base64", "content": "A".repeat(100_000)});
        match seen.path.as_str() {
            "/repos/octo/hello/git/blobs/s" => Some(Reply::json(200, blob)),
            "/repos/octo/hello/git/blobs/huge" => Some(Reply::json(200, huge)),
            _ => None,
        }
    })
    .await;
    let repo = fake.repo();
    assert_eq!(repo.blob("s", 10).await.unwrap().as_ref(), b"xxxxxxxxxx");
    assert_eq!(repo.blob("s", 9).await.unwrap_err().kind, ErrorKind::TooLarge { limit: 9 });
    assert_eq!(repo.blob("huge", 9).await.unwrap_err().kind, ErrorKind::TooLarge { limit: 9 });
    assert_eq!(repo.blob("none", 9).await.unwrap_err().kind, ErrorKind::NotFound);
}

fn files_by_graphql(seen: &Seen) -> Value {
    let mut objects = serde_json::Map::new();
    let asked = |index: &usize| seen.body["variables"][format!("e{index}")].as_str().map(str::to_owned);
    for index in (0..).take_while(|index| asked(index).is_some()) {
        let expression = asked(&index).unwrap();
        let (commit, path) = expression.split_once(':').unwrap();
        assert_eq!(commit, "abc");
        let object = match path {
            "missing" | "//" => Value::Null,
            "folder" => json!({}),
            "image.png" => {
                json!({"oid": "b", "byteSize": 9, "isBinary": true, "text": null, "isTruncated": false})
            }
            "long" => {
                json!({"oid": "l", "byteSize": 900_000, "isBinary": false, "text": "lo", "isTruncated": true})
            }
            path => json!({"oid": format!("oid-{path}"), "byteSize": 2, "isBinary": false, "text": path}),
        };
        objects.insert(format!("f{index}"), object);
    }
    json!({"data": {"repository": objects}})
}

fn wanted(paths: &[String]) -> Vec<Wanted<'_>> {
    paths.iter().map(|path| Wanted { path, sha: path }).collect()
}

#[tokio::test]
async fn many_files_take_one_call_for_every_sixty() {
    let fake =
        Fake::start(|seen| (seen.path == "/graphql").then(|| Reply::json(200, files_by_graphql(seen)))).await;
    let mut paths: Vec<String> = (0..65).map(|number| format!("f{number}.rs")).collect();
    paths.extend(["missing", "folder", "image.png", "long"].map(str::to_owned));
    let files = fake.repo().files("abc", &wanted(&paths), || 25).await.unwrap();
    assert_eq!(fake.calls(), ["POST /graphql", "POST /graphql"]);
    assert_eq!(files.len(), 67);
    assert_eq!((files[64].path.as_str(), files[64].text.as_deref()), ("f64.rs", Some("f64.rs")));
    assert_eq!(
        (files[65].path.as_str(), files[65].text.as_deref(), files[65].byte_size),
        ("image.png", None, 9)
    );
    assert!(files[66].is_truncated);
    let sent = fake.seen().into_iter().filter(|seen| seen.path == "/graphql").map(|seen| seen.body);
    let takes = sent.map(|operation| {
        let parsed = graphql_parser::parse_query::<&str>(operation["query"].as_str().unwrap()).unwrap();
        let graphql_parser::query::Definition::Operation(graphql_parser::query::OperationDefinition::Query(
            query,
        )) = &parsed.definitions[0]
        else {
            panic!("not a query")
        };
        let given = operation["variables"].as_object().unwrap();
        assert!(query.variable_definitions.iter().all(|variable| given.contains_key(variable.name)));
        assert_eq!(query.variable_definitions.len(), given.len());
        given.len() - 2
    });
    assert_eq!(takes.collect::<Vec<_>>(), [60, 20], "aliases of each call");
}

fn silent_about_graphql() -> [Reply; 6] {
    let reset = (START_MS / 1000 + 900).to_string();
    [
        Reply::status(404),
        Reply::status(502),
        Reply::json(200, json!({"data": {"repository": null}})),
        Reply::json(200, json!({"data": {"repository": {}}})),
        Reply::json(200, json!({"data": null, "errors": [{"type": "RATE_LIMITED", "message": "spent"}]})),
        Reply::status(403)
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-resource", "graphql")
            .header("x-ratelimit-reset", reset),
    ]
}

#[tokio::test]
async fn files_are_read_one_by_one_where_graphql_does_not_answer() {
    for refusal in silent_about_graphql() {
        let fake = Fake::start(move |seen| match seen.path.as_str() {
            "/graphql" => Some(refusal.clone()),
            "/repos/octo/hello/git/blobs/a" => {
                Some(Reply::json(200, json!({"sha": "a", "encoding": "base64", "content": "aGk="})))
            }
            "/repos/octo/hello/git/blobs/b" => {
                Some(Reply::json(200, json!({"sha": "b", "encoding": "base64", "content": "AP8="})))
            }
            _ => None,
        })
        .await;
        let paths = ["a", "b", "none"].map(str::to_owned);
        let files = fake.repo().files("abc", &wanted(&paths), || 25).await.unwrap();
        let texts: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.text.as_deref())).collect();
        assert_eq!(texts, [("a", Some("hi")), ("b", None)]);
    }
}

#[tokio::test]
async fn without_graphql_as_many_files_are_read_as_there_are_calls() {
    let fake = Fake::start(|seen| {
        let blob = json!({"sha": "a", "encoding": "base64", "content": "aGk="});
        seen.path.starts_with("/repos/octo/hello/git/blobs/").then(|| Reply::json(200, blob))
    })
    .await;
    let paths: Vec<String> = (0..60).map(|number| format!("f{number}.rs")).collect();
    let repo = fake.repo();
    let files = repo.files("abc", &wanted(&paths), || 26 - repo.sent()).await.unwrap();
    assert_eq!((files.len(), files[24].path.as_str()), (25, "f24.rs"));
    assert_eq!((fake.calls().len(), repo.clone().sent()), (26, 26), "GraphQL is tried once, and counts");
}

#[tokio::test]
async fn a_glance_without_graphql_lists_folders_and_names_no_ref() {
    for refusal in silent_about_graphql() {
        let fake = Fake::start(move |seen| {
            let dir = |name: &str| json!({"type": "dir", "name": name});
            let file = |name: &str| json!({"type": "file", "name": name});
            Some(match seen.path.as_str() {
                "/graphql" => refusal.clone(),
                "/repos/octo/hello/contents" => {
                    Reply::json(200, json!([dir(".github"), dir(".mergify"), dir(".prow"), file("OWNERS")]))
                }
                "/repos/octo/hello/contents/.github" => Reply::json(200, json!([file("millwright.yml")])),
                "/repos/octo/hello/contents/.mergify" => Reply::json(200, json!([file("config.yml")])),
                "/repos/octo/hello/contents/.github/millwright.yml" => Reply::json(
                    200,
                    json!({"type": "file", "sha": "s1", "encoding": "base64", "content": "aGk="}),
                ),
                _ => return None,
            })
        })
        .await;
        let others = [".prow", "OWNERS", ".github/OWNERS", ".mergify/config.yml", ".pr_agent.toml"];
        let glance = fake.repo().glance(".github/millwright.yml", &others.map(str::to_owned)).await.unwrap();
        assert_eq!(glance.file.unwrap().text.as_deref(), Some("hi"));
        assert_eq!(glance.present, ["OWNERS", ".mergify/config.yml"]);
        assert!(fake.seen().iter().all(|seen| seen.query.is_empty()));
        assert_eq!(fake.calls().len(), 5, "{:?}", fake.calls());
    }
}

#[tokio::test]
async fn a_glance_asks_for_the_files_themselves_where_no_folder_is_listed() {
    let fake = Fake::start(|seen| {
        let file = json!({"type": "file", "sha": "s1", "encoding": "base64", "content": "aGk="});
        seen.path.ends_with("/contents/OWNERS").then(|| Reply::json(200, file))
    })
    .await;
    let glance = fake.repo().glance("a.yml", &["OWNERS", ".prow"].map(str::to_owned)).await.unwrap();
    assert_eq!((glance.file, glance.present), (None, vec!["OWNERS".to_owned()]));
}
