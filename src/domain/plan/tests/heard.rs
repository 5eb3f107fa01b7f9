//! No sentence that asks for something is lost: it is a demand, a question, named as out of scope, or named as talk.

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, proptest};

use super::bug::ledger;
use super::golden;
use super::rate_limit::web;
use super::world::{issue, planned};
use crate::domain::brief::Brief;
use crate::domain::plan::clause;
use crate::domain::plan::{Plan, Verdict, words};

/// Is the sentence of this line in the plan, as what it asks or as what was left?
fn is_heard(plan: &Plan, sentence: &str, line: usize) -> bool {
    let own = words::stems(sentence);
    let shares = |text: &str| own.intersection(&words::stems(text)).count() * 100 >= own.len() * 60;
    let demand = |one: &crate::domain::plan::model::Requirement| {
        shares(&one.quote) || one.cases.iter().any(|case| shares(case))
    };
    let numbered = |text: &String| {
        let numbers = text.split(|c: char| !c.is_ascii_digit());
        (text.starts_with("left aside") || text.contains("stays out") || text.ends_with("stay out, too"))
            && numbers.into_iter().any(|number| number == line.to_string())
    };
    plan.verdict == Verdict::TooVague
        || plan.requirements.iter().any(demand)
        || plan.questions.iter().any(|question| shares(&question.text))
        || plan.read_as.iter().any(|text| shares(text) || numbered(text))
        || plan.not_checked.iter().any(numbered)
}

fn asking() -> impl Strategy<Value = String> {
    let form = prop::sample::select(vec![
        "The {} must be {}.",
        "Please make the {} {}.",
        "It would be nice if the {} was {}.",
        "I'd like the {} to be {}.",
        "Could you please keep the {} {}?",
        "Don't leave the {} {}.",
        "The {} should never be {}.",
        "I expect the {} to be {}.",
        "Add a {} that is {}.",
        "We need to have the {} {}.",
        "My proposal is to make the {} {}.",
    ]);
    let thing = prop::sample::select(vec![
        "ledger",
        "export",
        "header",
        "total",
        "`write_row`",
        "third column",
        "audit trail",
        "window title",
    ]);
    let state = prop::sample::select(vec![
        "sorted",
        "empty",
        "visible when the file is closed",
        "`None`",
        "at most 40 characters wide",
        "written to `ledger/cli.py`",
        "translated",
        "readable",
        "the same as the invoice",
    ]);
    (form, thing, state)
        .prop_map(|(form, thing, state)| form.replacen("{}", thing, 1).replacen("{}", state, 1))
}

/// A line of an issue: what it says and how it stands there.
fn lines() -> impl Strategy<Value = Vec<(String, &'static str)>> {
    let around = prop::sample::select(vec![
        "{}\n",
        "{}\n\n",
        "- {}\n\n",
        "- [ ] {}\n\n",
        "\n## Proposal\n\n{}\n",
        "\n## Additional context\n\n{}\n",
        "\n## Motivation\n\n{}\n",
        "\n## Out of scope\n\n- {}\n\n",
        "\n### Expected behavior\n\n{}\n",
        "1) x\n\n{}\n",
        "Today it is slow. {}\n",
        "\n```\nx = 1\n```\n{}\n",
    ]);
    prop::collection::vec((asking(), around), 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_asking_sentence_vanishes(
        lines in lines(),
        title in prop::sample::select(vec!["Export", "Export crashes", "Make the export `sorted`"]),
        label in prop::sample::select(vec!["bug", "enhancement"]),
    ) {
        let mut body = String::new();
        let mut asked: Vec<(String, usize)> = Vec::new();
        for (sentence, around) in lines {
            let (before, after) = around.split_once("{}").unwrap_or_default();
            body.push_str(before);
            asked.push((sentence.clone(), body.lines().count() + usize::from(body.is_empty() || body.ends_with('\n'))));
            body.push_str(&sentence);
            body.push_str(after);
        }
        let brief = Brief { labels: vec![label.to_owned()], ..issue(7, title, &body) };
        for snapshot in [web(), ledger()] {
            let plan = planned(&brief, &snapshot);
            for (sentence, line) in &asked {
                prop_assert!(
                    is_heard(&plan, sentence, *line),
                    "line {line}: {sentence}\n{body}\n{:?}\n{:?}\n{:?}",
                    plan.requirements, plan.not_checked, plan.read_as
                );
            }
        }
    }
}

#[test]
fn what_was_read_as_talk_is_named_by_its_lines() {
    let body = "`src/auth.rs` must answer 403 for a blocked account.\n\n## Additional context\n\nIt would be nice to have a poster of it.\nWe are happy.\n";
    let plan = planned(&issue(7, "Blocked accounts", body), &web());
    assert!(
        plan.not_checked
            .contains(&"left aside: what line 5 asks (“It would be nice to have a poster of it”)".to_owned()),
        "{:?}",
        plan.not_checked
    );
}

#[test]
fn no_case_only_repeats_its_demand() {
    for golden in golden::all() {
        for requirement in planned(&golden.brief, &golden.snapshot).requirements {
            for case in &requirement.cases {
                assert!(
                    !clause::is_hollow(case, &requirement.quote),
                    "{}: {case} says what “{}” says",
                    golden.name,
                    requirement.quote
                );
            }
        }
    }
}

#[test]
fn a_demand_in_words_alone_is_proved_by_a_test_that_is_red_today_and_a_quality_is_asked_for() {
    let body = "- [ ] `src/auth.rs` must answer 403 for a blocked account\n- [ ] the session stays open\n- [ ] the exporter closes the file\n- [ ] code stays readable\n";
    let plan = planned(&issue(7, "Blocked accounts", body), &web());
    let cases: Vec<&str> =
        plan.requirements[1..].iter().map(|one| one.cases.first().map_or("", String::as_str)).collect();
    assert_eq!(cases, ["a test of its own", "its test, red before the change", ""]);
    assert!(
        plan.work_items.iter().any(|item| item.requirements.contains(&"R4".to_owned())),
        "a box stays in"
    );
    assert!(plan.questions.iter().any(|question| question.slot.starts_with("observable.")));
}

#[test]
fn a_rant_is_asked_back_however_it_is_labeled() {
    let rant = "I have wasted two days on this. It crashes all the time, and every release makes it worse. Please fix it properly.";
    for (title, body) in [
        ("It crashes", ""),
        ("It crashes", "It crashes when I use it. Fix please!!"),
        ("Export is broken and nobody cares", rant),
    ] {
        let brief = Brief { labels: vec!["bug".to_owned()], ..issue(7, title, body) };
        let plan = planned(&brief, &web());
        assert_eq!((plan.verdict, plan.work_items.len()), (Verdict::TooVague, 0), "{title}: {body}");
        let steps = plan.questions.iter().any(|question| question.text.starts_with("Which steps or input"));
        assert!(steps, "{:?}", plan.questions);
    }
    for (title, body) in [
        ("Export crashes on umlauts", ""),
        ("It crashes", "It crashes when the session of a blocked account is restored."),
        ("It crashes", "```\nx\n```"),
        ("`sign_in` crashes", ""),
    ] {
        let brief = Brief { labels: vec!["bug".to_owned()], ..issue(7, title, body) };
        assert_ne!(planned(&brief, &web()).verdict, Verdict::TooVague, "{title}: {body}");
    }
}
