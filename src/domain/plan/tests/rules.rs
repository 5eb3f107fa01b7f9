//! Each rule on a plan that breaks it, and on one that does not.

use super::rate_limit::{sign_ins, web};
use super::reading::said;
use super::world::{comment, issue, planned};
use crate::domain::brief::{Answer, Brief, ClosedIssue, IssueState, OpenIssue, State, Target};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::rules::{Level, RULES};
use crate::domain::plan::{Plan, Verdict};
use crate::domain::snapshot::Snapshot;

fn told(plan: &Plan, rule: &str) -> Vec<String> {
    let found = plan.rules.iter().filter(|finding| finding.rule == rule);
    found.map(|finding| format!("{}: {}", finding.about, finding.text)).collect()
}

fn with(title: &str, body: &str) -> (Brief, Plan) {
    let brief = issue(7, title, body);
    let plan = planned(&brief, &web());
    (brief, plan)
}

#[test]
fn wi001_a_demand_that_shows_nothing_makes_no_item_and_is_asked_for() {
    let (brief, plan) = with(
        "Sign-in",
        "- [ ] `src/auth.rs` must answer 429 after 5 tries\n\nThe code must be maintainable.\n",
    );
    assert_eq!(told(&plan, "WI001").len(), 1, "{:?}", plan.rules);
    assert!(plan.work_items.iter().all(|item| !item.requirements.contains(&"R2".to_owned())));
    assert!(
        comment(&brief, &web())
            .contains("Which input and which output show “The code must be maintainable.” done")
    );
    assert!(plan.why["R2"].iter().any(|line| line.starts_with("WI001 blocks: ")), "{:?}", plan.why["R2"]);
    // What holds it back, and what would let it in, stand in the question.
    let held = "*Default: R2 stays out of the work items (WI001).* A criterion such as “given …, when …, then …” lets R2 in.";
    assert!(comment(&brief, &web()).contains(held));
    let (brief, boxed) = with(
        "Sign-in",
        "- [ ] `src/auth.rs` must answer 429 after 5 tries\n- [ ] the code must be maintainable\n",
    );
    assert_eq!(boxed.work_items[0].requirements, ["R1", "R2"], "a box stays in");
    assert_eq!(boxed.requirements[0].cases, ["tries 1–5: not 429", "the 6th: 429"]);
    assert!(told(&boxed, "WI001").is_empty());
    assert!(comment(&brief, &web()).contains("R2 stays in, and whoever takes it writes that test first"));
    let (_, silent) = with("Sign-in", "- [ ] the code must be maintainable\n- [ ] it must be readable\n");
    assert_eq!((silent.verdict, silent.work_items.len()), (Verdict::TooVague, 0));
    let (_, vague) = with("Make it nicer", "");
    assert_eq!((vague.verdict, told(&vague, "WI001").len()), (Verdict::TooVague, 1));
    let shown = comment(&issue(7, "Make it nicer", ""), &web());
    assert!(shown.contains("Such as “given …, when …, then …”."), "{shown}");
    assert!(shown.contains("makes the next revision · held back by WI001: `/why rules`\n"), "{shown}");
    assert!(!comment(&sign_ins(), &web()).contains("held back"));
    // A question asks for no change: no criterion would let it in.
    assert!(!comment(&issue(7, "How do I change the port?", ""), &web()).contains("held back"));
    assert!(told(&planned(&sign_ins(), &web()), "WI001").is_empty());
}

#[test]
fn what_the_question_says_of_a_demand_that_shows_nothing_is_what_the_items_do() {
    let box_of = "- [ ] `src/auth.rs` must answer 429 after 5 tries\n";
    let pointed = |permission: &str| Brief {
        comments: vec![said("bob", permission, "Thanks for this.")],
        target: Target::Text("please also support unix sockets".to_owned()),
        aimed_by: Some("bob".to_owned()),
        ..issue(7, "Sign-in", box_of)
    };
    for (permission, requirements) in [("write", ["R1", "R2"].as_slice()), ("read", &["R1"])] {
        let plan = planned(&pointed(permission), &web());
        let says = format!("{:?}{:?}", plan.questions, plan.read_as);
        assert_eq!(plan.work_items[0].requirements, requirements, "{says}");
        assert_eq!(says.contains("R2 stays in"), requirements.len() == 2, "{says}");
    }
    // What a sub-issue carries shows nothing of what is left: it goes along with nothing.
    let left = Brief {
        sub_issues: vec![IssueState {
            number: IssueNumber(8),
            title: "Sign-in".to_owned(),
            state: Some(State::Open),
            state_reason: None,
            carries: vec!["`src/auth.rs` must answer 429 after 5 tries".to_owned()],
        }],
        ..pointed("write")
    };
    let plan = planned(&left, &web());
    let says = format!("{:?}{:?}", plan.questions, plan.read_as);
    let carried = plan.work_items.iter().any(|item| item.requirements.contains(&"R2".to_owned()));
    assert_eq!(says.contains("R2 stays in") || says.contains("R1 stays in"), carried, "{says}");
}

