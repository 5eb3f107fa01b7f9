//! A door before PostgreSQL that can refuse every write as a server with a full disk does, with SQLSTATE 53100.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use millwright::cli::demo::stage::spawn;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

/// The request for encryption that a client may begin with.
const WANTS_ENCRYPTION: u32 = 80_877_103;

pub struct FullServer {
    /// What to connect to instead of the server.
    pub url: String,
    pub is_full: Arc<AtomicBool>,
}

impl FullServer {
    /// A door before the server of this database.
    pub async fn before(database: &str) -> Self {
        let mut url = url::Url::parse(database).unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let is_full = Arc::<AtomicBool>::default();
        let full = Arc::clone(&is_full);
        spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, is_full) = (server.clone(), Arc::clone(&full));
                // Either end may hang up at any moment.
                spawn(async move { drop(carry(client, (&server, is_full)).await) });
            }
        });
        Self { url: url.to_string(), is_full }
    }
}

async fn carry(mut client: TcpStream, (server, is_full): (&str, Arc<AtomicBool>)) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    let opening = loop {
        let opening = opening(&mut client).await?;
        if opening[4..8] != WANTS_ENCRYPTION.to_be_bytes() {
            break opening;
        }
        client.write_all(b"N").await?;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    to_server.write_all(&opening).await?;
    let to_client = Arc::new(Mutex::new(to_client));
    let state = Arc::new(AtomicU8::new(b'I'));
    let back = answers(from_server, (Arc::clone(&to_client), Arc::clone(&state)));
    let forth = questions(from_client, to_server, Refusing { is_full, to_client, state });
    tokio::select! { ended = back => ended, ended = forth => ended }
}

/// The first message has no letter in front.
async fn opening(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 4];
    client.read_exact(&mut message).await?;
    let length = u32::from_be_bytes(message[..4].try_into().unwrap());
    message.resize(length.clamp(8, 10_000) as usize, 0);
    client.read_exact(&mut message[4..]).await?;
    Ok(message)
}

async fn message(from: &mut OwnedReadHalf) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 5];
    from.read_exact(&mut message).await?;
    let length = u32::from_be_bytes(message[1..5].try_into().unwrap());
    message.resize(1 + length as usize, 0);
    from.read_exact(&mut message[5..]).await?;
    Ok(message)
}

type Client = Arc<Mutex<OwnedWriteHalf>>;

/// Message by message, so that a refusal never stands in the middle of one; remembers whether a transaction is open.
async fn answers(mut from: OwnedReadHalf, (to, state): (Client, Arc<AtomicU8>)) -> io::Result<()> {
    loop {
        let message = message(&mut from).await?;
        if message[0] == b'Z' {
            state.store(message[5], Ordering::SeqCst);
        }
        to.lock().await.write_all(&message).await?;
    }
}

/// What a refusal needs.
struct Refusing {
    is_full: Arc<AtomicBool>,
    to_client: Client,
    state: Arc<AtomicU8>,
}

async fn questions(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, refusing: Refusing) -> io::Result<()> {
    let mut writes = HashMap::<Vec<u8>, bool>::new();
    let mut in_refusal = false;
    loop {
        let message = message(&mut from).await?;
        let mut texts = message[5..].split(|byte| *byte == 0);
        match message[0] {
            b'P' => {
                let (name, text) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
                writes.insert(name.to_vec(), is_write(text));
            }
            b'B' => {
                let statement = texts.nth(1).unwrap_or_default();
                let is_write = writes.get(statement).copied().unwrap_or_default();
                in_refusal |= is_write && refusing.is_full.load(Ordering::SeqCst);
            }
            _ => {}
        }
        if !in_refusal {
            to.write_all(&message).await?;
        } else if message[0] == b'S' {
            in_refusal = false;
            refusing.refuse().await?;
        }
    }
}

fn is_write(text: &[u8]) -> bool {
    [b"INSERT".as_slice(), b"UPDATE", b"DELETE"].iter().any(|verb| text.trim_ascii_start().starts_with(verb))
}

impl Refusing {
    /// The error and the end of the exchange; an open transaction is a failed one from now on.
    async fn refuse(&self) -> io::Result<()> {
        let fields = "SERROR\0VERROR\0C53100\0Mcould not extend file: No space left on device\0\0";
        let length = u32::try_from(fields.len() + 4).unwrap();
        let state = if self.state.load(Ordering::SeqCst) == b'I' { b'I' } else { b'E' };
        let mut refusal = vec![b'E'];
        refusal.extend(length.to_be_bytes());
        refusal.extend(fields.bytes());
        refusal.extend([b'Z', 0, 0, 0, 5, state]);
        self.to_client.lock().await.write_all(&refusal).await
    }
}
