//! Turns that share a commit, and turns that end badly.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use futures_util::future::join_all;
use futures_util::poll;
use sqlx::Connection as _;

use super::*;
use crate::store::testing::{Bench, sqlite};

/// Writes a switch and commits.
async fn turn(line: &Line, name: &str) -> Result<(), StoreError> {
    turn_at(line, Place::Line, name).await
}

async fn turn_at(line: &Line, place: Place, name: &str) -> Result<(), StoreError> {
    let mut turn = line.begin(place).await?;
    put(&mut turn, name).await?;
    turn.commit().await
}

async fn put(turn: &mut Turn, name: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO switches (name, value, set_at) VALUES ($1, '', 0)")
        .bind(name)
        .execute(turn.connection()?)
        .await?;
    turn.succeeded();
    Ok(())
}

/// What another process sees.
async fn names(bench: &Bench) -> Vec<String> {
    let other = crate::store::Store::connect(&bench.url, bench.clock.clone()).await.unwrap();
    let rows = other.pools.raw("SELECT name FROM switches WHERE name LIKE 't%' ORDER BY name").await.unwrap();
    rows.iter().map(|row| sqlx::Row::get(row, 0)).collect()
}

fn line(bench: &Bench) -> Line {
    bench.store.pools.line().unwrap().0.clone()
}

