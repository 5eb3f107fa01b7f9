//! Limits of GitHub's, and tokens that end, with the built program.

use millwright::sandbox::{Effect, Fault, FaultAnswer, Gate, Request, TokenKind, When};

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish};
use super::told;

/// The requests with tokens of one installation, from the oldest on.
fn requests_of(rig: &Rig, installation: i64) -> Vec<Request> {
    let mut requests = rig.world.requests();
    requests.retain(|request| request.token == TokenKind::Installation(installation));
    requests
}

fn is_limited(request: &Request) -> bool {
    matches!(request.status, Some(403 | 429))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f5_no_program_asks_for_a_limited_installation_before_its_time_and_others_go_on() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let scripts = [
            ("acme", FaultAnswer::secondary_limit(Some(72)), 72_000),
            ("borealis", FaultAnswer::too_many_requests(90), 90_000),
            ("cobalt", FaultAnswer::primary_limit(900), 900_000),
            ("dune", FaultAnswer::secondary_limit(None), 60_000),
        ];
        for (account, answer, _) in &scripts {
            let path = format!("/repos/{account}/app/issues/1");
            let limit = Fault::on("GET", &path, Effect::Answer(answer.clone())).when(When::First(1));
            rig.world.faults().add(limit);
        }
        let lives = rig.start_many(2, &[]).await;
        for (account, ..) in &scripts {
            script.says("tess", (&format!("{account}/app"), 1), "/enhance");
        }
        rig.is_quiet().await;
        let calm_ms = rig.world.now();
        // More work of the same installations, and of one that nobody has limited.
        for account in ["acme", "borealis", "cobalt", "dune", "ember"] {
            script.says("tess", (&format!("{account}/library"), 2), "/enhance");
        }
        until("an answer in the other installation", async || {
            (rig.world.comments("ember/library", 2).len() == 2).then_some(())
        })
        .await;
        rig.is_quiet().await;
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        for (account, _, wait_ms) in &scripts {
            let installation = rig.world.installation_id(&format!("{account}/app")).unwrap();
            let requests = requests_of(&rig, installation);
            let limited: Vec<&Request> = requests.iter().filter(|request| is_limited(request)).collect();
            let [limited] = limited.as_slice() else { panic!("{account}: {limited:#?}") };
            let again_ms = limited.started_ms + wait_ms;
            // Before `calm_ms`, another worker's request may have been under way.
            let early: Vec<_> =
                requests.iter().filter(|it| (calm_ms..again_ms).contains(&it.started_ms)).collect();
            assert!(early.is_empty(), "{account}, before {wait_ms} ms were over: {early:#?}");
            for (name, issue) in [("app", 1), ("library", 2)] {
                assert_eq!(rig.world.comments(&format!("{account}/{name}"), issue).len(), 2, "{account}");
            }
        }
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// 56 commands at once, as another bot met them, taken on by two programs; GitHub allows 80 comments in a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f6_fifty_six_commands_at_once_are_answered_by_two_programs_without_a_refusal() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let places =
            ["acme/app", "acme/library"].iter().flat_map(|repo| (1..=3).map(move |issue| (*repo, issue)));
        let commands = ["/status", "/help", "/items", "/why 1"];
        for (command, place) in commands.iter().cycle().zip(places.cycle()).take(56) {
            script.says("ada", place, command);
        }
        let lives = rig.start_many(2, &[]).await;
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        let refused: Vec<_> = rig.world.requests().into_iter().filter(is_limited).collect();
        assert!(refused.is_empty(), "{refused:#?}");
        let findings = invariants::check(&rig, &script).await;
        assert_eq!((findings.comments, findings.dead), (56, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f8_a_token_that_ends_early_costs_one_refusal_and_no_answer() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(1, &[]).await;
        let refused = || rig.world.requests().iter().filter(|request| request.status == Some(401)).count();
        for (round, issue) in (1..=3).enumerate() {
            // No jump in time: it starts the program anew, and what has no token has none refused.
            script.says("tess", ("acme/app", issue), "/enhance");
            until("an answer", async || (rig.world.comments("acme/app", issue).len() == 2).then_some(()))
                .await;
            rig.is_quiet().await;
            assert_eq!(refused(), round, "{}: each that ended was tried once, and replaced", place.name);
            if issue < 3 {
                rig.world.expire_all_tokens();
            }
        }
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        invariants::check(&rig, &script).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f8_a_token_that_ends_in_the_middle_of_a_job_is_replaced_and_the_job_goes_on() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(1, &[]).await;
        let (gate, read) = (Gate::default(), "/repos/acme/app/issues/1");
        rig.world.faults().add(Fault::on("GET", read, Effect::Hold(gate.clone())).when(When::First(1)));
        let comment = script.says("tess", ("acme/app", 1), "/enhance");
        until("a read in the middle of the job", async || {
            rig.world.requests().iter().any(|it| it.path == read && it.status.is_none()).then_some(())
        })
        .await;
        rig.world.expire_all_tokens();
        gate.open();
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        let requests = rig.world.requests();
        let refused = requests.iter().filter(|it| it.status == Some(401)).map(|it| it.path.as_str());
        assert_eq!(refused.collect::<Vec<_>>(), [read], "{}", place.name);
        let failed = told::lines(&rig, "WARN", "failed, will be tried again");
        assert!(failed.is_empty(), "{}: one new token and no new try of the job: {failed:#?}", place.name);
        assert_eq!(rig.world.comments("acme/app", 1).len(), 2, "{}", place.name);
        assert!(rig.is_done(("acme/app", 1), comment), "{}", place.name);
        invariants::check(&rig, &script).await;
    })
    .await;
}
