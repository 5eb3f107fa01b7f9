//! What holds for every issue, however wild.

use std::fmt::Write;

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, proptest};

use super::bug::ledger;
use super::claims::astray;
use super::rate_limit::web;
use super::world::{comment, issue, planned};
use crate::domain::escape::visible::is_hidden;
use crate::domain::plan::model::{Plan, WaitOn};
use crate::domain::plan::{Presentation, markdown};
use crate::domain::snapshot::Snapshot;

fn fragments() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "- [ ] ",
        "- [x] ",
        "must answer 429",
        "`src/auth.rs`",
        "`src/nope.rs`",
        "within 60 s",
        "after 5 failed attempts",
        "\n",
        "\n\n",
        "> ",
        "```",
        "~~~\n",
        "<!-- ",
        " -->",
        "Depends on #3, #4",
        "## Acceptance",
        "Given a",
        "Then b",
        "--format json",
        "`",
        "``",
        "|",
        "@ada",
        "fixes #1",
        "\u{202e}",
        "\u{0}",
        "1. ",
        "cache the result for 10 min",
        "rename `a_b` to `c_d`",
        "upgrade serde to 2.0",
        "GET /users",
        "retry on 503",
        "must not be empty",
        "«ü»",
        "Traceback (most recent call last):\n  File \"src/auth.rs\", line 1, in x\nKeyError: 1",
        "99999999999999999999 s",
    ]);
    let wild = "\\PC{0,12}";
    prop::collection::vec(
        prop::strategy::Union::new(vec![known.prop_map(str::to_owned).boxed(), wild.boxed()]),
        0..40,
    )
    .prop_map(|parts| parts.join(" "))
}

/// Words of a text without the blanks that joining lines changes.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a quote holds stands in the issue, as its readers see it.
fn quotes_occur(plan: &Plan, title: &str, body: &str) -> bool {
    let seen = |text: String| text.replace(|c| c == '*' || c != '\r' && is_hidden(c), "");
    let whole = squeezed(&seen(format!("{title}\n{body}")));
    plan.requirements.iter().all(|requirement| {
        let quote = squeezed(&seen(requirement.quote.trim_end_matches('…').trim().to_owned()));
        whole.contains(&quote) || quote.split(' ').all(|word| whole.contains(word))
    })
}

fn ordered(plan: &Plan) -> bool {
    plan.work_items.iter().enumerate().all(|(index, item)| {
        item.ordinal == index + 1
            && item.depends_on.iter().all(|wait| match wait.on {
                WaitOn::Item(on) => on < item.ordinal,
                WaitOn::Issue(_) => true,
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_issue_is_planned(title in "\\PC{0,40}", body in fragments()) {
        let brief = issue(7, &title, &body);
        for snapshot in [web(), Snapshot::default()] {
            let plan = planned(&brief, &snapshot);
            prop_assert_eq!(&plan, &planned(&brief, &snapshot));
            prop_assert!(quotes_occur(&plan, &title, &body));
            prop_assert!(ordered(&plan));
            prop_assert!(plan.work_items.len() <= 5);
            prop_assert!(plan.work_items.iter().all(|item| !item.acceptance.is_empty() && !item.title.is_empty()));
            let text = comment(&brief, &snapshot);
            prop_assert_eq!(astray(&text, &snapshot), Vec::<String>::new());
        }
    }
}

#[test]
fn hostile_sizes_stay_small() {
    let mut boxes = String::new();
    for number in 0..10_000 {
        let _ = writeln!(boxes, "- [ ] box {number} must answer 404 in `src/auth.rs`");
    }
    let long = "must `a` (((((( ".repeat(70_000);
    let quotes = format!("{} must", "> ".repeat(30_000));
    let ticks = "`".repeat(200_000);
    let comments = "<!-- ".repeat(100_000);
    let rows = "| a must answer 404 | 404 |\n".repeat(20_000);
    let links = "must [a](".repeat(60_000);
    let fences = "```\nexpect(a).toBe(b)\n// => 1\n```\n".repeat(10_000);
    let nested = (1..400).map(|depth| format!("{} must\n", ">".repeat(depth))).collect();
    let one_word = "must".repeat(1 << 18);
    let deep_boxes = (0..2_000).fold(String::new(), |mut body, depth| {
        let _ = writeln!(body, "{}- [ ] box {depth} must answer 404", "> ".repeat(depth % 500));
        body
    });
    let deep_lists = (0..500).fold(String::new(), |mut body, depth| {
        let _ = writeln!(body, "{}- [ ] box {depth} must answer 404", "  ".repeat(depth));
        body
    });
    assert!(long.len() > 1 << 20 && one_word.len() >= 1 << 20);
    for body in
        [boxes, long, quotes, ticks, comments, rows, links, fences, nested, one_word, deep_boxes, deep_lists]
    {
        let brief = issue(1, "Everything", &body);
        let plan = planned(&brief, &ledger());
        let text = markdown(&plan, &Presentation::default());
        assert!(text.len() < 65_536, "{} bytes for {}", text.len(), &body[..20]);
        let counts = (plan.requirements.len(), plan.work_items.len(), plan.feasibility.len());
        assert!(counts.0 <= 120 && counts.1 <= 5 && counts.2 <= 80, "{counts:?} for {}", &body[..20]);
        let stored = serde_json::to_string(&plan).expect("a plan");
        assert!(stored.len() < 131_072, "{} bytes for {}", stored.len(), &body[..20]);
        for quote in plan.requirements.iter().map(|one| &one.quote) {
            assert!(quote.chars().count() <= 301, "{quote}");
        }
    }
    let plan = planned(&issue(1, "Everything", &"- [ ] x must answer 404\n".repeat(10)), &web());
    assert_eq!(plan.requirements.len(), 1);
}

#[test]
fn boxes_beyond_the_limit_are_counted() {
    let mut boxes = String::new();
    for number in 0..500 {
        let _ = writeln!(boxes, "- [ ] box {number} must answer 404");
    }
    let text = comment(&issue(1, "Everything", &boxes), &web());
    assert!(text.contains("380 further demands beyond the first 120"), "{text}");
}
