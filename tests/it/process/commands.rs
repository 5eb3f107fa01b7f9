//! The commands beside `serve`, as a terminal or a script sees them.

use std::fs;

use millwright::sandbox::{Effect, Fault, FaultAnswer, When};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{Program, command, run, variables};
use super::stage::{GUID, Stage, comment, own, serve, text};
use crate::skips::skip;

#[tokio::test]
async fn help_lists_the_commands() {
    let ended = run(&["--help"], &variables(&[])).await;
    assert_eq!(ended.code, Some(0));
    for command in ["serve", "migrate", "replay", "pause", "simulate", "plan", "check-config", "docs"] {
        assert!(ended.out.iter().any(|line| line.trim_start().starts_with(command)), "{command}");
    }
    assert_eq!(run(&["no-such-command"], &variables(&[])).await.code, Some(2));
}

#[tokio::test]
async fn migrate_twice_is_fine_and_says_so() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("new.db").display());
    let database = variables(&[("DATABASE_URL", &url)]);
    let first = run(&["migrate"], &database).await;
    assert_eq!((first.code, first.out[0].as_str()), (Some(0), "0001_inbox applied"));
    let second = run(&["migrate"], &database).await;
    assert_eq!((second.code, second.out), (Some(0), vec!["The database is up to date.".to_owned()]));
    let refused = run(&["migrate"], &variables(&[("DATABASE_URL", "mysql://host/bot")])).await;
    assert_eq!((refused.code, refused.err.len()), (Some(2), 1));
}

#[tokio::test]
async fn pause_holds_all_writes_and_loses_nothing() {
    let stage = Stage::open(comment()).await;
    let database = variables(&[("DATABASE_URL", &stage.database_url())]);
    let missing = run(&["pause", "on"], &database).await;
    assert_eq!(missing.code, Some(1), "a typing error in DATABASE_URL must not make a new file");
    let told = "and there is no such file; correct the path, or create it with `millwright migrate`";
    assert!(missing.err.len() == 1 && missing.err[0].ends_with(told), "{:?}", missing.err);
    assert_eq!(run(&["replay"], &database).await.err, missing.err);
    assert_eq!(fs::read_dir(stage.folder.path()).unwrap().count(), 0);
    run(&["migrate"], &database).await;
    let paused = run(&["pause", "on"], &database).await;
    let [told] = paused.out.as_slice() else { panic!("{:?}", paused.out) };
    assert!(told.starts_with("Writes to GitHub are paused since 20"), "{told}");
    assert!(told.ends_with(" UTC; `millwright pause off` lets them go on."), "{told}");
    assert_eq!(run(&["pause"], &database).await.out, paused.out, "it changes nothing");
    assert_eq!(run(&["pause", "ON"], &database).await.out, paused.out, "it keeps its beginning");

    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    stage.until(|| (stage.permissions_asked() > 0).then_some(())).await;
    let ready: Value = serde_json::from_str(&text(&format!("{address}/readyz")).await).unwrap();
    assert_eq!((&ready["status"], &ready["notes"][0]), (&json!("ok"), &json!(told)));
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
    assert!(stage.answers().is_empty());

    let resumed = run(&["pause", "off"], &database).await;
    assert_eq!(resumed.out, ["Writes to GitHub go on."]);
    assert_eq!(run(&["pause"], &database).await.out, resumed.out);
    let (program, _) = serve(&stage.variables(&[("MILLWRIGHT_CLOCK_OFFSET_S", "90")])).await;
    stage.done().await;
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
    assert_eq!(stage.answers().len(), 1);
}