/// Polls until it comes to rest at something that others have to do: every statement runs on a thread of its own.
async fn until_it_waits<F: Future>(future: &mut std::pin::Pin<&mut F>, is_there: impl Fn() -> bool) {
    while !is_there() {
        assert!(poll!(future.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn all_who_stand_in_line_are_written_with_one_commit() {
    let bench = sqlite().await;
    let line = line(&bench);
    let held = line.begin(Place::Line).await.unwrap();
    let names_in_line = (0..20).map(|number| format!("t{number:02}")).collect::<Vec<_>>();
    let mut all = pin!(join_all(names_in_line.iter().map(|name| turn(&line, name))));
    until_it_waits(&mut all, || line.0.waiting.load(Ordering::Relaxed) == 20).await;
    let watcher = Watcher::of(&bench).await;
    let before = watcher.commits().await;
    drop(held);
    assert!(all.await.into_iter().all(|ended| ended.is_ok()));
    assert_eq!(watcher.commits().await - before, 1);
    assert_eq!(names(&bench).await, names_in_line);
}

/// Another connection to the same file, which sees a number change with every commit.
struct Watcher(crate::store::Store);

impl Watcher {
    async fn of(bench: &Bench) -> Self {
        Self(crate::store::Store::connect(&bench.url, bench.clock.clone()).await.unwrap())
    }

    async fn commits(&self) -> i64 {
        sqlx::Row::get(&self.0.pools.raw("PRAGMA data_version").await.unwrap()[0], 0)
    }
}

#[tokio::test]
async fn a_turn_that_fails_takes_nothing_of_the_others_with_it() {
    let bench = sqlite().await;
    let line = line(&bench);
    let held = line.begin(Place::Line).await.unwrap();
    let wanted = ["t1", "t2", "t1", "t3"];
    let mut all = pin!(join_all(wanted.iter().map(|name| turn(&line, name))));
    until_it_waits(&mut all, || line.0.waiting.load(Ordering::Relaxed) == wanted.len()).await;
    drop(held);
    let ended = all.await.iter().map(Result::is_ok).collect::<Vec<_>>();
    assert_eq!(ended, [true, true, false, true], "the name is taken");
    assert_eq!(names(&bench).await, ["t1", "t2", "t3"]);
}

/// As SQLite does by itself when a statement of a savepoint finds the disk full.
#[tokio::test]
async fn when_the_shared_transaction_is_gone_whoever_waits_for_it_is_told_and_the_next_one_writes() {
    let bench = sqlite().await;
    let line = line(&bench);
    let held = line.begin(Place::Line).await.unwrap();
    let mut first = pin!(turn(&line, "t1"));
    let mut unlucky = pin!(async {
        let mut turn = line.begin(Place::Line).await?;
        put(&mut turn, "t2").await?;
        turn.connection()?.execute("ROLLBACK").await?;
        turn.succeeded();
        turn.commit().await
    });
    let mut last = pin!(turn(&line, "t3"));
    let waiting = || line.0.waiting.load(Ordering::Relaxed);
    until_it_waits(&mut first, || waiting() == 1).await;
    until_it_waits(&mut unlucky, || waiting() == 2).await;
    until_it_waits(&mut last, || waiting() == 3).await;
    drop(held);
    let (first, unlucky, last) = tokio::join!(first, unlucky, last);
    assert!(matches!(first, Err(StoreError::Unavailable(_))), "{first:?}");
    assert!(matches!(unlucky, Err(StoreError::Unavailable(_))), "{unlucky:?}");
    last.unwrap();
    assert_eq!(names(&bench).await, ["t3"]);
}

#[tokio::test]
async fn a_batch_goes_first_and_commits_for_those_who_wait() {
    let bench = sqlite().await;
    let line = line(&bench);
    let held = line.begin(Place::Line).await.unwrap();
    let mut slow = pin!(join_all(["t1", "t2"].map(|name| turn(&line, name))));
    until_it_waits(&mut slow, || line.0.waiting.load(Ordering::Relaxed) == 2).await;
    let mut first = pin!(turn_at(&line, Place::Front, "t0"));
    assert!(poll!(first.as_mut()).is_pending());
    drop(held);
    first.await.unwrap();
    assert!(names(&bench).await.contains(&"t0".to_owned()));
    assert!(slow.await.into_iter().all(|ended| ended.is_ok()));
    assert_eq!(names(&bench).await, ["t0", "t1", "t2"]);
}

#[tokio::test]
async fn whoever_is_at_work_leaves_the_commit_to_a_batch_that_waits() {
    let bench = sqlite().await;
    let line = line(&bench);
    let mut held = line.begin(Place::Line).await.unwrap();
    put(&mut held, "t1").await.unwrap();
    let mut batch = pin!(turn_at(&line, Place::Front, "t0"));
    assert!(poll!(batch.as_mut()).is_pending());
    let watcher = Watcher::of(&bench).await;
    let before = watcher.commits().await;
    let (held, batch) = tokio::join!(held.commit(), batch);
    assert!(held.is_ok() && batch.is_ok());
    assert_eq!(watcher.commits().await - before, 1);
    assert_eq!(names(&bench).await, ["t0", "t1"]);
    // One that is given up meanwhile leaves nobody waiting for it.
    let mut held = line.begin(Place::Line).await.unwrap();
    put(&mut held, "t2").await.unwrap();
    let mut batch = Box::pin(line.begin(Place::Front));
    assert!(poll!(batch.as_mut()).is_pending());
    let mut held = pin!(held.commit());
    assert!(poll!(held.as_mut()).is_pending());
    drop(batch);
    held.await.unwrap();
    assert_eq!(names(&bench).await, ["t0", "t1", "t2"]);
}

#[tokio::test]
async fn a_dropped_turn_never_happened_and_holds_no_lock() {
    let bench = sqlite().await;
    let line = line(&bench);
    let mut dropped = line.begin(Place::Line).await.unwrap();
    put(&mut dropped, "t1").await.unwrap();
    drop(dropped);
    // Another process can write at once.
    let other = crate::store::Store::connect(&bench.url, bench.clock.clone()).await.unwrap();
    other.ping().await.unwrap();
    assert_eq!(names(&bench).await, Vec::<String>::new());
    turn(&line, "t2").await.unwrap();
    assert_eq!(names(&bench).await, ["t2"]);
}

#[tokio::test]
async fn a_commit_that_nobody_waits_for_any_more_leaves_no_transaction_open() {
    let bench = sqlite().await;
    let line = line(&bench);
    {
        let mut first = line.begin(Place::Line).await.unwrap();
        put(&mut first, "t1").await.unwrap();
        let mut second = pin!(line.begin(Place::Line));
        assert!(poll!(second.as_mut()).is_pending());
        let mut commit = pin!(first.commit());
        // It gave the connection to the second, who goes away, and so does the first.
        let desk = || line.0.desk.try_lock().is_ok_and(|desk| desk.group.is_some());
        until_it_waits(&mut commit, || desk() || line.0.line.try_lock().is_err()).await;
        let _ = poll!(commit.as_mut());
    }
    let other = crate::store::Store::connect(&bench.url, bench.clock.clone()).await.unwrap();
    other.ping().await.unwrap();
    turn(&line, "t2").await.unwrap();
    assert_eq!(names(&bench).await, ["t1", "t2"], "whoever goes away does not take back what it asked for");
}

#[tokio::test]
async fn a_commit_that_fails_fails_for_all_and_the_next_turn_works() {
    let bench = sqlite().await;
    let line = line(&bench);
    // A reference that points nowhere is found at the commit.
    line.alone(async |connection: &mut AnyConnection| {
        let tables = "CREATE TABLE one (id BIGINT PRIMARY KEY);
            CREATE TABLE many (one BIGINT REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED)";
        connection.execute(tables).await?;
        Ok(())
    })
    .await
    .unwrap();
    let broken = async {
        let mut turn = line.begin(Place::Line).await?;
        turn.connection()?.execute("INSERT INTO many VALUES (7)").await?;
        turn.succeeded();
        turn.commit().await
    };
    let held = line.begin(Place::Line).await.unwrap();
    let mut both = pin!(futures_util::future::join(turn(&line, "t1"), broken));
    until_it_waits(&mut both, || line.0.waiting.load(Ordering::Relaxed) == 2).await;
    drop(held);
    let (one, two) = both.await;
    assert!(one.is_err() && two.is_err(), "{one:?} {two:?}");
    assert_eq!(names(&bench).await, Vec::<String>::new());
    turn(&line, "t2").await.unwrap();
    assert_eq!(names(&bench).await, ["t2"]);
}

#[tokio::test]
async fn however_many_go_away_while_the_disk_is_busy_the_next_one_can_write() {
    let bench = sqlite().await;
    let line = line(&bench);
    let other = AnyConnection::connect(&bench.url).await;
    let mut other = other.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    // More than the connection's thread takes: what they would send to take their transactions back finds no room there.
    for _ in 0..100 {
        let mut interrupted = pin!(turn(&line, "gone"));
        assert!(poll!(interrupted.as_mut()).is_pending());
    }
    other.execute("COMMIT").await.unwrap();
    turn(&line, "tz").await.unwrap();
    assert_eq!(names(&bench).await, ["tz"]);
}

#[tokio::test]
async fn an_interrupted_commit_leaves_the_line_in_order() {
    let bench = sqlite().await;
    let line = line(&bench);
    for round in 0..50 {
        let name = format!("t{round:02}");
        let mut interrupted = pin!(turn(&line, &name));
        for _ in 0..round {
            if let Poll::Ready(ended) = poll!(interrupted.as_mut()) {
                ended.unwrap();
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    turn(&line, "tz").await.unwrap();
    assert!(names(&bench).await.contains(&"tz".to_owned()));
}