#[test]
fn wi002_a_dependency_nobody_finds_stops_the_cut_until_it_is_answered() {
    let mut brief =
        issue(7, "Sign-in", "Depends on #99\n\n- [ ] `src/auth.rs` must answer 429 after 5 tries\n");
    brief.gone = vec![IssueNumber(99)];
    let plan = planned(&brief, &web());
    assert!(plan.work_items.is_empty() && plan.verdict == Verdict::FeasibleWithUnknowns);
    assert_eq!(
        plan.questions[0].text,
        "The issue waits for #99, which is not in this repository. Which one comes first?"
    );
    assert_eq!(told(&plan, "WI002"), ["issue: #99 comes first and is not in this repository: no work item"]);
    assert!(comment(&brief, &web()).contains("held back by WI002: `/why rules`"));
    brief.answers.push(Answer {
        slot: Some("dependency.99".to_owned()),
        text: "#1".to_owned(),
        author: "ada".to_owned(),
    });
    let plan = planned(&brief, &web());
    assert_eq!((plan.work_items.len(), plan.dependencies[0].issue), (1, IssueNumber(1)));
    assert!(told(&plan, "WI002").is_empty());
}

#[test]
fn wi002_names_the_shortest_circle() {
    let mut brief = sign_ins();
    brief.open_issues[0].body = "Depends on #2".to_owned();
    let plan = planned(&brief, &web());
    assert_eq!(told(&plan, "WI002"), ["issue: #2 → #1 → #2 wait for each other: no work item"]);
}

#[test]
fn wi003_an_issue_that_names_the_same_files_is_asked_about() {
    let other = |body: &str| OpenIssue {
        state_reason: None,
        number: IssueNumber(5),
        title: "Too many passwords".to_owned(),
        state: Some(State::Open),
        body: body.to_owned(),
        pull_request: false,
    };
    let mut brief = sign_ins();
    brief.open_issues.push(other("Count in `src/auth.rs` by `config/limits.toml`."));
    let plan = planned(&brief, &web());
    assert_eq!(told(&plan, "WI003"), ["issue: #5 may be the same: asked, not decided"]);
    brief.open_issues[1] = other("Count in `src/auth.rs`, `src/main.rs` and `src/log.rs`.");
    assert!(told(&planned(&brief, &web()), "WI003").is_empty());
}

#[test]
fn wi003_a_closed_issue_that_asked_for_the_same_is_named_and_nobody_is_asked() {
    let closed = |number: i64, title: &str| ClosedIssue {
        number: IssueNumber(number),
        title: title.to_owned(),
        labels: Vec::new(),
        paths: Vec::new(),
        changed_lines: 40,
        closed_at: None,
    };
    let asked = planned(&sign_ins(), &web()).questions;
    let mut brief = sign_ins();
    // The issue itself, what it waits for and other words of the same thing are no doubles.
    brief.history = vec![
        closed(2, "Rate limit failed sign-ins"),
        closed(1, "Rate limit failed sign-ins"),
        closed(11, "Rate limit mails"),
        closed(12, "Failed sign-ins: rate limit"),
        closed(13, "Read the limit from `config/limits.toml`"),
    ];
    let plan = planned(&brief, &web());
    assert_eq!(
        told(&plan, "WI003"),
        [
            "issue: #12 (closed) “Failed sign-ins: rate limit” asked for the same: named, not decided",
            "2: #13 (closed) “Read the limit from `config/limits.toml`” asked for what 2 does: named, not decided",
        ]
    );
    assert_eq!(plan.questions, asked);
    let text = comment(&brief, &web());
    let same = "#12 (closed) “Failed sign-ins: rate limit” asked for the same: planned is what it left.";
    assert!(text.contains(same), "{text}");
    assert!(plan.why["2"].iter().any(|line| line.contains("#13 (closed)")), "{:?}", plan.why["2"]);
    // One that is known to be closed and was not gathered for its size counts as well; a pull request asks for nothing.
    let mut brief = sign_ins();
    for (number, pull_request) in [(14, false), (15, true)] {
        brief.open_issues.push(OpenIssue {
            state_reason: None,
            number: IssueNumber(number),
            title: "Read the limit from `config/limits.toml`".to_owned(),
            state: Some(State::Closed),
            body: String::new(),
            pull_request,
        });
    }
    let named = told(&planned(&brief, &web()), "WI003");
    assert!(matches!(named.as_slice(), [only] if only.starts_with("2: #14 (closed)")), "{named:?}");
}

