//! Clients that send deliveries as fast as they are answered, each over a connection of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::payload::Signed;
use crate::report::percentile;

/// When to stop.
#[derive(Clone, Copy)]
pub enum Until {
    /// After this long; the first quarter is for warming up and does not count.
    Over(Duration),
    /// After so many deliveries.
    Sent(usize),
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Deliveries answered 2xx per second.
    pub per_second: f64,
    /// Milliseconds to the answer.
    pub p50_ms: f64,
    /// Milliseconds to the answer.
    pub p99_ms: f64,
    /// Answers that were 2xx, without those while warming up.
    pub taken: usize,
    /// Answers that were not.
    pub refused: usize,
}

/// Sends `deliveries` in turn over so many connections.
pub async fn send(address: &str, deliveries: &Arc<Vec<Signed>>, concurrency: usize, until: Until) -> Outcome {
    let started = Instant::now();
    let next = Arc::new(AtomicU64::new(0));
    let mut clients = JoinSet::new();
    for _ in 0..concurrency {
        let (address, deliveries, next) = (address.to_owned(), Arc::clone(deliveries), Arc::clone(&next));
        clients.spawn(async move { client(&address, &deliveries, &next, (started, until)).await });
    }
    let mut times = Vec::new();
    let mut refused = 0;
    while let Some(client) = clients.join_next().await {
        let (more, no) = client.unwrap();
        times.extend(more);
        refused += no;
    }
    let counted = match until {
        Until::Over(window) => window.mul_f64(0.75),
        Until::Sent(_) => started.elapsed(),
    };
    Outcome {
        per_second: times.len() as f64 / counted.as_secs_f64(),
        taken: times.len(),
        p50_ms: percentile(&mut times, 0.5),
        p99_ms: percentile(&mut times, 0.99),
        refused,
    }
}

async fn client(
    address: &str,
    deliveries: &[Signed],
    next: &AtomicU64,
    (started, until): (Instant, Until),
) -> (Vec<f64>, usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut times, mut refused) = (Vec::new(), 0);
    let mut request = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let sent_at = Instant::now();
        let is_over = match until {
            Until::Over(window) => sent_at.duration_since(started) >= window,
            Until::Sent(count) => number >= count as u64,
        };
        if is_over {
            return (times, refused);
        }
        let delivery = &deliveries[number as usize % deliveries.len()];
        write_request(&mut request, delivery);
        stream.write_all(&request).await.unwrap();
        let status = read_answer(&mut stream).await;
        let is_warm = match until {
            Until::Over(window) => sent_at.duration_since(started) >= window / 4,
            Until::Sent(_) => true,
        };
        match status {
            200..=299 if is_warm => times.push(sent_at.elapsed().as_secs_f64() * 1000.0),
            200..=299 => {}
            _ => refused += 1,
        }
    }
}

/// One delivery over a connection of its own; its status.
pub async fn send_one(address: &str, delivery: &Signed) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut request = Vec::new();
    write_request(&mut request, delivery);
    stream.write_all(&request).await.unwrap();
    read_answer(&mut stream).await
}

/// Sent by this process: a receiver gets no delivery of another round again, which it would not have to write.
static SENT: AtomicU64 = AtomicU64::new(0);

fn write_request(request: &mut Vec<u8>, delivery: &Signed) {
    let number = SENT.fetch_add(1, Ordering::Relaxed);
    request.clear();
    let head = format!(
        "POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-GitHub-Event: issue_comment\r\n\
         X-GitHub-Delivery: {}\r\nX-Hub-Signature-256: {}\r\nContent-Length: {}\r\n\r\n",
        guid(number),
        delivery.signature,
        delivery.body.len()
    );
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(&delivery.body);
}

/// Distinct for each number and in no order, as GitHub's are.
fn guid(number: u64) -> String {
    let mix = |mut bits: u64| {
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    };
    let (high, low) = (mix(number.wrapping_add(0x9e37_79b9_7f4a_7c15)), mix(!number));
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// Reads one answer with its body and returns its status.
pub async fn read_answer(stream: &mut TcpStream) -> u16 {
    let mut seen = Vec::with_capacity(1024);
    loop {
        if let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&seen[..end]).to_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
            while seen.len() < end + 4 + length {
                assert!(stream.read_buf(&mut seen).await.unwrap() > 0, "the answer broke off");
            }
            return head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        }
        assert!(stream.read_buf(&mut seen).await.unwrap() > 0, "closed without an answer");
    }
}
