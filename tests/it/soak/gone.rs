//! What people take away while the program is at work.

use millwright::sandbox::{Effect, Fault, Gate, NewRepository, Role, When, World};

use super::dice::{Dice, seed};
use super::invariants::{self, Deaths};
use super::patience::until;
use super::rig::{End, Place, Rig, on_each};
use super::script::{Script, furnish};

const HERE: (&str, i64) = ("acme/app", 1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_a_comment_that_a_person_deletes_before_its_work_is_over_stays_deleted() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let life = rig.start(&[("MILLWRIGHT_CRASH_AT", "after_remote_id_before_done")]).await;
        let tess = rig.world.act_as("tess");
        let said = tess.comment(HERE.0, HERE.1, "/enhance").unwrap();
        assert_eq!(rig.bury(life, End::Aborted).await, None, "{}: it was to crash", place.name);
        let ours = rig.world.comments(HERE.0, HERE.1).pop().unwrap();
        assert_ne!(ours.id, said);
        script.deletes("ada", HERE.0, ours.id);
        let lives = rig.start_many(1, &[]).await;
        let lives = rig.settle(lives).await;
        let left: Vec<i64> = rig.world.comments(HERE.0, HERE.1).iter().map(|comment| comment.id).collect();
        assert_eq!(left, [said], "{}", place.name);
        let asked = rig.world.requests();
        let writes = asked.iter().filter(|it| it.method == "POST" && it.path.ends_with("/issues/1/comments"));
        assert_eq!(writes.count(), 1, "{}: it was written once", place.name);
        // Asked for again, it comes again.
        script.says("tess", HERE, "/enhance");
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        assert_eq!(rig.world.comments(HERE.0, HERE.1).len(), 3, "{}", place.name);
        let dead = rig.books.rows("SELECT seq FROM jobs WHERE state = 'dead'").await.unwrap();
        assert!(dead.is_empty(), "{}", place.name);
        invariants::check(&rig, &script).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_an_issue_that_is_locked_ends_the_command_and_says_why() {
    taken_away(1, |world: &World| world.act_as("ada").lock(HERE.0, HERE.1).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_an_issue_that_is_deleted_ends_the_command_and_says_why() {
    taken_away(1, |world: &World| world.act_as("ada").delete_issue(HERE.0, HERE.1).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_an_issue_that_is_moved_out_of_our_reach_ends_the_command() {
    taken_away(0, |world: &World| {
        world.add_repository(NewRepository::named("acme/elsewhere"));
        world.set_role("acme/elsewhere", "ada", Role::Admin).unwrap();
        world.act_as("ada").transfer(HERE.0, HERE.1, "acme/elsewhere").map(drop).unwrap();
    })
    .await;
}

/// It happens while the plan is on its way to GitHub: nothing is said, so many jobs are dead and say why, and others go on.
async fn taken_away(dead: usize, happens: impl Fn(&World)) {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let gate = Gate::default();
        let path = format!("/repos/{}/issues/{}/comments", HERE.0, HERE.1);
        let held = Fault::on("POST", &path, Effect::Hold(gate.clone())).when(When::First(1));
        rig.world.faults().add(held);
        let life = rig.start(&[]).await;
        // The script does not know of it: it has no answer, as it should.
        rig.world.act_as("tess").comment(HERE.0, HERE.1, "/enhance").unwrap();
        let posts = || {
            let requests = rig.world.requests();
            requests.iter().filter(|it| it.method == "POST" && it.path == path).count()
        };
        until("the plan on its way", async || (posts() == 1).then_some(())).await;
        happens(&rig.world);
        gate.open();
        let lives = rig.settle(vec![life]).await;
        let other = script.says("tess", (HERE.0, 2), "/enhance");
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;

        let bot = format!("{}[bot]", rig.world.app().slug);
        let said = |repo: &str, issue: i64| {
            let comments = rig.world.comments(repo, issue);
            comments.iter().filter(|comment| comment.author.as_ref() == Some(&bot)).count()
        };
        assert_eq!((said(HERE.0, HERE.1), said("acme/elsewhere", 1)), (0, 0), "{}", place.name);
        // The plan, and the sentence that it could not be said.
        assert!(posts() <= 2, "{}: {}", place.name, posts());
        let jobs = rig.books.jobs().await.unwrap();
        let ended: Vec<_> = jobs.iter().filter(|job| job.state == "dead").collect();
        assert_eq!(ended.len(), dead, "{}: {}", place.name, ended.len());
        assert!(ended.iter().all(|job| job.last_error.is_some()), "{}", place.name);
        assert!(jobs.iter().all(|job| job.is_terminal()), "{}", place.name);
        assert!(rig.is_done((HERE.0, 2), other), "{}: other issues go on", place.name);
        assert_eq!(said(HERE.0, 2), 1, "{}", place.name);
        invariants::check_with(&rig, &script, Deaths::OfLoss(HERE)).await;
    })
    .await;
}
