//! `millwright replay`: what is known of a delivery or a dead job, and on request once more into the queue.

mod again;
mod story;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::cli::database::{Database, Missing};
use crate::cli::replay::story::Story;
use crate::cli::start::block_on;
use crate::cli::terminal::{Exit, complain, say};
use crate::config::environment::{self, Env};
use crate::store::{Delivery, JobId, JobRow, Store, StoreError};

/// What `replay` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The GUID of a delivery (`X-GitHub-Delivery`), or the number of a job; without one the dead jobs are listed
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Put the dead job, or the delivery, into the queue again; without this it is only told what would be queued
    #[arg(long, requires = "id")]
    apply: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Dead jobs that are listed at most, the newest first.
const MOST_DEAD: i64 = 100;

/// What an id stands for.
enum Known {
    /// A delivery and the jobs it started.
    Delivery(Delivery, Vec<JobRow>),
    /// A job, and its delivery where it has one.
    Job(JobRow, Option<Delivery>),
}

/// Exit 0 when the id is known, and with `--apply` something was put into the queue; 2 with one line otherwise.
pub fn run(arguments: &Arguments) -> Exit {
    block_on(async { replay(&environment::process(), arguments).await.unwrap_or_else(|exit| exit) })
}

async fn replay(env: &dyn Env, arguments: &Arguments) -> Result<Exit, Exit> {
    let database = Database::open(env, Missing::Refuse).await?;
    let store = &database.store;
    let broken = |error: StoreError| database.failed(&error);
    let Some(id) = &arguments.id else {
        let dead = store.jobs().dead_list(MOST_DEAD).await.map_err(broken)?;
        list(&dead, arguments.format);
        return Ok(Exit::Done);
    };
    let Some(known) = find(store, id).await.map_err(broken)? else {
        complain(format_args!(
            "There is no delivery and no job `{}`; `millwright replay` lists the dead jobs, a delivery's GUID stands on the App's page at GitHub",
            id.escape_default()
        ));
        return Ok(Exit::Usage);
    };
    let story = match &known {
        Known::Delivery(delivery, jobs) => story::of_delivery(store, delivery, jobs).await,
        Known::Job(job, delivery) => story::of_job(store, job, delivery.as_ref()).await,
    };
    let story = story.map_err(broken)?;
    let again = again::decide(store, &known);
    let (told, refused) = match (again, arguments.apply) {
        (Ok(again), false) => (again.told(store).await.map_err(broken)?, None),
        (Err(refused), false) => (vec![format!("{refused}; there is nothing to queue again.")], None),
        (Ok(again), true) => match again.apply(store).await.map_err(broken)? {
            Ok(done) => (done, None),
            Err(refused) => (Vec::new(), Some(refused)),
        },
        (Err(refused), true) => (Vec::new(), Some(refused)),
    };
    print(&story, &told, arguments);
    match refused {
        Some(refused) => {
            complain(format_args!("{refused}; nothing was changed"));
            Ok(Exit::Usage)
        }
        None => Ok(Exit::Done),
    }
}

/// `again` is what was put into the queue, or what would be.
fn print(story: &Story, again: &[String], arguments: &Arguments) {
    match arguments.format {
        Format::Text => {
            story.lines().iter().for_each(say);
            if !arguments.apply {
                say("");
            }
            again.iter().for_each(say);
        }
        Format::Json => {
            let mut told = serde_json::to_value(story).unwrap_or(Value::Null);
            told["applied"] = json!(arguments.apply);
            told["again"] = json!(again);
            say(format_args!("{told:#}"));
        }
    }
}

fn list(dead: &[JobRow], format: Format) {
    let jobs = dead.iter().map(story::job_facts).collect::<Vec<_>>();
    match format {
        Format::Text if jobs.is_empty() => say("No job is dead."),
        Format::Text => jobs.iter().map(story::job).for_each(say),
        Format::Json => say(format_args!("{:#}", json!({ "dead": jobs }))),
    }
}

async fn find(store: &Store, id: &str) -> Result<Option<Known>, StoreError> {
    if let Some(delivery) = store.inbox().get(id).await? {
        let jobs = store.jobs().of_delivery(id).await?;
        return Ok(Some(Known::Delivery(delivery, jobs)));
    }
    let Ok(number) = id.parse() else { return Ok(None) };
    let Some(job) = store.jobs().get(JobId(number)).await? else { return Ok(None) };
    let delivery = match &job.delivery {
        Some(guid) => store.inbox().get(guid).await?,
        None => None,
    };
    Ok(Some(Known::Job(job, delivery)))
}
