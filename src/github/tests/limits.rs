use std::sync::{Arc, Mutex};

use futures_util::future::{BoxFuture, join_all};
use serde_json::json;

use crate::domain::failure::Failure;
use crate::domain::ids::{CommentId, InstallationId, IssueNumber};
use crate::domain::pace::{Asker, Sent, Verdict};
use crate::github::client::GitHub;
use crate::github::comments::Minimize;
use crate::github::error::{ApiError, ErrorKind};
use crate::github::limits::{InMemoryLimits, LimitResult, Limits};
use crate::github::testing::{Fake, Reply, START_MS, issue, repo_of};

const ISSUE: IssueNumber = IssueNumber(7);

fn until(error: ApiError) -> i64 {
    match Failure::from(error) {
        Failure::Park { until_ms, .. } => until_ms,
        other => panic!("not parked: {other}"),
    }
}

/// The first read of installation 1 gets `refusal`; nothing may be sent for it before `wait_ms` are over, everything after,
/// and other installations never notice.
async fn f5_script(refusal: Reply, wait_ms: i64) {
    let fake = Fake::start(move |seen| {
        let refused = seen.header("authorization") == "Bearer token-1" && seen.path.ends_with("/issues/7");
        match (refused, seen.path.ends_with("/issues/7")) {
            (true, _) if seen.before == 0 => Some(refusal.clone()),
            (_, true) => Some(Reply::json(200, issue(7))),
            _ => None,
        }
    })
    .await;
    let github = fake.github();
    let (one, two) = (repo_of(&github, 1), repo_of(&github, 2));
    assert_eq!(until(one.issue(ISSUE).await.unwrap_err()), START_MS + wait_ms);
    let sent = fake.seen().len();
    fake.hand.advance_ms(wait_ms - 1);
    assert_eq!(until(one.issue(ISSUE).await.unwrap_err()), START_MS + wait_ms);
    assert_eq!(until(one.create_comment(ISSUE, "late").await.unwrap_err()), START_MS + wait_ms);
    assert_eq!(fake.seen().len(), sent, "nothing is sent before the time");
    two.issue(ISSUE).await.unwrap();
    fake.hand.advance_ms(1);
    assert_eq!(one.issue(ISSUE).await.unwrap().number, ISSUE);
}

#[tokio::test]
async fn f5_a_secondary_limit_with_retry_after() {
    let refusal = Reply::json(403, json!({"message": "You have exceeded a secondary rate limit."}));
    f5_script(refusal.header("retry-after", "72"), 72_000).await;
}

#[tokio::test]
async fn f5_too_many_requests() {
    f5_script(Reply::status(429), 60_000).await;
}

