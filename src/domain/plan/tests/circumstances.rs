//! What a plan says of decisions, of the way back, of stages and of secrets.

use super::rate_limit::web;
use super::world::{comment, issue, planned, repository};
use crate::domain::plan::flows::tests::FERRY;

#[test]
fn two_options_become_a_decision_to_record() {
    let snapshot = repository("acme/keep", "abc0001", &[("src/keep.rs", "pub fn keep() {}\n")]);
    let body = "`src/keep.rs` must keep at most 100 entries.\n\n## Options\n- a ring buffer\n- a map with an index of ages\n";
    let text = comment(&issue(1, "Bound the entries", body), &snapshot);
    assert!(text.contains("<summary>Decision to record: 2 options</summary>"), "{text}");
    for told in ["Status: proposed", "- “a ring buffer”", "- “a map with an index of ages”", "Because:"]
    {
        assert!(text.contains(told), "{told} in {text}");
    }
    let one = body.replace("- a map with an index of ages\n", "");
    assert!(!comment(&issue(1, "Bound the entries", &one), &snapshot).contains("Decision to record"));
}

#[test]
fn a_migration_without_a_way_back_is_called_irreversible() {
    let snapshot = repository(
        "acme/keep",
        "abc0002",
        &[
            ("migrations/0001_users.sql", "CREATE TABLE users (id INT);\n"),
            ("src/users.rs", "pub fn load() {}\n"),
        ],
    );
    let body = "- [ ] `migrations/0002_age.sql` must add a column `age` to the table `users`, new\n- [ ] `src/users.rs` must answer 400 for an age above 150\n";
    let plan = planned(&issue(2, "Ages", body), &snapshot);
    assert!(
        plan.rollback.iter().any(|line| line.contains("irreversible without a migration back")),
        "{:?}",
        plan.rollback
    );
}

#[test]
fn a_class_that_is_about_migrations_is_taken_back_like_any_other() {
    let snapshot = repository(
        "acme/keep",
        "abc0002",
        &[("src/Migration/Runner.php", "<?php\nclass Runner { public function up() {} }\n")],
    );
    let body = "- [ ] `src/Migration/Runner.php` must answer 400 for an age above 150\n";
    let plan = planned(&issue(2, "Ages", body), &snapshot);
    assert_eq!(plan.work_items.len(), 1);
    assert!(!plan.rollback.join("; ").contains("irreversible"), "{:?}", plan.rollback);
}

#[test]
fn an_infrastructure_change_goes_through_the_stages_of_its_workflow() {
    let deploy = "on: [push, pull_request]\njobs:\n  first:\n    environment: staging\n    steps:\n      - run: fly deploy -a keep-staging\n  last:\n    needs: first\n    environment:\n      name: production\n    steps:\n      - run: fly deploy -a keep\n";
    let snapshot = repository(
        "acme/keep",
        "abc0003",
        &[("fly.toml", "app = \"keep\"\n"), (".github/workflows/deploy.yml", deploy)],
    );
    let body = "- [ ] `fly.toml` must set at least 2 machines\n";
    let plan = planned(&issue(3, "Deploy to a second region", body), &snapshot);
    assert_eq!(plan.classification.kind, "infrastructure");
    assert!(
        plan.rollback.contains(&"in stages: `staging`, then `production`".to_owned()),
        "{:?}",
        plan.rollback
    );
}

#[test]
fn a_change_of_words_alone_needs_no_test_and_no_changelog() {
    let snapshot = repository(
        "acme/keep",
        "abc0004",
        &[
            ("docs/guide.md", "# guide\n"),
            ("CONTRIBUTING.md", "Every change must be named in the changelog.\n"),
        ],
    );
    let plan = planned(&issue(4, "Fix a typo", "- [ ] `docs/guide.md` must say “receive”\n"), &snapshot);
    assert_eq!(plan.classification.kind, "dx");
    assert!(plan.tests.file.is_none() && plan.customs.is_empty(), "{:?} {:?}", plan.tests, plan.customs);
}

