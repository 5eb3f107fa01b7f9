//! The plan offline is the very comment of `/enhance`: one snapshot, two gatherers.

use std::fs;
use std::path::Path;

use millwright::cli::plan::{Format, PlanArgs, run};
use millwright::sandbox::{NewIssue, NewRun, REPOSITORY, World, object_id};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::harness::{Setup, Talk};
use super::knowledge::with_history;

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

/// What was said to the App, command and all, behind the first `/enhance`: each is answered with a revision.
type Said<'a> = [(&'a str, &'a str)];

/// What only a script that knows the repository can write down.
type Known = fn(&World, &mut Value);

/// Plans `number` in the conversation and from files; everything but the signed marker has to be the same.
async fn compare(furnish: fn(&World), number: i64) {
    compared((furnish, |_, _| {}), number, &[("tess", "/enhance")]).await;
}

/// The same with what else is known of the repository, and after each thing that is said.
async fn compared((furnish, known): (fn(&World), Known), number: i64, said: &Said<'_>) {
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let mut written = input(&talk, number);
    known(&talk.world, &mut written);
    let mut revised = Vec::new();
    for (who, command) in said {
        talk.says(who, number, command).await;
        let comment = talk.world.comments(REPOSITORY, number).pop().unwrap().body;
        let (posted, marker) = comment.split_once("<!-- millwright:").unwrap();
        assert_eq!(marker.lines().count(), 1, "only the marker stands below the plan: {marker}");
        match command.split_once(' ') {
            Some(("/revise", text)) => revised.push(json!({ "author": who, "text": text })),
            Some((_, text)) => written["enhance"] = json!({ "author": who, "text": text }),
            None => {}
        }
        written["revise"] = json!(revised);
        for tree in [folder(&talk.world), checkout(&talk.world)] {
            let printed = offline(&written, tree.path());
            let revision = format!("<sub>rev {} · base ", revised.len() + 1);
            assert!(printed.starts_with("**") && printed.contains(&revision), "{printed}");
            assert_eq!(printed.trim_end(), posted.trim_end());
        }
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

#[tokio::test]
async fn each_revision_is_planned_alike() {
    let said = [
        ("tess", "/enhance"),
        ("tess", "/revise 1: the client IP"),
        ("rita", "/revise 2: after an hour\nThe answer must have a `Retry-After` header."),
    ];
    compared((|_| {}, |_, _| {}), 2, &said).await;
}

#[tokio::test]
async fn what_a_vague_wish_becomes_by_answers_is_planned_alike() {
    let furnish = |world: &World| {
        let new = NewIssue { title: "Make sign-in nicer".to_owned(), ..NewIssue::default() };
        world.add_issue(REPOSITORY, "rita", new).unwrap();
    };
    let said = [
        ("tess", "/enhance"),
        ("tess", "/revise 1: answer in `src/auth.rs` within 200 ms"),
        ("rita", "/revise It must also log each refusal."),
    ];
    compared((furnish, |_, _| {}), 3, &said).await;
}

#[tokio::test]
async fn a_place_that_is_pointed_at_is_planned_alike() {
    compared((|_| {}, |_, _| {}), 2, &[("walt", "/enhance src/main.rs")]).await;
    compared((|_| {}, |_, _| {}), 2, &[("walt", "/enhance a success must reset the counter")]).await;
}

#[tokio::test]
async fn sizes_out_of_commits_and_an_issue_that_is_gone_count_in_both() {
    let furnish = |world: &World| {
        with_history(world);
        let new = NewIssue {
            title: "Limit the tries".to_owned(),
            body: Some("Depends on #900\n\n- [ ] `src/auth.rs` must answer 429 after 5 tries\n".to_owned()),
            ..NewIssue::default()
        };
        world.add_issue(REPOSITORY, "walt", new).unwrap();
    };
    let known: Known = |_, written| {
        // The newest commit first, as GitHub lists them.
        let closed = (0..9).rev().map(|at| {
            json!({ "number": 3 + at, "title": format!("Sign in, part {at}"), "paths": [format!("src/part{at}.rs")],
                "changed_lines": 30 + at, "state": "closed" })
        });
        written["history"] = json!(closed.collect::<Vec<_>>());
        written["gone"] = json!([900]);
    };
    compared((furnish, known), 12, &[("tess", "/enhance")]).await;
}

#[tokio::test]
async fn work_items_that_were_opened_carry_their_demands_in_both() {
    let talk = Talk::with(Setup::default()).await;
    talk.says("tess", 2, "/enhance").await;
    talk.says("walt", 2, "/approve 1").await;
    let mut written = input(&talk, 2);
    let opened = talk.world.sub_issues(REPOSITORY, 2);
    let children = opened.iter().map(|number| {
        let issue = talk.world.issue(REPOSITORY, *number).unwrap();
        let body = issue.body.unwrap();
        let carries = body.lines().filter_map(|line| line.strip_prefix("> ")).collect::<Vec<_>>();
        assert!(!carries.is_empty(), "{body}");
        json!({ "number": number, "title": issue.title, "state": "open", "carries": carries })
    });
    written["sub_issues"] = json!(children.collect::<Vec<_>>());
    written["presentation"] = json!({ "revision": 2 });
    talk.says("tess", 2, "/enhance").await;
    let posted = talk.world.comments(REPOSITORY, 2).pop().unwrap().body;
    let (posted, _) = posted.split_once("<!-- millwright:").unwrap();
    assert!(posted.contains(&format!("#{}", opened[0])), "{posted}");
    assert_eq!(offline(&written, folder(&talk.world).path()).trim_end(), posted.trim_end());
    talk.end().await;
}