#[tokio::test]
async fn replay_tells_what_is_known_and_queues_what_is_dead() {
    let stage = Stage::open(own()).await;
    let database = variables(&[("DATABASE_URL", &stage.database_url())]);
    let refused = Fault::on("POST", "/repos/*/*/issues/*/comments", Effect::Answer(FaultAnswer::status(422)));
    stage.world.faults().add(refused.when(When::First(1)));
    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    stage.reacted("confused").await;
    program.signal("TERM");
    program.ended().await;

    let told = run(&["replay", GUID], &database).await;
    assert_eq!(told.code, Some(0), "{}", told.err.join("\n"));
    // What recurs has jobs, too, and may have been first.
    let job = told.out.iter().find(|line| line.contains("run_command.v1 is dead")).unwrap();
    let job = job.split_whitespace().nth(1).unwrap().to_owned();
    let told =
        told.out.iter().map(|line| match (line.split_once("received      "), line.split_once("ob ")) {
            (Some((before, time)), _) => format!("{before}received      {}", "0".repeat(time.len())),
            (None, Some((before, rest))) => {
                let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
                format!("{before}ob #{}", rest.split(" [request").next().unwrap_or_default())
            }
            _ => line.split(" [request").next().unwrap_or_default().to_owned(),
        });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @"
    Delivery 6f0e2a1c-0000-4000-8000-000000000001
      event         issue_comment.created
      repository    octavia/hello (41)
      installation  7
      received      00000000000000000000000
      body          914 bytes

    Commands in comment 31 on #1:
      enhance by octavia, failed: POST /repos/octavia/hello/issues/1/comments answered 422: An answer made up by a fault

    Jobs:
      Job # dispatch.v1 is done, 1 of 8 attempts
      Job # run_command.v1 is dead, 1 of 8 attempts: POST /repos/octavia/hello/issues/1/comments answered 422: An answer made up by a fault

    What is known of its acts:
      answer/31/f5afa73951348876: done, https://github.example/octavia/hello/issues/1#issuecomment-3000000001
      receipt/31/confused: done

    With --apply, job # (run_command.v1, `enhance` by octavia) would be in the queue again; what it did before is not done twice.
    ");

    let listed = run(&["replay"], &database).await;
    assert_eq!(listed.out.len(), 1, "{listed:?}");
    assert!(
        listed.out[0].starts_with(&format!("Job {job} run_command.v1 is dead, 1 of 8 attempts: POST ")),
        "{listed:?}"
    );
    let told = run(&["replay", GUID, "--format", "json"], &database).await;
    let told: Value = serde_json::from_str(&told.out.join("\n")).unwrap();
    assert_eq!((&told["delivery"]["guid"], &told["comment"]["issue"]), (&json!(GUID), &json!(1)));
    assert_eq!(
        (&told["jobs"][1]["state"], &told["commands"][0]["state"]),
        (&json!("dead"), &json!("failed"))
    );
    assert_eq!((&told["acts"][0]["is_done"], &told["applied"]), (&json!(true), &json!(false)));
    let nothing = run(&["replay", "--apply"], &database).await;
    assert_eq!((nothing.code, nothing.out.len()), (Some(2), 0), "it has to be said what");

    let dead = run(&["replay", &job, "--apply"], &database).await;
    assert_eq!(
        (dead.code, dead.out.last().cloned()),
        (Some(0), Some(format!("Job {job} is in the queue again.")))
    );
    let (program, _) = serve(&stage.variables(&[])).await;
    let planned =
        || stage.answers().iter().any(|answer| answer.body.contains("<sub>rev 1 · base ")).then_some(());
    stage.until(planned).await;
    program.signal("TERM");
    program.ended().await;
    let answers = stage.answers();

    let again = run(&["replay", &job, "--apply"], &database).await;
    assert_eq!(
        (again.code, again.err),
        (Some(2), vec![format!("Job {job} is done, not dead; nothing was changed")])
    );
    let dry = run(&["replay", &job], &database).await;
    assert_eq!(
        (dry.code, dry.out.last().cloned()),
        (Some(0), Some(format!("Job {job} is done, not dead; there is nothing to queue again.")))
    );
    let dry = run(&["replay", GUID], &database).await;
    assert!(
        dry.out
            .last()
            .is_some_and(|line| line.starts_with("With --apply, a new dispatch.v1 would read delivery ")),
        "{dry:?}"
    );
    let whole = run(&["replay", GUID, "--apply"], &database).await;
    assert_eq!(whole.code, Some(0));
    let hasty = run(&["replay", GUID, "--apply"], &database).await;
    assert_eq!(hasty.code, Some(2));
    assert!(
        hasty.err[0].ends_with(&format!("of delivery {GUID} is ready, not over; nothing was changed")),
        "{hasty:?}"
    );
    let (program, _) = serve(&stage.variables(&[])).await;
    let dispatched_twice = async {
        loop {
            let told = run(&["replay", GUID], &database).await;
            if told.out.iter().filter(|line| line.contains("dispatch.v1 is done")).count() == 2 {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), dispatched_twice).await.unwrap();
    program.signal("TERM");
    program.ended().await;
    assert_eq!(stage.answers().len(), answers.len(), "what was run is not run twice");
    stage.nothing_left().await;
}

#[tokio::test]
async fn replay_tells_what_observe_would_have_done() {
    let stage = Stage::open(own()).await;
    let database = variables(&[("DATABASE_URL", &stage.database_url())]);
    let (program, address) = serve(&stage.variables(&[("MILLWRIGHT_MODE", "observe")])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    let recorded = async {
        while !run(&["replay", GUID], &database).await.out.iter().any(|line| line.contains("(plan)")) {}
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), recorded).await.unwrap();
    program.signal("TERM");
    let ended = program.ended().await;
    let logged = ended.err.iter().filter(|line| line.contains("observe: not done")).collect::<Vec<_>>();
    assert!(
        logged.iter().any(|line| line.contains("comment on #1 (plan)") && line.contains("**")),
        "{logged:#?}"
    );
    assert!(stage.answers().is_empty());
    let told = run(&["replay", GUID], &database).await;
    let acts = told.out.iter().skip_while(|line| !line.starts_with("Mode observe")).cloned();
    insta::assert_snapshot!(acts.collect::<Vec<_>>().join("\n"), @"
    Mode observe would have done:
      react to comment 31 with eyes
      comment on #1 (plan): **Fits one small pull request in `README.md`. Nothing is open.**
      take the reaction eyes on comment 31 back
      take the reaction confused on comment 31 back
      react to comment 31 with rocket

    With --apply, a new dispatch.v1 would read delivery 6f0e2a1c-0000-4000-8000-000000000001 once more; commands that were run before are not run twice.
    ");
    let told = run(&["replay", GUID, "--format", "json"], &database).await;
    let told: Value = serde_json::from_str(&told.out.join("\n")).unwrap();
    assert_eq!(told["observed"].as_array().map(Vec::len), Some(acts_in(&told)));
}

fn acts_in(told: &Value) -> usize {
    told["observed"].as_array().unwrap().iter().filter(|act| act["act"].is_string()).count()
}

#[tokio::test]
async fn replay_of_an_unknown_id_is_one_line() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("new.db").display());
    let database = variables(&[("DATABASE_URL", &url)]);
    run(&["migrate"], &database).await;
    for id in ["no-such-delivery", "4711", "\u{1b}[2J"] {
        let ended = run(&["replay", id], &database).await;
        assert_eq!((ended.code, ended.out.len(), ended.err.len()), (Some(2), 0, 1));
        assert!(ended.err[0].starts_with("There is no delivery and no job `"), "{}", ended.err[0]);
        assert!(!ended.err[0].contains('\u{1b}'));
    }
}

