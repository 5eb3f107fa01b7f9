//! A burst of deliveries with the program killed in the middle of it, and how soon the next one has made up for that by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use millwright::domain::ids::IssueNumber;
use millwright::sandbox::{Deliverer, World};
use sqlx::AnyPool;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::goals::{self, Verdicts};
use crate::payload::{Comment, payload, repository};
use crate::running::{Database, GitHub, Running, kinds};

const BURST: i64 = 2_000;
/// One in so many is a command, the rest is what people say all day.
const COMMAND_IN: i64 = 10;
/// Accepted before the kill, at least.
const BEFORE: usize = 500;
const PLACES: i64 = 20;
const ISSUE: IssueNumber = IssueNumber(1);
/// Deliveries that GitHub has on their way at the same time.
const DELIVERERS: usize = 16;
/// Whoever takes longer has failed, whatever the goal.
const PATIENCE: Duration = Duration::from_secs(600);

/// On every database there is.
pub async fn run(verdicts: &mut Verdicts) {
    for (name, server) in kinds() {
        on(name, Database::on(server.as_deref()).await, verdicts).await;
    }
}

async fn on(name: &'static str, database: Database, verdicts: &mut Verdicts) {
    let github = GitHub::open().await;
    let world = &github.world;
    let program = Running::millwright(&github, &database.url);
    world.set_webhook_url(format!("http://{}/webhook", program.address));
    let mut deliverers = JoinSet::new();
    for _ in 0..DELIVERERS {
        let world = world.clone();
        deliverers.spawn(async move { Deliverer::default().run(&world).await });
    }
    let commands = say(world);
    wait(world, "the first of the burst", async || accepted(world).len() >= BEFORE).await;
    // SIGKILL.
    drop(program);
    wait(world, "GitHub to have tried each one", async || world.open_webhooks() == 0).await;
    let taken = accepted(world);
    let burst: BTreeSet<String> = world.webhook_log().into_iter().map(|sent| sent.guid).collect();

    let pool = AnyPool::connect(&database.url).await.unwrap();
    let stored = stored(&pool).await;
    let lost = taken.difference(&stored).count();
    let missed: BTreeSet<String> = burst.difference(&stored).cloned().collect();
    let started = Instant::now();
    let program = Running::millwright(&github, &database.url);
    world.set_webhook_url(format!("http://{}/webhook", program.address));
    let has_all = async || burst.is_subset(&self::stored(&pool).await);
    let is_repaired = wait(world, "what was missed", has_all).await;
    let repaired = if is_repaired { started.elapsed().as_secs_f64() } else { f64::INFINITY };
    let is_handled = async || {
        let handled = handled(&pool).await;
        missed.iter().all(|guid| handled.contains_key(guid))
    };
    let is_done = wait(world, "the end of what was missed", is_handled).await;
    let done = if is_done { started.elapsed().as_secs_f64() } else { f64::INFINITY };
    // What the first program had at work comes back when its lease is over, and that is not what is measured.
    let is_over = async || {
        let handled = handled(&pool).await;
        burst.iter().all(|guid| handled.contains_key(guid)) && at_work(&pool).await == 0
    };
    let is_over = wait(world, "the end of all work", is_over).await;
    let handled = handled(&pool).await;
    let not_once: Vec<&String> = burst.iter().filter(|guid| handled.get(*guid) != Some(&1)).collect();
    for guid in &not_once {
        println!("{guid} was handled {} times", handled.get(*guid).copied().unwrap_or_default());
    }
    let answers = answers(world);
    let wrong = not_once.len() + unlike_one_each(&commands, &answers) + usize::from(!is_over);
    println!(
        "a burst of {BURST} on {name}, killed after {} were accepted: {} missed, all stored {repaired:.1} s after the restart and handled {done:.1} s after it, {} commands with {} answers",
        taken.len(),
        missed.len(),
        commands.len(),
        answers.len()
    );
    verdicts.judge(goals::REPAIRED.on(name), repaired);
    verdicts.judge(goals::REPAIRED_DONE.on(name), done);
    verdicts.judge(goals::LOST.on(name), lost as f64);
    verdicts.judge(goals::DOUBLED.on(name), wrong as f64);
    // A kill that costs nothing shows nothing.
    assert!(!missed.is_empty(), "the kill came too late");
    pool.close().await;
    drop(program);
    database.drop_it().await;
}

/// Everybody speaks at once; the comments that are commands.
fn say(world: &World) -> Vec<i64> {
    let mut commands = Vec::new();
    for number in 0..BURST {
        let is_command = number % COMMAND_IN == 0;
        let text = if is_command { "/help" } else { "I see it too." };
        let comment = payload(Comment { place: number / COMMAND_IN % PLACES + 1, id: number, text });
        let id = comment["comment"]["id"].as_i64().unwrap();
        world.seed_from_payload(&comment);
        world.add_webhook("issue_comment", comment);
        commands.extend(is_command.then_some(id));
    }
    commands
}

/// Looks again whenever something changes at GitHub, and now and then where nothing does; whether it came.
async fn wait(world: &World, what: &str, is_there: impl AsyncFn() -> bool) -> bool {
    let mut changes = world.changes();
    let comes = async {
        while !is_there().await {
            let _ = timeout(Duration::from_millis(250), changes.recv()).await;
        }
    };
    let came = timeout(PATIENCE, comes).await.is_ok();
    if !came {
        println!("waited in vain for {what}");
    }
    came
}

/// GUIDs of what a program has answered with success.
fn accepted(world: &World) -> BTreeSet<String> {
    let log = world.webhook_log().into_iter();
    log.filter(|sent| sent.outcome.as_ref().is_some_and(|it| (200..300).contains(&it.status_code)))
        .map(|sent| sent.guid)
        .collect()
}

async fn stored(pool: &AnyPool) -> BTreeSet<String> {
    sqlx::query_scalar("SELECT guid FROM deliveries").fetch_all(pool).await.unwrap().into_iter().collect()
}

/// How many jobs have read each delivery to its end.
async fn handled(pool: &AnyPool) -> BTreeMap<String, i64> {
    let text = "SELECT delivery_guid, COUNT(*) FROM jobs
        WHERE name = 'dispatch.v1' AND state = 'done' GROUP BY delivery_guid";
    sqlx::query_as(text).fetch_all(pool).await.unwrap().into_iter().collect()
}

/// Jobs of deliveries and commands that have not come to their end: one of them might still write.
async fn at_work(pool: &AnyPool) -> i64 {
    let text = "SELECT COUNT(*) FROM jobs
        WHERE name IN ('dispatch.v1', 'run_command.v1') AND state IN ('ready', 'running')";
    sqlx::query_scalar(text).fetch_one(pool).await.unwrap()
}

/// What the bot has written.
fn answers(world: &World) -> Vec<String> {
    let bot = Some(format!("{}[bot]", world.app().slug));
    let comments = (1..=PLACES).flat_map(|place| world.comments(&repository(place), ISSUE.0));
    comments.filter(|comment| comment.author == bot).map(|comment| comment.body).collect()
}

/// Commands with no answer or several, and answers to no command. The marker of an answer names the command's comment.
fn unlike_one_each(commands: &[i64], answers: &[String]) -> usize {
    let of = |id: &i64| answers.iter().filter(|answer| answer.contains(&format!("/{id}/"))).count();
    let counts: Vec<usize> = commands.iter().map(of).collect();
    counts.iter().filter(|count| **count != 1).count() + answers.len().abs_diff(counts.iter().sum())
}
