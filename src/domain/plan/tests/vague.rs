//! A wish of one line.

use super::world::{comment, issue, planned, repository};
use crate::domain::brief::Brief;
use crate::domain::plan::{Verdict, revise};
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
    assert_eq!((plan.verdict, plan.work_items.len(), plan.questions.len()), (Verdict::TooVague, 0, 2));
    insta::assert_snapshot!(comment(&faster(), &shop()), @"
    **Too vague to cut: “Make search faster” names no place and no outcome to check. Answers make it a plan.**

    **Questions** (the author may answer too: `/revise 1: … 2: …`)
    1. Where does “search” show? By their names [`app/models/search.rb`][f1] and [`app/controllers/search_controller.rb`][f2] could be it. *Default: `app/models/search.rb`.*
    2. How long does “search” take now, with which input, and how long may it take? Such as “with … it takes at most … ms”.

    **Not checked:** what `app/models/search.rb` does today.

    `/revise …` makes the next revision · held back by WI001: `/why rules`
    <sub>rev 1 · base 7ea5e77 · no model · `/help`</sub>

    [f1]: https://github.com/blumen/shop/blob/7ea5e777ea5e777ea5e777ea5e777ea5e777ea5e/app/models/search.rb
    [f2]: https://github.com/blumen/shop/blob/7ea5e777ea5e777ea5e777ea5e777ea5e777ea5e/app/controllers/search_controller.rb
    ");
}

#[test]
fn the_page_of_frames_says_why_the_questions_have_no_default() {
    let page = include_str!("../../../../docs/frames.md");
    let section = page.split("\n## ").find(|section| section.starts_with("What is too vague to cut\n"));
    let told = section.expect("a section");
    assert!(
        told.contains("without a default, but for the place where the tree has one of its name"),
        "{told}"
    );
    assert!(told.contains("nobody can guess") && told.contains("until somebody answers"), "{told}");
    // And that is so: of both questions only that of the place has one, which is in the tree.
    let shown = comment(&faster(), &shop());
    assert_eq!(shown.matches("*Default:").count(), 1, "{shown}");
    assert!(shown.contains("*Default: `app/models/search.rb`.*"), "{shown}");
}

