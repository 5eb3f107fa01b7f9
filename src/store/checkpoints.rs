//! SQLite's log, moved into the file off the way of a commit. PostgreSQL does this by itself.

use std::time::Duration;

use sqlx::{AnyConnection, Connection as _, Executor as _, Row as _};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::line::Line;

/// Pause between two checkpoints, so that one moves the pages of many commits, each page once.
const PAUSE: Duration = Duration::from_millis(250);

/// Pages of the log (32 MB) above which it is to begin anew. Writers wait for that moment, and only for the pages that came
/// since the last step.
const LONG_LOG: i64 = 8_192;

/// Pages (1 MB) that a step may leave to the writers, and how many steps are taken to get there: under a load that outruns
/// the disk there is never so little.
const FEW: i64 = 256;
const MOST_STEPS: usize = 4;

const SETTINGS: &str = "PRAGMA busy_timeout = 50; PRAGMA synchronous = FULL; PRAGMA cache_size = -256";

impl Store {
    /// Moves what was committed from the log into the file, again and again until `shutdown`. Without it the log is moved
    /// on the way of a commit, once it is four times as long as it gets here.
    pub async fn keep_log_short(&self, shutdown: CancellationToken) {
        let Some((line, options)) = self.pools.line() else { return };
        let mut ticks = interval(PAUSE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut connection = None;
        loop {
            let due = async {
                line.committed().await;
                ticks.tick().await;
            };
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = due => {}
            }
            let step = async {
                let connection = match &mut connection {
                    Some(connection) => connection,
                    none => {
                        let mut opened = AnyConnection::connect_with(options).await?;
                        opened.execute(SETTINGS).await?;
                        none.insert(opened)
                    }
                };
                checkpoint(connection, line, LONG_LOG).await
            };
            if let Err(error) = step.await {
                tracing::warn!(%error, "the database's log could not be moved into its file");
                connection = None;
            }
        }
    }
}

async fn checkpoint(connection: &mut AnyConnection, line: &Line, long: i64) -> Result<(), StoreError> {
    let mut length = run(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    if length <= long {
        return Ok(());
    }
    // Again, until little came meanwhile: that is left for the moment in which writers wait.
    for _ in 0..MOST_STEPS {
        let before = length;
        length = run(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
        if length - before <= FEW {
            break;
        }
    }
    // A log that is moved as a whole is begun anew by the next writer, who keeps the pages that it holds. One that never was,
    // because somebody reads whenever that is tried, is begun anew from here: that waits for readers, and costs the writer its
    // pages.
    let last = match length > long * 2 {
        true => "PRAGMA wal_checkpoint(RESTART)",
        false => "PRAGMA wal_checkpoint(PASSIVE)",
    };
    line.alone(async |_: &mut AnyConnection| run(connection, last).await).await?;
    Ok(())
}

/// The length of the log in pages.
async fn run(connection: &mut AnyConnection, text: &'static str) -> Result<i64, StoreError> {
    let row = sqlx::query(text).fetch_one(connection).await?;
    Ok(row.try_get(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{Bench, sqlite};

    #[tokio::test]
    async fn a_log_above_its_bound_begins_anew_and_nothing_is_lost() {
        let bench = sqlite().await;
        let (line, options) = bench.store.pools.line().unwrap();
        let mut connection = AnyConnection::connect_with(options).await.unwrap();
        let length = async |connection: &mut AnyConnection| {
            run(connection, "PRAGMA wal_checkpoint(PASSIVE)").await.unwrap()
        };
        write(&bench, 20).await;
        let long = length(&mut connection).await;
        checkpoint(&mut connection, line, long - 1).await.unwrap();
        write(&bench, 1).await;
        assert!(length(&mut connection).await < long / 2);
        checkpoint(&mut connection, line, 0).await.unwrap();
        write(&bench, 1).await;
        assert!(length(&mut connection).await < long / 2);
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 22);
    }

    #[tokio::test]
    async fn a_log_is_moved_while_the_process_runs() {
        let bench = sqlite().await;
        let shutdown = CancellationToken::new();
        let until_moved = async {
            write(&bench, 1).await;
            let file = std::path::PathBuf::from(bench.url.trim_start_matches("sqlite://"));
            // Everything is in the file as soon as a copy of the file alone holds it. One that is made while pages are moved is
            // torn; and each has a name of its own, for the one before may still be open.
            for number in 0.. {
                let copy = file.with_extension(format!("copy-{number}"));
                std::fs::copy(&file, &copy).unwrap();
                let url = format!("sqlite://{}", copy.display());
                if let Ok(store) = Store::connect(&url, bench.clock.clone()).await
                    && store.jobs().counts().await.is_ok_and(|counts| counts.outstanding() == 1)
                {
                    return shutdown.cancel();
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(bench.store.keep_log_short(shutdown.clone()), until_moved);
    }

    async fn write(bench: &Bench, jobs: usize) {
        for _ in 0..jobs {
            bench.store.jobs().enqueue(&crate::store::tests::large_job()).await.unwrap();
        }
    }
}
