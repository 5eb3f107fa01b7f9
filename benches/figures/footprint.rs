//! How soon it is ready, how much memory it takes, how large the program is, and what unsigned bodies do to it.

use std::time::{Duration, Instant};

use millwright::clock::Clock;
use millwright::store::{PackedBody, Store};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Effort;
use crate::claim::fill;
use crate::goals::{self, Verdicts};
use crate::ingest::{LOOKS, PLAIN, comments};
use crate::load::{Until, read_answer, send, send_one};
use crate::report::{median, percentile};
use crate::running::{Database, GitHub, Running};

/// Whoever takes longer to work off the deliveries has failed, whatever the goal.
const PATIENCE: Duration = Duration::from_secs(600);
const MEBIBYTE: usize = 1024 * 1024;

/// Everything.
pub async fn run(effort: Effort, verdicts: &mut Verdicts) {
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_millwright")).unwrap().len();
    println!("program: {:.1} MB", binary as f64 / 1e6);
    let github = GitHub::open().await;
    start(&github, effort, verdicts).await;
    memory(&github, effort, verdicts).await;
    bodies(&github, effort, verdicts).await;
}

async fn start(github: &GitHub, effort: Effort, verdicts: &mut Verdicts) {
    let database = Database::sqlite();
    Running::millwright(github, &database.url).ready().await;
    let mut times = Vec::new();
    let mut idle = Vec::new();
    for _ in 0..effort.rounds * 3 {
        let started = Instant::now();
        let receiver = Running::millwright(github, &database.url);
        receiver.ready().await;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        tokio::time::sleep(Duration::from_secs(1)).await;
        idle.push(receiver.memory("VmRSS"));
    }
    println!(
        "start to ready on an existing database: p50 {:.1} ms, p99 {:.1} ms",
        median(&mut times),
        percentile(&mut times, 0.99)
    );
    println!("memory idle: {:.1} MiB", median(&mut idle));
    verdicts.judge(goals::START, median(&mut times));
    verdicts.judge(goals::IDLE, median(&mut idle));
}

async fn memory(github: &GitHub, effort: Effort, verdicts: &mut Verdicts) {
    for (text, said, goal) in
        [(PLAIN, "", goals::AFTER), (LOOKS, " that workers have read", goals::AFTER_READ)]
    {
        let database = Database::sqlite();
        let receiver = Running::millwright(github, &database.url);
        let sent = send(&receiver.address, &comments(github, text), 64, Until::Sent(effort.deliveries)).await;
        assert_eq!(sent.refused, 0, "what was refused took no memory");
        let store = Store::connect(&database.url, Clock::system(0)).await.unwrap();
        let empty = async {
            while store.jobs().counts().await.unwrap().outstanding() > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, empty).await.unwrap();
        let after = receiver.memory("VmRSS");
        println!("memory after {} deliveries{said}: {after:.1} MiB", effort.deliveries);
        verdicts.judge(goal, after);
    }
    let jobs = effort.queues.last().copied().unwrap_or(0);
    let database = Database::sqlite();
    let store = Store::connect(&database.url, Clock::system(0)).await.unwrap();
    store.migrate().await.unwrap();
    fill(&store, 0..jobs, |_| PackedBody::pack(b"{}")).await;
    drop(store);
    let receiver = Running::millwright(github, &database.url);
    receiver.ready().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("memory with {jobs} queued jobs: {:.1} MiB", receiver.memory("VmRSS"));
}

async fn bodies(github: &GitHub, effort: Effort, verdicts: &mut Verdicts) {
    let database = Database::sqlite();
    let receiver = Running::millwright(github, &database.url);
    receiver.ready().await;
    let before = receiver.memory("VmRSS");
    let delivery = &comments(github, "Thanks.")[0];
    let mut next = Vec::new();
    for _ in 0..effort.rounds * 3 {
        pour(&receiver.address, 200 * MEBIBYTE).await;
        let started = Instant::now();
        assert_eq!(send_one(&receiver.address, delivery).await, 202);
        next.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let growth = receiver.memory("VmHWM") - before;
    let slow = percentile(&mut next, 0.95);
    println!(
        "an unsigned body of 200 MiB: {growth:.1} MiB more, the next delivery took {:.1} ms at p50 and {slow:.1} ms at p95",
        median(&mut next)
    );
    verdicts.judge(goals::UNSIGNED, growth);
    verdicts.judge(goals::NEXT, slow);
    let mut clients = JoinSet::new();
    for _ in 0..64 {
        let address = receiver.address.clone();
        clients.spawn(async move { pour(&address, 24 * MEBIBYTE).await });
    }
    clients.join_all().await;
    let peak = receiver.memory("VmHWM");
    println!("64 unsigned bodies of 24 MiB at once: {peak:.1} MiB at most");
    verdicts.judge(goals::MANY_UNSIGNED, peak);
}

/// Sends a body without a signature, as much of it as is taken.
async fn pour(address: &str, bytes: usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: {bytes}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let piece = vec![b' '; MEBIBYTE];
    for _ in 0..bytes / MEBIBYTE {
        if stream.write_all(&piece).await.is_err() {
            return;
        }
    }
    assert_eq!(read_answer(&mut stream).await, 401);
}