#[tokio::test]
async fn f5_a_spent_budget_with_its_reset() {
    let reset = (START_MS / 1000 + 900).to_string();
    let refusal = Reply::json(403, json!({"message": "API rate limit exceeded for installation ID 1."}));
    f5_script(refusal.header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", reset), 900_000).await;
}

#[tokio::test]
async fn f5_a_secondary_limit_with_neither() {
    let refusal = Reply::json(403, json!({"message": "You have exceeded a secondary rate limit."}));
    f5_script(refusal.header("x-ratelimit-remaining", "4000"), 60_000).await;
}

#[tokio::test]
async fn f5_a_limit_without_a_time_grows_until_a_good_answer() {
    let fake = Fake::start(|seen| match (seen.path.ends_with("/issues/7"), seen.before) {
        (true, 3) => Some(Reply::json(200, issue(7))),
        (true, _) => Some(Reply::status(429)),
        _ => None,
    })
    .await;
    let repo = fake.repo();
    let mut waits = Vec::new();
    for _ in 0..5 {
        if let Err(error) = repo.issue(ISSUE).await {
            let wait_ms = until(error) - fake.clock.now_ms();
            waits.push(wait_ms);
            fake.hand.advance_ms(wait_ms);
        }
    }
    assert_eq!(waits, [60_000, 120_000, 240_000, 60_000]);
}

#[tokio::test]
async fn the_last_good_answer_of_a_budget_is_heeded() {
    let reset = (START_MS / 1000 + 100).to_string();
    let fake = Fake::start(move |seen| {
        let good = Reply::json(200, issue(7)).header("x-ratelimit-remaining", "0");
        seen.path.ends_with("/issues/7").then(|| good.header("x-ratelimit-reset", reset.clone()))
    })
    .await;
    let github = fake.github();
    let repo = repo_of(&github, 1);
    repo.issue(ISSUE).await.unwrap();
    assert_eq!(github.remaining(InstallationId(1)), Some(0));
    assert_eq!(until(repo.issue(ISSUE).await.unwrap_err()), START_MS + 100_000);
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn a_spent_graphql_budget_stops_graphql_only() {
    let reset = (START_MS / 1000 + 60).to_string();
    let fake = Fake::start(move |seen| match seen.path.as_str() {
        "/graphql" => Some(
            Reply::status(403)
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-resource", "graphql")
                .header("x-ratelimit-reset", reset.clone()),
        ),
        _ => Some(Reply::json(200, issue(7))).filter(|_| !seen.is_token_request()),
    })
    .await;
    let repo = fake.repo();
    let fold = async || repo.minimize_comment("IC_9", Minimize::Outdated).await.unwrap_err();
    assert_eq!(until(fold().await), START_MS + 60_000);
    fold().await;
    repo.issue(ISSUE).await.unwrap();
    assert_eq!(fake.calls(), ["POST /graphql", "GET /repos/octo/hello/issues/7"]);
}

#[tokio::test]
async fn a_limit_on_the_token_request_parks_the_installation() {
    let fake = Fake::start(|seen| {
        let refusal = Reply::status(403).header("retry-after", "30");
        (seen.is_token_request() && seen.path.contains("/1/")).then_some(refusal)
    })
    .await;
    let github = fake.github();
    assert_eq!(until(repo_of(&github, 1).issue(ISSUE).await.unwrap_err()), START_MS + 30_000);
    repo_of(&github, 1).issue(ISSUE).await.unwrap_err();
    assert_eq!(fake.seen().len(), 1);
    assert_eq!(repo_of(&github, 2).issue(ISSUE).await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn the_apps_own_budget_is_not_the_installations() {
    let fake = Fake::start(|seen| {
        let good = match seen.is_token_request() {
            true => Reply::json(201, json!({"token": "t", "expires_at": "2026-01-01T01:00:00Z"})),
            false => Reply::json(200, issue(7)),
        };
        let left = if seen.is_token_request() { "9" } else { "4999" };
        Some(good.header("x-ratelimit-remaining", left))
    })
    .await;
    let github = fake.github();
    repo_of(&github, 1).may_read_actions().await.unwrap();
    assert_eq!(github.remaining(InstallationId(1)), None);
    repo_of(&github, 1).issue(ISSUE).await.unwrap();
    assert_eq!(github.remaining(InstallationId(1)), Some(4999));
}

#[tokio::test]
async fn content_is_created_one_at_a_time_per_installation() {
    let fake = Fake::start(|seen| {
        let created = Reply::json(201, json!({"id": 1}));
        (!seen.is_token_request()).then(|| Reply::Late(Box::new(created)))
    })
    .await;
    let github = fake.github();
    let (one, two) = (repo_of(&github, 1), repo_of(&github, 2));
    let writes = (0..6).flat_map(|_| [one.create_comment(ISSUE, "a"), two.create_comment(ISSUE, "b")]);
    for written in join_all(writes).await {
        written.unwrap();
    }
    assert_eq!(fake.calls().len(), 12);
    assert_eq!(fake.most_posts_at_once(), 1);
}

#[tokio::test]
async fn content_is_paced_and_edits_are_not() {
    let fake =
        Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::json(200, json!({"id": 1})))).await;
    let repo = fake.repo();
    for _ in 0..20 {
        repo.create_comment(ISSUE, "x").await.unwrap();
    }
    let paced = repo.create_comment(ISSUE, "x").await.unwrap_err();
    assert!(matches!(Failure::from(paced), Failure::Defer { until_ms, .. } if until_ms == START_MS + 1_000));
    assert_eq!(fake.calls().len(), 20);
    repo.update_comment(CommentId(1), "y").await.unwrap();
    fake.hand.advance_ms(1_000);
    repo.create_comment(ISSUE, "x").await.unwrap();
}

struct BrokenStore;

impl Limits for BrokenStore {
    fn paused_until(&self, _: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>> {
        Box::pin(async { Err("the database is locked".into()) })
    }

    fn pause(&self, _: InstallationId, _: i64) -> BoxFuture<'_, LimitResult<()>> {
        Box::pin(async { Ok(()) })
    }

    fn spend(&self, _: InstallationId, _: Asker, _: i64) -> BoxFuture<'_, LimitResult<Verdict>> {
        Box::pin(async { Ok(Verdict::Now) })
    }

    fn give_back(&self, _: InstallationId, _: i64) {}

    fn begin_content(&self, _: InstallationId, _: Asker) -> BoxFuture<'_, LimitResult<Verdict>> {
        Box::pin(async { Ok(Verdict::Now) })
    }

    fn end_content(&self, _: InstallationId, _: Sent) -> BoxFuture<'_, LimitResult<()>> {
        Box::pin(async { Ok(()) })
    }

    fn wait(&self, _: i64) -> BoxFuture<'_, bool> {
        Box::pin(async { false })
    }
}

