//! Effects, installations, repositories, commands, runs, plans, work items and the small tables.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use millwright::domain::ids::{CommentId, EffectKey, InstallationId, IssueId, IssueNumber, RepoId, RepoName};
use millwright::store::{
    Accepted, AddedItem, Allowance, Begun, CachedConfig, CommandId, CommandState, ConfigScope, EffectState,
    Finished, Installation, Intent, NewCommand, NewEffect, NewJob, NewPlan, NewWorkItem, Pause, PlanState,
    Remote, RepoStore, SavedPlan, Suspension, WorkItemState,
};

use super::bench::{Bench, START_MS, delivery, job, job_of, on_both};

const ISSUE: IssueNumber = IssueNumber(7);

fn repo(bench: &Bench) -> RepoStore {
    bench.store.repo(RepoId(1))
}

fn effect(key: &str) -> NewEffect {
    NewEffect {
        key: EffectKey(key.to_owned()),
        kind: "comment".to_owned(),
        issue: ISSUE,
        content_hash: "h1".to_owned(),
    }
}

fn remote(id: i64) -> Remote {
    Remote {
        id,
        number: Some(12),
        node_id: Some("IC_1".to_owned()),
        url: Some("https://example.test/1".to_owned()),
    }
}

#[tokio::test]
async fn an_effect_is_fresh_then_interrupted_then_done() {
    on_both(async |bench: &Bench| {
        let (repo, other) = (repo(bench), bench.store.repo(RepoId(2)));
        let (effects, new) = (repo.effects(), effect("plan/7/1"));
        let first = fresh(effects.begin(&new).await.unwrap());
        assert_eq!(first.at_ms(), START_MS);
        bench.hand.advance_ms(500);
        assert_eq!(effects.begin(&new).await.unwrap(), Begun::Interrupted(first));
        let elsewhere = fresh(other.effects().begin(&new).await.unwrap());
        assert_eq!(effects.finish(&new.key, &remote(99), "h2").await.unwrap(), Finished::Written);
        assert_eq!(effects.begin(&new).await.unwrap(), Begun::Done(remote(99), "h2".to_owned()));
        assert!(!effects.forget_intent(&new.key, first).await.unwrap(), "done stays");
        let found = effects.get(&new.key).await.unwrap().unwrap();
        assert_eq!((found.state, found.remote), (EffectState::Done, Some(remote(99))));
        assert!(other.effects().forget_intent(&new.key, elsewhere).await.unwrap());
        fresh(other.effects().begin(&new).await.unwrap());
        assert_eq!(effects.finish(&new.key, &remote(99), "h3").await.unwrap(), Finished::Written, "its own");
        let another = effects.finish(&new.key, &remote(100), "h4").await.unwrap();
        assert_eq!(another, Finished::Another(remote(99)), "the first one stays");
        assert_eq!(effects.begin(&new).await.unwrap(), Begun::Done(remote(99), "h3".to_owned()));
        assert!(effects.forget(&new.key).await.unwrap());
        assert_eq!(effects.finish(&new.key, &remote(99), "h2").await.unwrap(), Finished::Forgotten);
        assert_eq!(effects.get(&new.key).await.unwrap(), None);
    })
    .await;
}

fn fresh(begun: Begun) -> Intent {
    let Begun::Fresh(intent) = begun else { panic!("{begun:?}") };
    intent
}

