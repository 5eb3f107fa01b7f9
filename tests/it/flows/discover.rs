//! `/enhance discover`: what could be done next, each with its evidence, and the arithmetic under `/why`.

use millwright::sandbox::{Level, NewIssue, NewRun, REPOSITORY, World};

use super::harness::{Setup, Talk};

/// A service in which something is wrong in every way that shows.
fn furnish(world: &World) {
    let net = "//! Talks to the directory.\n\npub fn lookup() -> Option<String> {\n    // FIXME: gives up silently\n    None\n}\n";
    for text in ["pub fn lookup() {}\n", "pub fn lookup() -> u8 {\n    1\n}\n", net] {
        world.add_files(REPOSITORY, &[("src/net.rs", text)]).unwrap();
    }
    let bench = "fn main() {}\n";
    world.add_files(REPOSITORY, &[("benches/sign_in.rs", bench)]).unwrap();
    for conclusion in ["failure", "failure"] {
        let run = NewRun {
            path: ".github/workflows/ci.yml".to_owned(),
            conclusion: Some(conclusion.to_owned()),
            actor: "walt".to_owned(),
        };
        world.add_workflow_run(REPOSITORY, run).unwrap();
    }
    let new = NewIssue {
        title: "Crash on an empty name".to_owned(),
        body: Some(
            "### Steps to reproduce\n1. Sign in without a name.\n\n`sign_in` must answer 400.".to_owned(),
        ),
        labels: vec!["bug".to_owned()],
        ..NewIssue::default()
    };
    let crash = world.add_issue(REPOSITORY, "stan", new).unwrap();
    for (who, said) in [("rita", "Here too."), ("stan", "Every day."), ("walt", "I can see it.")] {
        world.add_comment(REPOSITORY, crash, (who, said)).unwrap();
    }
    let pull = NewIssue { title: "Count failures".to_owned(), pull_request: true, ..NewIssue::default() };
    world.add_issue(REPOSITORY, "walt", pull).unwrap();
}

#[tokio::test]
async fn the_five_best_candidates_with_their_evidence() {
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let before = talk.world.requests().len();
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance discover").await, @"
    **The best five of six candidates. First: Mend `ci.yml`: it fails on `main`.**

    | | What | How one knows | Score |
    |-|-|-|-|
    | D1 | Mend `ci.yml`: it fails on `main` | [run 3 failed](https://github.example/acme/web/actions/runs/9000000003) · [so did the run before it](https://github.example/acme/web/actions/runs/9000000002) · [run 1 was the last to pass, at `df4d183`](https://github.example/acme/web/actions/runs/9000000001) | 9.9 |
    | D2 | FIXME: “gives up silently” | [`src/net.rs` line 4](https://github.com/acme/web/blob/0120e768d6168c03124a48b5a0eda7f9e3c38377/src/net.rs#L4) · written by `acme` in `156fa78`, today | 3.15 |
    | D3 | Crash on an empty name | [#3: 3 comments, opened today, no plan](https://github.example/acme/web/issues/3) | 2.8 |
    | D4 | Read the client address behind the proxy | [#1: 0 comments, opened today, no plan](https://github.example/acme/web/issues/1) | 1.75 |
    | D5 | Rate limit failed sign-ins | [#2: 1 comment, opened today, no plan](https://github.example/acme/web/issues/2) | 1.75 |

    **Looked at:** 3 open issues without a plan, 3 runs of 1 workflow, 9 of 10 files and 5 commits. **Not looked at:** security alerts, which need `security_events: read`, those of dependencies `vulnerability_alerts: read` and those of secrets `secret_scanning_alerts: read`: the App asks for none of the three.

    `/enhance #3` plans D3 · D1 is no issue yet: open one, and `/enhance` plans it · `/why D1` shows the arithmetic

    <sub>base 0120e76 · no model · `/help`</sub>
    ");
    let requests = talk.world.requests();
    let asked =
        requests.iter().skip(before).filter(|request| request.method == "GET" || request.path == "/graphql");
    assert!(asked.clone().count() <= 40, "{} calls", asked.count());
    insta::assert_snapshot!(talk.asks("stan", 2, "/why D1").await, @"
    **D1: Mend `ci.yml`: it fails on `main`**

    - value 8: everybody who opens a pull request meets it
    - urgency 13: the default branch fails
    - unblock 1: nothing names it as a blocker
    - confidence 0.9: a failing check
    - size 2: S, a guess
    - (8 + 13 + 1) × 0.9 ÷ 2 = 9.9: a quick win

    <sub>base 0120e76 · no model · `/help`</sub>
    ");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why d9").await, @"The list on this issue ends with `D5`.");
    talk.end().await;
}

#[tokio::test]
async fn what_is_planned_or_came_out_of_a_plan_is_no_candidate() {
    let talk = Talk::begin().await;
    let listed = |text: &str| text.lines().filter(|line| line.starts_with("| D")).count();
    let first = talk.asks("tess", 2, "/enhance discover").await;
    assert!(first.contains("[#1: ") && first.contains("[#2: "), "{first}");
    talk.asks("tess", 2, "/enhance").await;
    talk.asks("ada", 2, "/approve 1").await;
    let then = talk.asks("tess", 1, "/enhance discover").await;
    assert!(then.contains("[#1: ") && !then.contains("[#2: ") && !then.contains("[#3: "), "{then}");
    assert_eq!(listed(&first), listed(&then) + 1, "{then}");
    talk.end().await;
}

#[tokio::test]
async fn a_dry_run_shows_the_list_and_keeps_nothing() {
    let talk = Talk::begin().await;
    let shown = talk.asks("tess", 2, "/enhance discover --dry-run").await;
    assert!(shown.contains("would") && shown.contains("[#1: "), "{shown}");
    insta::assert_snapshot!(talk.asks("stan", 2, "/why D1").await, @"No candidates were listed on this issue yet; `/enhance discover` lists them.");
    talk.end().await;
}

#[tokio::test]
async fn without_the_permission_it_says_what_was_not_looked_at() {
    let furnish = |world: &World| {
        let installation = world.installation_id(REPOSITORY).unwrap();
        let granted = [("issues", Level::Write), ("contents", Level::Read), ("metadata", Level::Read)];
        let granted = granted.map(|(name, level)| (name.to_owned(), level));
        world.set_permissions(installation, granted.into()).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let list = talk.asks("tess", 2, "/enhance discover").await;
    let said = list.lines().find(|line| line.starts_with("**Looked at:**")).unwrap();
    insta::assert_snapshot!(said, @"**Looked at:** 2 open issues without a plan, 0 runs of 0 workflows, 7 of 8 files and 1 commit. **Not looked at:** security alerts, which need `security_events: read`, those of dependencies `vulnerability_alerts: read` and those of secrets `secret_scanning_alerts: read`: the App asks for none of the three; workflow runs, which need `actions: read`.");
    talk.end().await;
}

#[tokio::test]
async fn few_candidates_are_counted_and_none_is_said() {
    let talk = Talk::begin().await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance discover").await.lines().next().unwrap(), @"**Two candidates. First: #1 “Read the client address behind the proxy”.**");
    talk.world.act_as("rita").close(REPOSITORY, 2).unwrap();
    insta::assert_snapshot!(talk.asks("tess", 1, "/enhance discover").await.lines().next().unwrap(), @"**One candidate: #1 “Read the client address behind the proxy”.**");
    talk.world.act_as("walt").close(REPOSITORY, 1).unwrap();
    insta::assert_snapshot!(talk.asks("tess", 1, "/enhance discover").await.lines().next().unwrap(), @"**Nothing found that should be done next.**");
    talk.end().await;
}
