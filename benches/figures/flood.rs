//! Time to the answer while strangers and slow senders take what they can.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Effort;
use crate::goals::{ACK_FLOOD, TAKEN_FLOOD, Verdicts};
use crate::ingest::{LOOKS, comments};
use crate::load::{Until, send};
use crate::running::{Database, GitHub, Running, kinds};

/// Unsigned bodies on their way at once, and their length in bytes.
const STRANGERS: usize = 16;
const BODY: usize = 24 << 20;
/// Connections that announce a body and send a byte of it now and then.
const SLOW: usize = 64;

/// On every database there is.
pub async fn run(effort: Effort, verdicts: &mut Verdicts) {
    for (name, server) in kinds() {
        let github = GitHub::open().await;
        let database = Database::on(server.as_deref()).await;
        let receiver = Running::millwright(&github, &database.url);
        let mut flood = JoinSet::new();
        for number in 0..STRANGERS + SLOW {
            let address = receiver.address.clone();
            let sender = if number < STRANGERS { Sender::stranger() } else { Sender::slow() };
            flood.spawn(async move {
                loop {
                    begin(&address, &sender).await;
                }
            });
        }
        let deliveries = comments(&github, LOOKS);
        let window = effort.window * 3;
        let outcome = send(&receiver.address, &deliveries, 16, Until::Over(window)).await;
        println!(
            "in a flood of {STRANGERS} strangers and {SLOW} slow senders on {name}: ack p99 at concurrency 16 {:.1} ms, {:.0} per s, {} refused",
            outcome.p99_ms, outcome.per_second, outcome.refused
        );
        verdicts.judge(ACK_FLOOD.on(name), outcome.p99_ms);
        verdicts.judge(
            TAKEN_FLOOD.on(name),
            100.0 * outcome.taken as f64 / (outcome.taken + outcome.refused) as f64,
        );
        flood.shutdown().await;
        drop(receiver);
        database.drop_it().await;
    }
}

/// What a sender says of itself, what it sends at a time, and how long it waits in between.
struct Sender {
    headers: String,
    piece: Vec<u8>,
    pause: Duration,
}

impl Sender {
    /// Of no signature, and fast.
    fn stranger() -> Self {
        Self { headers: String::new(), piece: vec![b' '; 1 << 20], pause: Duration::ZERO }
    }

    /// Of a signature that nobody can check before the body has come, and slow.
    fn slow() -> Self {
        let signature = "0".repeat(64);
        let headers = format!(
            "X-GitHub-Event: issue_comment\r\nX-GitHub-Delivery: slow\r\nX-Hub-Signature-256: sha256={signature}\r\n"
        );
        Self { headers, piece: vec![b' '], pause: Duration::from_millis(200) }
    }
}

/// Begins a body and goes on with it until the receiver has enough.
async fn begin(address: &str, sender: &Sender) {
    let Ok(mut stream) = TcpStream::connect(address).await else { return };
    let head = format!(
        "POST /webhook HTTP/1.1\r\nHost: localhost\r\n{}Content-Length: {BODY}\r\n\r\n",
        sender.headers
    );
    let mut written = stream.write_all(head.as_bytes()).await;
    let mut left = BODY;
    while written.is_ok() && left > 0 {
        tokio::time::sleep(sender.pause).await;
        written = stream.write_all(&sender.piece).await;
        left = left.saturating_sub(sender.piece.len());
    }
}
