//! What a plan is made from: sizes out of commits, the state of issues that come first, calls within the budget.

use std::collections::BTreeSet;

use millwright::sandbox::{Effect, Fault, FaultAnswer, NewIssue, REPOSITORY, World};

use super::discover::{grant_alerts, injection, stripe_key};
use super::harness::{Setup, Talk};

/// Nine closed issues, each with a commit that names it.
pub fn with_history(world: &World) {
    for at in 0..9 {
        let title = format!("Sign in, part {at}");
        let number = world.add_issue(REPOSITORY, "walt", NewIssue { title, ..NewIssue::default() }).unwrap();
        let walt = world.act_as("walt");
        let text = format!("pub fn part_{at}() {{}}\n").repeat(30 + at);
        let message = format!("Sign in, part {at}\n\nFixes #{number}");
        walt.push(REPOSITORY, &message, &[(&format!("src/part{at}.rs"), Some(&text))]).unwrap();
        walt.close(REPOSITORY, number).unwrap();
    }
}

fn reads(talk: &Talk) -> usize {
    let requests = talk.world.requests();
    requests.iter().filter(|request| request.method == "GET" || request.path == "/graphql").count()
}

#[tokio::test]
async fn closed_issues_and_their_commits_give_the_size() {
    let talk = Talk::with(Setup { furnish: with_history, ..Setup::default() }).await;
    talk.work().await;
    let before = reads(&talk);
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(reads(&talk) - before <= 40, "{} reads", reads(&talk) - before);
    assert!(!plan.contains("prior"), "{plan}");
    let why = talk.asks("stan", 2, "/why size").await;
    let first = why.lines().filter(|line| line.starts_with("- 1: ")).collect::<Vec<_>>();
    insta::assert_snapshot!(first.join("\n"), @"
    - 1: #<zwsp>3 “Sign in, part 0”: 30 lines, likeness 0.06
    - 1: #<zwsp>4 “Sign in, part 1”: 31 lines, likeness 0.06
    - 1: #<zwsp>5 “Sign in, part 2”: 32 lines, likeness 0.06
    - 1: #<zwsp>6 “Sign in, part 3”: 33 lines, likeness 0.06
    - 1: #<zwsp>7 “Sign in, part 4”: 34 lines, likeness 0.06
    - 1: #<zwsp>8 “Sign in, part 5”: 35 lines, likeness 0.06
    - 1: #<zwsp>9 “Sign in, part 6”: 36 lines, likeness 0.06
    - 1: weighted median of these 7 of 9: 33 lines, 9 of 10 below 36: S
    - 1: the repository's median: 34 lines, 9 of 10 below 38; mean error in hindsight: neighbors 4, median 4: the neighbors count
    ");
    talk.end().await;
}

/// Everything that asks GitHub once more, in one repository: a long conversation of many people, many open issues, issues that
/// are not there, sizes out of commits, and more workflows than are looked at.
fn with_everything(world: &World) {
    with_history(world);
    let body = (900..908).map(|number| format!("Depends on #{number}\n")).collect::<String>();
    let body = format!("{body}\n- [ ] `src/auth.rs` must answer 429 after 5 tries\n");
    let title = "Limit the tries".to_owned();
    let new = NewIssue { title, body: Some(body), ..NewIssue::default() };
    let number = world.add_issue(REPOSITORY, "walt", new).unwrap();
    for at in 0..350 {
        let who = ["ada", "rita", "stan", "tess", "walt", "mona", "nobody"][at % 7];
        world.add_comment(REPOSITORY, number, (who, &format!("Me too, number {at}."))).unwrap();
    }
    for at in 0..210 {
        let title = format!("Something else, {at}");
        world.add_issue(REPOSITORY, "walt", NewIssue { title, ..NewIssue::default() }).unwrap();
    }
    let workflows = (0..8).map(|at| format!(".github/workflows/check{at}.yml")).collect::<Vec<_>>();
    let sources = (0..250).map(|at| format!("src/more_{at:03}.rs")).collect::<Vec<_>>();
    let workflows = workflows.iter().map(|name| (name.as_str(), "on: push\njobs: {}\n"));
    let files = workflows.chain(sources.iter().map(|name| (name.as_str(), "pub fn more() {}\n")));
    world.add_files(REPOSITORY, &files.collect::<Vec<_>>()).unwrap();
}

fn with_everything_and_alerts(world: &World) {
    with_everything(world);
    grant_alerts(world);
    for found in [injection("src/auth.rs", 1), stripe_key()] {
        world.add_alert(REPOSITORY, found).unwrap();
    }
}

#[tokio::test]
async fn p13_whatever_a_repository_is_like_a_plan_takes_at_most_forty_calls() {
    for silent in [false, true] {
        for (command, furnish) in [
            ("/enhance #12", with_everything as fn(&World)),
            ("/enhance discover", with_everything),
            ("/enhance discover", with_everything_and_alerts),
        ] {
            let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
            if silent {
                let missing = Effect::Answer(FaultAnswer::status(404));
                talk.world.faults().add(Fault::on("POST", "/graphql", missing));
            }
            talk.work().await;
            let before = talk.world.requests().len();
            talk.asks("tess", 2, command).await;
            let requests = talk.world.requests().split_off(before);
            let asked = requests.iter().map(|one| format!("{} {}", one.method, one.path)).collect::<Vec<_>>();
            let count = asked.len();
            assert!(
                (31..=40).contains(&count),
                "{command}, as far as the budget reaches: {count} calls: {asked:#?}"
            );
            talk.end().await;
        }
    }
}

/// Ninety files that the issue names, and thousands of others.
fn with_many_files(world: &World) {
    let named = (0..90).map(|at| format!("src/part_{at:02}.rs")).collect::<Vec<_>>();
    let others = (0..2_000).map(|at| format!("src/area_{:02}/other_{at}.rs", at % 40));
    let paths = named.iter().cloned().chain(others).collect::<Vec<_>>();
    let files = paths.iter().map(|path| (path.as_str(), "pub fn more() {}\n")).collect::<Vec<_>>();
    world.add_files(REPOSITORY, &files).unwrap();
    let demands = named.iter().map(|path| format!("- [ ] `{path}` must log each refusal\n"));
    let new = NewIssue {
        title: "Log refusals everywhere".to_owned(),
        body: Some(demands.collect()),
        ..NewIssue::default()
    };
    world.add_issue(REPOSITORY, "rita", new).unwrap();
}

#[tokio::test]
async fn p13_more_files_than_are_read_are_240_in_four_calls() {
    let talk = Talk::with(Setup { furnish: with_many_files, ..Setup::default() }).await;
    talk.work().await;
    let before = talk.world.requests().len();
    talk.asks("tess", 3, "/enhance").await;
    let requests = talk.world.requests().split_off(before);
    assert!(requests.len() <= 40, "{} calls", requests.len());
    let asked = requests.iter().filter_map(|request| {
        let body = request.body.as_ref().filter(|_| request.path == "/graphql")?;
        body["query"].as_str().filter(|query| query.starts_with("query Files"))?;
        let variables = body["variables"].as_object()?.iter();
        let files = variables
            .filter(|(name, path)| name.starts_with('e') && !path.as_str().unwrap().ends_with("://"));
        Some(files.map(|(_, path)| path.as_str().unwrap().to_owned()).collect::<Vec<_>>())
    });
    let asked = asked.collect::<Vec<_>>();
    // The first one asks for the configuration.
    let (_, asked) = asked.split_first().unwrap();
    assert_eq!(asked.iter().map(Vec::len).collect::<Vec<_>>(), [60, 60, 60, 60], "files of each call");
    let named = asked.iter().flatten().filter(|path| path.contains(":src/part_")).collect::<BTreeSet<_>>();
    assert_eq!(named.len(), 90, "what the issue names comes first: {asked:#?}");
    let one_by_one = requests.iter().filter(|request| request.path.contains("/git/blobs/")).count();
    assert_eq!(one_by_one, 0);
    talk.end().await;
}

#[tokio::test]
async fn an_issue_that_comes_first_and_is_not_there_is_asked_for() {
    let furnish = |world: &World| {
        let body = "Depends on #99\n\n- [ ] `src/auth.rs` must answer 429 after 5 tries\n";
        let new = NewIssue {
            title: "Limit the tries".to_owned(),
            body: Some(body.to_owned()),
            ..NewIssue::default()
        };
        world.add_issue(REPOSITORY, "walt", new).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    insta::assert_snapshot!(talk.asks("tess", 3, "/enhance").await, @"
    **No item yet: #<zwsp>99, which comes first, is not in this repository.**

    | | The issue asks | Where, at [`df4d183`][base] | Proved by |
    |-|-|-|-|
    | R1 | “`src/auth.rs` must answer 429 after 5 tries” | [`src/auth.rs`][f1] | tries 1–5: not 429 · the 6th: 429 |

    **Question** (the author may answer too: `/revise 1: …`)
    1. The issue waits for #<zwsp>99, which is not in this repository. Which one comes first? *Default: no work item until somebody says.*

    **Not checked:** what `src/auth.rs` does today.

    `/revise …` makes the next revision · held back by WI002: `/why rules`
    <sub>rev 1 · base df4d183 · no model · `/help`</sub>

    [base]: https://github.com/acme/web/tree/df4d18341b35fbbe7945f55bcdd040f1d12229cd
    [f1]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/src/auth.rs
    ");
    insta::assert_snapshot!(talk.asks("tess", 3, "/why rules").await, @"
    **rules**

    - WI002 blocks: #<zwsp>99 comes first and is not in this repository: no work item

    <sub>rev 1 · base df4d183 · no model · `/help`</sub>
    ");
    let revised = talk.asks("tess", 3, "/revise 1: #1").await;
    insta::assert_snapshot!(revised.lines().next().unwrap(), @"**Fits one small pull request, once #1 (open) is done. Nothing is open.**");
    let asked = talk.says("tess", 3, "/why rules").await;
    talk.work().await;
    let rules = talk.last(3);
    assert_eq!(talk.reactions(3, asked), ["rocket"], "it is an answer and no refusal");
    insta::assert_snapshot!(rules.lines().next().unwrap(), @"None of the rules finds anything in rev 2.");
    talk.end().await;
}

#[tokio::test]
async fn an_issue_that_comes_first_and_is_closed_does_not_hold_up() {
    let furnish = |world: &World| world.act_as("walt").close(REPOSITORY, 1).unwrap();
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.work().await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(!plan.contains("waits for #1") && !plan.contains("state not known"), "{plan}");
    talk.end().await;
}
