//! Rate limits and clocks that disagree, through the whole flow.

use std::time::Duration;

use futures_util::future::join_all;
use millwright::domain::ids::{InstallationId, IssueNumber};
use millwright::domain::pace::Urgency;
use millwright::queue::Step;
use millwright::sandbox::{
    Deliverer, Effect, Fault, FaultAnswer, NewIssue, NewRepository, REPOSITORY, Role, TokenKind, When, World,
};
use millwright::store::{CommandState, JobState};

use super::{at_rest, count};
use crate::flows::harness::{Setup, Talk, on_both};

const OTHER: &str = "globex/shop";

/// A second organization with an installation of its own.
fn neighbor(world: &World) {
    world.add_organization("globex", &["ada"]);
    world.add_repository(NewRepository::named(OTHER));
    world.set_role(OTHER, "ada", Role::Admin).unwrap();
    world.add_files(OTHER, &[("README.md", "# shop\n")]).unwrap();
    let body = Some("- [ ] `README.md` must name the port\n".to_owned());
    world
        .add_issue(OTHER, "ada", NewIssue { title: "Port".to_owned(), body, ..NewIssue::default() })
        .unwrap();
    world.add_installation("globex", &[OTHER]).unwrap();
}

#[tokio::test]
async fn f5_a_limited_installation_is_left_alone_until_its_time_and_others_go_on() {
    let scripts = [
        (FaultAnswer::secondary_limit(Some(72)), 72_000),
        (FaultAnswer::too_many_requests(30), 30_000),
        (FaultAnswer::primary_limit(900), 900_000),
        (FaultAnswer::secondary_limit(None), 60_000),
    ];
    for (answer, wait_ms) in scripts {
        on_both(async |setup: Setup| {
            let talk = Talk::with(Setup { furnish: neighbor, ..setup }).await;
            let fault = Fault::on("GET", "/repos/acme/web/issues/2", Effect::Answer(answer.clone()))
                .when(When::First(1));
            talk.world.faults().add(fault);
            talk.says("ada", 2, "/enhance").await;
            assert_eq!(talk.answers(2), [""; 0]);
            // More work of the same installation, and work of another one.
            talk.says("walt", 1, "/enhance").await;
            talk.world.act_as("ada").comment(OTHER, 1, "/enhance").unwrap();
            talk.work().await;
            assert_eq!(talk.world.comments(OTHER, 1).len(), 2, "the other installation is answered at once");
            let installation = talk.world.installation_id(REPOSITORY).unwrap();
            let requests = || {
                talk.world
                    .requests()
                    .into_iter()
                    .filter(|it| it.token == TokenKind::Installation(installation))
                    .collect::<Vec<_>>()
            };
            let before = requests().len();
            let limited = talk.world.requests().into_iter().find(|it| matches!(it.status, Some(403 | 429)));
            let struck_ms = limited.unwrap().started_ms;
            talk.hand.advance_ms(struck_ms + wait_ms - 1 - talk.world.now());
            talk.work().await;
            let early = requests().split_off(before);
            let early =
                early.iter().map(|it| (&it.method, &it.path, it.started_ms - struck_ms)).collect::<Vec<_>>();
            assert!(early.is_empty(), "sent before {wait_ms} ms were over: {early:#?}");
            talk.work_through().await;
            let resumed = requests()[before].started_ms - struck_ms;
            // Not all installations come back in the same second: each waits up to half as long again, at most a minute.
            let latest_ms = wait_ms + (wait_ms / 2).min(60_000) + 1_000;
            assert!((wait_ms..latest_ms).contains(&resumed), "after {resumed} ms instead of {wait_ms}");
            assert_eq!((talk.answers(2).len(), talk.answers(1).len()), (1, 1));
            assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
            at_rest(&talk, 0).await;
        })
        .await;
    }
}