#[tokio::test]
async fn nothing_is_sent_while_the_limits_cannot_be_read() {
    let fake = Fake::start(|_| None).await;
    let github = GitHub::new(fake.options(), fake.clock.clone(), Arc::new(BrokenStore)).unwrap();
    let error = repo_of(&github, 1).issue(ISSUE).await.unwrap_err();
    assert_eq!((error.kind.clone(), fake.seen().len()), (ErrorKind::Limits, 0));
    assert!(matches!(Failure::from(error), Failure::Retry { .. }));
}

#[tokio::test]
async fn instances_that_share_limits_heed_each_others_pauses() {
    let fake =
        Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::status(403).header("retry-after", "9")))
            .await;
    let limits = Arc::new(InMemoryLimits::new(fake.clock.clone()));
    let instance = || repo_of(&GitHub::new(fake.options(), fake.clock.clone(), limits.clone()).unwrap(), 1);
    let (one, two) = (instance(), instance());
    one.issue(ISSUE).await.unwrap_err();
    assert_eq!(until(two.issue(ISSUE).await.unwrap_err()), START_MS + 9_000);
    assert_eq!(fake.calls().len(), 1);
}

/// Counts what is asked of the limits, and refuses points when told to.
struct Counting {
    points: Verdict,
    asked: Mutex<Vec<&'static str>>,
}

impl Counting {
    fn new(points: Verdict) -> Arc<Self> {
        Arc::new(Self { points, asked: Mutex::default() })
    }

    fn note(&self, what: &'static str) {
        self.asked.lock().unwrap().push(what);
    }
}

impl Limits for Counting {
    fn paused_until(&self, _: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>> {
        Box::pin(async { Ok(None) })
    }

    fn pause(&self, _: InstallationId, _: i64) -> BoxFuture<'_, LimitResult<()>> {
        Box::pin(async { Ok(()) })
    }

    fn spend(&self, _: InstallationId, _: Asker, _: i64) -> BoxFuture<'_, LimitResult<Verdict>> {
        self.note("spend");
        Box::pin(async { Ok(self.points) })
    }

    fn give_back(&self, _: InstallationId, _: i64) {}

    fn begin_content(&self, _: InstallationId, _: Asker) -> BoxFuture<'_, LimitResult<Verdict>> {
        self.note("begin");
        Box::pin(async { Ok(Verdict::Now) })
    }

    fn end_content(&self, _: InstallationId, _: Sent) -> BoxFuture<'_, LimitResult<()>> {
        self.note("end");
        Box::pin(async { Ok(()) })
    }

    fn wait(&self, _: i64) -> BoxFuture<'_, bool> {
        Box::pin(async { false })
    }
}

#[tokio::test]
async fn content_is_counted_only_when_there_are_points_for_it() {
    let fake = Fake::start(|_| None).await;
    let limits = Counting::new(Verdict::NotBefore(START_MS + 7));
    let github = GitHub::new(fake.options(), fake.clock.clone(), limits.clone()).unwrap();
    let paced = repo_of(&github, 1).create_comment(ISSUE, "x").await.unwrap_err();
    assert_eq!(paced.kind, ErrorKind::Paced { until_ms: START_MS + 7 });
    assert!(paced.was_held_back());
    assert_eq!(*limits.asked.lock().unwrap(), ["spend"]);
    assert_eq!(fake.calls().len(), 0);
}

#[tokio::test]
async fn each_exchange_that_creates_content_has_a_turn_of_its_own() {
    let fake = Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::status(401))).await;
    let limits = Counting::new(Verdict::Now);
    let github = GitHub::new(fake.options(), fake.clock.clone(), limits.clone()).unwrap();
    let refused = repo_of(&github, 1).create_comment(ISSUE, "x").await.unwrap_err();
    assert_eq!((refused.kind, fake.calls().len()), (ErrorKind::Unauthorized, 2));
    assert_eq!(*limits.asked.lock().unwrap(), ["spend", "begin", "end", "spend", "begin", "end"]);
}