#[test]
fn what_looks_like_a_token_is_in_no_part_of_a_plan() {
    let token = format!("ghp_{}", "a1B2".repeat(9));
    let snapshot = repository("acme/keep", "abc0005", &[("src/key.rs", "pub fn key() {}\n")]);
    let body = format!("`src/key.rs` must refuse `{token}` with 401.\n");
    let plan = planned(&issue(5, "A key in the log", &body), &snapshot);
    assert!(!serde_json::to_string(&plan).expect("JSON").contains(&token));
    assert!(plan.read_as.iter().any(|line| line.contains("line 1 holds what looks like a token")));
}

/// What the tree holds, and what only Markdown joins, is masked when the plan is finished.
#[test]
fn a_token_of_the_tree_and_one_in_two_halves_are_in_no_part_of_a_plan() {
    let token = format!("ghp_{}", "a1B2".repeat(9));
    let (front, back) = token.split_at(12);
    let files = [
        ("src/key.rs".to_owned(), "pub fn key() {}\n".to_owned()),
        ("CODEOWNERS".to_owned(), format!("* @{token}\n")),
        (
            ".github/workflows/ci.yml".to_owned(),
            format!(
                "on: pull_request\njobs:\n  {token}:\n    steps:\n      - run: TOKEN={token} cargo test\n"
            ),
        ),
        ("Cargo.toml".to_owned(), "[package]\nname = \"keep\"\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let snapshot = repository("acme/keep", "abc0005", &files);
    for halves in
        [format!("{front}<!-- x -->{back}"), format!("{front}**{back}**"), format!("{front}\u{200b}{back}")]
    {
        let body = format!("- [ ] `src/key.rs` must refuse {halves} with 401.\n");
        let plan = planned(&issue(5, "A key in the log", &body), &snapshot);
        let plain = serde_json::to_string(&plan).expect("JSON");
        assert!(!plain.contains(&token), "{plain}");
        assert!(plain.contains("[masked]"), "{plain}");
        assert!(!comment(&issue(5, "A key in the log", &body), &snapshot).contains(&token));
    }
}

#[test]
fn a_form_that_was_filled_in_for_an_older_release_is_asked_about() {
    let body = |seen: &str| {
        format!(
            "## Version\n\nv{seen}\n\n## Describe the bug\n\n`src/auth.rs` prints an empty line since v3.6.2.\n\n## To reproduce\n\nSign in.\n\n## Expected behavior\n\nNo empty line.\n"
        )
    };
    let asks = |seen: &str| {
        let plan = planned(&issue(4, "Empty line on sign-in", &body(seen)), &web());
        plan.questions.iter().any(|question| question.slot == "bug.release")
    };
    assert!(asks("3.3.3"));
    assert!(!asks("3.6.2"));
}

/// A workflow of n8n that an issue touches is told with what starts it and what is unsafe in it.
#[test]
fn a_workflow_of_n8n_is_told_with_what_is_unsafe_in_it() {
    let snapshot = repository("acme/keep", "abc0006", &[("flows/ferry.json", FERRY)]);
    let body = "- [ ] `flows/ferry.json` must send at most 3 mails for one booking\n";
    let text = comment(&issue(6, "Too many mails", body), &snapshot);
    for told in [
        "a workflow of n8n of five nodes, started by “Booking” (`webhook`), with the credentials “Ferry post” (`smtp`)",
        "**There already:** the webhook “Booking” (`flows/ferry.json` line 5) asks nobody who calls it",
        "“Print ticket” (`flows/ferry.json` line 10) runs with what a caller of its webhook sends",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
    assert!(!text.contains("5521"), "{text}");
    // An issue about something else says nothing of it.
    let other = repository(
        "acme/keep",
        "abc0006",
        &[("flows/ferry.json", FERRY), ("src/keep.rs", "pub fn keep() {}\n")],
    );
    let body = "- [ ] `src/keep.rs` must keep at most 100 entries\n";
    let plan = planned(&issue(7, "Bound the entries", body), &other);
    assert!(
        !plan.read_as.iter().chain(&plan.reuse).any(|line| line.contains("n8n") || line.contains("webhook"))
    );
    assert!(plan.why["repository"].iter().any(|line| line.contains("workflow of n8n")), "{:?}", plan.why);
}