#[tokio::test]
async fn f5_a_limit_at_the_comment_itself_delays_it_and_doubles_nothing() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let answer = Effect::Answer(FaultAnswer::secondary_limit(Some(72)));
        talk.world
            .faults()
            .add(Fault::on("POST", "/repos/*/*/issues/*/comments", answer).when(When::First(2)));
        talk.says("ada", 2, "/enhance").await;
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1);
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 3);
        at_rest(&talk, 0).await;
    })
    .await;
}

/// Refusals because of a limit.
fn refused(world: &World) -> usize {
    world.requests().iter().filter(|request| matches!(request.status, Some(403 | 429))).count()
}

/// Milliseconds from now to the last answer, of so many commands at once over so many issues.
async fn answered_within(talk: &Talk, commands: usize, issues: usize) -> i64 {
    let ada = talk.world.act_as("ada");
    let open = |title| ada.open_issue(REPOSITORY, &format!("Issue {title}"), "Nothing to do.").unwrap();
    let numbers: Vec<i64> = (0..issues).map(open).collect();
    talk.work().await;
    let (began_ms, before) = (talk.world.now(), talk.world.requests().len());
    for (name, number) in
        ["/status", "/help", "/items"].iter().cycle().zip(numbers.iter().cycle()).take(commands)
    {
        ada.comment(REPOSITORY, *number, name).unwrap();
    }
    talk.work_through().await;
    let answers: usize =
        numbers.iter().map(|number| talk.answers(*number).len()).collect::<Vec<_>>().iter().sum();
    assert_eq!(answers, commands);
    let requests = talk.world.requests().split_off(before);
    let answered = requests.iter().filter(|it| it.content).filter_map(|it| it.finished_ms);
    answered.max().unwrap() - began_ms
}

/// The case that another bot met: 56 commands over 8 issues, GitHub allowing 80 comments a minute and 500 an hour.
#[tokio::test]
async fn f6_fifty_six_commands_over_eight_issues_are_answered_without_a_refusal() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        answered_within(&talk, 56, 8).await;
        assert_eq!(refused(&talk.world), 0);
        let installation = talk.world.installation_id(REPOSITORY).unwrap();
        assert_eq!(talk.world.most_content_writes_at_once(installation), 1);
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn p11_sixty_commands_in_one_installation_are_answered_in_54_seconds() {
    let talk = Talk::begin().await;
    let took_ms = answered_within(&talk, 60, 60).await;
    assert!(took_ms <= 54_000, "{took_ms} ms");
    assert_eq!(refused(&talk.world), 0);
    at_rest(&talk, 0).await;
}

/// So many organizations with an installation each, besides the first.
const MANY: i64 = 24;

fn many(world: &World) {
    for number in 0..MANY {
        let (owner, name) = (format!("org-{number}"), format!("org-{number}/shop"));
        world.add_organization(&owner, &["ada"]);
        world.add_repository(NewRepository::named(&name));
        world.set_role(&name, "ada", Role::Admin).unwrap();
        world.add_files(&name, &[("README.md", "# shop\n")]).unwrap();
        world.add_issue(&name, "ada", NewIssue { title: "Port".to_owned(), ..NewIssue::default() }).unwrap();
        world.add_installation(&owner, &[&name]).unwrap();
    }
}

/// A command in every installation while `answer` is GitHub's only one; when each was first answered well after that, from
/// the moment at which GitHub was well again.
async fn recovered(setup: Setup, answer: FaultAnswer, down_ms: i64) -> Vec<i64> {
    let talk = Talk::with(Setup { furnish: many, ..setup }).await;
    let fault = Fault::on("*", "/repos/**", Effect::Answer(answer));
    talk.world.faults().add(fault);
    for number in 0..MANY {
        talk.world.act_as("ada").comment(&format!("org-{number}/shop"), 1, "/help").unwrap();
    }
    let begun_ms = talk.world.now();
    talk.work().await;
    while talk.world.now() < begun_ms + down_ms {
        talk.hand.advance_ms(1_000);
        talk.work().await;
    }
    talk.world.faults().clear();
    let (well_ms, before) = (talk.world.now(), talk.world.requests().len());
    talk.work_through().await;
    at_rest(&talk, 0).await;
    let requests = talk.world.requests().split_off(before);
    let first = |number: i64| {
        let path = format!("/repos/org-{number}/shop/");
        let first = requests.iter().find(|request| request.path.starts_with(&path)).unwrap();
        assert_eq!(talk.world.comments(&format!("org-{number}/shop"), 1).len(), 2);
        first.started_ms - well_ms
    };
    (0..MANY).map(first).collect()
}