/// A worker that was away holds an intent that somebody else has renewed since.
#[tokio::test]
async fn f25_an_intent_is_renewed_and_taken_back_only_by_who_holds_it() {
    on_both(async |bench: &Bench| {
        let (repo, new) = (repo(bench), effect("k"));
        let effects = repo.effects();
        let old = fresh(effects.begin(&new).await.unwrap());
        // Even within the same millisecond.
        let renewed = effects.intend_again(&new.key, old).await.unwrap().unwrap();
        assert!(renewed.at_ms() > old.at_ms());
        assert_eq!(effects.intend_again(&new.key, old).await.unwrap(), None);
        assert!(!effects.forget_intent(&new.key, old).await.unwrap());
        assert_eq!(effects.begin(&new).await.unwrap(), Begun::Interrupted(renewed));
        assert!(effects.forget_intent(&new.key, renewed).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn one_of_many_concurrent_runs_gets_the_fresh_effect() {
    on_both(async |bench: &Bench| {
        let (one, two) = (repo(bench), bench.another_instance().await.repo(RepoId(1)));
        let new = effect("k");
        let all = (0..20)
            .map(|index| if index % 2 == 0 { one.effects().begin(&new) } else { two.effects().begin(&new) });
        let begun = join_all(all).await;
        assert_eq!(begun.iter().filter(|begun| matches!(begun, Ok(Begun::Fresh(_)))).count(), 1);
        assert!(begun.iter().all(Result::is_ok));
    })
    .await;
}

#[tokio::test]
async fn effects_are_found_by_issue() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        for key in ["plan/1", "items/1"] {
            repo.effects().begin(&effect(key)).await.unwrap();
            bench.hand.advance_ms(1);
        }
        repo.effects().begin(&NewEffect { issue: IssueNumber(8), ..effect("plan/8") }).await.unwrap();
        let keys = |effects: Vec<millwright::store::Effect>| -> Vec<String> {
            effects.into_iter().map(|effect| effect.key.0).collect()
        };
        assert_eq!(keys(repo.effects().of_issue(ISSUE).await.unwrap()), ["plan/1", "items/1"]);
        assert_eq!(keys(repo.effects().of_issue(IssueNumber(8)).await.unwrap()), ["plan/8"]);
    })
    .await;
}

fn installation(id: i64) -> Installation {
    Installation {
        id: InstallationId(id),
        account_login: "ada".to_owned(),
        account_type: "Organization".to_owned(),
        repository_selection: "all".to_owned(),
        repository_count: Some(3),
        permissions: r#"{"issues":"write"}"#.to_owned(),
        paused_until_ms: 0,
        suspension: Suspension::Active,
        deleted_at_ms: None,
    }
}

#[tokio::test]
async fn installations_are_written_paused_suspended_and_brought_back() {
    on_both(async |bench: &Bench| {
        let installations = bench.store.installations();
        let id = InstallationId(5);
        assert_eq!(installations.get(id).await.unwrap(), None);
        // A rate limit may be met before any event has named the installation.
        assert_eq!(installations.pause(id, 50).await.unwrap(), 50);
        installations.upsert(&installation(5)).await.unwrap();
        installations.upsert(&Installation { repository_count: None, ..installation(5) }).await.unwrap();
        let expected = Installation { paused_until_ms: 50, ..installation(5) };
        assert_eq!(installations.get(id).await.unwrap(), Some(expected.clone()));
        assert!(installations.set_suspension(id, Suspension::Suspended).await.unwrap());
        let repositories = bench.store.repositories();
        for (repo, name) in [(1, "octo/a"), (2, "octo/b"), (3, "octo/c")] {
            repositories.upsert(RepoId(repo), id, &RepoName::parse(name).unwrap()).await.unwrap();
        }
        repositories.removed(RepoId(2)).await.unwrap();
        // An event that is worked off twice counts as one.
        for _ in 0..2 {
            assert!(installations.count_repositories(id).await.unwrap());
        }
        let now = installations.get(id).await.unwrap().unwrap();
        assert_eq!((now.suspension, now.repository_count), (Suspension::Suspended, Some(2)));
        let unknown = Installation { id: InstallationId(7), repository_count: None, ..installation(5) };
        installations.upsert(&unknown).await.unwrap();
        assert!(!installations.count_repositories(unknown.id).await.unwrap());
        assert!(!installations.set_suspension(InstallationId(6), Suspension::Active).await.unwrap());
        installations.delete(id).await.unwrap();
        assert!(installations.get(id).await.unwrap().unwrap().deleted_at_ms.is_some());
        installations.upsert(&installation(5)).await.unwrap();
        assert_eq!(installations.get(id).await.unwrap(), Some(expected));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_installation_keeps_no_bodies_payloads_or_configuration_and_runs_nothing() {
    on_both(async |bench: &Bench| {
        let store = &bench.store;
        for guid in ["done", "dead", "ready"] {
            store.inbox().accept(&delivery(guid), &job_of(guid)).await.unwrap();
        }
        let done = bench.claim("w").await.unwrap();
        store.jobs().done(&done.fence, None).await.unwrap();
        let dead = bench.claim("w").await.unwrap();
        store.jobs().dead(&dead.fence, "e").await.unwrap();
        let other = NewJob { installation: Some(InstallationId(2)), ..job("of another") };
        store.jobs().enqueue(&other).await.unwrap();
        let name = RepoName { owner: "ada".to_owned(), name: "engine".to_owned() };
        store.repositories().upsert(RepoId(1), InstallationId(1), &name).await.unwrap();
        let scope = ConfigScope::Repository(RepoId(1));
        store.config_cache().put(scope, &config(InstallationId(1))).await.unwrap();
        store.installations().notice(InstallationId(1), "sub_issues_missing").await.unwrap();

        let deleted = store.installations().delete(InstallationId(1)).await.unwrap();
        assert_eq!((deleted.cancelled_jobs, deleted.erased_bodies, deleted.erased_configs), (2, 3, 1));
        for guid in ["done", "dead", "ready"] {
            assert_eq!(store.inbox().get(guid).await.unwrap().unwrap().body, None);
            let jobs = store.jobs().of_delivery(guid).await.unwrap();
            assert_eq!(jobs[0].payload, "{}", "{guid}");
        }
        assert_eq!(store.config_cache().get(scope).await.unwrap(), None);
        assert!(store.repositories().get(RepoId(1)).await.unwrap().unwrap().removed);
        assert_eq!(
            store.installations().noticed_at(InstallationId(1), "sub_issues_missing").await.unwrap(),
            None
        );
        assert_eq!(bench.work_off().await, ["of another"]);
    })
    .await;
}

#[tokio::test]
async fn a_capability_is_noticed_with_its_time() {
    on_both(async |bench: &Bench| {
        let installations = bench.store.installations();
        let (id, name) = (InstallationId(1), "sub_issues_missing");
        assert_eq!(installations.noticed_at(id, name).await.unwrap(), None);
        installations.notice(id, name).await.unwrap();
        bench.hand.advance_ms(9);
        installations.notice(id, name).await.unwrap();
        assert_eq!(installations.noticed_at(id, name).await.unwrap(), Some(START_MS + 9));
    })
    .await;
}

#[tokio::test]
async fn repositories_are_found_by_any_spelling_and_follow_renames() {
    on_both(async |bench: &Bench| {
        let repositories = bench.store.repositories();
        let name = |name: &str| RepoName { owner: "Ada".to_owned(), name: name.to_owned() };
        repositories.upsert(RepoId(1), InstallationId(1), &name("Engine")).await.unwrap();
        let lower = RepoName { owner: "ada".to_owned(), name: "eNGINE".to_owned() };
        assert_eq!(repositories.by_name(&lower).await.unwrap().unwrap().id, RepoId(1));
        assert!(repositories.renamed(RepoId(1), &name("Loom")).await.unwrap());
        assert_eq!(repositories.by_name(&lower).await.unwrap(), None);
        assert_eq!(repositories.get(RepoId(1)).await.unwrap().unwrap().name, name("Loom"));
        // The old name is taken by a new repository, then the first is renamed back before we hear of the second's removal.
        bench.hand.advance_ms(1);
        repositories.upsert(RepoId(2), InstallationId(1), &name("Loom")).await.unwrap();
        assert_eq!(repositories.by_name(&name("Loom")).await.unwrap().unwrap().id, RepoId(2));
        bench.store.jobs().enqueue(&NewJob { repo: Some(RepoId(2)), ..job("gone") }).await.unwrap();
        assert_eq!(repositories.removed(RepoId(2)).await.unwrap(), 1);
        assert_eq!(repositories.by_name(&name("Loom")).await.unwrap().unwrap().id, RepoId(1));
        assert_eq!(bench.claim("w").await.map(|claimed| claimed.payload), None);
    })
    .await;
}

#[tokio::test]
async fn counters_give_every_number_once() {
    on_both(async |bench: &Bench| {
        let (one, two) = (repo(bench), bench.another_instance().await.repo(RepoId(1)));
        let all = (0..20)
            .map(|index| if index % 2 == 0 { one.counters().next("s") } else { two.counters().next("s") });
        let numbers: BTreeSet<i64> = join_all(all).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(numbers, (1..=20).collect());
        one.counters().raise_to("s", 40).await.unwrap();
        one.counters().raise_to("s", 30).await.unwrap();
        assert_eq!(one.counters().next("s").await.unwrap(), 41);
        assert_eq!(one.counters().next("other").await.unwrap(), 1);
        assert_eq!(bench.store.repo(RepoId(2)).counters().next("s").await.unwrap(), 1);
    })
    .await;
}

fn command(key: &str) -> NewCommand {
    NewCommand {
        comment: CommentId(99),
        key: key.to_owned(),
        issue: ISSUE,
        actor: "ada".to_owned(),
        name: "enhance".to_owned(),
        line: "/enhance".to_owned(),
    }
}

#[tokio::test]
async fn a_command_is_accepted_once_together_with_its_job() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let accept = |key: &'static str| {
            let repo = repo.clone();
            async move {
                let make = |id: CommandId| Ok(job(&format!("{key} {}", id.0)));
                repo.commands().accept(&command(key), make).await.unwrap()
            }
        };
        let answers = join_all((0..20).map(|_| accept("/enhance#1"))).await;
        assert_eq!(answers.iter().filter(|answer| **answer == Accepted::New).count(), 1);
        assert_eq!(accept("/enhance#2").await, Accepted::New);
        let commands = repo.commands().of_comment(CommentId(99)).await.unwrap();
        assert_eq!(
            commands.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(),
            ["/enhance#1", "/enhance#2"]
        );
        let expected: Vec<String> = commands.iter().map(|one| format!("{} {}", one.key, one.id.0)).collect();
        assert_eq!(bench.work_off().await, expected);
        assert_eq!(
            repo.commands().by_key(CommentId(99), "/enhance#2").await.unwrap().as_ref(),
            commands.last()
        );
        assert_eq!(bench.store.repo(RepoId(2)).commands().of_issue(ISSUE).await.unwrap(), []);
        assert_eq!(bench.store.repo(RepoId(2)).commands().get(commands[0].id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_command_says_how_far_it_has_come() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let commands = repo.commands();
        commands.accept(&command("a"), |_| Ok(job("x"))).await.unwrap();
        let id = commands.of_issue(ISSUE).await.unwrap()[0].id;
        bench.hand.advance_ms(3);
        assert!(commands.set_state(id, CommandState::Refused, Some("needs write")).await.unwrap());
        let refused = commands.get(id).await.unwrap().unwrap();
        assert_eq!((refused.state, refused.note.as_deref()), (CommandState::Refused, Some("needs write")));
        assert_eq!((refused.created_at_ms, refused.updated_at_ms), (START_MS, START_MS + 3));
        let foreign = bench.store.repo(RepoId(2));
        assert!(!foreign.commands().set_state(id, CommandState::Failed, None).await.unwrap());
        assert!(!commands.set_state(id, CommandState::Running, None).await.unwrap(), "it has ended");
        assert_eq!(commands.get(id).await.unwrap().unwrap(), refused);
    })
    .await;
}

#[tokio::test]
async fn a_declined_command_can_be_taken_on_later_and_a_known_one_cannot_be_declined() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let commands = repo.commands();
        commands.decline(&command("a")).await.unwrap();
        commands.decline(&command("a")).await.unwrap();
        let declined = commands.by_key(CommentId(99), "a").await.unwrap().unwrap();
        assert_eq!(declined.state, CommandState::Declined);
        assert_eq!(bench.work_off().await, [""; 0]);
        let job_of = |id: CommandId| Ok(job(&format!("of {}", id.0)));
        assert_eq!(commands.accept(&command("a"), job_of).await.unwrap(), Accepted::New);
        assert_eq!(commands.accept(&command("a"), job_of).await.unwrap(), Accepted::Seen);
        commands.decline(&command("a")).await.unwrap();
        let accepted = commands.of_comment(CommentId(99)).await.unwrap();
        assert_eq!(
            (accepted.len(), accepted[0].id, accepted[0].state),
            (1, declined.id, CommandState::Accepted)
        );
        assert_eq!(bench.work_off().await, [format!("of {}", declined.id.0)]);
    })
    .await;
}

