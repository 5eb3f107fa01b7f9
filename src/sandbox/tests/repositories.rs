//! Repositories, files, commits, workflows, permissions.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

#[tokio::test]
async fn a_tree_lists_every_file_with_gits_ids() {
    let bench = Bench::new();
    let head = bench.get("/repos/acme/web/branches/main").await.body["commit"]["sha"].clone();
    let sent = bench.get(&format!("/repos/acme/web/git/trees/{}?recursive=1", head.as_str().unwrap())).await;
    let entries = sent.body["tree"].as_array().unwrap();
    let files: Vec<&str> =
        entries.iter().filter(|it| it["type"] == "blob").map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(
        files,
        [
            ".github/CODEOWNERS",
            ".github/workflows/ci.yml",
            "Cargo.toml",
            "README.md",
            "config/app.toml",
            "src/auth.rs",
            "src/main.rs",
            "tests/auth.rs"
        ]
    );
    let owners = entries.iter().find(|entry| entry["path"] == ".github/CODEOWNERS").unwrap();
    let content = bench.world.file(REPOSITORY, ".github/CODEOWNERS").unwrap();
    assert_eq!(
        (&owners["sha"], &owners["size"]),
        (&json!(object_id("blob", &content)), &json!(content.len()))
    );
    assert_eq!(sent.body["truncated"], false);
    bench.world.set_abilities(Abilities { tree_entries: 3, ..Abilities::default() });
    let cut = bench.get("/repos/acme/web/git/trees/main?recursive=1").await.body;
    assert_eq!((cut["tree"].as_array().unwrap().len(), &cut["truncated"]), (3, &json!(true)));
}

#[tokio::test]
async fn files_come_encoded_raw_or_as_a_listing() {
    let bench = Bench::new();
    let path = "/repos/acme/web/contents/src/auth.rs";
    let content = bench.world.file(REPOSITORY, "src/auth.rs").unwrap();
    let sent = bench.get(path).await.body;
    let packed: String = sent["content"].as_str().unwrap().split('\n').collect();
    assert_eq!(STANDARD.decode(packed).unwrap(), content);
    let raw =
        bench.send_with("GET", path, (Value::Null, &[("accept", "application/vnd.github.raw+json")])).await;
    assert_eq!(raw.raw, content);
    let listing = bench.get("/repos/acme/web/contents/src").await.body;
    let names: Vec<&str> =
        listing.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["auth.rs", "main.rs"]);
    assert_eq!(bench.get("/repos/acme/web/contents/src/nope.rs").await.status, 404);
    let wrong = bench.get("/repos/acme/web/contents/src?ref=nope").await;
    assert_eq!((wrong.status, wrong.message()), (404, "No commit found for the ref nope"));
    let blob = bench.get(&format!("/repos/acme/web/git/blobs/{}", sent["sha"].as_str().unwrap())).await.body;
    let packed: String = blob["content"].as_str().unwrap().split('\n').collect();
    assert_eq!(STANDARD.decode(packed).unwrap(), content);
}

