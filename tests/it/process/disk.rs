//! What happens to the database's file under the running program: gone, replaced, full, held by another process.

use std::fs;

use millwright::cli::serve::CUT_OFF;
use sqlx::{AnyConnection, Connection as _, Executor as _};
use tokio::time::timeout;

use super::program::{PATIENCE, Program};
use super::stage::{Stage, comment, get, serve};

/// Posts one delivery after the other until one is answered so.
async fn answers(stage: &Stage, address: &str, status: u16) {
    let posted =
        async { while stage.post_as(&ulid::Ulid::generate().to_string(), address).await != Some(status) {} };
    timeout(PATIENCE, posted).await.unwrap();
}

/// Nothing is accepted into a file that nobody will find again; put back, it is used as before.
#[cfg(unix)]
#[tokio::test]
async fn a_database_file_that_goes_or_is_replaced_takes_no_deliveries_until_it_is_back() {
    let stage = Stage::open(comment()).await;
    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    stage.done().await;
    let file = stage.folder.path().join("millwright.db");
    let aside = stage.folder.path().join("aside.db");
    fs::rename(&file, &aside).unwrap();
    assert_eq!(stage.post_as("gone", &address).await, Some(503));
    assert_eq!(get(&format!("{address}/readyz")).await, Some(503));
    fs::write(&file, "").unwrap();
    assert_eq!(stage.post_as("replaced", &address).await, Some(503));
    assert_eq!(get(&format!("{address}/readyz")).await, Some(503));
    assert_eq!(get(&format!("{address}/healthz")).await, Some(200));
    fs::rename(&aside, &file).unwrap();
    assert_eq!(stage.post_as("gone", &address).await, Some(202));
    assert_eq!(get(&format!("{address}/readyz")).await, Some(200));
    program.signal("TERM");
    let ended = program.ended().await;
    for told in ["millwright.db was deleted or moved", "millwright.db was replaced", "restart Millwright"] {
        assert!(ended.err.iter().any(|line| line.contains(told)), "{told}\n{}", ended.err.join("\n"));
    }
}

/// A folder that is gone takes everything with it; the next start begins with an empty database and says nothing is wrong.
#[cfg(unix)]
#[tokio::test]
async fn a_database_folder_that_is_deleted_takes_no_deliveries_until_a_restart() {
    let stage = Stage::open(comment()).await;
    let folder = stage.folder.path().join("data");
    fs::create_dir(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("millwright.db").display());
    let variables = stage.variables(&[("DATABASE_URL", &url)]);
    let (program, address) = serve(&variables).await;
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(stage.post(&address).await, Some(503));
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
    fs::create_dir(&folder).unwrap();
    let (_program, address) = serve(&variables).await;
    assert_eq!(stage.post(&address).await, Some(202));
}

/// `ulimit -f`: the system would end the process with a signal at the write that is too far.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_at_its_longest_length_is_a_full_disk_and_not_the_end() {
    let stage = Stage::open(comment()).await;
    // In blocks of 512 bytes; the log of the start takes half of it.
    let mut program = Program::behind("ulimit -f 2048", &[], &stage.variables(&[]));
    let address = program.says("Listening on ").await;
    answers(&stage, &address, 503).await;
    assert_eq!(get(&format!("{address}/healthz")).await, Some(200), "it lives");
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
    let (program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post_as("when-there-is-room-again", &address).await, Some(202));
    program.signal("TERM");
    assert_eq!(program.ended().await.code, Some(0));
}

/// Nothing is under way, so nothing is waited for: neither the looks for work nor the schedules get at the database.
#[tokio::test]
async fn a_stop_does_not_wait_for_a_lock_of_another_process() {
    let stage = Stage::open(comment()).await;
    let (mut program, address) = serve(&stage.variables(&[])).await;
    assert_eq!(stage.post(&address).await, Some(202));
    stage.done().await;
    sqlx::any::install_default_drivers();
    let mut other = AnyConnection::connect(&stage.database_url()).await.unwrap();
    other.execute("PRAGMA busy_timeout = 60000").await.unwrap();
    // The receipt shows before the job's end is written, and that end would be waited for.
    loop {
        other.execute("BEGIN IMMEDIATE").await.unwrap();
        let running = "SELECT count(*) FROM jobs WHERE state = 'running'";
        let running: i64 = sqlx::query_scalar(running).fetch_one(&mut other).await.unwrap();
        if running == 0 {
            break;
        }
        other.execute("ROLLBACK").await.unwrap();
    }
    program.tells("could not look for work").await;
    program.signal("TERM");
    let ended = program.ended().await;
    assert_eq!(ended.code, Some(0));
    let late = |line: &String| line.contains(CUT_OFF);
    assert!(!ended.err.iter().any(late), "{}", ended.err.join("\n"));
    other.execute("ROLLBACK").await.unwrap();
}
