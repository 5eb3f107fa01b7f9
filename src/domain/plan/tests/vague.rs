//! A wish of one line.

use super::world::{comment, issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::plan::Verdict;
use crate::domain::snapshot::Snapshot;

pub fn shop() -> Snapshot {
    repository(
        "blumen/shop",
        "7ea5e77",
        &[
            ("app/models/search.rb", "class Search\n  def run\n  end\nend\n"),
            ("app/controllers/search_controller.rb", "class SearchController\nend\n"),
            ("spec/models/search_spec.rb", "describe Search do\nend\n"),
            ("Gemfile", "gem 'rails', '8.0'\n"),
        ],
    )
}

pub fn faster() -> Brief {
    issue(87, "Make search faster", "It would be great if search was much faster.")
}

#[test]
fn a_wish_gets_questions_and_no_items() {
    let plan = planned(&faster(), &shop());
    assert_eq!((plan.verdict, plan.work_items.len(), plan.questions.len()), (Verdict::TooVague, 0, 3));
    insta::assert_snapshot!(comment(&faster(), &shop()), @"
    **Too vague to cut: “Make search faster” names no place and nothing to measure. Answers make it a plan.**

    **Questions** (the author may answer too: `/revise 1: … 2: … 3: …`)
    1. Where does “search” show? By their names [`app/models/search.rb`][f1] and [`app/controllers/search_controller.rb`][f2] could be it. *Default: `app/models/search.rb`.*
    2. How long does “search” take now, with which input, and how long may it take?
    3. Who needs “search”, and what may stay as it is?

    `/revise …` makes the next revision
    <sub>rev 1 · base 7ea5e77 · no model · `/help`</sub>

    [f1]: https://github.com/blumen/shop/blob/7ea5e777ea5e777ea5e777ea5e777ea5e777ea5e/app/models/search.rb
    [f2]: https://github.com/blumen/shop/blob/7ea5e777ea5e777ea5e777ea5e777ea5e777ea5e/app/controllers/search_controller.rb
    ");
}

#[test]
fn a_report_that_says_nothing_and_anger_are_asked_back() {
    let told = [
        ("It crashes", ""),
        ("It crashes", "It crashes. Please fix it."),
        ("The app is broken", "Nothing works."),
        ("This software is garbage", "I hate it. Nothing ever works and nobody cares."),
        ("Worst update ever!!!", "You people should be ashamed of yourselves. I want my money back."),
    ];
    for (title, body) in told {
        let plan = planned(&issue(88, title, body), &shop());
        let seen = (plan.verdict, plan.work_items.len(), plan.questions.len());
        assert_eq!(seen, (Verdict::TooVague, 0, 3), "{title}: {:?}", plan.requirements);
    }
    for (title, body) in [
        ("Crash on an empty name", ""),
        ("It crashes", "It crashes when the name is empty."),
        ("Report the worst latency when a run ends", ""),
        ("Error", "- [ ] Show the worst match last"),
        ("Refunds", "- [ ] Customers get their money back when an order is cancelled"),
        ("This is garbage", "`Search#run` should return an empty list when nothing is found."),
    ] {
        let plan = planned(&issue(89, title, body), &shop());
        assert_ne!(plan.verdict, Verdict::TooVague, "{title}, {body}");
    }
    insta::assert_snapshot!(comment(&issue(88, "It crashes", ""), &shop()), @"
    **Too vague to cut: “It crashes” names no place and nothing to measure. Answers make it a plan.**

    **Questions** (the author may answer too: `/revise 1: … 2: … 3: …`)
    1. Where does “It crashes” show: which command, page or file?
    2. Which steps or input lead to “It crashes”, and what was to happen instead?
    3. On which version and system does “It crashes” show, and since when?

    **Not checked:** whether `7ea5e77` shows it; where it is done: nothing in the issue names code.

    `/revise …` makes the next revision
    <sub>rev 1 · base 7ea5e77 · no model · `/help`</sub>
    ");
}