fn assert_spread(mut back_ms: Vec<i64>) {
    back_ms.sort_unstable();
    let range = back_ms[back_ms.len() - 1] - back_ms[0];
    assert!(range >= 30_000, "all back within {range} ms: {back_ms:?}");
    let within_a_second =
        |start: i64| back_ms.iter().filter(|at| (start..start + 1_000).contains(at)).count();
    let most = back_ms.iter().map(|start| within_a_second(*start)).max().unwrap();
    assert!(most <= back_ms.len() / 4, "{most} back in one second: {back_ms:?}");
}

#[tokio::test]
async fn f5_installations_that_were_told_the_same_moment_come_back_over_half_a_minute() {
    for answer in [FaultAnswer::secondary_limit(Some(72)), FaultAnswer::primary_limit(600)] {
        on_both(async |setup: Setup| assert_spread(recovered(setup, answer.clone(), 1_000).await)).await;
    }
}

#[tokio::test]
async fn f4_after_ten_minutes_of_failures_installations_come_back_over_half_a_minute() {
    on_both(async |setup: Setup| {
        assert_spread(recovered(setup, FaultAnswer::status(503), 600_000).await);
    })
    .await;
}

/// Two processes on one database, whose requests take a while: neither begins one while the other's is under way.
#[tokio::test]
async fn two_instances_create_content_one_at_a_time() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let second = talk.second_instance().await;
        let slow = Fault::on("POST", "/repos/*/*/issues/*/comments", Effect::Delay(Duration::from_millis(5)));
        talk.world.faults().add(slow);
        let ada = talk.world.act_as("ada");
        for number in 0..24 {
            let issue = ada.open_issue(REPOSITORY, &format!("Issue {number}"), "Nothing to do.").unwrap();
            ada.comment(REPOSITORY, issue, "/help").unwrap();
        }
        Deliverer::default().deliver_pending(&talk.world).await;
        loop {
            let steps = [talk.worker.step(), second.step(), talk.worker.step(), second.step()];
            let steps = join_all(steps).await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
            if steps.iter().all(|step| matches!(step, Step::Idle { .. })) {
                break;
            }
        }
        talk.work_through().await;
        let answers = talk.world.requests().iter().filter(|it| it.content && it.status == Some(201)).count();
        assert_eq!((answers, refused(&talk.world)), (24, 0));
        let installation = talk.world.installation_id(REPOSITORY).unwrap();
        assert_eq!(talk.world.most_content_writes_at_once(installation), 1);
        at_rest(&talk, 0).await;
    })
    .await;
}

#[tokio::test]
async fn f9_a_clock_that_is_off_does_not_stop_the_flow() {
    for skew_ms in [-90_000, 90_000, -600_000, 600_000] {
        on_both(async |setup: Setup| {
            let talk = Talk::with(setup).await;
            talk.world.faults().set_clock_skew_ms(skew_ms);
            talk.says("ada", 2, "/enhance").await;
            talk.work_through().await;
            assert_eq!(talk.answers(2).len(), 1, "{skew_ms}");
            let refused = talk.world.requests().iter().filter(|it| it.status == Some(401)).count();
            assert!(refused <= 1, "{refused} refusals with a clock that is off by {skew_ms} ms");
            at_rest(&talk, 0).await;
        })
        .await;
    }
}

/// A figure of `/metrics`; 0 where it does not stand there.
async fn figure(talk: &Talk, name: &str) -> usize {
    let page = talk.figures().await;
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |value| value.parse::<f64>().unwrap() as usize)
}