#[test]
fn a_report_that_says_nothing_and_anger_are_asked_back() {
    let told = [
        ("It crashes", "", 3),
        ("It crashes", "It crashes. Please fix it.", 3),
        ("The app is broken", "Nothing works.", 3),
        ("This software is garbage", "I hate it. Nothing ever works and nobody cares.", 2),
        ("Worst update ever!!!", "You people should be ashamed of yourselves. I want my money back.", 2),
    ];
    for (title, body, questions) in told {
        let plan = planned(&issue(88, title, body), &shop());
        let seen = (plan.verdict, plan.work_items.len(), plan.questions.len());
        assert_eq!(seen, (Verdict::TooVague, 0, questions), "{title}: {:?}", plan.requirements);
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
    **Too vague to cut: “It crashes” names no place and no outcome to check. Answers make it a plan.**

    **Questions** (the author may answer too: `/revise 1: … 2: … 3: …`)
    1. Where does “It crashes” show: which command, page or file?
    2. Which steps or input lead to “It crashes”, and what was to happen instead? Such as “given …, when …, then …”.
    3. On which version and system does “It crashes” show, and since when?

    **Not checked:** whether `7ea5e77` shows it; where it is done: nothing in the issue names code of the 4 files here.

    `/revise …` makes the next revision · held back by WI001: `/why rules`
    <sub>rev 1 · base 7ea5e77 · no model · `/help`</sub>
    ");
}

fn crashes() -> Brief {
    issue(88, "It crashes", "Please fix.")
}

/// The brief after one more `/revise`, as the numbers of the plan before it say.
fn after(brief: &Brief, text: &str) -> Brief {
    let plan = planned(brief, &shop());
    let mut next = brief.clone();
    next.asked = revise::asked(&plan);
    next.answers.extend(revise::answers(text, "ada", &plan).expect("understood"));
    next
}

#[test]
fn answers_make_a_plan_of_a_vague_report() {
    let answered = after(
        &crashes(),
        "1: `app/models/search.rb`\n2: An empty query must return an empty list. It raises NoMethodError.\n3: since 2.1",
    );
    insta::assert_snapshot!(comment(&answered, &shop()), @"
    **Fits one small pull request in `app/models/search.rb`. Nothing is open.**

    | | The issue asks | Where, at [`7ea5e77`][base] | Proved by these cases in [`spec/models/search_spec.rb`][f1] |
    |-|-|-|-|
    | R1 | ada: “An empty query must return an empty list.” | [`app/models/search.rb`][f2] | An empty query: returns an empty list |

    **Work item**
    1. **Fix: It crashes.** R1 · size S

    **Read as:** ada, to question 3: “since 2.1”. ada, to question 2: “An empty query must return an empty list. It raises NoMethodError.”. ada, to question 1: “`app/models/search.rb`”.
    **Done when** this case is in `spec/models/search_spec.rb`; no workflow step names `bundle exec rspec`; on your machine: `bundle exec rspec spec/models/search_spec.rb`.
    **Not checked:** what `app/models/search.rb` does today. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base 7ea5e77 · no model · `/help`</sub>

    [base]: https://github.com/blumen/shop/tree/7ea5e777ea5e777ea5e777ea5e777ea5e777ea5e
    [f1]: https://github.com/blumen/shop/blob/7ea5e777ea5e777ea5e777ea5e777ea5e777ea5e/spec/models/search_spec.rb
    [f2]: https://github.com/blumen/shop/blob/7ea5e777ea5e777ea5e777ea5e777ea5e777ea5e/app/models/search.rb
    ");
}

#[test]
fn a_name_alone_is_where_and_no_demand() {
    let answered = after(
        &crashes(),
        "1: an empty query must return an empty list\n2: app/models/search.rb\n3: since 2.1",
    );
    let plan = planned(&answered, &shop());
    let quotes: Vec<&str> = plan.requirements.iter().map(|one| one.quote.as_str()).collect();
    assert_eq!(quotes, ["an empty query must return an empty list"]);
}

#[test]
fn where_all_is_answered_and_nothing_said_what_is_missing_is_asked() {
    let answered = after(&crashes(), "1: everywhere\n2: it just crashes\n3: all of them");
    let plan = planned(&answered, &shop());
    assert_eq!((plan.verdict, plan.work_items.len(), plan.questions.len()), (Verdict::TooVague, 0, 1));
    insta::assert_snapshot!(comment(&answered, &shop()), @"
    **Still too vague to cut: neither “It crashes” nor the answers say what one would see. One more answer makes it a plan.**

    **Question** (the author may answer too: `/revise 4: …`)
    - **4:** What is still missing is what one does and what one then sees. Which is it, in one sentence such as “an empty file must print `nothing to read`”?

    **Read as:** The place: ada: “everywhere”. What one sees: ada: “it just crashes”. Since when and where: ada: “all of them”.
    **Not checked:** whether `7ea5e77` shows it; where it is done: nothing in the issue names code of the 4 files here.

    `/revise …` makes the next revision · held back by WI001: `/why rules`
    <sub>rev 1 · base 7ea5e77 · no model · `/help`</sub>
    ");
    let again = after(&answered, "4: no idea");
    let plan = planned(&again, &shop());
    assert_eq!((plan.questions.len(), revise::shown(&plan)[0].0), (1, 5));
    let made = planned(&after(&again, "5: an empty query must return `[]`"), &shop());
    assert_ne!(made.verdict, Verdict::TooVague);
    assert_eq!(made.work_items.len(), 1);
    let said =
        made.requirements.iter().find(|one| one.quote == "an empty query must return `[]`").expect("it");
    assert_eq!(said.by.as_deref(), Some("ada"));
}

#[test]
fn a_second_issue_of_the_same_short_title_may_be_the_same() {
    let mut brief = crashes();
    brief.open_issues.push(crate::domain::brief::OpenIssue {
        number: crate::domain::ids::IssueNumber(87),
        title: "it crashes!".to_owned(),
        state: Some(crate::domain::brief::State::Open),
        state_reason: None,
        body: String::new(),
        pull_request: false,
    });
    let plan = planned(&brief, &shop());
    assert_eq!(plan.questions[0].slot, "duplicate.87");
    assert_eq!(plan.verdict, Verdict::TooVague);
}

#[test]
fn a_question_is_no_change() {
    let brief = issue(89, "How do I change the port?", "I read the docs and found nothing.");
    let plan = planned(&brief, &shop());
    assert_eq!((plan.verdict, plan.work_items.len()), (Verdict::TooVague, 0));
    assert_eq!(
        plan.headline,
        ["Not planned: “How do I change the port” is a question and asks for no change"]
    );
    assert_eq!(plan.questions.len(), 1, "{:?}", plan.questions);
    let made = planned(&after(&brief, "1: `--port 80` must open port 80"), &shop());
    assert_eq!((made.verdict, made.work_items.len()), (Verdict::Feasible, 1));
    for title in
        ["Can we change the port?", "Could you add a port option?", "How the port is chosen must be told"]
    {
        assert!(!planned(&issue(89, title, ""), &shop()).headline[0].starts_with("Not planned"), "{title}");
    }
}

#[test]
fn a_path_outside_the_repository_is_said_to_be_one() {
    let brief = issue(90, "Users", "- [ ] `Search` must never read `/etc/passwd`");
    let plan = planned(&brief, &shop());
    assert!(
        plan.not_checked.iter().any(|line| line == "`/etc/passwd`: lies outside the repository"),
        "{:?}",
        plan.not_checked
    );
}

#[test]
fn what_is_slow_is_asked_for_its_time_and_not_for_what_it_says() {
    let body = "Since the last release the login takes ten seconds, before it was instant. Please make it fast again.";
    let asked: Vec<String> = planned(&issue(90, "Login is slow", body), &shop())
        .questions
        .into_iter()
        .map(|question| question.text)
        .collect();
    assert_eq!(
        asked,
        [
            "Where does “Login” show: which command, page or file?",
            "“Login” takes ten seconds, the issue says: with which input, and how long may it take?",
            "On which version and system does “Login” show?"
        ]
    );
    let silent = planned(&issue(90, "Login is slow", "It was better."), &shop());
    assert_eq!(
        silent.questions[1].text,
        "How long does “Login” take now, with which input, and how long may it take?"
    );
}

#[test]
fn whoever_asks_why_and_shows_an_exception_reports_a_fault() {
    let body =
        "```ruby\nSearch.new(\"\").results\n```\n\nWhen I call it this way, a NoMethodError is thrown.";
    let plan = planned(&issue(7, "Why is an empty query not able to return a list?", body), &shop());
    assert!(!plan.headline.iter().any(|part| part.contains("asks for no change")), "{:?}", plan.headline);
    let cases: Vec<&String> = plan.requirements.iter().flat_map(|one| &one.cases).collect();
    assert!(cases.iter().any(|case| case.contains("Search.new")), "{cases:?}");
    let plan = planned(&issue(7, "Why is the list of results sorted?", "I would like to know."), &shop());
    assert!(plan.headline.iter().any(|part| part.contains("asks for no change")), "{:?}", plan.headline);
}
