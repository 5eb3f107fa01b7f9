//! An hour of GitHub's deliveries that nobody took: fetched from its log by the program's own sweep, and answered.

use std::time::{Duration, Instant};

use millwright::domain::ids::IssueNumber;
use millwright::sandbox::{Deliverer, HookFault, World};
use serde_json::json;
use tokio::time::timeout;

use crate::goals::{self, Verdicts};
use crate::payload::{Comment, payload, repository};
use crate::running::{Database, GitHub, Running, kinds};

const MISSED: i64 = 7_000;
const RELEVANT: i64 = 270;
const PLACES: i64 = 20;
const ISSUE: IssueNumber = IssueNumber(1);

/// What nobody here asks for.
const OTHERS: [(&str, &str); 4] =
    [("star", "created"), ("issues", "labeled"), ("issue_comment", "deleted"), ("label", "edited")];

/// On every database there is.
pub async fn run(verdicts: &mut Verdicts) {
    for (name, server) in kinds() {
        on(name, Database::on(server.as_deref()).await, verdicts).await;
    }
}

async fn on(name: &'static str, database: Database, verdicts: &mut Verdicts) {
    let github = GitHub::open().await;
    miss(&github.world).await;
    let mut changes = github.world.changes();
    let started = Instant::now();
    let program = Running::millwright(&github, &database.url);
    let all_answered = async {
        while answers(&github.world) < RELEVANT as usize {
            // A change that was missed is no reason to stop looking.
            let _ = timeout(Duration::from_secs(1), changes.recv()).await;
        }
    };
    let took = timeout(Duration::from_secs(1_200), all_answered).await.map(|()| started.elapsed());
    let seconds = took.map_or(f64::INFINITY, |took| took.as_secs_f64());
    let requests = github.world.requests();
    let log = "/app/hook/deliveries";
    let pages = requests.iter().filter(|request| request.path == log).count();
    let fetched = requests.iter().filter(|it| it.path.starts_with(log) && it.path != log).count();
    println!(
        "{MISSED} missed deliveries on {name}, {RELEVANT} of them commands in {PLACES} installations: all answered {seconds:.1} s after the start, {pages} pages read, {fetched} deliveries fetched"
    );
    verdicts.judge(goals::SWEEP.on(name), seconds);
    verdicts.judge(goals::FETCHED.on(name), fetched as f64);
    drop(program);
    database.drop_it().await;
}

/// GitHub sends, and nobody is there.
async fn miss(world: &World) {
    world.set_webhook_url("http://127.0.0.1:9/webhook".to_owned());
    world.faults().add_for_webhooks("*", u32::MAX, HookFault::Fail(503));
    let mut asked = 0;
    for number in 0..MISSED {
        let place = number % PLACES + 1;
        let comment = payload(Comment { place, id: number, text: "/help" });
        if number * RELEVANT / MISSED < (number + 1) * RELEVANT / MISSED {
            world.seed_from_payload(&comment);
            world.add_webhook("issue_comment", comment);
            asked += 1;
        } else {
            let (event, action) = OTHERS[number as usize % OTHERS.len()];
            let installation = &comment["installation"];
            world.add_webhook(event, json!({ "action": action, "installation": installation }));
        }
    }
    assert_eq!(asked, RELEVANT);
    Deliverer::default().deliver_pending(world).await;
    world.faults().clear();
    assert_eq!(world.webhook_log().len(), MISSED as usize);
}

/// What the bot has written so far.
fn answers(world: &World) -> usize {
    let bot = Some(format!("{}[bot]", world.app().slug));
    (1..=PLACES)
        .flat_map(|place| world.comments(&repository(place), ISSUE.0))
        .filter(|comment| comment.author == bot)
        .count()
}
