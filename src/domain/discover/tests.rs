//! Candidates of small repositories, and their order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::candidate::{Candidate, Evidence, Terms};
use super::facts::{Facts, Run, Unplanned};
use super::{OF_ONE_SOURCE, SHOWN, SOURCES, best, reading};
use crate::domain::alert::{Alert, Finding, Place};
use crate::domain::brief::{OpenIssue, State};
use crate::domain::ids::IssueNumber;
use crate::domain::snapshot::{EntryKind, Repository, Snapshot, TreeEntry};

const DAY: i64 = 86_400_000;

fn facts(files: &[(&str, &str)]) -> Facts {
    let entry = |(path, text): &(&str, &str)| TreeEntry {
        path: (*path).to_owned(),
        kind: EntryKind::File,
        size: text.len() as u64,
        sha: String::new(),
    };
    let snapshot = Snapshot {
        repository: Repository {
            owner: "acme".to_owned(),
            name: "web".to_owned(),
            url: "https://github.com/acme/web".to_owned(),
            default_branch: "main".to_owned(),
        },
        base_sha: "4f1c2ab".repeat(6).chars().take(40).collect(),
        tree: files.iter().map(entry).collect(),
        files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        ..Snapshot::default()
    };
    Facts { snapshot, now_ms: 100 * DAY, commits: 20, ..Facts::default() }
}

fn of(facts: &Facts, source: &str) -> Vec<Candidate> {
    let found = SOURCES.iter().find(|one| one.name == source).expect("a source");
    (found.find)(facts)
}

