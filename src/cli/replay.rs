//! `millwright replay`: what is known of a delivery or a dead job, and on request once more into the queue.

mod again;
mod story;

use clap::Args;

use crate::cli::database::{Database, Missing};
use crate::cli::start::block_on;
use crate::cli::terminal::{Exit, complain, say};
use crate::config::environment::{self, Env};
use crate::store::{Delivery, JobId, JobRow, Store, StoreError};

/// What `replay` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The GUID of a delivery (`X-GitHub-Delivery`), or the number of a job
    #[arg(value_name = "ID")]
    id: String,
    /// Put the dead job, or the delivery, into the queue again; without this it is only told what would be queued
    #[arg(long)]
    apply: bool,
}

/// What an id stands for.
enum Known {
    /// A delivery and the jobs it started.
    Delivery(Delivery, Vec<JobRow>),
    /// A job, and its delivery where it has one.
    Job(JobRow, Option<Delivery>),
}

/// Exit 0 when the id is known, and with `--apply` something was put into the queue; 1 otherwise.
pub fn run(arguments: &Arguments) -> Exit {
    block_on(async { replay(&environment::process(), arguments).await.unwrap_or_else(|exit| exit) })
}

async fn replay(env: &dyn Env, arguments: &Arguments) -> Result<Exit, Exit> {
    let database = Database::open(env, Missing::Refuse).await?;
    let store = &database.store;
    let broken = |error: StoreError| database.failed(&error);
    let Some(known) = find(store, &arguments.id).await.map_err(broken)? else {
        complain(format_args!(
            "There is no delivery and no job `{}`; a job's number stands in the log beside `dead`, a delivery's GUID on the App's page at GitHub",
            arguments.id.escape_default()
        ));
        return Ok(Exit::Failed);
    };
    let lines = match &known {
        Known::Delivery(delivery, jobs) => story::of_delivery(store, delivery, jobs).await,
        Known::Job(job, delivery) => story::of_job(store, job, delivery.as_ref()).await,
    };
    for line in lines.map_err(broken)? {
        say(line);
    }
    let again = again::decide(store, &known);
    if !arguments.apply {
        say("");
        match again {
            Ok(again) => again.told(store).await.map_err(broken)?.into_iter().for_each(say),
            Err(refused) => say(format_args!("{refused}; there is nothing to queue again.")),
        }
        return Ok(Exit::Done);
    }
    let refused = match again {
        Ok(again) => match again.apply(store).await.map_err(broken)? {
            Ok(done) => {
                done.into_iter().for_each(say);
                return Ok(Exit::Done);
            }
            Err(refused) => refused,
        },
        Err(refused) => refused,
    };
    complain(format_args!("{refused}; nothing was changed"));
    Ok(Exit::Failed)
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
