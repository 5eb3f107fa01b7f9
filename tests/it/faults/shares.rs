//! What two instances may ask of GitHub together: tokens, and comments when hundreds are to be written at once.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use millwright::app::limits::{StoreLimits, TURN_MS};
use millwright::ctx::JobCtx;
use millwright::domain::ids::InstallationId;
use millwright::domain::pace::{Asker, Sent, Urgency, Verdict};
use millwright::github::limits::Limits as _;
use millwright::queue::{Step, Worker};
use millwright::sandbox::{Deliverer, REPOSITORY, World};

use super::at_rest;
use crate::flows::harness::{self, Setup, Talk};
use crate::store::bench::{Bench, on_both};

const INSTALLATION: InstallationId = InstallationId(7);
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

/// All workers take a job each at the same time, again and again until there is none left and no wait either.
async fn work_through(talk: &Talk, workers: &[&Worker<JobCtx>]) {
    let deliverer = Deliverer::default();
    loop {
        let delivered = deliverer.deliver_pending(&talk.world).await;
        let steps = join_all(workers.iter().map(|worker| worker.step())).await;
        let steps: Vec<Step> = steps.into_iter().map(Result::unwrap).collect();
        let is_idle = steps.iter().all(|step| matches!(step, Step::Idle { .. }));
        if delivered > 0 || !is_idle {
            continue;
        }
        let Some(Step::Idle { next_run_at_ms: Some(next_ms) }) = steps.last() else { return };
        talk.hand.advance_ms((next_ms - talk.world.now()).max(1));
    }
}

/// So many commands at once, in turns over so many new issues.
fn ask(talk: &Talk, commands: usize, issues: usize) -> Vec<i64> {
    let ada = talk.world.act_as("ada");
    let open = |title| ada.open_issue(REPOSITORY, &format!("Issue {title}"), "Nothing to do.").unwrap();
    let numbers: Vec<i64> = (0..issues).map(open).collect();
    for (command, number) in
        ["/status", "/help", "/items"].iter().cycle().zip(numbers.iter().cycle()).take(commands)
    {
        ada.comment(REPOSITORY, *number, command).unwrap();
    }
    numbers
}

fn answers(talk: &Talk, issues: &[i64]) -> usize {
    issues.iter().map(|number| talk.answers(*number).len()).sum()
}

/// How many tokens were given out, by what each opens: the installation, the repository and the permissions.
fn tokens(world: &World) -> BTreeMap<String, usize> {
    let mut tokens = BTreeMap::new();
    for request in world.requests().iter().filter(|it| it.path.ends_with("/access_tokens")) {
        if request.status == Some(201) {
            let opens = format!("{} {}", request.path, request.body.clone().unwrap_or_default());
            *tokens.entry(opens).or_default() += 1;
        }
    }
    tokens
}

/// Each instance keeps its tokens in its own memory, where nobody can read them from a disk: one each, however many jobs.
#[tokio::test]
async fn p13_two_instances_ask_for_one_token_each_and_hour_however_many_jobs() {
    harness::on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        let own = ["a", "b", "c", "d"].map(|name| talk.app.worker(name));
        let others = [talk.second_instance().await];
        let workers: Vec<&Worker<JobCtx>> = own.iter().chain(&others).collect();
        let mut issues = ask(&talk, 24, 8);
        work_through(&talk, &workers).await;
        let first = tokens(&talk.world);
        println!("{first:#?}");
        assert!(!first.is_empty() && first.values().all(|count| (1..=2).contains(count)), "{first:#?}");
        assert!(
            first.values().any(|count| *count == 2),
            "only one of the two instances has worked: {first:#?}"
        );
        // More work within the hour: both have all they need.
        talk.hand.advance_ms(20 * MINUTE_MS);
        issues.extend(ask(&talk, 6, 2));
        work_through(&talk, &workers).await;
        let again = tokens(&talk.world);
        let more = |before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>| {
            after.iter().map(|(opens, count)| count - before.get(opens).copied().unwrap_or(0)).sum::<usize>()
        };
        // An instance that had no need of one of them yet may need it now; nobody asks for what it has.
        assert!(again.values().all(|count| *count <= 2), "{again:#?}");
        // In the next hour once more, and again once.
        talk.hand.advance_ms(HOUR_MS);
        issues.extend(ask(&talk, 24, 8));
        work_through(&talk, &workers).await;
        let later = tokens(&talk.world);
        assert!(more(&again, &later) > 0, "tokens do not last so long");
        assert!(later.values().all(|count| *count <= 4), "{later:#?}");
        assert_eq!(answers(&talk, &issues), 54);
        at_rest(&talk, 0).await;
    })
    .await;
}

/// The most moments within any span of this length.
fn most_within(sorted: &[i64], span_ms: i64) -> usize {
    let mut begin = 0;
    let until = |(end, at): (usize, &i64)| {
        while at - sorted[begin] >= span_ms {
            begin += 1;
        }
        end + 1 - begin
    };
    sorted.iter().enumerate().map(until).max().unwrap_or(0)
}

/// P12: 700 comments at once in one installation, by two instances in turns. Each job asks, comes back when it was told to, and
/// writes; the moments of the writes are what GitHub counts.
#[tokio::test]
async fn p12_seven_hundred_comments_of_two_instances_keep_80_a_minute_and_500_an_hour() {
    on_both(async |bench: &Bench| {
        let one = StoreLimits::new(bench.store.clone(), TURN_MS);
        let two = StoreLimits::new(bench.another_instance().await, TURN_MS);
        let mut waiting: BTreeSet<(i64, i64)> = (1..=700).map(|job| (bench.clock.now_ms(), job)).collect();
        let mut writes = Vec::new();
        let mut asked = 0;
        while let Some((at_ms, job)) = waiting.pop_first() {
            bench.hand.advance_ms((at_ms - bench.clock.now_ms()).max(0));
            let limits = if job % 2 == 0 { &two } else { &one };
            let asker = Asker { job, urgency: Urgency::Person };
            asked += 1;
            match limits.begin_content(INSTALLATION, asker).await.unwrap() {
                Verdict::Now => {
                    writes.push(bench.clock.now_ms());
                    limits.end_content(INSTALLATION, Sent::Yes).await.unwrap();
                }
                Verdict::NotBefore(at_ms) => drop(waiting.insert((at_ms, job))),
            }
        }
        let (minute, hour) = (most_within(&writes, MINUTE_MS), most_within(&writes, HOUR_MS));
        println!(
            "700 comments: at most {minute} in a minute and {hour} in an hour, asked {asked} times, the last after {} min",
            (writes[699] - writes[0]) / MINUTE_MS
        );
        assert_eq!(writes.len(), 700);
        assert!(minute <= 80 && hour <= 500, "{minute} in a minute, {hour} in an hour");
        assert!(minute > 60 && hour > 400, "nobody is held back for nothing: {minute} and {hour}");
        assert!(asked <= 3 * 700, "each is told a moment that holds: {asked}");
    })
    .await;
}