#[tokio::test]
async fn demo_takes_a_port_with_the_script_too() {
    let ended = run(&["demo", "--script", "--port", "0"], &variables(&[])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err.join("\n"));
}

#[tokio::test]
async fn check_config_names_the_standard_input() {
    let ended = Program::fed(&["check-config", "-"], &variables(&[]), "mode: loud\n").ended().await;
    assert_eq!((ended.code, ended.err.len()), (Some(2), 1), "{:#?}", ended.err);
    assert!(ended.err[0].starts_with("standard input:1:"), "{}", ended.err[0]);
    let ended = Program::fed(&["check-config", "-"], &variables(&[]), "").ended().await;
    assert_eq!((ended.code, ended.out), (Some(0), vec!["standard input: no problems".to_owned()]));
}

/// Whoever has set up `serve` in this shell plays the same story, and none of it reaches their GitHub or their database.
#[tokio::test]
async fn demo_is_the_same_whatever_the_environment_says_of_github() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("own.db");
    let own = variables(&[
        ("DATABASE_URL", &format!("sqlite://{}", database.display())),
        ("GITHUB_API_URL", "http://127.0.0.1:9"),
        ("GITHUB_URL", "http://nowhere.example"),
        ("GITHUB_APP_ID", "not a number"),
        ("GITHUB_APP_PRIVATE_KEY", "not a key"),
        ("GITHUB_WEBHOOK_SECRET", "short"),
    ]);
    let plain = run(&["demo", "--script"], &variables(&[])).await;
    let beside = run(&["demo", "--script"], &own).await;
    assert_eq!((plain.code, beside.code), (Some(0), Some(0)), "{}", beside.err.join("\n"));
    assert!(plain.out.iter().any(|line| line.contains("is approved")), "{:#?}", plain.out);
    assert_eq!(beside.out, plain.out);
    assert!(!database.exists());
}

