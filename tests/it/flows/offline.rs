//! The plan offline is the very comment of `/enhance`: one snapshot, two gatherers.

use std::fs;
use std::path::Path;

use millwright::cli::plan::{Format, PlanArgs, run};
use millwright::sandbox::{NewIssue, NewRun, REPOSITORY, World, object_id};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::harness::{Setup, Talk};

/// The tree of the default branch as a folder.
fn folder(world: &World) -> TempDir {
    let folder = TempDir::new().unwrap();
    for path in world.files(REPOSITORY) {
        let place = folder.path().join(&path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, world.file(REPOSITORY, &path).unwrap()).unwrap();
    }
    folder
}

/// The same as a checkout: head, origin and index, as git writes them.
fn checkout(world: &World) -> TempDir {
    let folder = folder(world);
    let git = folder.path().join(".git");
    fs::create_dir_all(git.join("refs/heads")).unwrap();
    fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    fs::write(git.join("refs/heads/main"), world.head(REPOSITORY).unwrap() + "\n").unwrap();
    let origin = format!("[remote \"origin\"]\n\turl = git@github.com:{REPOSITORY}.git\n");
    fs::write(git.join("config"), origin).unwrap();
    let files = world.files(REPOSITORY);
    let mut index = b"DIRC\0\0\0\x02".to_vec();
    index.extend(u32::try_from(files.len()).unwrap().to_be_bytes());
    for path in files {
        let entry = index.len();
        index.extend([0; 40]);
        index.extend(blob(&world.file(REPOSITORY, &path).unwrap()));
        index.extend(u16::try_from(path.len()).unwrap().to_be_bytes());
        index.extend(path.as_bytes());
        let length = index.len() - entry;
        index.extend(vec![0; 8 - length % 8]);
    }
    fs::write(git.join("index"), index).unwrap();
    // What git does not track is not there.
    fs::write(folder.path().join("src/scratch.rs"), "pub fn rate_limit() {}\n").unwrap();
    folder
}

fn blob(content: &[u8]) -> Vec<u8> {
    let digits = object_id("blob", content);
    (0..20).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// What a script would write down of the issue.
fn input(talk: &Talk, number: i64) -> Value {
    let world = &talk.world;
    let issue = world.issue(REPOSITORY, number).unwrap();
    let role = |login: &str| match login {
        "ada" => "admin",
        "walt" => "write",
        "tess" => "triage",
        _ => "read",
    };
    let said = world.comments(REPOSITORY, number).into_iter().filter_map(|comment| {
        let author = comment.author.filter(|author| !author.ends_with("[bot]"))?;
        Some(json!({ "permission": role(&author), "author": author, "body": comment.body }))
    });
    let others = world.issues(REPOSITORY).into_iter().rev().filter(|other| other.number != number);
    let open = others.filter(|other| other.open && !other.pull_request);
    let open = open.map(|other| {
        json!({ "number": other.number, "title": other.title, "state": "open", "body": other.body.unwrap_or_default() })
    });
    json!({
        "number": number,
        "title": issue.title,
        "body": issue.body,
        "author": issue.author,
        "labels": world.labels(REPOSITORY, number),
        "comments": said.collect::<Vec<_>>(),
        "repository": { "owner": "acme", "name": "web", "url": "https://github.com/acme/web", "default_branch": "main" },
        "base_sha": world.head(REPOSITORY),
        "blocked_by": world.blocked_by(REPOSITORY, number),
        "sub_issues": world.sub_issues(REPOSITORY, number),
        "open_issues": open.collect::<Vec<_>>(),
        "checks": [{ "name": "ci", "conclusion": "success", "workflow": "ci.yml" }],
    })
}

fn offline(input: &Value, repo: &Path) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("issue.json");
    fs::write(&path, input.to_string()).unwrap();
    let args =
        PlanArgs { input: path.display().to_string(), repo: Some(repo.to_path_buf()), format: Format::Text };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(run(&args, &mut out, &mut err), 0, "{}", String::from_utf8_lossy(&err));
    String::from_utf8(out).unwrap()
}

/// Plans `number` in the conversation and from files; everything but the signed marker has to be the same.
async fn compare(furnish: fn(&World), number: i64) {
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let before = input(&talk, number);
    talk.says("tess", number, "/enhance").await;
    let comment = talk.world.comments(REPOSITORY, number).pop().unwrap().body;
    let (posted, marker) = comment.split_once("<!-- millwright:").unwrap();
    assert_eq!(marker.lines().count(), 1, "only the marker stands below the plan: {marker}");
    for tree in [folder(&talk.world), checkout(&talk.world)] {
        let printed = offline(&before, tree.path());
        assert!(printed.starts_with("**") && printed.contains("<sub>rev 1 · base "), "{printed}");
        assert_eq!(printed.trim_end(), posted.trim_end());
    }
    talk.end().await;
}

#[tokio::test]
async fn the_default_issue_is_planned_alike() {
    compare(|_| {}, 2).await;
}

#[tokio::test]
async fn comments_blockers_children_and_configuration_count_in_both() {
    let furnish = |world: &World| {
        let files = [
            (".github/millwright.yml", "enhance: { max_items: 1 }\n"),
            ("logo.bin", "a\0b"),
            ("src/limits.rs", "pub fn attempts_allowed() -> u32 {\n    5\n}\n"),
        ];
        world.add_files(REPOSITORY, &files).unwrap();
        let run = NewRun {
            path: ".github/workflows/ci.yml".to_owned(),
            conclusion: Some("success".to_owned()),
            actor: "walt".to_owned(),
        };
        world.add_workflow_run(REPOSITORY, run).unwrap();
        let said = "The window must be 30 s, not 60 s, and `attempts_allowed` must say 3.";
        world.add_comment(REPOSITORY, 2, ("walt", said)).unwrap();
        let new = NewIssue {
            title: "Rate limit failed sign-in".to_owned(),
            body: Some("`src/auth.rs` must answer 429 after 5 failures.".to_owned()),
            ..NewIssue::default()
        };
        let double = world.add_issue(REPOSITORY, "stan", new).unwrap();
        let walt = world.act_as("walt");
        walt.add_blocked_by(REPOSITORY, 2, 1).unwrap();
        walt.add_sub_issue(REPOSITORY, 2, double).unwrap();
    };
    compare(furnish, 2).await;
}

#[tokio::test]
async fn a_wish_nobody_can_measure_gets_the_same_questions() {
    let furnish = |world: &World| {
        let new = NewIssue { title: "Make sign-in nicer".to_owned(), ..NewIssue::default() };
        world.add_issue(REPOSITORY, "stan", new).unwrap();
    };
    compare(furnish, 3).await;
}
