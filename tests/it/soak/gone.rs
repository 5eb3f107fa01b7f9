//! What people take away while the program is at work.

use super::rig::{Place, Rig, on_each};
use super::script::furnish;

const HERE: (&str, i64) = ("acme/app", 1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_a_comment_that_a_person_deletes_before_its_work_is_over_stays_deleted() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let life = rig.start(&[("MILLWRIGHT_CRASH_AT", "after_remote_id_before_done")]).await;
        let tess = rig.world.act_as("tess");
        let said = tess.comment(HERE.0, HERE.1, "/enhance").unwrap();
        assert_eq!(rig.bury(life, None).await, None, "{}: it was to crash", place.name);
        let ours = rig.world.comments(HERE.0, HERE.1).pop().unwrap();
        assert_ne!(ours.id, said);
        rig.world.act_as("ada").delete_comment(HERE.0, ours.id).unwrap();
        let lives = rig.start_many(1, &[]).await;
        let lives = rig.settle(lives).await;
        let left: Vec<i64> = rig.world.comments(HERE.0, HERE.1).iter().map(|comment| comment.id).collect();
        assert_eq!(left, [said], "{}", place.name);
        let asked = rig.world.requests();
        let writes = asked.iter().filter(|it| it.method == "POST" && it.path.ends_with("/issues/1/comments"));
        assert_eq!(writes.count(), 1, "{}: it was written once", place.name);
        // Asked for again, it comes again.
        tess.comment(HERE.0, HERE.1, "/enhance").unwrap();
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        assert_eq!(rig.world.comments(HERE.0, HERE.1).len(), 3, "{}", place.name);
        let dead = rig.books.rows("SELECT seq FROM jobs WHERE state = 'dead'").await.unwrap();
        assert!(dead.is_empty(), "{}", place.name);
    })
    .await;
}
