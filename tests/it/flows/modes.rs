//! Modes: nothing is written in `observe`, and the most cautious of those that are set wins.

use millwright::sandbox::{NewIssue, NewRepository, REPOSITORY, Role, World};

use super::harness::{Setup, Talk};

fn observing(world: &World) {
    world.add_files(REPOSITORY, &[(".github/millwright.yml", "mode: observe\n")]).unwrap();
}

#[tokio::test]
async fn observe_writes_nothing_and_keeps_what_it_would_have_written() {
    let talk = Talk::with(Setup { furnish: observing, ..Setup::default() }).await;
    for (login, text) in [
        ("tess", "/enhance"),
        ("walt", "/approve 1"),
        ("rita", "/enhance"),
        ("walt", "/items"),
        ("walt", "/undo"),
    ] {
        let comment = talk.says_unanswered(login, 2, text).await;
        assert!(talk.reactions(2, comment).is_empty());
    }
    assert_eq!(talk.world.issues(REPOSITORY).len(), 2);
    let writes = talk.world.requests().into_iter().filter(|request| {
        request.method != "GET" && request.path != "/graphql" && !request.path.ends_with("/access_tokens")
    });
    assert_eq!(writes.count(), 0);
    let seen =
        talk.observed(2).await.into_iter().map(|act| act.lines().next().unwrap_or_default().to_owned());
    insta::assert_snapshot!(seen.collect::<Vec<_>>().join("\n"), @"
    comment: **Plannable as 2 small pull requests, one after the other, once #1 (open) is done. Three points are open, with defaults.**
    create_issue: > after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429
    add_sub_issue
    create_issue: > limit configurable in `config/limits.toml`
    add_sub_issue
    comment: Somebody with triage access has to run `/enhance` here; nothing is wrong with your issue.
    comment: **There are no work items on this issue; `/approve 1` opens those of rev 1.**
    comment: There is no approved plan on this issue, so there is nothing to undo.
    ");
    talk.end().await;
}

#[tokio::test]
async fn the_plan_that_was_only_observed_is_posted_as_the_first_revision_later() {
    let talk = Talk::with(Setup { furnish: observing, ..Setup::default() }).await;
    talk.says_unanswered("tess", 2, "/enhance").await;
    talk.world
        .act_as("ada")
        .push(REPOSITORY, "Go", &[(".github/millwright.yml", Some("mode: full\n"))])
        .unwrap();
    let plan = talk.asks("tess", 2, "/enhance").await;
    assert!(plan.contains("rev 1 ·"), "{plan}");
    talk.end().await;
}

#[tokio::test]
async fn the_most_cautious_mode_wins() {
    let full = |world: &World| {
        world.add_files(REPOSITORY, &[(".github/millwright.yml", "mode: full\n")]).unwrap();
    };
    let variables = vec![("MILLWRIGHT_MODE", "observe")];
    let talk = Talk::with(Setup { furnish: full, variables, ..Setup::default() }).await;
    talk.says_unanswered("tess", 2, "/enhance").await;
    talk.end().await;

    let variables = vec![("MILLWRIGHT_MODE", "full")];
    let talk = Talk::with(Setup { furnish: observing, variables, ..Setup::default() }).await;
    talk.says_unanswered("tess", 2, "/enhance").await;
    talk.end().await;

    let variables = vec![("MILLWRIGHT_MODE", "commands")];
    let talk = Talk::with(Setup { furnish: full, variables, ..Setup::default() }).await;
    insta::assert_snapshot!(talk.asks("tess", 2, "/status").await, @r"
    **There is no plan on this issue.**

    - Mode: commands (operator, MILLWRIGHT\_MODE)

    <sub>no model · `/help`</sub>
    ");
    talk.end().await;
}

/// Repositories of an owner who has not let us in yet, the first of them with an issue.
fn shops(world: &World, count: usize) -> Vec<String> {
    world.add_organization("globex", &["ada"]);
    let names = (1..=count).map(|number| format!("globex/shop-{number}")).collect::<Vec<_>>();
    for name in &names {
        world.add_repository(NewRepository::named(name));
    }
    world.add_files(&names[0], &[("README.md", "# Shop\n")]).unwrap();
    let issue = NewIssue { title: "Sell more".to_owned(), ..NewIssue::default() };
    world.add_issue(&names[0], "stan", issue).unwrap();
    names
}

/// The line of `/status` that tells the mode of the first shop.
async fn mode_of_the_shop(talk: &Talk) -> String {
    talk.hand.advance_ms(1_000);
    talk.world.act_as("stan").comment("globex/shop-1", 1, "/status").unwrap();
    talk.work().await;
    let told = talk.world.comments("globex/shop-1", 1).pop().unwrap();
    told.body.lines().find(|line| line.starts_with("- Mode:")).unwrap_or(&told.body).to_owned()
}

const FULL: &str = "- Mode: full (default)";
const COMMANDS: &str = "- Mode: commands (default for an installation of more than 20 repositories)";

#[tokio::test]
async fn an_installation_of_twenty_repositories_begins_with_full_and_grows_out_of_it() {
    let talk = Talk::begin().await;
    let names = shops(&talk.world, 22);
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    let installation = talk.world.act_as("ada").install("globex", &names[..20]).unwrap();
    assert_eq!(mode_of_the_shop(&talk).await, FULL);
    talk.world.add_to_installation(installation, &names[20..22]).unwrap();
    assert_eq!(mode_of_the_shop(&talk).await, COMMANDS);
    talk.world.remove_from_installation(installation, &names[21..22]).unwrap();
    assert_eq!(mode_of_the_shop(&talk).await, COMMANDS, "21 are left");
    talk.world.remove_from_installation(installation, &names[20..21]).unwrap();
    assert_eq!(mode_of_the_shop(&talk).await, FULL, "20 are left");
    talk.end().await;
}

#[tokio::test]
async fn an_installation_of_twenty_one_repositories_begins_with_commands_and_a_file_says_otherwise() {
    let talk = Talk::begin().await;
    let names = shops(&talk.world, 21);
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    talk.world.act_as("ada").install("globex", &names).unwrap();
    assert_eq!(mode_of_the_shop(&talk).await, COMMANDS);
    talk.world.set_role(names[0], "ada", Role::Write).unwrap();
    let file = &[(".github/millwright.yml", Some("mode: full\n"))];
    talk.world.act_as("ada").push(names[0], "All of it", file).unwrap();
    assert_eq!(mode_of_the_shop(&talk).await, "- Mode: full (repository, line 1)");
    talk.end().await;
}
