//! `/enhance discover`: what could be done next, each with its evidence, and the arithmetic under `/why`.

use millwright::sandbox::{Level, NewAlert, NewIssue, NewRun, REPOSITORY, Scanner, World};

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
async fn a_misspelled_word_is_asked_back_and_makes_no_plan() {
    let talk = Talk::begin().await;
    let asked = talk.says("tess", 2, "/enhance disover").await;
    talk.work().await;
    insta::assert_snapshot!(talk.last(2), @"There is no `disover`; did you mean `/enhance discover`?");
    assert_eq!(talk.reactions(2, asked), ["confused"]);
    talk.end().await;
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

    **Looked at:** 3 open issues without a plan, 3 runs of 1 workflow, 9 of 10 files and 5 commits. **Not looked at:** alerts of GitHub's scanners, which are not told where everybody reads.

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
    insta::assert_snapshot!(said, @"**Looked at:** 2 open issues without a plan, 0 runs of 0 workflows, 7 of 8 files and 1 commit. **Not looked at:** alerts of GitHub's scanners, which are not told where everybody reads; workflow runs, which need `actions: read`.");
    talk.end().await;
}

/// Grants the App what an operator may add to have alerts read.
pub fn grant_alerts(world: &World) {
    grant(world, &["security_events", "vulnerability_alerts", "secret_scanning_alerts"]);
}

fn grant(world: &World, alerts: &[&str]) {
    world.make_private(REPOSITORY).unwrap();
    let installation = world.installation_id(REPOSITORY).unwrap();
    let read = ["actions", "contents", "metadata"].iter().chain(alerts).map(|name| (*name, Level::Read));
    let granted = read.chain([("issues", Level::Write)]).map(|(name, level)| (name.to_owned(), level));
    world.set_permissions(installation, granted.collect()).unwrap();
}

/// What code scanning finds in a line.
pub fn injection(path: &str, line: usize) -> NewAlert {
    NewAlert::Rule {
        id: "rust/sql-injection".to_owned(),
        description: "Database query built from user-controlled sources".to_owned(),
        severity: "high".to_owned(),
        path: path.to_owned(),
        line,
    }
}

/// A key in the settings, which nobody is to read in a comment.
pub fn stripe_key() -> NewAlert {
    NewAlert::Secret {
        kind: "Stripe API Key".to_owned(),
        secret: "sk_live_4eC39HqLyjWDarjtT1zdp7dc".to_owned(),
        validity: "active".to_owned(),
        path: "config/app.toml".to_owned(),
        line: 2,
    }
}

/// The repository of [`furnish`], in which each scanner has found something.
fn alerted(world: &World) {
    furnish(world);
    world
        .add_files(REPOSITORY, &[("package.json", "{ \"dependencies\": { \"lodash\": \"4.17.5\" } }\n")])
        .unwrap();
    grant_alerts(world);
    for line in 1..=14 {
        world.add_alert(REPOSITORY, injection("src/auth.rs", line)).unwrap();
    }
    let patched = [("4.17.9", "Prototype pollution"), ("4.17.21", "Command injection in @lodash, see #1")];
    for (patched, summary) in patched {
        let lodash = NewAlert::Package {
            name: "lodash".to_owned(),
            manifest: "package.json".to_owned(),
            severity: "critical".to_owned(),
            patched: Some(patched.to_owned()),
            summary: summary.to_owned(),
        };
        world.add_alert(REPOSITORY, lodash).unwrap();
    }
    world.add_alert(REPOSITORY, stripe_key()).unwrap();
}

/// The line that says what was looked at.
fn looked_at(list: &str) -> &str {
    list.lines().find(|line| line.starts_with("**Looked at:**")).unwrap()
}

