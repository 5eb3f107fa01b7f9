//! Servers that say less than GitHub does: no GraphQL, no `GET /app`, token refusals in words of their own.

use millwright::sandbox::{Abilities, Effect, Fault, FaultAnswer, NewRepository, REPOSITORY, When, World};
use serde_json::json;

use super::harness::{Setup, Talk};

fn rest_only(world: &World) {
    world.set_abilities(Abilities { graphql_missing: Some(404), ..Abilities::default() });
}

async fn rest_only_with(files: &'static [(&'static str, &'static str)], furnish: fn(&World)) -> Talk {
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.world.add_files(REPOSITORY, files).unwrap();
    talk
}

#[tokio::test]
async fn without_graphql_other_bots_keep_their_names() {
    for file in ["OWNERS", ".github/OWNERS_ALIASES", ".prow.yaml"] {
        let talk = Talk::with(Setup { furnish: rest_only, ..Setup::default() }).await;
        talk.world.add_files(REPOSITORY, &[(file, "approvers:\n- ada\n")]).unwrap();
        talk.asks("tess", 2, "/enhance").await;
        talk.hand.advance_ms(61_000);
        talk.says_unanswered("walt", 2, "/approve 1").await;
        assert_eq!(talk.world.issues(REPOSITORY).len(), 2, "{file}");
        assert!(talk.asks("walt", 2, "@millwright approve 1").await.starts_with("**Rev 1 is approved"));
        talk.end().await;
    }
}

#[tokio::test]
async fn without_graphql_the_configuration_holds_and_is_asked_for_without_a_ref() {
    let files = &[(".github/millwright.yml", "commands:\n  ignore: [status]\n"), (".mergify.yml", "")];
    let talk = rest_only_with(files, rest_only).await;
    talk.says_unanswered("walt", 2, "/status").await;
    let requests = talk.world.requests();
    let contents = requests.iter().filter(|request| request.path.contains("/contents"));
    let of_the_repository = contents.filter(|request| request.path.starts_with("/repos/acme/web/"));
    let asked = of_the_repository.map(|request| (request.path.as_str(), request.query.as_str()));
    assert_eq!(
        asked.collect::<Vec<_>>(),
        [
            ("/repos/acme/web/contents", ""),
            ("/repos/acme/web/contents/.github", ""),
            ("/repos/acme/web/contents/.github/millwright.yml", ""),
        ]
    );
    talk.end().await;
}

#[tokio::test]
async fn without_graphql_the_plan_and_its_revision_are_the_same() {
    let (rest, both) =
        (Talk::with(Setup { furnish: rest_only, ..Setup::default() }).await, Talk::begin().await);
    for text in ["/enhance", "/revise 1: the client IP 2: after a minute"] {
        let (plan, expected) = (rest.asks("tess", 2, text).await, both.asks("tess", 2, text).await);
        assert_eq!(plan, expected);
    }
    assert!(rest.requested("POST", "/graphql") > 0);
    assert!(rest.last(2).contains("<sub>rev 2"), "{}", rest.last(2));
    assert!(rest.asks("walt", 2, "/approve 2").await.starts_with("**Rev 2 is approved"));
    rest.end().await;
    both.end().await;
}

#[tokio::test]
async fn without_graphql_a_large_repository_is_read_in_part_and_the_plan_says_so() {
    let talk = Talk::with(Setup { furnish: rest_only, ..Setup::default() }).await;
    let names = (0..40).map(|number| format!("src/part_{number:02}.rs")).collect::<Vec<_>>();
    let files = names.iter().map(|name| (name.as_str(), "pub fn part() {}\n")).collect::<Vec<_>>();
    talk.world.add_files(REPOSITORY, &files).unwrap();
    let before = talk.world.requests().len();
    let plan = talk.asks("tess", 2, "/enhance").await;
    let unread = plan.lines().find(|line| line.contains("**Not checked:**"));
    insta::assert_snapshot!(unread.unwrap_or(&plan), @"**Not checked:** what `src/auth.rs` does today; whether “main” enforces owner review; 32 files of the tree: 16 of 48 files were read. Sizes are priors (n=0).");
    assert_eq!(
        talk.requested("GET", "/repos/acme/web/git/blobs/*"),
        16,
        "one by one, as far as the calls reach"
    );
    assert!(talk.world.requests().len() - before <= 40);
    talk.end().await;
}

#[tokio::test]
async fn a_server_that_does_not_say_who_we_are_is_served_all_the_same() {
    let nameless = FaultAnswer { body: json!({"id": 424_242, "name": "Mill"}), ..FaultAnswer::status(200) };
    for answer in [FaultAnswer::status(404), nameless] {
        let talk = Talk::begin().await;
        talk.world.faults().add(Fault::on("GET", "/app", Effect::Answer(answer)));
        let comment = talk.says("tess", 2, "/enhance").await;
        assert_eq!(talk.reactions(2, comment), ["rocket"]);
        assert!(talk.last(2).contains("<sub>rev 1"), "{}", talk.last(2));
        talk.hand.advance_ms(61_000);
        assert!(talk.asks("walt", 2, "@millwright approve 1").await.starts_with("**Rev 1 is approved"));
        talk.end().await;
    }
}

#[tokio::test]
async fn a_refused_token_for_the_organizations_file_means_there_is_none() {
    for status in [404, 422] {
        let talk = Talk::begin().await;
        talk.world.add_repository(NewRepository::named("acme/.github"));
        // The first token is asked for `.github`, the next one for the work.
        let refused = Effect::Answer(FaultAnswer::status(status));
        let path = "/app/installations/*/access_tokens";
        talk.world.faults().add(Fault::on("POST", path, refused).when(When::Nth(1)));
        assert!(talk.asks("tess", 2, "/enhance").await.contains("<sub>rev 1"), "{status}");
        let requests = talk.world.requests();
        let first = requests.iter().find(|request| request.path.ends_with("/access_tokens")).unwrap();
        assert_eq!(first.body.as_ref().unwrap()["repositories"], json!([".github"]));
        talk.end().await;
    }
}

#[tokio::test]
async fn where_workflow_runs_are_refused_the_plan_does_without() {
    for status in [403, 501] {
        let talk = Talk::begin().await;
        let refused = Effect::Answer(FaultAnswer::status(status));
        talk.world.faults().add(Fault::on("GET", "/repos/*/*/actions/workflows/*/runs", refused));
        let plan = talk.asks("tess", 2, "/enhance").await;
        let unread = plan.lines().find(|line| line.contains("**Not checked:**")).unwrap();
        assert!(unread.contains("`actions: read`"), "{status}: {unread}");
        talk.end().await;
    }
}

#[tokio::test]
async fn of_a_long_conversation_the_newest_comments_are_read_within_the_calls() {
    let talk = Talk::begin().await;
    for number in 1..=1_050 {
        talk.world.add_comment(REPOSITORY, 2, ("stan", &format!("Me too, number {number}."))).unwrap();
    }
    let before = talk.world.requests().len();
    let plan = talk.asks("tess", 2, "/enhance").await;
    let asked = talk.requested("GET", "/repos/acme/web/issues/2/comments");
    assert_eq!(asked, 3, "of 11 pages");
    let calls = talk.world.requests().len() - before;
    assert!(calls <= 40, "{calls} calls");
    insta::assert_snapshot!(plan.lines().find(|line| line.contains("**Not checked:**")).unwrap(), @"**Not checked:** comments before the newest 251; what `src/auth.rs` does today; whether “main” enforces owner review. Sizes are priors (n=0).");
    talk.end().await;
}
