//! From the receiver's hand into both databases: batches, poison, floods, locks, goodbyes.

use std::pin::pin;

use bytes::Bytes;
use futures_util::future::{join, join_all};
use futures_util::poll;

use super::*;
use crate::domain::message::Dispatch;
use crate::github::webhook::Shallow;
use crate::store::testing::{Bench, on_both, sqlite};

fn accept(guid: &str) -> Accept {
    let body = format!(
        r#"{{"action":"created","issue":{{"number":7}},"repository":{{"id":1,"full_name":"octo/hello"}},"installation":{{"id":9}},"guid":"{guid}"}}"#
    );
    let shallow = Shallow::read(body.as_bytes()).unwrap();
    Accept {
        guid: guid.to_owned(),
        event: "issue_comment".to_owned(),
        shallow,
        body: Bytes::from(body),
        share: Share::default(),
    }
}

fn both_ends(bench: &Bench) -> (StoreInbox, Writer) {
    open(bench.store.clone(), CrashPoints::default())
}

/// Everything waits before the writer begins, so that it is one batch; the inbox is gone when it ends.
async fn in_one_batch(bench: &Bench, guids: &[&str]) -> Vec<Result<Accepted, Unavailable>> {
    let (inbox, writer) = both_ends(bench);
    let mut all = pin!(join_all(guids.iter().map(|guid| inbox.keep(accept(guid)))));
    assert!(poll!(all.as_mut()).is_pending());
    let write = async {
        let mut writer = writer;
        let mut batch = Vec::new();
        assert_eq!(writer.waiting.recv_many(&mut batch, LARGEST_BATCH).await, guids.len());
        writer.write(batch).await;
    };
    join(all, write).await.0
}

#[tokio::test]
async fn f10_of_equal_deliveries_in_a_batch_one_is_new() {
    on_both(async |bench: &Bench| {
        let answers = in_one_batch(bench, &["a", "b", "a", "a", "c", "b"]).await;
        use Accepted::{New, SeenBefore};
        let answers = answers.into_iter().map(Result::unwrap).collect::<Vec<_>>();
        assert_eq!(answers, [New, New, SeenBefore, SeenBefore, New, SeenBefore]);
        let answers = in_one_batch(bench, &["d", "a"]).await;
        let answers = answers.into_iter().map(Result::unwrap).collect::<Vec<_>>();
        assert_eq!(answers, [New, SeenBefore]);
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 4);
    })
    .await;
}

#[tokio::test]
async fn f19_a_delivery_that_the_database_refuses_costs_the_others_nothing() {
    on_both(async |bench: &Bench| {
        let poison = match bench.store.dialect() {
            store::Dialect::Sqlite => {
                "CREATE TRIGGER poison BEFORE INSERT ON deliveries WHEN new.guid LIKE 'poison%'
                BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
            }
            store::Dialect::Postgres => {
                "ALTER TABLE deliveries ADD CONSTRAINT poison CHECK (guid NOT LIKE 'poison%')"
            }
        };
        bench.raw(poison).await;
        let guids = (0..40).map(|number| match number {
            7 | 31 => format!("poison {number}"),
            _ => format!("good {number}"),
        });
        let guids = guids.collect::<Vec<_>>();
        let answers = in_one_batch(bench, &guids.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for (guid, answer) in guids.iter().zip(&answers) {
            assert_eq!(answer.is_ok(), guid.starts_with("good"), "{guid}: {answer:?}");
            assert_eq!(bench.store.inbox().seen(guid).await.unwrap(), guid.starts_with("good"), "{guid}");
        }
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 38);
    })
    .await;
}

#[tokio::test]
async fn f18_a_full_backlog_is_refused_at_once_and_taken_again_later() {
    let bench = sqlite().await;
    let (inbox, writer) = both_ends(&bench);
    let names = (0..BACKLOG).map(|number| format!("g{number}")).collect::<Vec<_>>();
    let mut waiting = Box::pin(join_all(names.iter().map(|guid| inbox.keep(accept(guid)))));
    assert!(poll!(waiting.as_mut()).is_pending());
    let refused = inbox.keep(accept("late")).await.unwrap_err();
    assert_eq!(refused.retry_after, Some(RETRY_AFTER_BACKLOG));
    let (answers, late) = tokio::select! {
        answers = async { (waiting.await, inbox.keep(accept("late")).await) } => answers,
        () = writer.run() => panic!("the inbox is still there"),
    };
    assert!(answers.into_iter().all(|answer| answer.is_ok()));
    assert_eq!(late.unwrap(), Accepted::New);
}

#[tokio::test]
async fn f15_while_another_process_locks_the_file_deliveries_are_refused_and_taken_afterwards() {
    let bench = sqlite().await;
    let other = Store::connect(&bench.url, bench.clock.clone()).await.unwrap();
    let locked = other.locked().await;
    let answers = in_one_batch(&bench, &["a", "b"]).await;
    assert!(answers.iter().all(Result::is_err), "{answers:?}");
    drop(locked);
    let answers = in_one_batch(&bench, &["a", "b"]).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 2);
}

/// As a server that went without a word would; the lock only keeps the database from answering.
#[tokio::test]
async fn f17_a_database_that_says_nothing_costs_the_writer_its_patience_and_no_more() {
    on_both(async |bench: &Bench| {
        let other = Store::connect(&bench.url, bench.clock.clone()).await.unwrap();
        let locked = other.locked().await;
        let (inbox, writer) = both_ends(bench);
        let writer = Writer { patience: Duration::from_millis(50), ..writer };
        let senders = async {
            let refused = inbox.keep(accept("a")).await.unwrap_err();
            assert!(refused.cause.to_string().contains("did not answer within"), "{}", refused.cause);
            assert!(inbox.refused().at_ms().is_some());
            drop(locked);
            // Whoever is refused comes again.
            while inbox.keep(accept("a")).await.is_err() {}
            drop(inbox);
        };
        join(senders, writer.run()).await;
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 1);
    })
    .await;
}