#[test]
fn wi003_what_was_closed_long_ago_is_no_double() {
    let named = |closed_at: Option<&str>, today: Option<&str>| {
        let mut brief = sign_ins();
        brief.today = today.map(str::to_owned);
        brief.history = vec![ClosedIssue {
            number: IssueNumber(12),
            title: "Failed sign-ins: rate limit".to_owned(),
            labels: Vec::new(),
            paths: Vec::new(),
            changed_lines: 40,
            closed_at: closed_at.map(str::to_owned),
        }];
        !told(&planned(&brief, &web()), "WI003").is_empty()
    };
    let today = Some("2024-05-31");
    assert!(named(Some("2024-03-02T10:00:00Z"), today), "90 days");
    assert!(!named(Some("2024-03-01T10:00:00Z"), today), "91 days");
    assert!(named(None, today) && named(Some("2020-01-01T10:00:00Z"), None), "nobody knows");
}

#[test]
fn wi003_what_comes_first_is_no_double() {
    let asked = |body: &str| {
        let mut brief = issue(7, "Rate limit failed sign-ins", body);
        brief.open_issues = vec![OpenIssue {
            state_reason: None,
            number: IssueNumber(5),
            title: "Rate limit all failed sign-ins".to_owned(),
            state: Some(State::Closed),
            body: String::new(),
            pull_request: false,
        }];
        !told(&planned(&brief, &web()), "WI003").is_empty()
    };
    assert!(asked("- [ ] `src/auth.rs` must answer 429 after 5 tries\n"));
    assert!(!asked("Depends on #5\n\n- [ ] `src/auth.rs` must answer 429 after 5 tries\n"));
}

#[test]
fn wi004_too_much_for_one_pull_request_gets_a_line_that_says_where_to_cut() {
    let boxes: String =
        (1..=10).map(|n| format!("- [ ] `src/auth.rs` must answer 40{} to command {n}\n", n % 10)).collect();
    let (brief, plan) = with("Answers", &boxes);
    assert_eq!(
        told(&plan, "WI004"),
        ["1: “Answers” meets 10 demands: cut it, such as into R1–R5 and R6–R10"]
    );
    assert!(comment(&brief, &web()).contains("**Before it starts:** “Answers” meets 10 demands"));
    let (_, two) =
        with("Add a limit and rename `sign_in`", "- [ ] `src/auth.rs` must answer 429 after 5 tries\n");
    assert!(told(&two, "WI004")[0].contains("two things, “Add a limit” and “rename `sign_in`”"));
}

#[test]
fn wi004_what_is_of_size_xl_is_to_be_cut_before_anybody_starts() {
    let mut brief = sign_ins();
    let of_size = |lines: u64| {
        let closed = |n: u64| ClosedIssue {
            number: IssueNumber(100 + i64::try_from(n).expect("a small number")),
            title: format!("Sign-ins {n}"),
            labels: Vec::new(),
            paths: vec!["src/auth.rs".to_owned()],
            changed_lines: lines + n,
            closed_at: None,
        };
        (1..=8).map(closed).collect::<Vec<_>>()
    };
    brief.history = of_size(1_200);
    let plan = planned(&brief, &web());
    let sizes: Vec<&str> = plan.work_items.iter().map(|item| item.size.bucket.as_str()).collect();
    assert_eq!(sizes, ["XL", "XL"]);
    assert_eq!(
        told(&plan, "WI004"),
        [
            "1: “Answer 429 after 5 failed sign-ins in 60 s; a success resets” is of size XL: cut it, such as into R1 and R3",
            "2: “Read the limit from `config/limits.toml`” is of size XL: split it before anybody starts",
        ]
    );
    let text = comment(&brief, &web());
    assert!(
        text.contains("R1, R3 · size XL, 1,204–1,207 lines (n=8) · waits for #1")
            && text.contains("**Before it starts:** “Answer 429"),
        "{text}"
    );
    assert!(!text.contains("small") && plan.why["priority"][0].contains("÷ 13 (XL)"), "{text}");
    // The largest that is not yet XL.
    brief.history = of_size(992);
    let large = planned(&brief, &web());
    assert_eq!((large.work_items[0].size.bucket.as_str(), told(&large, "WI004").len()), ("L", 0));
}

