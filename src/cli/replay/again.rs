//! Puts a dead job, or a delivery, into the queue once more. Effects are remembered, so nothing is done twice.

use crate::cli::replay::Known;
use crate::github::webhook::Shallow;
use crate::store::{Delivery, Enqueued, JobRow, JobState, Store, StoreError};
use crate::triggers::{dispatch, run_command};

/// What was done in one sentence; or, in the inner error, why nothing was.
pub async fn apply(store: &Store, known: &Known) -> Result<Result<String, String>, StoreError> {
    match known {
        Known::Job(job, _) => one(store, job).await,
        Known::Delivery(delivery, jobs) => {
            let dead: Vec<&JobRow> = jobs.iter().filter(|job| job.state == JobState::Dead).collect();
            if dead.is_empty() {
                return dispatch(store, delivery).await;
            }
            let mut told = Vec::new();
            for job in dead {
                match one(store, job).await? {
                    Ok(done) => told.push(done),
                    refused => return Ok(refused),
                }
            }
            Ok(Ok(told.join("\n")))
        }
    }
}

async fn one(store: &Store, job: &JobRow) -> Result<Result<String, String>, StoreError> {
    if job.state != JobState::Dead {
        let state = job.state.as_str();
        return Ok(Err(format!("Job {} is {state}, not dead; nothing was changed", job.id)));
    }
    run_command::take_on_again(store, job).await?;
    Ok(match store.jobs().requeue(job.id).await? {
        true => Ok(format!("Job {} is in the queue again.", job.id)),
        false => {
            Err(format!("Job {} is no longer dead: somebody else was faster; nothing was changed", job.id))
        }
    })
}

async fn dispatch(store: &Store, delivery: &Delivery) -> Result<Result<String, String>, StoreError> {
    let guid = &delivery.guid;
    let Some(body) = &delivery.body else {
        return Ok(Err(format!(
            "The body of delivery {guid} is erased; GitHub can redeliver it for three days"
        )));
    };
    let job = match Shallow::read(body) {
        Ok(shallow) => dispatch::job(guid, &shallow, store.clock().now_ms()),
        Err(error) => return Ok(Err(format!("Delivery {guid} cannot be read: {error}"))),
    };
    Ok(match store.jobs().enqueue(&job).await? {
        Enqueued::New(id) | Enqueued::Already(id) => Ok(format!(
            "Delivery {guid} is in the queue again, as job {id}; commands that were run before are not run twice."
        )),
    })
}
