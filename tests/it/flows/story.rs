//! The main job: `/enhance`, read the plan, `/approve 1`, and there are sub-issues with dependencies.

use millwright::sandbox::REPOSITORY;

use super::harness::Talk;

#[tokio::test]
async fn enhance_then_approve_opens_sub_issues_with_dependencies() {
    let talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    println!("{}", talk.last(2));
    talk.says("ada", 2, "/approve 1").await;
    println!("{}", talk.last(2));
    assert_eq!(talk.world.sub_issues(REPOSITORY, 2), [3, 4]);
    assert_eq!(talk.world.blocked_by(REPOSITORY, 4), [3]);
    assert_eq!(talk.world.blocked_by(REPOSITORY, 3), [1]);
}