#[tokio::test]
async fn a_command_decides_once() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        repo.commands().accept(&command("a"), |_| Ok(job("x"))).await.unwrap();
        let id = repo.commands().of_issue(ISSUE).await.unwrap()[0].id;
        assert_eq!(repo.commands().decision(id).await.unwrap(), None);
        assert_eq!(repo.commands().decide(id, "1").await.unwrap(), "1");
        assert_eq!(repo.commands().decide(id, "2").await.unwrap(), "1");
        assert_eq!(repo.commands().decision(id).await.unwrap().as_deref(), Some("1"));
        let foreign = bench.store.repo(RepoId(2));
        assert_eq!(foreign.commands().decision(id).await.unwrap(), None);
        assert!(foreign.commands().decide(id, "3").await.is_err());
    })
    .await;
}

fn plan(rev: i64, hash: &str) -> NewPlan {
    NewPlan {
        issue: ISSUE,
        rev,
        hash: hash.to_owned(),
        base_sha: "4f1c2ab".to_owned(),
        issue_hash: "ih".to_owned(),
        cited: r#"{"src/lib.rs":"b1"}"#.to_owned(),
        document: r#"{"verdict":"feasible"}"#.to_owned(),
        actor: "ada".to_owned(),
    }
}

#[tokio::test]
async fn one_revision_is_current_and_only_that_one_can_be_approved() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let plans = repo.plans();
        let SavedPlan::New(first) = plans.save(&plan(1, "a")).await.unwrap() else { panic!("not new") };
        let SavedPlan::New(second) = plans.save(&plan(2, "b")).await.unwrap() else { panic!("not new") };
        assert_eq!(plans.save(&plan(2, "b")).await.unwrap(), SavedPlan::Already(second));
        assert_eq!(plans.save(&plan(2, "c")).await.unwrap(), SavedPlan::Taken);
        let states = async || -> Vec<PlanState> {
            plans.of_issue(ISSUE).await.unwrap().iter().map(|plan| plan.state).collect()
        };
        assert_eq!(
            states().await,
            [PlanState::Superseded, PlanState::Current],
            "a refused save changes nothing"
        );
        assert!(!plans.mark_approved(first, "items").await.unwrap());
        assert!(!plans.mark_undone(second).await.unwrap());
        assert!(plans.set_comment(second, &remote(55)).await.unwrap());
        assert!(plans.mark_approved(second, "one").await.unwrap());
        let approved = plans.by_rev(ISSUE, 2).await.unwrap().unwrap();
        assert_eq!((approved.state, approved.approval_mode.as_deref()), (PlanState::Approved, Some("one")));
        assert_eq!(
            (approved.comment, approved.comment_node_id.as_deref()),
            (Some(CommentId(55)), Some("IC_1"))
        );
        assert_eq!(approved.document, r#"{"verdict":"feasible"}"#);
        plans.save(&plan(3, "d")).await.unwrap();
        assert_eq!(states().await, [PlanState::Superseded, PlanState::Approved, PlanState::Current]);
        assert!(plans.mark_undone(second).await.unwrap());
        assert_eq!(bench.store.repo(RepoId(2)).plans().get(second).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn concurrent_revisions_get_one_number_each() {
    on_both(async |bench: &Bench| {
        let (one, two) = (repo(bench), bench.another_instance().await.repo(RepoId(1)));
        let (a, b) = (plan(1, "a"), plan(1, "b"));
        let (first, second) = tokio::join!(one.plans().save(&a), two.plans().save(&b));
        let new = [&first, &second].iter().filter(|saved| matches!(saved, Ok(SavedPlan::New(_)))).count();
        assert_eq!(new, 1, "{first:?} {second:?}");
        assert_eq!(one.plans().of_issue(ISSUE).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_open_work_item_exists_once_per_fingerprint_and_parent() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let SavedPlan::New(plan) = repo.plans().save(&plan(1, "a")).await.unwrap() else { panic!("not new") };
        let items = repo.work_items();
        let new = |ordinal, fingerprint: &str| NewWorkItem {
            plan,
            parent: ISSUE,
            ordinal,
            title: format!("item {ordinal}"),
            fingerprint: fingerprint.to_owned(),
            body_hash: "bh".to_owned(),
            depends_on: "[]".to_owned(),
        };
        let AddedItem::New(second) = items.add(&new(2, "f2")).await.unwrap() else { panic!("not new") };
        let AddedItem::New(first) = items.add(&new(1, "f1")).await.unwrap() else { panic!("not new") };
        let AddedItem::Already(found) = items.add(&new(9, "f1")).await.unwrap() else { panic!("twice") };
        assert_eq!((found.id, found.ordinal), (first, 1));
        assert!(items.set_issue(first, IssueNumber(70), IssueId(7_000)).await.unwrap());
        let found = items.by_issue(IssueNumber(70)).await.unwrap().unwrap();
        assert_eq!((found.id, found.issue_id, found.body_hash.as_str()), (first, Some(IssueId(7_000)), "bh"));
        assert!(items.set_state(first, WorkItemState::Undone).await.unwrap());
        let AddedItem::New(again) = items.add(&new(1, "f1")).await.unwrap() else { panic!("not new") };
        let ids: Vec<_> = items.of_parent(ISSUE).await.unwrap().iter().map(|item| item.id).collect();
        assert_eq!(ids, [first, again, second]);
        assert_eq!(items.of_plan(plan).await.unwrap().len(), 3);
        let states: Vec<_> = items.of_parent(ISSUE).await.unwrap().iter().map(|item| item.state).collect();
        assert_eq!(states, [WorkItemState::Undone, WorkItemState::Open, WorkItemState::Open]);
        assert!(items.set_state(first, WorkItemState::Open).await.is_err(), "a second open one");
        // Taken back is taken back, also for whoever looked before.
        assert!(!items.follow(first, WorkItemState::Closed).await.unwrap());
        assert!(items.follow(again, WorkItemState::Closed).await.unwrap());
        let AddedItem::New(anew) = items.add(&new(1, "f1")).await.unwrap() else { panic!("not new") };
        assert!(!items.follow(again, WorkItemState::Open).await.unwrap(), "a second open one");
        assert!(items.follow(anew, WorkItemState::Closed).await.unwrap());
        assert!(items.follow(anew, WorkItemState::Open).await.unwrap());
        assert!(items.follow(anew, WorkItemState::Open).await.unwrap(), "as it is");
        assert!(items.set_state(anew, WorkItemState::Undone).await.unwrap());
        let states: Vec<_> = items.of_parent(ISSUE).await.unwrap().iter().map(|item| item.state).collect();
        let (open, closed, undone) = (WorkItemState::Open, WorkItemState::Closed, WorkItemState::Undone);
        assert_eq!(states, [undone, closed, undone, open]);
        assert_eq!(bench.store.repo(RepoId(2)).work_items().of_plan(plan).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn an_allowance_runs_out() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        let allowances = repo.allowances();
        let allowance = Allowance { person: "ada", kind: "revise", day: 20_000, limit: 3 };
        let mut granted = Vec::new();
        for person in ["ada", "Ada", "ADA", "ada"] {
            granted.push(allowances.spend(Allowance { person, ..allowance }).await.unwrap());
        }
        assert_eq!(granted, [true, true, true, false]);
        assert!(allowances.spend(Allowance { day: 20_001, ..allowance }).await.unwrap());
        assert!(!allowances.spend(Allowance { kind: "none", limit: 0, ..allowance }).await.unwrap());
        assert_eq!(bench.store.forget_allowances_before(20_001).await.unwrap(), 1);
        assert!(allowances.spend(allowance).await.unwrap());
    })
    .await;
}

fn config(installation: InstallationId) -> CachedConfig {
    CachedConfig {
        installation,
        paths: vec!["OWNERS".to_owned()],
        text: Some("enabled: maybe".to_owned()),
        good_text: Some("enabled: true".to_owned()),
        problem: Some("line 1: expected true or false".to_owned()),
        fetched_at_ms: START_MS,
    }
}

#[tokio::test]
async fn configuration_is_cached_per_scope_with_its_last_good_text() {
    on_both(async |bench: &Bench| {
        let cache = bench.store.config_cache();
        let (organization, repository) =
            (ConfigScope::Organization(InstallationId(12)), ConfigScope::Repository(RepoId(12)));
        assert!(!cache.expire(repository).await.unwrap());
        cache.put(repository, &config(InstallationId(1))).await.unwrap();
        assert_eq!(cache.get(organization).await.unwrap(), None);
        assert_eq!(cache.get(repository).await.unwrap(), Some(config(InstallationId(1))));
        bench.hand.advance_ms(5);
        assert!(cache.expire(repository).await.unwrap());
        assert_eq!(cache.get(repository).await.unwrap().unwrap().fetched_at_ms, 0);
        let none = CachedConfig {
            paths: vec![],
            text: None,
            good_text: None,
            problem: None,
            ..config(InstallationId(1))
        };
        cache.put(repository, &none).await.unwrap();
        assert_eq!(cache.get(repository).await.unwrap().unwrap().text, None);
    })
    .await;
}

#[tokio::test]
async fn observations_are_listed_newest_first() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        for act in ["a", "b", "c"] {
            repo.observed().append(ISSUE, act, Some("guid")).await.unwrap();
            bench.hand.advance_ms(1);
        }
        bench.store.repo(RepoId(2)).observed().append(ISSUE, "foreign", None).await.unwrap();
        let acts: Vec<String> =
            repo.observed().list(2).await.unwrap().into_iter().map(|one| one.act).collect();
        assert_eq!(acts, ["c", "b"]);
        let of_delivery = repo.observed().of_delivery("guid").await.unwrap();
        assert_eq!(of_delivery.iter().map(|one| one.act.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(repo.observed().of_delivery("other").await.unwrap(), []);
        assert_eq!(bench.store.prune_observed(START_MS + 1).await.unwrap(), 1);
        assert_eq!(repo.observed().list(9).await.unwrap().len(), 2);
        assert_eq!(bench.store.prune_observed(START_MS + 9).await.unwrap(), 3, "of every repository");
    })
    .await;
}

#[tokio::test]
async fn the_pause_holds_for_every_instance() {
    on_both(async |bench: &Bench| {
        let other = bench.another_instance().await;
        assert_eq!(other.switches().pause().await.unwrap(), Pause::Off);
        bench.store.switches().pause_writes().await.unwrap();
        bench.hand.advance_ms(5);
        bench.store.switches().pause_writes().await.unwrap();
        assert_eq!(other.switches().pause().await.unwrap(), Pause::On { since_ms: START_MS });
        other.switches().resume_writes().await.unwrap();
        assert_eq!(bench.store.switches().pause().await.unwrap(), Pause::Off);
        bench.store.ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_is_dropped_never_happened() {
    on_both(async |bench: &Bench| {
        let repo = repo(bench);
        repo.commands().accept(&command("a"), |_| Ok(job("x"))).await.unwrap();
        let unlucky = command("b");
        let accept = repo.commands().accept(&unlucky, |_| panic!("made no job"));
        assert!(std::panic::AssertUnwindSafe(accept).catch_unwind().await.is_err());
        assert_eq!(repo.commands().by_key(CommentId(99), "b").await.unwrap(), None);
        assert_eq!(bench.work_off().await, ["x"]);
    })
    .await;
}
