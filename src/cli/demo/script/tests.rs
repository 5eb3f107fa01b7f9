use crate::cli::demo::script::{play, run};
use crate::cli::terminal::{self, Exit};
use crate::sandbox::{Effect, Fault, FaultAnswer, World};

async fn played(furnish: fn(&World)) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = play(furnish, &mut out, &mut err).await;
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn broken(method: &str, path: &str) -> Fault {
    Fault::on(method, path, Effect::Answer(FaultAnswer::status(500)))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_comes_to_its_end_and_is_the_same_each_time() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(&mut out, &mut err).await;
    let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
    assert_eq!((exit, err.as_str()), (Exit::Done, ""), "{out}");
    assert!(!out.contains("<!-- millwright"), "{out}");
    assert!(!out.contains("127.0.0.1:"), "{out}");
    assert_eq!(played(|_| {}).await.1, out);
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_issues_that_never_come_are_missing() {
    let (exit, out, err) = played(|world| {
        world.faults().add(broken("POST", "/repos/*/*/issues/*/sub_issues"));
    })
    .await;
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("rev 2"), "{out}");
    let told: Vec<&str> = err.lines().take(5).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    Missing: after `/approve 2`: two sub-issues
    Missing: after `/approve 2`: the label `millwright` on each sub-issue
    Missing: after `/approve 2`: the first one blocked by #1
    Missing: after `/approve 2`: the second one blocked by the first
    Missing: after `/approve 2`: 🚀 on the command and no 👀
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn dependencies_that_never_come_are_missing() {
    let (exit, _, err) = played(|world| {
        world.faults().add(broken("POST", "/repos/*/*/issues/*/dependencies/blocked_by"));
    })
    .await;
    assert_eq!(exit, Exit::Failed);
    assert!(err.contains("Missing: after `/approve 2`: the first one blocked by #1\n"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_never_comes_is_missing() {
    let (exit, _, err) = played(|world| {
        world.faults().add(broken("POST", "/repos/*/*/issues/*/comments"));
    })
    .await;
    assert_eq!(exit, Exit::Failed);
    assert!(err.starts_with("Missing: after `/enhance`: rev 1 as one comment of the bot"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_nobody_reads_on_ends_quietly() {
    let mut err = Vec::new();
    assert_eq!((run(&mut terminal::HungUp, &mut err).await, err), (Exit::Done, Vec::new()));
}