/// Somebody who has only cloned the repository types what the README shows.
#[tokio::test]
async fn the_lines_of_the_readme_run_as_they_stand() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let section = readme.split("## Without a server").nth(1).unwrap();
    let block = section.split("```").nth(1).unwrap();
    let lines: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("millwright ")).collect();
    assert_eq!(lines.len(), 3, "{block}");
    for line in lines {
        let arguments: Vec<&str> = line.split('#').next().unwrap().split_whitespace().collect();
        let ended = run(&arguments, &variables(&[])).await;
        assert_eq!(ended.code, Some(0), "{line}: {}", ended.err.join("\n"));
    }
}

#[tokio::test]
async fn simulate_of_a_job_that_ends_dead_is_0_and_tells_it() {
    let mut payload = own();
    payload["comment"]["body"] = json!("/enhance");
    payload["comment"].as_object_mut().unwrap().remove("id");
    let arguments = ["simulate", "--event", "issue_comment", "--payload", "-"];
    let ended = Program::fed(&arguments, &variables(&[]), &payload.to_string()).ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.err.join("\n"));
    assert!(ended.out.iter().any(|line| line.starts_with("A job ended dead: ")), "{}", ended.out.join("\n"));
}

#[tokio::test]
async fn simulate_prints_the_writes_and_the_comments() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("payload.json");
    let mut payload = own();
    payload["comment"]["body"] = json!("/status");
    payload.as_object_mut().unwrap().remove("installation");
    fs::write(&file, payload.to_string()).unwrap();
    let arguments = ["simulate", "--event", "issue_comment", "--payload", file.to_str().unwrap()];
    let ended = run(&arguments, &variables(&[("GITHUB_API_URL", "http://nowhere.example")])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err.join("\n"));
    let (texts, writes): (Vec<_>, Vec<_>) = ended.out.iter().partition(|line| line.starts_with("    "));
    assert!(texts.iter().any(|line| line.starts_with("    **There is no plan")), "{texts:#?}");
    insta::assert_snapshot!(writes.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n"), @"
    `issue_comment.created` is taken: 202.
    The payload has no `installation`: one was added.
    A payload tells no files: the sandbox's octavia/hello has `README.md` and `src/lib.rs`.
    A payload tells no roles: octavia may write in the sandbox's octavia/hello.

    POST /repos/octavia/hello/issues/comments/31/reactions

    POST /repos/octavia/hello/issues/1/comments



    DELETE /repos/octavia/hello/issues/comments/31/reactions/5000000001

    POST /repos/octavia/hello/issues/comments/31/reactions
    ");
    let ended = run(&[&arguments[..], &["--format", "json"]].concat(), &variables(&[])).await;
    let told: Value = serde_json::from_str(&ended.out.join("\n")).unwrap();
    assert_eq!(told["writes"][1]["path"], "/repos/octavia/hello/issues/1/comments");
    assert!(!told.to_string().contains("millwright:v1"), "the marker is not shown");
}

#[tokio::test]
async fn simulate_takes_githubs_own_examples() {
    #[expect(clippy::disallowed_methods, reason = "the examples lie outside of the repository")]
    let Ok(folder) = std::env::var("MILLWRIGHT_WEBHOOK_EXAMPLES") else {
        skip("GitHub's own examples, for MILLWRIGHT_WEBHOOK_EXAMPLES is not set");
        return;
    };
    for example in
        ["installation.created", "issues.reopened", "push.none", "issue_comment.deleted", "ping.none"]
    {
        let file = format!("{folder}/{example}.json");
        let event = example.split('.').next().unwrap();
        let ended = run(&["simulate", "--event", event, "--payload", &file], &variables(&[])).await;
        assert_eq!(ended.code, Some(0), "{example}: {}", ended.err.join("\n"));
        assert!(
            !ended.out.iter().any(|line| line.starts_with("POST ")),
            "{example}: {}",
            ended.out.join("\n")
        );
    }
}

