//! The repository's and the organization's file.

use millwright::sandbox::{
    Effect, Fault, FaultAnswer, Mode, NewFile, NewIssue, NewRepository, Push, REPOSITORY, Role, World,
};

use super::harness::{Setup, Talk, visible};

const PATH: &str = ".github/millwright.yml";

fn organization(world: &World, text: &str) {
    world.add_repository(NewRepository::named("acme/.github"));
    world.add_files("acme/.github", &[(PATH, text)]).unwrap();
    let installation = world.installation_id(REPOSITORY).unwrap();
    world.add_to_installation(installation, &["acme/.github"]).unwrap();
}

#[tokio::test]
async fn a_wrong_file_is_told_under_the_next_answer() {
    let furnish = |world: &World| {
        world.add_files(REPOSITORY, &[(PATH, "enhance:\n  max_item: 3\n")]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @r"
    **There is no plan on this issue yet; `/enhance` makes one.**

    <sub>.github/millwright.yml:2:3: unknown key `max_item` in `enhance` (nearest: enhance.max\_items); the defaults stay in force.</sub>
    ");
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan.lines().rev().take(3).collect::<Vec<_>>().join("\n"), @r"
    <sub>.github/millwright.yml:2:3: unknown key `max_item` in `enhance` (nearest: enhance.max\_items); the defaults stay in force.</sub>

    [f5]: https://github.com/acme/web/blob/4c7ee5b0ac32a2440627887d5613f9553debdf92/.github/workflows/ci.yml
    ");
    talk.end().await;
}

#[tokio::test]
async fn the_last_good_version_stays_in_force() {
    let furnish = |world: &World| {
        world.add_files(REPOSITORY, &[(PATH, "commands:\n  ignore: [items]\n")]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    talk.says_unanswered("stan", 2, "/items").await;
    talk.world
        .act_as("ada")
        .push(REPOSITORY, "Oops", &[(PATH, Some("commands:\n  ignore: items\n"))])
        .unwrap();
    talk.says_unanswered("stan", 2, "/items").await;
    insta::assert_snapshot!(talk.asks("stan", 2, "@millwright items").await, @"
    **There is no plan on this issue yet; `/enhance` makes one.**

    <sub>.github/millwright.yml:2:11: `commands.ignore` must be a list such as `[approve]`, not `items`; the version before it stays in force.</sub>
    ");
    talk.world.act_as("ada").push(REPOSITORY, "Mend", &[(PATH, None)]).unwrap();
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"**There is no plan on this issue yet; `/enhance` makes one.**");
    talk.end().await;
}

#[tokio::test]
async fn the_organization_speaks_for_all_its_repositories() {
    let furnish = |world: &World| organization(world, "enhance:\n  max_items: 1\n");
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan, @"
    **Fits one medium pull request, once #1 (open) is done. Three points are open, with defaults.**

    | | The issue asks | Where, at [`df4d183`][base] | Proved by these cases in [`tests/auth.rs`][f1] |
    |-|-|-|-|
    | R1 | “after 5 failed attempts from one address within 60 s `src/auth.rs` must answer 429” | [`src/auth.rs`][f2] | failures 1–5: none is 429 · then an attempt at 59 s: 429 · at 61 s: not 429 · from a second address: not 429 |
    | R2 | “limit configurable in `config/limits.toml`” | **new** `config/limits.toml`, beside [`config/app.toml`][f3]; `src/auth.rs` | set to 2 in 10 s, 2 failures, then at 9 s: 429 · at 11 s: not 429 · file missing: 5 in 60 s |
    | R3 | “success resets the counter” | `src/auth.rs` | 4 failures, success, 5 failures: no 429 · the next attempt: 429 |

    **Work item**
    1. **Answer 429 after 5 failed sign-ins in 60 s; a success resets; Rate limit failed sign-ins.** R1–R3 · size M · waits for #1

    Needs a review by `acme/security` ([`CODEOWNERS`][f4] owns `src/auth.rs`); `config/limits.toml` and `tests/auth.rs` have no owner.

    **Questions** (the author may answer too: `/revise 1: … 2: … 3: …`)
    1. “one address”: IP or e-mail address? *Default: client IP.* It is the key of the counter.
    2. When does the 429 end? R3 frees an address by a success, but a refused attempt cannot succeed. *Default: refused without checking the password until the oldest of the 5 failures is 60 s old; refused attempts do not count.*
    3. `src/nope.rs` is not in the tree and no file has a similar name. Which is meant? *Default: ignored; no check box needs it.*

    **Read as:** “after 5” = the 6th attempt is refused. “limit” = both numbers, 5 and 60 s. The tree has no schema or migration, so the counter of failed attempts lives in memory: a restart empties it, and two instances count apart. The issue has 2 parts and `max_items: 1` allows 1: neighbors were merged.
    **Used by others:** `src/auth.rs` by `src/main.rs` and `tests/auth.rs`.
    **Done when** these 9 cases are in and `cargo test` in [`ci.yml`][f5] is green; on your machine: `cargo test --test auth`.
    **Not checked:** what `src/auth.rs` does today; whether “main” enforces owner review. Size is a prior (n=0).

    `/approve 1` opens it as a sub-issue · `/approve 1 --one` keeps it here · `/why R1`
    <sub>rev 1 · base df4d183 · no model · `/help`</sub>

    [base]: https://github.com/acme/web/tree/df4d18341b35fbbe7945f55bcdd040f1d12229cd
    [f1]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/tests/auth.rs
    [f2]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/src/auth.rs
    [f3]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/config/app.toml
    [f4]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/.github/CODEOWNERS
    [f5]: https://github.com/acme/web/blob/df4d18341b35fbbe7945f55bcdd040f1d12229cd/.github/workflows/ci.yml
    ");
    talk.end().await;
}

#[tokio::test]
async fn a_locked_section_cannot_be_overridden() {
    let furnish = |world: &World| {
        organization(world, "locked: [enhance]\nenhance:\n  max_items: 1\n");
        world.add_files(REPOSITORY, &[(PATH, "enhance:\n  max_items: 5\n")]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let plan = talk.asks("tess", 2, "/enhance").await;
    insta::assert_snapshot!(plan.lines().next().unwrap(), @"**Fits one medium pull request, once #1 (open) is done. Three points are open, with defaults.**");
    talk.end().await;
}

#[tokio::test]
async fn a_wrong_file_of_the_organization_is_named_as_such() {
    let furnish = |world: &World| organization(world, "modes: full\n");
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"
    **There is no plan on this issue yet; `/enhance` makes one.**

    <sub>acme/.github: .github/millwright.yml:1:1: unknown key `modes` (nearest: mode); the defaults stay in force.</sub>
    ");
    talk.end().await;
}

#[tokio::test]
async fn where_it_is_switched_off_nothing_happens() {
    let furnish = |world: &World| {
        world.add_files(REPOSITORY, &[(PATH, "enabled: false\n")]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let comment = talk.says_unanswered("ada", 2, "/enhance").await;
    assert!(talk.reactions(2, comment).is_empty());
    assert!(talk.observed(2).await.is_empty());
    talk.world.act_as("ada").push(REPOSITORY, "On", &[(PATH, Some("enabled: true\n"))]).unwrap();
    talk.asks("ada", 2, "/enhance").await;
    talk.end().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_told_and_the_version_before_it_stays() {
    let furnish = |world: &World| {
        world.add_files(REPOSITORY, &[(PATH, "commands:\n  ignore: [status]\n")]).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let push = |content: Vec<u8>| {
        let file = NewFile { mode: Mode::File, content: content.into() };
        let files = [(PATH.to_owned(), Some(file))].into();
        let push = Push { branch: "main".to_owned(), message: "Oops".to_owned(), files };
        talk.world.act_as("ada").push_to(REPOSITORY, push).unwrap();
    };
    talk.says_unanswered("stan", 2, "/status").await;
    push(vec![0, 159, 146, 150]);
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"
    **There is no plan on this issue yet; `/enhance` makes one.**

    <sub>.github/millwright.yml:1:1: the file is binary; save it as UTF-8 text; the version before it stays in force.</sub>
    ");
    talk.says_unanswered("stan", 2, "/status").await;
    push(format!("enabled: false\n# {}\n", "long ".repeat(120_000)).into_bytes());
    insta::assert_snapshot!(talk.asks("stan", 2, "/items").await, @"
    **There is no plan on this issue yet; `/enhance` makes one.**

    <sub>.github/millwright.yml:1:1: the file is larger than 65536 bytes, the most that is read; shorten it; the version before it stays in force.</sub>
    ");
    talk.says_unanswered("stan", 2, "/status").await;
    // Where GraphQL does not answer, the contents API leaves out what is above 1 MB.
    let down = Effect::Answer(FaultAnswer::status(502));
    talk.world.faults().add(Fault::on("POST", "/graphql", down));
    push(format!("enabled: false\n# {}\n", "long ".repeat(300_000)).into_bytes());
    let told = talk.asks("stan", 2, "/items").await;
    assert!(told.contains("the file is larger than 65536 bytes"), "{told}");
    talk.end().await;
}

#[tokio::test]
async fn a_file_of_the_organization_that_cannot_be_read_is_told() {
    for (content, told) in [
        (vec![0, 159, 146, 150], "acme/.github: .github/millwright.yml:1:1: the file is binary"),
        (
            "# long\n".repeat(200_000).into_bytes(),
            "acme/.github: .github/millwright.yml:1:1: the file is larger than",
        ),
    ] {
        let talk =
            Talk::with(Setup { furnish: |world| organization(world, "enabled: true\n"), ..Setup::default() })
                .await;
        talk.world.set_role("acme/.github", "ada", Role::Write).unwrap();
        let file = NewFile { mode: Mode::File, content: content.into() };
        let files = [(PATH.to_owned(), Some(file))].into();
        let push = Push { branch: "main".to_owned(), message: "Oops".to_owned(), files };
        talk.world.act_as("ada").push_to("acme/.github", push).unwrap();
        let answer = talk.asks("stan", 2, "/items").await;
        assert!(answer.contains(told), "{answer}");
        talk.end().await;
    }
}

/// What the bot answers to a comment of `stan` on an issue, wherever it is; nothing when it keeps silent.
async fn answer_in(talk: &Talk, (repository, number): (&str, i64), text: &str) -> Option<String> {
    let written = || {
        let bot = Some(format!("{}[bot]", talk.world.app().slug));
        let comments = talk.world.comments(repository, number).into_iter();
        comments.filter(|comment| comment.author == bot).collect::<Vec<_>>()
    };
    let before = written().len();
    talk.hand.advance_ms(1_000);
    talk.world.act_as("stan").comment(repository, number, text).unwrap();
    talk.work().await;
    let mut new = written().split_off(before);
    assert!(new.len() <= 1, "`{text}` in {repository} was answered with {new:#?}");
    new.pop().map(|comment| visible(&comment.body))
}

#[tokio::test]
async fn the_organizations_file_is_read_once_for_all_repositories_of_its_owner_and_again_after_a_push() {
    const NO_PLAN: &str = "**There is no plan on this issue yet; `/enhance` makes one.**";
    let furnish = |world: &World| {
        organization(world, "commands:\n  ignore: [status]\n");
        world.add_repository(NewRepository::named("acme/api"));
        world.add_to_installation(world.installation_id(REPOSITORY).unwrap(), &["acme/api"]).unwrap();
        world.add_repository(NewRepository::named("globex/shop"));
        world.add_repository(NewRepository::named("globex/.github"));
        world.add_files("globex/.github", &[(PATH, "commands:\n  ignore: [help]\n")]).unwrap();
        world.add_installation("globex", &["globex/shop", "globex/.github"]).unwrap();
        for repository in ["acme/api", "globex/shop"] {
            world.add_files(repository, &[("README.md", "# Hello\n")]).unwrap();
            let issue = NewIssue { title: "Greet people".to_owned(), ..NewIssue::default() };
            world.add_issue(repository, "stan", issue).unwrap();
        }
        world.set_role("acme/.github", "ada", Role::Write).unwrap();
    };
    let talk = Talk::with(Setup { furnish, ..Setup::default() }).await;
    let reads_of = |owner: &str| {
        talk.requested("GET", &format!("/repos/{owner}/.github/contents/.github/millwright.yml"))
    };
    let push = |text: Option<&str>| {
        talk.world.act_as("ada").push("acme/.github", "For all of us", &[(PATH, text)]).unwrap();
    };
    let both = [(REPOSITORY, 2), ("acme/api", 1)];
    for place in both {
        assert_eq!(answer_in(&talk, place, "/status").await, None, "{place:?}");
        assert_eq!(answer_in(&talk, place, "/items").await.as_deref(), Some(NO_PLAN), "{place:?}");
    }
    assert_eq!(reads_of("acme"), 1, "one read for both repositories");

    // Another owner has a file of its own.
    let shop = ("globex/shop", 1);
    assert_eq!(answer_in(&talk, shop, "/help").await, None);
    assert!(answer_in(&talk, shop, "/status").await.is_some());
    assert_eq!((reads_of("acme"), reads_of("globex")), (1, 1));

    // Pushed to: the next command obeys, in every repository of that owner.
    push(Some("commands:\n  ignore: [items]\n"));
    for place in both {
        assert_eq!(answer_in(&talk, place, "/items").await, None, "{place:?}");
        assert!(answer_in(&talk, place, "/status").await.is_some(), "{place:?}");
    }
    assert_eq!((reads_of("acme"), reads_of("globex")), (2, 1));

    // Broken: the version before it stays in force, and that is said.
    push(Some("commands:\n  ignore: items\n"));
    for place in both {
        assert_eq!(answer_in(&talk, place, "/items").await, None, "{place:?}");
        let told = answer_in(&talk, place, "@millwright items").await;
        assert_eq!(
            told.unwrap_or_default(),
            format!(
                "{NO_PLAN}\n\n<sub>acme/.github: .github/millwright.yml:2:11: `commands.ignore` must be a list such as `[approve]`, not `items`; the version before it stays in force.</sub>"
            ),
            "{place:?}"
        );
    }
    assert_eq!(reads_of("acme"), 3);

    push(None);
    for place in both {
        assert_eq!(answer_in(&talk, place, "/items").await.as_deref(), Some(NO_PLAN), "{place:?}");
    }
    assert_eq!((reads_of("acme"), reads_of("globex")), (4, 1));
    talk.end().await;
}