#[tokio::test]
async fn f16_a_full_disk_refuses_the_batch_and_the_next_one_is_taken() {
    let bench = sqlite().await;
    let pages = bench.raw("PRAGMA page_count").await;
    bench.raw(&format!("PRAGMA max_page_count = {pages}")).await;
    let names = (0..200).map(|number| format!("g{number}")).collect::<Vec<_>>();
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    assert!(in_one_batch(&bench, &names).await.iter().all(Result::is_err));
    bench.raw(&format!("PRAGMA max_page_count = {}", pages + 1000)).await;
    assert!(in_one_batch(&bench, &names).await.iter().all(Result::is_ok));
    assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 200);
}

#[tokio::test]
async fn a_delivery_whose_sender_hung_up_is_written_and_the_writer_goes_on() {
    on_both(async |bench: &Bench| {
        let (inbox, writer) = both_ends(bench);
        {
            let mut gone = pin!(inbox.keep(accept("gone")));
            assert!(poll!(gone.as_mut()).is_pending());
        }
        let next = async {
            let next = inbox.keep(accept("next")).await.unwrap();
            let again = inbox.keep(accept("gone")).await.unwrap();
            drop(inbox);
            (next, again)
        };
        let (answers, ()) = join(next, writer.run()).await;
        assert_eq!(answers, (Accepted::New, Accepted::SeenBefore));
    })
    .await;
}

/// A commit waits for the disk. While the writer waits for the first one, everything else comes in, and is taken together.
#[tokio::test]
async fn what_comes_while_the_writer_writes_is_one_transaction_of_at_most_256() {
    on_both(async |bench: &Bench| {
        let before = commits(bench).await;
        let (inbox, writer) = both_ends(bench);
        let names = (0..600).map(|number| format!("g{number}")).collect::<Vec<_>>();
        let mut first = pin!(inbox.keep(accept("first")));
        assert!(poll!(first.as_mut()).is_pending());
        let mut writer = pin!(writer.run());
        assert!(poll!(writer.as_mut()).is_pending());
        let mut all = Box::pin(join_all(names.iter().map(|guid| inbox.keep(accept(guid)))));
        assert!(poll!(all.as_mut()).is_pending());
        tokio::select! {
            answers = join(all, first) => assert!(answers.0.into_iter().all(|answer| answer.is_ok())),
            () = writer => panic!("the inbox is still there"),
        }
        assert_eq!(commits(bench).await - before, 4, "the first, then 256, 256 and 88");
        if bench.store.dialect() == store::Dialect::Postgres {
            let largest = "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM deliveries GROUP BY CAST(xmin AS TEXT)) AS one";
            assert_eq!(bench.raw(largest).await, 256);
            let apart = "SELECT COUNT(*) FROM deliveries d JOIN jobs j ON j.delivery_guid = d.guid WHERE d.xmin <> j.xmin";
            assert_eq!(bench.raw(apart).await, 0, "a delivery without its job");
        }
    })
    .await;
}

/// Transactions that have written so far: on PostgreSQL those that have left a delivery, on SQLite all that stand in its log.
async fn commits(bench: &Bench) -> i64 {
    match bench.store.dialect() {
        store::Dialect::Postgres => {
            bench.raw("SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM deliveries").await
        }
        store::Dialect::Sqlite => {
            let log = std::fs::read(format!("{}-wal", bench.url.trim_start_matches("sqlite://"))).unwrap();
            commits_in(&log)
        }
    }
}

/// A header of 32 bytes with the size of a page and two numbers that each frame of this log repeats; the frames. The last frame
/// of a transaction says how large the file is behind it, the others say 0.
fn commits_in(log: &[u8]) -> i64 {
    let number = |bytes: &[u8], at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let (header, frames) = log.split_at(32);
    let frames = frames.chunks_exact(24 + number(header, 8) as usize);
    let of_this_log = frames.take_while(|frame| frame[8..16] == header[16..24]);
    of_this_log.filter(|frame| number(frame, 4) != 0).count() as i64
}

#[tokio::test]
async fn f22_what_was_taken_before_the_end_is_written_before_the_end() {
    on_both(async |bench: &Bench| {
        let (inbox, writer) = both_ends(bench);
        let names = (0..600).map(|number| format!("g{number}")).collect::<Vec<_>>();
        {
            let mut all = Box::pin(join_all(names.iter().map(|guid| inbox.keep(accept(guid)))));
            assert!(poll!(all.as_mut()).is_pending());
        }
        drop(inbox);
        writer.run().await;
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 600);
    })
    .await;
}

#[tokio::test]
async fn deliveries_of_one_issue_keep_their_order_through_a_batch() {
    on_both(async |bench: &Bench| {
        let names = (0..70).map(|number| format!("{:03}", (number * 37) % 70)).collect::<Vec<_>>();
        in_one_batch(bench, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let claimant = store::Claimant::new("w", 60_000, &[Dispatch::NAME]);
        let mut order = Vec::new();
        while let Some(claimed) = bench.store.jobs().claim(&claimant).await.unwrap() {
            bench.store.jobs().done(&claimed.fence, None).await.unwrap();
            order.extend(claimed.delivery);
        }
        assert_eq!(order, names);
    })
    .await;
}