#[tokio::test]
async fn simulate_of_no_payload_is_one_line() {
    for (input, line) in [
        ("[1]", "standard input:1:1: not a JSON object; give the payload as one JSON object"),
        ("{", "standard input:1:1: EOF while parsing an object; give the payload as one JSON object"),
    ] {
        let arguments = ["simulate", "--event", "issues", "--payload", "-"];
        let ended = Program::fed(&arguments, &variables(&[]), input).ended().await;
        assert_eq!((ended.code, ended.err), (Some(2), vec![line.to_owned()]));
    }
    let missing = ["simulate", "--event", "issues", "--payload", "/nowhere/at/all.json"];
    assert_eq!(run(&missing, &variables(&[])).await.err.len(), 1);
}

#[tokio::test]
async fn docs_check_outside_of_the_tree_says_where_it_has_to_run() {
    let folder = TempDir::new().unwrap();
    let ended = run(&["docs", "--check", "--dir", folder.path().to_str().unwrap()], &variables(&[])).await;
    assert_eq!((ended.code, ended.err.len()), (Some(2), 1), "{}", ended.err.join("\n"));
    assert!(ended.err[0].contains("run it in the root of Millwright's source tree"), "{}", ended.err[0]);
}

#[tokio::test]
async fn plan_reads_standard_input() {
    let issue =
        json!({"number": 1, "title": "Add a `--quiet` option", "body": "It prints nothing but errors."});
    let ended = Program::fed(&["plan", "--input", "-"], &variables(&[]), &issue.to_string()).ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.err.join("\n"));
    assert!(ended.out.join("\n").contains("`--quiet`"), "{}", ended.out.join("\n"));
    let ended = Program::fed(&["plan", "--input", "-"], &variables(&[]), "{}").ended().await;
    assert_eq!((ended.code, ended.err.len()), (Some(2), 1));
    assert!(ended.err[0].starts_with("standard input:1:2: missing field"), "{}", ended.err[0]);
}

/// A checkout of anybody's may hold a pipe where a file of git's or ours is looked for.
#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_a_checkout_does_not_hold_a_plan() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join(".github")).unwrap();
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    for pipe in [".github/millwright.yml", ".git/HEAD", ".git/config", ".git/index", ".git/commondir"] {
        assert!(command("mkfifo").arg(folder.path().join(pipe)).status().unwrap().success());
    }
    let issue =
        json!({"number": 1, "title": "Add a `--quiet` option", "body": "It prints nothing but errors."});
    let told = ["plan", "--input", "-", "--repo", folder.path().to_str().unwrap()];
    let ended = Program::fed(&told, &variables(&[]), &issue.to_string()).ended().await;
    assert_eq!(ended.code, Some(0), "{}", ended.err.join("\n"));
}

#[tokio::test]
async fn check_config_minds_the_mode_where_it_counts() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("millwright.yml");
    fs::write(&file, "mode: full\n").unwrap();
    let wrong = variables(&[("MILLWRIGHT_MODE", "loud")]);
    assert_eq!(run(&["check-config", file.to_str().unwrap()], &wrong).await.code, Some(0));
    let ended = run(&["check-config", "--effective", file.to_str().unwrap()], &wrong).await;
    assert_eq!((ended.code, ended.err.len()), (Some(2), 1));
    assert!(ended.err[0].starts_with("MILLWRIGHT_MODE is `loud`"), "{}", ended.err[0]);
}

#[tokio::test]
async fn check_config_names_the_place_and_the_nearest_key() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("millwright.yml");
    fs::write(&file, "enhance:\n  max_item: 3\n").unwrap();
    let ended = run(&["check-config", file.to_str().unwrap()], &variables(&[])).await;
    assert_eq!((ended.code, ended.err.len()), (Some(2), 1));
    let line = ended.err[0].strip_prefix(file.to_str().unwrap()).unwrap();
    assert!(line.starts_with(":2:3: ") && line.ends_with("(nearest: enhance.max_items)"), "{line}");
}