#[tokio::test]
async fn alerts_are_read_where_they_are_permitted_one_candidate_for_each_cause() {
    let talk = Talk::with(Setup { furnish: alerted, ..Setup::default() }).await;
    let before = talk.world.requests().len();
    insta::assert_snapshot!(talk.asks("tess", 2, "/enhance discover").await, @"
    **The best five of nine candidates. First: Revoke the Stripe API Key that was pushed.**

    | | What | How one knows | Score |
    |-|-|-|-|
    | D1 | Revoke the Stripe API Key that was pushed | [alert 1](https://github.example/acme/web/security/secret-scanning/1) · [`config/app.toml` line 2](https://github.com/acme/web/blob/0ad5c8fe008c0561e7b1cc0db45f847a2ed64b60/config/app.toml#L2) | 27 |
    | D2 | Update `lodash` in `package.json` to 4.17.21 | [alert 2: GHSA-28a8-13a6-6acd “Command injection in @<zwsp>lodash, see #<zwsp>1”](https://github.example/acme/web/security/dependabot/2) · [`package.json`](https://github.com/acme/web/blob/0ad5c8fe008c0561e7b1cc0db45f847a2ed64b60/package.json) · 2 advisories | 27 |
    | D3 | Mend `ci.yml`: it fails on `main` | [run 3 failed](https://github.example/acme/web/actions/runs/9000000003) · [so did the run before it](https://github.example/acme/web/actions/runs/9000000002) · [run 1 was the last to pass, at `df4d183`](https://github.example/acme/web/actions/runs/9000000001) | 9.9 |
    | D4 | Mend `rust/sql-injection` in `src` | [alert 14: “Database query built from user-controlled sources”](https://github.example/acme/web/security/code-scanning/14) · [`src/auth.rs` line 14](https://github.com/acme/web/blob/0ad5c8fe008c0561e7b1cc0db45f847a2ed64b60/src/auth.rs#L14) · [`src/auth.rs` line 13](https://github.com/acme/web/blob/0ad5c8fe008c0561e7b1cc0db45f847a2ed64b60/src/auth.rs#L13) · [`src/auth.rs` line 12](https://github.com/acme/web/blob/0ad5c8fe008c0561e7b1cc0db45f847a2ed64b60/src/auth.rs#L12) · 14 places | 5.67 |
    | D5 | FIXME: “gives up silently” | [`src/net.rs` line 4](https://github.com/acme/web/blob/0ad5c8fe008c0561e7b1cc0db45f847a2ed64b60/src/net.rs#L4) · written by `acme` in `156fa78`, today | 3.15 |

    **Looked at:** 3 open issues without a plan, 3 runs of 1 workflow, 10 of 11 files, 6 commits and 17 alerts.

    D1 is no issue yet: open one, and `/enhance` plans it · `/why D1` shows the arithmetic

    <sub>base 0ad5c8f · no model · `/help`</sub>
    ");
    let requests = talk.world.requests();
    let asked = || {
        let new = requests.iter().skip(before);
        new.filter(|request| request.method == "GET" || request.path == "/graphql")
    };
    assert!(asked().count() <= 40, "{} calls", asked().count());
    let secrets = asked().find(|request| request.path.ends_with("/secret-scanning/alerts")).unwrap();
    assert!(secrets.query.contains("hide_secret=true"), "{}", secrets.query);
    assert!(!format!("{:?}", secrets.answer).contains("sk_live_"), "GitHub was asked to keep it");
    insta::assert_snapshot!(talk.asks("tess", 2, "/why D1").await, @"
    **D1: Revoke the Stripe API Key that was pushed**

    - value 13: GitHub has tried it: it still works
    - urgency 13: the same
    - unblock 1: nothing names it as a blocker
    - confidence 1: an alert
    - size 1: to be revoked: 1
    - (13 + 13 + 1) × 1 ÷ 1 = 27: a quick win

    <sub>base 0ad5c8f · no model · `/help`</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn an_alert_that_is_mended_is_no_candidate_any_more() {
    let talk = Talk::with(Setup { furnish: alerted, ..Setup::default() }).await;
    let first = talk.asks("tess", 2, "/enhance discover").await;
    assert!(
        first.contains("Revoke the Stripe API Key") && looked_at(&first).contains("17 alerts"),
        "{first}"
    );
    talk.world.mend_alert(REPOSITORY, (Scanner::Secrets, 1)).unwrap();
    for number in 1..=14 {
        talk.world.mend_alert(REPOSITORY, (Scanner::Code, number)).unwrap();
    }
    let then = talk.asks("tess", 2, "/enhance discover").await;
    assert!(!then.contains("Stripe") && !then.contains("sql-injection"), "{then}");
    assert!(then.contains("`lodash`") && looked_at(&then).contains("2 alerts"), "{then}");
    for number in [1, 2] {
        talk.world.mend_alert(REPOSITORY, (Scanner::Dependabot, number)).unwrap();
    }
    let last = talk.asks("tess", 2, "/enhance discover").await;
    assert!(looked_at(&last).ends_with("and no alert."), "{last}");
    talk.end().await;
}

#[tokio::test]
async fn a_scanner_that_is_switched_off_is_said_to_be() {
    let talk = Talk::with(Setup { furnish: grant_alerts, ..Setup::default() }).await;
    let list = talk.asks("tess", 2, "/enhance discover").await;
    insta::assert_snapshot!(looked_at(&list), @"**Looked at:** 2 open issues without a plan, 1 run of 1 workflow, 7 of 8 files and 1 commit. **Not looked at:** Dependabot alerts: not switched on here; code scanning alerts: not switched on here; secret scanning alerts: not switched on here.");
    talk.world.switch_on(REPOSITORY, Scanner::Dependabot).unwrap();
    let list = talk.asks("tess", 2, "/enhance discover").await;
    insta::assert_snapshot!(looked_at(&list), @"**Looked at:** 2 open issues without a plan, 1 run of 1 workflow, 7 of 8 files, 1 commit and no alert. **Not looked at:** code scanning alerts: not switched on here; secret scanning alerts: not switched on here.");
    talk.end().await;
}

#[tokio::test]
async fn each_kind_of_alerts_is_permitted_by_itself_and_read_once_it_is() {
    let furnish = |world: &World| {
        grant(world, &["vulnerability_alerts"]);
        world.add_alert(REPOSITORY, injection("src/auth.rs", 1)).unwrap();
        world.switch_on(REPOSITORY, Scanner::Dependabot).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let list = talk.asks("tess", 2, "/enhance discover").await;
    insta::assert_snapshot!(looked_at(&list), @"**Looked at:** 2 open issues without a plan, 1 run of 1 workflow, 7 of 8 files, 1 commit and no alert. **Not looked at:** code scanning alerts, which need `security_events: read`; secret scanning alerts, which need `secret_scanning_alerts: read`.");
    assert!(!list.contains("sql-injection"), "{list}");
    let tokens = |talk: &Talk| {
        talk.world.requests().iter().filter(|request| request.path.ends_with("/access_tokens")).count()
    };
    let before = tokens(&talk);
    talk.asks("tess", 2, "/enhance discover").await;
    assert_eq!(tokens(&talk), before, "what was refused is not asked for within the hour");
    grant_alerts(&talk.world);
    talk.minutes_pass(61).await;
    let list = talk.asks("tess", 2, "/enhance discover").await;
    assert!(list.contains("sql-injection") && looked_at(&list).contains("1 alert"), "{list}");
    talk.end().await;
}

#[tokio::test]
async fn where_everybody_reads_no_alert_is_told_and_none_is_asked_for() {
    let furnish = |world: &World| {
        let installation = world.installation_id(REPOSITORY).unwrap();
        let granted = [("issues", Level::Write), ("contents", Level::Read), ("metadata", Level::Read)];
        let alerts = ["security_events", "vulnerability_alerts", "secret_scanning_alerts"];
        let granted = granted.into_iter().chain(alerts.map(|name| (name, Level::Read)));
        world
            .set_permissions(installation, granted.map(|(name, level)| (name.to_owned(), level)).collect())
            .unwrap();
        world.add_alert(REPOSITORY, stripe_key()).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let list = talk.asks("tess", 2, "/enhance discover").await;
    assert!(!list.contains("Stripe"), "{list}");
    assert!(
        looked_at(&list).contains("alerts of GitHub's scanners, which are not told where everybody reads"),
        "{list}"
    );
    assert!(!talk.world.requests().iter().any(|request| request.path.ends_with("/alerts")));
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
