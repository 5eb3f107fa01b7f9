//! What working a dead job, or a delivery, off once more would do, and doing it. Effects are remembered, so nothing is done twice.

use crate::cli::replay::Known;
use crate::github::webhook::Shallow;
use crate::store::{Delivery, Enqueued, JobRow, JobState, NewJob, Store, StoreError};
use crate::triggers::{dispatch, run_command};

/// What replaying would put into the queue.
pub enum Again {
    /// Jobs that are dead.
    Jobs(Vec<JobRow>),
    /// The whole delivery, by its GUID: it is read once more, and commands that were run before are not run twice.
    Delivery(String, NewJob),
}

/// Decides; changes nothing. The error says in one sentence why nothing can be queued.
pub fn decide(store: &Store, known: &Known) -> Result<Again, String> {
    match known {
        Known::Job(job, _) if job.state == JobState::Dead => Ok(Again::Jobs(vec![job.clone()])),
        Known::Job(job, _) => Err(format!("Job {} is {}, not dead", job.id, job.state.as_str())),
        Known::Delivery(delivery, jobs) => {
            let dead = jobs.iter().filter(|job| job.state == JobState::Dead).cloned().collect::<Vec<_>>();
            let unfinished = jobs.iter().find(|job| matches!(job.state, JobState::Ready | JobState::Running));
            match unfinished {
                _ if !dead.is_empty() => Ok(Again::Jobs(dead)),
                Some(job) => {
                    let (id, state) = (job.id, job.state.as_str());
                    Err(format!("Job {id} of delivery {} is {state}, not over", delivery.guid))
                }
                None => dispatch(store, delivery),
            }
        }
    }
}

fn dispatch(store: &Store, delivery: &Delivery) -> Result<Again, String> {
    let guid = &delivery.guid;
    let Some(body) = &delivery.body else {
        return Err(format!("The body of delivery {guid} is erased; GitHub can redeliver it for three days"));
    };
    match Shallow::read(body) {
        Ok(shallow) => {
            let job = dispatch::job(guid, &shallow, store.clock().now_ms());
            let job = job.map_err(|failure| failure.to_string())?;
            Ok(Again::Delivery(guid.clone(), job))
        }
        Err(error) => Err(format!("Delivery {guid} cannot be read: {error}")),
    }
}

impl Again {
    /// What `--apply` would queue, one line each.
    pub async fn told(&self, store: &Store) -> Result<Vec<String>, StoreError> {
        let jobs = match self {
            Self::Jobs(jobs) => jobs,
            Self::Delivery(guid, job) => {
                return Ok(vec![format!(
                    "With --apply, a new {} would read delivery {guid} once more; commands that were run before are not run twice.",
                    job.name
                )]);
            }
        };
        let mut lines = Vec::new();
        for job in jobs {
            let command = match (job.repo, run_command::command_of(job)) {
                (Some(repo), Some(id)) => store.repo(repo).commands().get(id).await?,
                _ => None,
            };
            let what = command.map_or_else(
                || job.name.clone(),
                |command| format!("{}, `{}` by {}", job.name, command.line.escape_default(), command.actor),
            );
            lines.push(format!(
                "With --apply, job {} ({what}) would be in the queue again; what it did before is not done twice.",
                job.id
            ));
        }
        Ok(lines)
    }

    /// Queues it. What was done in one line each; or, in the inner error, why nothing was.
    pub async fn apply(self, store: &Store) -> Result<Result<Vec<String>, String>, StoreError> {
        let jobs = match self {
            Self::Jobs(jobs) => jobs,
            Self::Delivery(guid, job) => {
                let (Enqueued::New(id) | Enqueued::Already(id)) = store.jobs().enqueue(&job).await?;
                return Ok(Ok(vec![format!(
                    "Delivery {guid} is in the queue again, as job {id}; commands that were run before are not run twice."
                )]));
            }
        };
        let mut told = Vec::new();
        for job in jobs {
            if !run_command::retry(store, &job).await? {
                return Ok(Err(format!("Job {} is no longer dead: somebody else was faster", job.id)));
            }
            told.push(format!("Job {} is in the queue again.", job.id));
        }
        Ok(Ok(told))
    }
}