#[tokio::test]
async fn old_commits_keep_their_files() {
    let bench = Bench::new();
    let before = bench.world.head(REPOSITORY).unwrap();
    bench.advance(60_000);
    let walt = bench.world.act_as("walt");
    let after = walt.push(REPOSITORY, "Shorter", &[("README.md", Some("# web\n"))]).unwrap();
    assert_eq!(bench.world.head(REPOSITORY), Some(after.clone()));
    let at = async |sha: &str| {
        bench.get(&format!("/repos/acme/web/contents/README.md?ref={sha}")).await.body["size"].clone()
    };
    assert_eq!(at(&after).await, 6);
    assert_ne!(at(&before).await, 6);
    let shas = async |query: &str| -> Vec<String> {
        let sent = bench.get(&format!("/repos/acme/web/commits?{query}")).await;
        sent.body.as_array().unwrap().iter().map(|it| it["sha"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(shas("").await, [after.clone(), before.clone()]);
    assert_eq!(shas("path=src/auth.rs").await, [before.as_str()]);
    assert_eq!(shas("path=README.md&per_page=1").await, [after.as_str()]);
    assert_eq!(shas("since=2026-11-02T08:00:30Z").await, [after.as_str()]);
    let commit = bench.get(&format!("/repos/acme/web/commits/{}", after.get(..8).unwrap())).await.body;
    assert_eq!((&commit["parents"][0]["sha"], &commit["author"]["login"]), (&json!(before), &json!("walt")));
    assert_eq!(
        (&commit["files"][0]["filename"], &commit["files"][0]["status"]),
        (&json!("README.md"), &json!("modified"))
    );
    let reference = bench.get("/repos/acme/web/git/ref/heads/main").await.body;
    assert_eq!(reference["object"]["sha"], json!(after));
}

#[tokio::test]
async fn permission_folds_but_the_role_is_exact() {
    let bench = Bench::new();
    bench.world.set_role(REPOSITORY, "mia", Role::Maintain).unwrap();
    for (login, permission, role) in [
        ("ada", "admin", "admin"),
        ("mia", "write", "maintain"),
        ("walt", "write", "write"),
        ("TESS", "read", "triage"),
        ("rita", "read", "read"),
        ("stan", "read", "read"),
    ] {
        let sent = bench.get(&format!("/repos/acme/web/collaborators/{login}/permission")).await.body;
        assert_eq!((&sent["permission"], &sent["role_name"]), (&json!(permission), &json!(role)), "{login}");
        assert_eq!(
            sent["user"]["permissions"]["triage"],
            json!(!["rita", "stan"].contains(&login)),
            "{login}"
        );
    }
    assert_eq!(bench.get("/repos/acme/web/collaborators/nobody/permission").await.status, 404);
    let vault = NewRepository { private: true, ..NewRepository::named("acme/vault") };
    bench.world.add_repository(vault);
    bench.world.add_to_installation(bench.installation, &["acme/vault"]).unwrap();
    let sent = bench.get("/repos/acme/vault/collaborators/stan/permission").await.body;
    assert_eq!((&sent["permission"], &sent["role_name"]), (&json!("none"), &json!("none")));
}

#[tokio::test]
async fn a_renamed_repository_leads_on() {
    let bench = Bench::new();
    bench.world.act_as("ada").rename_repository(REPOSITORY, "site").unwrap();
    let old = bench.get("/repos/acme/web/issues/1").await;
    let id = bench.world.repository_id("acme/site").unwrap();
    let url = format!("https://api.github.example/repositories/{id}/issues/1");
    assert_eq!((old.status, old.header("location"), &old.body["url"]), (301, url.as_str(), &json!(url)));
    let write = bench.send("POST", "/repos/acme/web/issues/1/comments", json!({ "body": "x" })).await;
    assert_eq!(write.status, 307);
    assert_eq!(bench.get(&format!("/repositories/{id}/issues/1")).await.status, 200);
    assert_eq!(bench.get("/repos/acme/site").await.body["full_name"], "acme/site");
}

#[tokio::test]
async fn workflows_come_from_the_tree_and_runs_from_the_seed() {
    let bench = Bench::new();
    let workflows = bench.get("/repos/acme/web/actions/workflows").await.body;
    assert_eq!((&workflows["total_count"], &workflows["workflows"][0]["name"]), (&json!(1), &json!("ci")));
    let run = NewRun {
        path: ".github/workflows/ci.yml".to_owned(),
        conclusion: Some("failure".to_owned()),
        actor: "walt".to_owned(),
    };
    bench.world.add_workflow_run(REPOSITORY, run).unwrap();
    let id = &workflows["workflows"][0]["id"];
    for name in ["ci.yml".to_owned(), id.to_string()] {
        let runs =
            bench.get(&format!("/repos/acme/web/actions/workflows/{name}/runs?branch=main")).await.body;
        assert_eq!(
            (&runs["total_count"], &runs["workflow_runs"][0]["conclusion"]),
            (&json!(2), &json!("failure"))
        );
    }
    assert_eq!(bench.get("/repos/acme/web/actions/runs?status=success").await.body["total_count"], 1);
    assert_eq!(bench.get("/repos/acme/web/actions/workflows/nope.yml/runs").await.status, 404);
    assert!(bench.get("/repos/acme/web/languages").await.body["Rust"].as_i64().unwrap() > 1000);
}

#[tokio::test]
async fn an_empty_or_archived_repository_says_so() {
    let bench = Bench::new();
    bench.world.add_repository(NewRepository { archived: true, ..NewRepository::named("acme/old") });
    bench.world.add_to_installation(bench.installation, &["acme/old"]).unwrap();
    assert_eq!(bench.get("/repos/acme/old/commits").await.status, 409);
    let sent = bench.send("POST", "/repos/acme/old/issues", json!({ "title": "x" })).await;
    assert_eq!((sent.status, sent.message()), (403, "Repository was archived so is read-only."));
}
