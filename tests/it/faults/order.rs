//! Events out of order: what we remember ends as GitHub shows it.

use millwright::domain::ids::{IssueNumber, RepoId};
use millwright::sandbox::REPOSITORY;
use millwright::store::WorkItemState;

use super::at_rest;
use crate::flows::harness::Talk;

/// All orders of `0..count`.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let insert = |orders: Vec<Vec<usize>>, next| {
        let longer = |order: &Vec<usize>, at| {
            let mut longer = order.clone();
            longer.insert(at, next);
            longer
        };
        orders.iter().flat_map(|order| (0..=order.len()).map(move |at| longer(order, at))).collect()
    };
    (0..count).fold(vec![vec![]], insert)
}

#[tokio::test]
async fn f12_events_of_a_work_item_in_any_order_end_as_github_shows_it() {
    let talk = Talk::begin().await;
    talk.says("ada", 2, "/enhance").await;
    talk.says("ada", 2, "/approve 1").await;
    let ada = talk.world.act_as("ada");
    let seen = talk.world.webhook_log().len();
    for act in 0..4 {
        if act % 2 == 0 { ada.close(REPOSITORY, 3).unwrap() } else { ada.reopen(REPOSITORY, 3).unwrap() }
    }
    ada.close(REPOSITORY, 3).unwrap();
    talk.work_through().await;
    let log = talk.world.webhook_log();
    let events =
        log[..log.len() - seen].iter().filter(|sent| sent.event == "issues").cloned().collect::<Vec<_>>();
    assert_eq!(events.len(), 5);
    let store = talk.app.ctx.store.repo(RepoId(talk.world.repository_id(REPOSITORY).unwrap()));
    for (round, order) in permutations(events.len()).iter().enumerate() {
        for at in order {
            let guid = format!("{round}-{at}");
            assert_eq!(talk.deliver("issues", &guid, &events[*at].payload).await, 202);
        }
        talk.work().await;
        let item = store.work_items().by_issue(IssueNumber(3)).await.unwrap().unwrap();
        assert_eq!(item.state, WorkItemState::Closed, "{order:?}");
    }
    at_rest(&talk, 0).await;
}

#[tokio::test]
async fn f12_events_of_a_repository_newest_first_do_not_make_us_deaf() {
    let talk = Talk::begin().await;
    let id = talk.world.installation_id(REPOSITORY).unwrap();
    let ada = talk.world.act_as("ada");
    talk.world.suspend_installation(id).unwrap();
    talk.world.unsuspend_installation(id).unwrap();
    talk.world.remove_from_installation(id, &[REPOSITORY]).unwrap();
    talk.world.add_to_installation(id, &[REPOSITORY]).unwrap();
    ada.rename_repository(REPOSITORY, "site").unwrap();
    ada.comment("acme/site", 2, "/enhance").unwrap();
    talk.world.faults().reverse_webhooks(1);
    talk.work_through().await;
    // The last thing we heard was old news: the next command works all the same.
    ada.comment("acme/site", 2, "/status").unwrap();
    talk.work_through().await;
    let bot = format!("{}[bot]", talk.world.app().slug);
    let comments = talk.world.comments("acme/site", 2);
    assert!(
        comments.iter().filter(|comment| comment.author.as_deref() == Some(&bot)).count() >= 1,
        "{comments:#?}"
    );
}