#[test]
fn wi005_an_item_without_a_place_is_warned_of() {
    let parts = [
        ("Server", "`src/auth.rs`"),
        ("Store", "`src/session.rs`"),
        ("Report", "the report"),
        ("Mail", "the mail"),
    ];
    let section = |(heading, what): (&str, &str)| {
        format!(
            "## {heading}\n\n- [ ] {what} must answer 400 when the name is empty\n- [ ] {what} must take at most 20 lines\n- [ ] {what} must take at least 2 lines\n\n"
        )
    };
    let body: String = parts.into_iter().map(section).collect();
    let (brief, plan) = with("Four parts", &body);
    assert_eq!(plan.work_items.len(), 4);
    // Those with a place are passed over, and each of the others is counted once.
    let lost = "names no file that exists or is to be made: finding its place comes first";
    assert_eq!(told(&plan, "WI005"), [format!("3: “Report” {lost}"), format!("4: “Mail” {lost}")]);
    assert!(
        comment(&brief, &web()).contains(&format!("**Before it starts:** “Report” {lost}. “Mail” {lost}."))
    );
    // Where a name is asked for already, and where no tree was read, nobody is told so again.
    let (_, asked) = with("Four parts", &body.replace("the report", "`src/report.rs`"));
    assert!(asked.work_items[2].paths.is_empty() && told(&asked, "WI005").is_empty(), "{:?}", asked.rules);
    assert!(told(&planned(&brief, &Snapshot::default()), "WI005").is_empty());
    assert!(told(&planned(&sign_ins(), &web()), "WI005").is_empty());
}

#[test]
fn wi006_marks_the_words_and_stays_out_of_the_comment() {
    let (brief, plan) =
        with("Sign-in", "- [ ] `src/auth.rs` must properly answer 429, 430 etc after 5 tries\n");
    assert_eq!(
        told(&plan, "WI006"),
        ["R1: “properly” and “etc” can be read in many ways: only the cases count"]
    );
    assert!(!comment(&brief, &web()).contains("many ways"));
    assert!(plan.why["rules"].iter().any(|line| line.starts_with("R1: WI006 hints: ")));
}

#[test]
fn wi007_unfinished_text_gets_one_line() {
    let (brief, plan) = with(
        "Sign-in",
        "The window is TBD.\n\n- [ ] `src/auth.rs` must answer 429 after 5 tries\n- [ ] `TODO` must be refused with 400\n\nOwner: <your name>\n",
    );
    assert_eq!(told(&plan, "WI007"), ["issue: Line 1 still holds “TBD”, and one more line is unfinished"]);
    assert!(comment(&brief, &web()).contains("**Before it starts:** Line 1 still holds “TBD”"));
}

#[test]
fn wi008_hints_at_what_is_missing_under_why_alone() {
    let (brief, plan) = with("Sign-in", "- [ ] `src/main.rs` must answer 429 after 5 tries\n");
    let hints = told(&plan, "WI008");
    assert!(hints.iter().any(|hint| hint.contains("links no log")), "{hints:?}");
    assert!(hints.iter().any(|hint| hint.contains("`CODEOWNERS`")), "{hints:?}");
    assert!(!comment(&brief, &web()).contains("links no log"));
    let owned = planned(&sign_ins(), &web());
    assert!(told(&owned, "WI008").iter().all(|hint| !hint.contains("`CODEOWNERS`")));
}

#[test]
fn wi008_hints_at_scope_and_at_the_way_back() {
    let scope = "the issue does not say what is out of scope";
    let back = "the issue does not say how it is taken back; the plan's own way is under “Back out”";
    let holds = |body: &str, hint: &str| {
        let (brief, plan) = with("Sign-in", body);
        assert!(!comment(&brief, &web()).contains(hint), "hints stand under `/why` alone");
        told(&plan, "WI008").iter().any(|told| told.contains(hint))
    };
    let box_of = |limit: usize| {
        format!("- [ ] `src/auth.rs` must answer 4{limit:02} after {limit} tries of kind {limit}\n")
    };
    let four: String = (11..15).map(box_of).collect();
    let three: String = (11..14).map(box_of).collect();
    assert!(holds(&four, scope) && !holds(&three, scope));
    assert!(!holds(&format!("{four}\n## Out of scope\n\nThe length of passwords must not change.\n"), scope));
    // What is large, or moves data, needs a way back; what is small is reverted.
    let many: String = (11..19).map(box_of).collect();
    assert!(holds(&many, back) && !holds(&three, back));
    assert!(!holds(&format!("{many}\nRollback: the limits are set to 0.\n"), back));
    let moved = "- [ ] `migrations/0002_tries.sql` must add a column `tries` to the table `users`, new\n";
    assert!(holds(moved, back));
}

#[test]
fn rules_are_numbered_in_order_and_only_two_stop() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let expected: Vec<String> = (1..=ids.len()).map(|n| format!("WI{n:03}")).collect();
    assert_eq!(ids, expected);
    let stops: Vec<&str> =
        RULES.iter().filter(|rule| rule.level == Level::Block).map(|rule| rule.id).collect();
    assert_eq!(stops, ["WI001", "WI002"]);
}
