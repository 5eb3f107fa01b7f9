//! What the comment says about itself, about limits, and what it does to hostile words.

use super::rate_limit::{sign_ins, web};
use super::world::{comment, issue, planned, repository};
use crate::domain::brief::{Brief, ClosedIssue, OpenIssue, State};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::{Options, Plan, Presentation, Verdict, markdown, plan};
use crate::domain::snapshot::Snapshot;

#[test]
fn commands_take_the_form_that_works_here() {
    let plan = planned(&sign_ins(), &web());
    let presentation = Presentation { revision: 3, prefix: "@mill ".to_owned(), ..Presentation::default() };
    let text = markdown(&plan, &presentation);
    assert!(text.contains("`@mill approve 3` opens both as sub-issues · `@mill approve 3 --one`"), "{text}");
    assert!(text.contains("`@mill revise 1: … 2: … 3: …`") && !text.contains("`/"), "{text}");
}

#[test]
fn limits_are_told() {
    let mut snapshot = web();
    snapshot.truncated = true;
    snapshot.files.remove("src/main.rs");
    snapshot.missing_permissions.push("checks: read".to_owned());
    let text = comment(&sign_ins(), &snapshot);
    for told in [
        "`src/main.rs`: 6 of 7 files were read",
        "beyond the first 7 entries: the tree came truncated",
        "what needs `checks: read`",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
}

#[test]
fn the_cap_merges_and_says_so() {
    let plan = plan(&super::checklist::forty(), &super::checklist::fleet(), &Options { max_items: 2 });
    assert_eq!(plan.work_items.len(), 2);
    assert!(
        plan.read_as.iter().any(|line| line.contains("5 parts and `max_items: 2` allows 2")),
        "{:?}",
        plan.read_as
    );
    let met: usize = plan.work_items.iter().map(|item| item.requirements.len()).sum();
    assert_eq!(met, 40);
}

#[test]
fn eight_closed_issues_make_an_estimate() {
    let closed = |number: i64, lines: u64, path: &str| ClosedIssue {
        number: IssueNumber(number),
        title: format!("Sign in {number}"),
        labels: Vec::new(),
        paths: vec![path.to_owned()],
        changed_lines: lines,
        closed_at: None,
    };
    let mut brief = sign_ins();
    brief.history = (1..=7).map(|n| closed(n, 500 + n.unsigned_abs(), "src/auth.rs")).collect();
    let few = planned(&brief, &web());
    assert_eq!((few.work_items[0].size.n, few.work_items[0].size.prior), (7, true));
    brief.history.push(closed(8, 3, "docs/a.md"));
    let enough = planned(&brief, &web());
    let size = &enough.work_items[0].size;
    assert_eq!((size.bucket.as_str(), size.p50, size.n, size.prior), ("L", 504, 8, false));
    assert!(
        enough.why["size"].iter().any(|line| line.contains("weighted median of these 7 of 8: 504 lines")),
        "{:?}",
        enough.why
    );
    let (few, enough) = (
        comment(&Brief { history: brief.history.iter().take(7).cloned().collect(), ..brief.clone() }, &web()),
        comment(&brief, &web()),
    );
    assert!(few.contains("Sizes are priors (n=7).") && !few.contains("lines (n="), "{few}");
    assert!(enough.contains("R1, R3 · size L, 504–507 lines (n=8) · waits for #1"), "{enough}");
    assert!(!enough.contains("prior"), "{enough}");
}

#[test]
fn issues_that_wait_for_each_other_are_refused() {
    let mut brief = sign_ins();
    brief.open_issues = vec![OpenIssue {
        state_reason: None,
        number: IssueNumber(1),
        title: "Sign in by password".to_owned(),
        state: Some(State::Open),
        body: "Depends on #2".to_owned(),
        pull_request: false,
    }];
    let plan = planned(&brief, &web());
    assert_eq!((plan.verdict, plan.work_items.len()), (Verdict::NotFeasible, 0));
    assert!(comment(&brief, &web()).starts_with("**Not plannable: #2 → #1 → #2 wait for each other.**"));
}

#[test]
fn words_of_users_stay_words() {
    let body = "- [ ] @everyone | fixes #3 </details> `a|b` must answer 404 <!-- x --> [x](javascript:1) in `src/auth.rs`\n- [ ] ![i](https://evil.example/p.png) must not be shown\n";
    let text = comment(&issue(9, "**bold** @team closes #4", body), &web());
    assert!(!text.contains("@everyone") && !text.contains("@team"), "{text}");
    assert!(!text.contains("fixes #3") && !text.contains("closes #4"), "{text}");
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(&text, &options);
    for tag in ["<img", "</details>", "=\"javascript", "<strong>bold", "=\"https://evil"] {
        assert!(!html.contains(tag), "{tag} in {html}");
    }
    for row in text.lines().filter(|line| line.starts_with("| R")) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}

fn parts() -> Snapshot {
    repository(
        "acme/parts",
        "abcdef0",
        &[
            ("src/core.rs", "pub fn core() {}\n"),
            ("src/left.rs", "pub fn left() {}\n"),
            ("src/right.rs", "pub fn right() {}\n"),
            ("docs/guide.md", "# guide\n"),
        ],
    )
}

#[test]
fn four_items_that_branch_are_drawn_and_neither_fewer_nor_a_chain() {
    let body = "- [ ] `src/core.rs` must return 401 without a key, 403 with a wrong one, and at most 3 tries\n- [ ] `src/left.rs` must return 404 for at most 5 names, at least 2 names\n- [ ] `src/right.rs` must return 409 for at most 7 names, at least 4 names\n- [ ] document `core()` in `docs/guide.md`\n";
    let brief = issue(12, "Three parts", body);
    let text = comment(&brief, &parts());
    assert!(
        text.contains("```mermaid\ngraph LR\n")
            && text.contains("  i1 --> i4")
            && text.contains("  i2 --> i4"),
        "{text}"
    );
    let drawn = |plan: &Plan| markdown(plan, &Presentation::default()).contains("```mermaid");
    let mut chain = planned(&brief, &parts());
    chain.work_items[3].depends_on.truncate(1);
    assert!(!drawn(&chain) && chain.work_items[3].depends_on.len() == 1, "four, and no branch");
    let mut three = planned(&brief, &parts());
    three.work_items.remove(2);
    assert!(!drawn(&three) && three.work_items[2].depends_on.len() > 1, "a branch, and no fourth");
}