#[tokio::test]
async fn what_the_operator_holds_shows_in_the_figures_and_so_does_their_age() {
    let talk = Talk::begin().await;
    let switches = talk.app.ctx.store.switches();
    switches.pause_writes().await.unwrap();
    for paused in [1, 0] {
        talk.app.housekeeping().count().await.unwrap();
        assert_eq!(figure(&talk, "millwright_writes_paused").await, paused);
        let now_s = usize::try_from(talk.app.ctx.store.clock().now_ms() / 1000).unwrap();
        assert_eq!(figure(&talk, "millwright_queue_counted_timestamp_seconds").await, now_s);
        switches.resume_writes().await.unwrap();
    }
}

#[tokio::test]
async fn f5_limits_and_requests_are_counted_as_what_they_are() {
    for (answer, kind, other) in [
        (FaultAnswer::primary_limit(900), "primary", "secondary"),
        (FaultAnswer::secondary_limit(Some(72)), "secondary", "primary"),
    ] {
        let talk = Talk::begin().await;
        let fault =
            Fault::on("GET", "/repos/acme/web/issues/2", Effect::Answer(answer.clone())).when(When::First(1));
        talk.world.faults().add(fault);
        talk.says("ada", 2, "/enhance").await;
        talk.app.housekeeping().count().await.unwrap();
        assert_eq!(figure(&talk, "millwright_installations_paused").await, 1, "{kind}");
        talk.work_through().await;
        talk.app.housekeeping().count().await.unwrap();
        assert_eq!(figure(&talk, "millwright_installations_paused").await, 0, "{kind}");
        let limits = |kind: &str| format!("millwright_github_limits_total{{kind=\"{kind}\"}}");
        assert_eq!(figure(&talk, &limits(kind)).await, 1, "{kind}");
        assert_eq!(figure(&talk, &limits(other)).await, 0, "{kind}");
        let requests = talk.world.requests();
        for (class, range) in [("2xx", 200..300), ("4xx", 400..500)] {
            let name = format!("millwright_github_requests_total{{status=\"{class}\"}}");
            let sent = requests.iter().filter(|it| it.status.is_some_and(|status| range.contains(&status)));
            assert_eq!(figure(&talk, &name).await, sent.count(), "reads and token requests too: {class}");
        }
    }
}

/// Receipts are a courtesy, and stand back where requests are short. What has been answered is over all the same.
#[tokio::test]
async fn f6_a_command_that_is_answered_does_not_wait_for_its_receipt() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let installation = InstallationId(talk.world.installation_id(REPOSITORY).unwrap());
        // Others have used up what courtesies may have of the minute; people still get through.
        for _ in 0..8 {
            talk.app.ctx.store.paces().take(installation, 60, Urgency::Person).await.unwrap();
        }
        let mut said = Vec::new();
        for _ in 0..5 {
            said.push(talk.says("ada", 2, "/status").await);
        }
        assert_eq!(talk.answers(2).len(), said.len());
        let states = async || {
            let rows = talk.store().commands().of_issue(IssueNumber(2)).await.unwrap();
            rows.into_iter().map(|row| row.state).collect::<Vec<_>>()
        };
        assert_eq!(states().await, [CommandState::Done; 5]);
        let mut waiting = Vec::new();
        for delivery in talk.app.ctx.store.inbox().recent(100).await.unwrap() {
            let jobs = talk.app.ctx.store.jobs().of_delivery(&delivery.guid).await.unwrap();
            waiting.extend(jobs.into_iter().filter(|job| job.state == JobState::Ready).map(|job| job.name));
        }
        assert!(!waiting.is_empty(), "the receipts had no need to wait");
        assert!(waiting.iter().all(|name| name == "late_receipt.v1"), "{waiting:?}");
        talk.work_through().await;
        for comment in said {
            assert_eq!(talk.reactions(2, comment), ["rocket"]);
        }
        assert_eq!(talk.answers(2).len(), 5);
        at_rest(&talk, 0).await;
    })
    .await;
}
