//! Rate limits and clocks that disagree, through the whole flow.

use millwright::sandbox::{
    Effect, Fault, FaultAnswer, NewIssue, NewRepository, REPOSITORY, Role, TokenKind, When, World,
};

use super::{at_rest, count};
use crate::flows::harness::{Setup, Talk};

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
        let talk = Talk::with(Setup { furnish: neighbor, ..Setup::default() }).await;
        let fault = Fault::on("GET", "/repos/acme/web/issues/2", Effect::Answer(answer)).when(When::First(1));
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
        assert!((wait_ms..wait_ms + 1_000).contains(&resumed), "after {resumed} ms instead of {wait_ms}");
        assert_eq!((talk.answers(2).len(), talk.answers(1).len()), (1, 1));
        assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 1);
        at_rest(&talk, 0).await;
    }
}

#[tokio::test]
async fn f5_a_limit_at_the_comment_itself_delays_it_and_doubles_nothing() {
    let talk = Talk::begin().await;
    let answer = Effect::Answer(FaultAnswer::secondary_limit(Some(72)));
    talk.world.faults().add(Fault::on("POST", "/repos/*/*/issues/*/comments", answer).when(When::First(2)));
    talk.says("ada", 2, "/enhance").await;
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), 1);
    assert_eq!(count(&talk.world, "POST", "/issues/2/comments"), 3);
    at_rest(&talk, 0).await;
}

#[tokio::test]
async fn f6_many_commands_at_once_are_all_answered_once() {
    let talk = Talk::begin().await;
    let ada = talk.world.act_as("ada");
    for _ in 0..28 {
        for name in ["/status", "/help", "/items"] {
            ada.comment(REPOSITORY, 2, name).unwrap();
        }
    }
    talk.work_through().await;
    assert_eq!(talk.answers(2).len(), 84);
    assert!(talk.world.most_content_writes_at_once(talk.world.installation_id(REPOSITORY).unwrap()) == 1);
    at_rest(&talk, 0).await;
}

#[tokio::test]
async fn f9_a_clock_that_is_off_does_not_stop_the_flow() {
    for skew_ms in [-90_000, 90_000, -600_000, 600_000] {
        let talk = Talk::begin().await;
        talk.world.faults().set_clock_skew_ms(skew_ms);
        talk.says("ada", 2, "/enhance").await;
        talk.work_through().await;
        assert_eq!(talk.answers(2).len(), 1, "{skew_ms}");
        let refused = talk.world.requests().iter().filter(|it| it.status == Some(401)).count();
        assert!(refused <= 1, "{refused} refusals with a clock that is off by {skew_ms} ms");
        at_rest(&talk, 0).await;
    }
}

#[tokio::test]
async fn f5_limits_and_requests_are_counted_as_what_they_are() {
    let figure = async |talk: &Talk, name: &str| {
        let page = talk.figures().await;
        let line =
            page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned));
        line.map_or(0, |value| value.parse::<usize>().unwrap())
    };
    for (answer, kind, other) in [
        (FaultAnswer::primary_limit(900), "primary", "secondary"),
        (FaultAnswer::secondary_limit(Some(72)), "secondary", "primary"),
    ] {
        let talk = Talk::begin().await;
        let fault = Fault::on("GET", "/repos/acme/web/issues/2", Effect::Answer(answer)).when(When::First(1));
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