/// Title, evidence and score, a line each.
fn told(found: &[Candidate]) -> String {
    let line = |one: &Candidate| {
        let evidence: Vec<&str> = one.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
        format!("{} | {} | {}", one.title, evidence.join(" · "), one.terms.score())
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn run(workflow: &str, conclusion: &str, number: i64) -> Run {
    Run {
        workflow: workflow.to_owned(),
        conclusion: conclusion.to_owned(),
        head_sha: format!("{number:040x}"),
        url: format!("https://github.com/acme/web/actions/runs/{number}"),
        number,
        attempt: 1,
        started_at_ms: Some((90 + number) * DAY),
        seconds: Some(100),
    }
}

#[test]
fn issues_are_weighed_by_voices_labels_and_who_waits() {
    let mut facts = facts(&[]);
    let issue = |number: i64, title: &str, body: &str| Unplanned {
        number: IssueNumber(number),
        title: title.to_owned(),
        body: body.to_owned(),
        labels: Vec::new(),
        url: format!("https://github.com/acme/web/issues/{number}"),
        comments: 0,
        reactions: 0,
        created_at_ms: Some(60 * DAY),
    };
    facts.unplanned = vec![
        issue(1, "Count failures", "- [ ] `src/auth.rs` must answer 429 after 5 tries"),
        Unplanned { comments: 3, reactions: 4, ..issue(2, "Make it nicer", "") },
        Unplanned { labels: vec!["P1".to_owned()], ..issue(3, "Exit code", "must exit with code 3") },
        Unplanned { labels: vec!["wontfix".to_owned()], ..issue(4, "Settled", "must exit with code 3") },
    ];
    facts.open = vec![OpenIssue {
        state_reason: None,
        number: IssueNumber(9),
        title: String::new(),
        state: Some(State::Open),
        body: "Depends on #1".to_owned(),
        pull_request: false,
    }];
    insta::assert_snapshot!(told(&of(&facts, "issue")), @"
    Count failures | #1: 0 comments, open for 40 days, no plan | 1.75
    Make it nicer | #2: 3 comments, 4 reactions, open for 40 days, no plan | 3.5
    Exit code | #3: 0 comments, open for 40 days, no plan | 3.85
    ");
    let why = of(&facts, "issue")[0].arithmetic();
    insta::assert_snapshot!(why.join("\n"), @"
    value 2: voices on it: 1
    urgency 1: no label says more
    unblock 2: open issues that wait for it: 1
    confidence 0.7: a report
    size 2: S, by 1 demand and nothing else
    (2 + 1 + 2) × 0.7 ÷ 2 = 1.75: a fill-in
    ");
}

#[test]
fn a_failing_workflow_names_its_runs() {
    let mut facts = facts(&[]);
    facts.runs = vec![
        run("ci.yml", "failure", 9),
        run("ci.yml", "failure", 8),
        run("ci.yml", "success", 7),
        run("docs.yml", "success", 3),
    ];
    insta::assert_snapshot!(told(&of(&facts, "check")), @"Mend `ci.yml`: it fails on `main` | run 9 failed · so did the run before it, for 2 days · run 7 was the last to pass, at `0000000` | 9.9");
    facts.runs.remove(0);
    facts.runs.remove(0);
    assert!(of(&facts, "check").is_empty());
}

#[test]
fn red_and_green_on_one_commit_is_flaky() {
    let mut facts = facts(&[]);
    let same = |run: Run| Run { head_sha: "5eed".repeat(10), ..run };
    facts.runs = vec![
        same(run("ci.yml", "success", 9)),
        same(run("ci.yml", "failure", 8)),
        Run { attempt: 2, ..run("ci.yml", "success", 7) },
    ];
    insta::assert_snapshot!(told(&of(&facts, "check")), @"Find the flaky test in `ci.yml` | 2 of 3 runs changed their mind on one commit · run 8 failed at `5eed5ee`, another run of it passed · run 7 passed at attempt 2 | 2.16");
}

#[test]
fn a_workflow_that_grew_slow_shows_both_medians() {
    let mut facts = facts(&[]);
    let timed = |number, seconds| Run { seconds: Some(seconds), ..run("ci.yml", "success", number) };
    facts.runs = (0..10).map(|n| timed(20 - n, if n < 5 { 300 } else { 120 })).collect();
    insta::assert_snapshot!(told(&of(&facts, "check")), @"Make `ci.yml` faster: it went from 120 s to 300 s | median of 5 passing runs 120 s, of the newest 5: 300 s | 1.44");
    facts.runs.truncate(9);
    assert!(of(&facts, "check").is_empty(), "four runs before tell nothing");
}

#[test]
fn marks_in_comments_count_and_marks_in_code_do_not() {
    let mut facts = facts(&[
        (
            "src/net.rs",
            "fn a() {}\n// TODO: give up after five tries\nfn b() {\n    // FIXME(ada): leaks\n}\n",
        ),
        (
            "src/text.rs",
            "const MARK: &str = \"TODO: no comment\";\nlet todo_list = 1;\n// TODO(#7) is an issue\n",
        ),
        ("lib/ask.py", "# XXX\nx = 1\n"),
        ("README.md", "TODO: write\n"),
        ("tests/net.rs", "#[ignore = \"slow\"]\nfn a() {}\n"),
        ("tests/more.rs", "    #[ignore]\nfn a() {}\n"),
    ]);
    facts.churn = BTreeMap::from([("src/net.rs".to_owned(), 4)]);
    facts.open = vec![OpenIssue {
        state_reason: None,
        number: IssueNumber(7),
        title: String::new(),
        state: None,
        body: String::new(),
        pull_request: false,
    }];
    insta::assert_snapshot!(told(&of(&facts, "marker")), @"
    Settle the XXX in `lib/ask.py` | `lib/ask.py` line 1 | 1.75
    FIXME: “leaks” | `src/net.rs` line 4 · 1 more in the file | 4.2
    TODO: “is an issue” | `src/text.rs` line 3 | 1.05
    Run or remove the 2 skipped tests | `tests/more.rs` line 1 · `tests/net.rs` line 1 | 2.1
    ");
}

#[test]
fn what_changes_much_and_has_no_test_of_its_name_is_told() {
    let mut facts = facts(&[
        ("app/cart.py", "def total():\n    return 1\n"),
        ("app/user.py", "def name():\n    return 1\n"),
        ("tests/test_user.py", "def test_name():\n    pass\n"),
        ("app/rare.py", "x = 1\n"),
        ("src/inline.rs", "fn a() {}\n#[cfg(test)]\nmod tests {}\n"),
        ("pyproject.toml", "[project]\n"),
    ]);
    for (path, changes) in [("app/cart.py", 6), ("app/user.py", 6), ("app/rare.py", 1), ("src/inline.rs", 5)]
    {
        facts.churn.insert(path.to_owned(), changes);
    }
    insta::assert_snapshot!(told(&of(&facts, "untested")), @"Test `app/cart.py` | changed in 6 of the 20 newest commits · no test file is named after it, such as `tests/test_cart.py` | 5.6");
}

#[test]
fn one_candidate_for_all_places_of_a_rule_and_never_the_token() {
    let token = format!("ghp_{}", "a1B2".repeat(9));
    let settings = format!("token = \"{token}\"\n");
    let many = "on: push\njobs:\n  a:\n    steps:\n      - uses: someone/thing@v1\n      - uses: other/thing@main\n      - uses: actions/checkout@v5\n";
    let target = "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n";
    let facts = facts(&[
        ("config/app.toml", settings.as_str()),
        ("docs/example.md", settings.as_str()),
        (".github/workflows/a.yml", many),
        (".github/workflows/b.yml", many),
        (".github/workflows/target.yml", target),
    ]);
    let found = of(&facts, "security");
    insta::assert_snapshot!(told(&found), @"
    Revoke and remove what looks like a token in `config` | `config/app.toml` line 1 | 15.4
    Do not run a stranger's code with secrets in `.github/workflows` | `.github/workflows/target.yml` line 8 | 11.9
    Pin the actions of others in `.github/workflows` to a commit | `.github/workflows/a.yml` line 5 · `.github/workflows/a.yml` line 6 · `.github/workflows/b.yml` line 5 · 1 more places | 4.2
    Say which permissions the workflows in `.github/workflows` need | `.github/workflows/a.yml` line 1 · `.github/workflows/b.yml` line 1 | 3.5
    ");
    assert!(!serde_json::to_string(&found).expect("JSON").contains(&token));
}

/// An alert in a line of a file, at a commit of its own.
fn alert(number: i64, severity: &str, finding: Finding, place: Option<(&str, usize)>) -> Alert {
    Alert {
        number,
        page: format!("https://github.com/acme/web/security/code-scanning/{number}"),
        severity: severity.to_owned(),
        place: place.map(|(path, line)| Place {
            path: path.to_owned(),
            line: Some(line),
            commit: Some("5eed".repeat(10)),
        }),
        created_at_ms: Some((50 + number) * DAY),
        finding,
    }
}

fn rule(id: &str, says: &str) -> Finding {
    Finding::Rule { id: id.to_owned(), says: says.to_owned() }
}

fn package(name: &str, patched: Option<&str>, advisory: &str) -> Finding {
    Finding::Package {
        name: name.to_owned(),
        manifest: "package.json".to_owned(),
        patched: patched.map(str::to_owned),
        advisory: advisory.to_owned(),
        says: "Command injection".to_owned(),
    }
}

fn secret(name: &str) -> Finding {
    Finding::Secret { name: name.to_owned() }
}

#[test]
fn fourteen_alerts_of_one_rule_in_one_folder_are_one_candidate() {
    let mut facts = facts(&[("src/db/find.js", "query(name)\n")]);
    let injection = || rule("js/sql-injection", "Database query built from user input");
    let mut alerts: Vec<Alert> = (1..=14)
        .rev()
        .map(|number| alert(number, "high", injection(), Some(("src/db/find.js", number as usize))))
        .collect();
    alerts[9].severity = "critical".to_owned();
    alerts.push(alert(15, "high", injection(), Some(("src/web/form.js", 3))));
    alerts.push(alert(16, "", rule("js/unused", ""), None));
    facts.alerts = Some(alerts);
    let found = of(&facts, "alert");
    insta::assert_snapshot!(told(&found), @"
    Mend `js/sql-injection` in `src/db` | alert 5: “Database query built from user input” · `src/db/find.js` line 5 · `src/db/find.js` line 14 · `src/db/find.js` line 13 · 14 places | 9
    Mend `js/sql-injection` in `src/web` | alert 15: “Database query built from user input” · `src/web/form.js` line 3 | 8.5
    Mend `js/unused` | alert 16 | 4.5
    ");
    insta::assert_snapshot!(found[0].arithmetic().join("\n"), @"
    value 13: an alert of severity critical
    urgency 13: the same
    unblock 1: nothing names it as a blocker
    confidence 1: an alert
    size 3: places: 14
    (13 + 13 + 1) × 1 ÷ 3 = 9: a major piece
    ");
    assert_eq!(found[0].since_ms, Some(51 * DAY), "since the first of them");
    let urls: Vec<&str> = found[0].evidence.iter().map(|one| one.url.as_str()).collect();
    insta::assert_snapshot!(urls.join("\n"), @"
    https://github.com/acme/web/security/code-scanning/5
    https://github.com/acme/web/blob/5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed/src/db/find.js#L5
    https://github.com/acme/web/blob/5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed/src/db/find.js#L14
    https://github.com/acme/web/blob/5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed/src/db/find.js#L13
    ");
}

#[test]
fn a_package_goes_to_the_highest_of_the_versions_that_mend() {
    let mut facts = facts(&[("package.json", "{}\n")]);
    let manifest = |mut alert: Alert| {
        alert.place = Some(Place { path: "package.json".to_owned(), line: None, commit: None });
        alert
    };
    facts.alerts = Some(
        [
            alert(1, "high", package("lodash", Some("4.17.9"), "GHSA-aaaa"), None),
            alert(2, "critical", package("lodash", Some("4.17.21"), "GHSA-bbbb"), None),
            alert(3, "low", package("lodash", Some("4.17.21-rc.1"), "GHSA-cccc"), None),
            alert(4, "medium", package("left-pad", None, "GHSA-dddd"), None),
            alert(5, "low", package("odd", Some("`@ada` 1"), ""), None),
        ]
        .map(manifest)
        .into(),
    );
    let found = of(&facts, "alert");
    insta::assert_snapshot!(told(&found), @"
    Update `lodash` in `package.json` to 4.17.21 | alert 2: GHSA-bbbb “Command injection” · `package.json` · 3 advisories | 27
    Replace `left-pad` in `package.json`: no version mends it | alert 4: GHSA-dddd “Command injection” · `package.json` | 1.8
    Update `odd` in `package.json` to `'@ada' 1` | alert 5: “Command injection” · `package.json` | 4
    ");
    assert!(found[0].evidence[1].url.ends_with("/package.json"));
    facts.snapshot.tree.clear();
    assert_eq!(of(&facts, "alert")[0].evidence[1].url, "", "a manifest that is gone has no page");
}

#[test]
fn secrets_of_a_kind_are_revoked_together_and_a_place_is_told_once() {
    let token = format!("sk_live_{}", "a1B2".repeat(9));
    let settings = format!("[pay]\nkey = \"{token}\"\nother = \"{token}\"\n");
    let mut facts = facts(&[("config/app.toml", settings.as_str())]);
    facts.alerts = Some(vec![
        alert(1, "active", secret("Stripe API Key"), Some(("config/app.toml", 2))),
        alert(2, "inactive", secret("Slack Token"), Some(("old/gone.env", 7))),
        alert(3, "unknown", secret("Slack Token"), None),
    ]);
    insta::assert_snapshot!(told(&of(&facts, "alert")), @"
    Revoke the Stripe API Key that was pushed | alert 1 · `config/app.toml` line 2 | 27
    Revoke the 2 secrets that were pushed: Slack Token | alert 3 · `old/gone.env` line 7 | 22
    ");
    insta::assert_snapshot!(told(&of(&facts, "security")), @"Revoke and remove what looks like a token in `config` | `config/app.toml` line 3 | 15.4");
    let all = serde_json::to_string(&best(&facts).0).expect("JSON");
    assert!(!all.contains("sk_live_"), "the secret stands nowhere");
    facts.alerts = Some(vec![alert(1, "active", rule("x", ""), Some(("config/app.toml", 2)))]);
    assert!(told(&of(&facts, "security")).contains("line 2"), "another scanner says something else");
}

#[test]
fn what_an_alert_says_takes_no_effect() {
    let mut facts = facts(&[]);
    let says = "`x` <img src=x> @ada closes #1\n\n# H | [a](https://evil.example) `";
    let long = "a".repeat(300);
    facts.alerts = Some(vec![
        alert(1, "high", rule("js/`@ada`\n|x", says), Some(("src/a.js", 1))),
        alert(2, "high", package("`<b>` @ada", Some("1.0 <b>"), "#2 `"), None),
        alert(3, "active", secret("[key](https://evil.example) @ada `#3`"), None),
        alert(4, "odd", rule(&long, &long), Some(("src/a.js", 2))),
    ]);
    let shown: Vec<String> = of(&facts, "alert")
        .iter()
        .flat_map(|one| std::iter::once(&one.title).chain(one.evidence.iter().map(|it| &it.text)))
        // What breaks a mention or a reference is not seen.
        .map(|text| crate::domain::plan::markdown::plain(text).replace('\u{200b}', "^"))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    Mend <code>js&#47;&#39;&#64;ada&#39; &#124;x</code> in `src`
    alert 1: “'x' &lt;img src=x&gt; @^ada closes #^1 # H \| \[a\](https:^//evil.example) '”
    `src/a.js` line 1
    Update `'<b>' @ada` in `package.json` to `1.0 <b>`
    alert 2: #^2 ' “Command injection”
    Revoke the \[key\](https:^//evil.example) @^ada '#^3' that was pushed
    alert 3
    Mend `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` in `src`
    alert 4: “aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…”
    `src/a.js` line 2
    ");
}

#[test]
fn a_circle_of_imports_names_its_edges() {
    let facts = facts(&[
        ("src/a.ts", "import { b } from './b';\nexport const a = 1;\n"),
        ("src/b.ts", "import fs from 'fs';\nimport { a } from './a.js';\nexport const b = 2;\n"),
        ("src/types.ts", "import type { c } from './c';\n"),
        ("src/c.ts", "import { t } from './types';\n"),
        ("pkg/x.py", "from .y import z\n"),
        ("pkg/y.py", "import os\n"),
    ]);
    insta::assert_snapshot!(told(&of(&facts, "architecture")), @"Break the circle of imports between `src/a.ts` and `src/b.ts` | `src/a.ts` line 1 imports `b.ts` · `src/b.ts` line 2 imports `a.ts` | 1.75");
    let found = of(&facts, "architecture");
    let urls: Vec<&str> = found[0].evidence.iter().filter_map(|one| one.url.rsplit('/').next()).collect();
    assert_eq!(urls, ["a.ts#L1", "b.ts#L2"]);
}

#[test]
fn the_largest_of_the_much_changed_files_is_told() {
    let long = "x = 1\n".repeat(1_600);
    let generated = format!("// @generated\n{long}");
    let mut facts = facts(&[
        ("app/big.py", long.as_str()),
        ("app/made.py", generated.as_str()),
        ("app/small.py", "x = 1\n"),
    ]);
    facts.churn.insert("app/big.py".to_owned(), 3);
    insta::assert_snapshot!(told(&of(&facts, "architecture")), @"Cut `app/big.py` into parts | 1,600 lines, changed in 3 of the 20 newest commits | 0.61");
}

#[test]
fn benchmarks_that_no_workflow_runs_are_told() {
    let test = "on: pull_request\njobs:\n  a:\n    steps:\n      - run: cargo test\n";
    let quiet = facts(&[("benches/parse.rs", "fn main() {}\n"), (".github/workflows/ci.yml", test)]);
    insta::assert_snapshot!(told(&of(&quiet, "performance")), @"Run the benchmarks in `benches` where changes are checked | `benches/parse.rs` · the one job of the workflows runs none | 1.75");
    let bench = "on: push\njobs:\n  a:\n    steps:\n      - run: cargo bench\n";
    let run = facts(&[("benches/parse.rs", "fn main() {}\n"), (".github/workflows/ci.yml", bench)]);
    assert!(of(&run, "performance").is_empty());
}

#[test]
fn the_page_has_a_row_for_each_source_in_order() {
    let page = include_str!("../../../docs/plans.md");
    let rows = page.lines().skip_while(|line| *line != "| Source | Proposes |").skip(2);
    let rows: Vec<&str> = rows.filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect();
    let names: Vec<&str> = SOURCES.iter().map(|source| source.name).collect();
    assert_eq!(rows, names);
}

#[test]
fn five_are_shown_and_at_most_three_of_a_source() {
    let mut facts = facts(&[("src/net.rs", "// TODO: later\n"), ("src/log.rs", "// TODO: sooner\n")]);
    facts.runs = vec![run("ci.yml", "failure", 9)];
    facts.unplanned = (1..=9)
        .map(|number| Unplanned {
            number: IssueNumber(number),
            title: format!("Issue {number}"),
            body: "must exit with code 3".to_owned(),
            labels: vec!["critical".to_owned()],
            url: String::new(),
            comments: 40,
            reactions: 0,
            created_at_ms: Some(number * DAY),
        })
        .collect();
    let (shown, found) = best(&facts);
    assert_eq!((shown.len(), found), (SHOWN, 12));
    let issues: Vec<i64> = shown.iter().filter_map(|one| one.issue).map(|issue| issue.0).collect();
    assert_eq!((issues.len(), issues), (OF_ONE_SOURCE, vec![1, 2, 3]));
}

#[test]
fn the_most_changed_sources_are_read_within_the_budgets() {
    let file = |path: String, size| TreeEntry { path, kind: EntryKind::File, size, sha: String::new() };
    let mut tree: Vec<TreeEntry> = (0..300).map(|n| file(format!("lib/part{n:03}.py"), 60_000)).collect();
    tree.push(file("zz/hot.py".to_owned(), 10));
    tree.push(file(".github/workflows/ci.yml".to_owned(), 10));
    tree.push(file("README.md".to_owned(), 10));
    let churn = BTreeMap::from([("zz/hot.py".to_owned(), 9)]);
    let list = reading::wanted(&tree, &churn);
    assert_eq!(list[..2], [".github/workflows/ci.yml", "zz/hot.py"]);
    let bytes: u64 = tree.iter().filter(|entry| list.contains(&entry.path)).map(|entry| entry.size).sum();
    assert!(bytes <= 6 * 1024 * 1024 && list.len() <= 240 && !list.contains(&"README.md".to_owned()));
    let flows = (0..40).map(|n| format!("flows/{n}.json")).chain([".github/workflows/ci.yml".to_owned()]);
    let entry = |path: String| TreeEntry { path, ..tree[0].clone() };
    let list = reading::wanted(&flows.map(entry).collect::<Vec<_>>(), &BTreeMap::new());
    assert_eq!((list[0].as_str(), list.len()), (".github/workflows/ci.yml", 21));
}

proptest! {
    #[test]
    fn the_order_does_not_depend_on_the_order_of_finding(mut scores in proptest::collection::vec((1_u8..9, 0_i64..4, 1_i64..9), 1..12), turn in 0_usize..12) {
        let candidate = |(value, since, issue): &(u8, i64, i64)| Candidate {
            title: format!("{value} {since} {issue}"),
            issue: Some(IssueNumber(*issue)),
            place: None,
            evidence: vec![Evidence { text: String::new(), url: String::new() }],
            terms: Terms { value: f64::from(*value), urgency: 1.0, unblock: 1.0, confidence: 0.7, size: 2.0 },
            because: Vec::new(),
            since_ms: Some(*since),
        };
        let sorted = |scores: &[(u8, i64, i64)]| {
            let mut all: Vec<Candidate> = scores.iter().map(candidate).collect();
            all.sort_by(Candidate::before);
            all.into_iter().map(|one| one.title).collect::<Vec<_>>()
        };
        let first = sorted(&scores);
        let middle = turn % scores.len();
        scores.rotate_left(middle);
        prop_assert_eq!(first, sorted(&scores));
    }
}

/// Workflows of n8n are held against rules of their own, and a secret in them is said once and never quoted.
#[test]
fn what_is_unsafe_in_workflows_of_n8n_is_found() {
    let facts = facts(&[("flows/ferry.json", crate::domain::plan::flows::tests::FERRY)]);
    let found = of(&facts, "security");
    let titles: Vec<&str> = found.iter().map(|one| one.title.as_str()).collect();
    for title in [
        "Ask who calls the webhooks of the n8n workflows in `flows`",
        "Run nothing with a caller's words in the n8n workflows of `flows`",
        "Move the secrets in the n8n workflows of `flows` into credentials",
        "Encrypt what the n8n workflows in `flows` send",
    ] {
        assert!(titles.contains(&title), "{title}: {titles:?}");
    }
    assert!(!serde_json::to_string(&found).expect("JSON").contains("5521"));
}
