//! Deliveries exactly as received, each written together with the job that works it off.

use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::store::error::StoreError;
use crate::store::sql::{Row, statements};
use crate::store::{Store, optional_id};

pub(in crate::store) mod batch; // writing them, many at once
pub(in crate::store) mod retention; // how long bodies are kept

pub use retention::{Pruned, Retention};

/// GitHub delivers at most 25 MB; a stored length above this is damage, not a body.
const LARGEST_BODY: usize = 64 << 20;
/// The length that lz4 blocks carry in front.
const LENGTH_PREFIX: usize = 4;

statements! {
    BY_GUID = "SELECT guid, event, action, installation_id, repo_id, body, received_at FROM deliveries WHERE guid = $1";
    SEEN = "SELECT 1 AS seen FROM deliveries WHERE guid = $1";
    NEWEST = "SELECT guid FROM deliveries ORDER BY seq DESC LIMIT 1";
    RECENT = "SELECT guid, event, action, installation_id, repo_id, body_bytes, received_at FROM deliveries
        ORDER BY seq DESC LIMIT $1";
}

/// A delivery to write.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// `X-GitHub-Delivery`.
    pub guid: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// The payload's `action`.
    pub action: Option<String>,
    /// The payload's installation.
    pub installation: Option<InstallationId>,
    /// The payload's repository.
    pub repo: Option<RepoId>,
    /// Its name, where the payload says it: noted where nobody works on the delivery, whose worker would note it.
    pub repository: Option<RepoName>,
    /// The raw bytes, compressed.
    pub body: PackedBody,
    /// Whether there is anything to do; if not, its job is written as done.
    pub has_work: bool,
}

/// A body as it is stored. Made by whoever received it, so that the one writer does not have to.
#[derive(Debug, Clone)]
pub struct PackedBody(Vec<u8>);

impl PackedBody {
    /// Compresses (lz4 block, its length in front).
    pub fn pack(body: &[u8]) -> Self {
        Self(lz4_flex::compress_prepend_size(body))
    }
}

/// Whether something was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is written now, with its job.
    New,
    /// It had been written before; nothing was changed.
    Seen,
}

/// A stored delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// `X-GitHub-Delivery`.
    pub guid: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// The payload's `action`.
    pub action: Option<String>,
    /// The payload's installation.
    pub installation: Option<InstallationId>,
    /// The payload's repository.
    pub repo: Option<RepoId>,
    /// The raw bytes as received; `None` once retention has erased them.
    pub body: Option<Vec<u8>>,
    /// Unix ms.
    pub received_at_ms: i64,
}

/// A stored delivery without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliverySummary {
    /// `X-GitHub-Delivery`.
    pub guid: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// The payload's `action`.
    pub action: Option<String>,
    /// The payload's installation.
    pub installation: Option<InstallationId>,
    /// The payload's repository.
    pub repo: Option<RepoId>,
    /// Size of the stored, compressed body; 0 once erased.
    pub stored_bytes: i64,
    /// Unix ms.
    pub received_at_ms: i64,
}

/// Deliveries of the whole store.
#[derive(Clone, Copy)]
pub struct Inbox<'a> {
    store: &'a Store,
}

impl<'a> Inbox<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// One delivery with its body.
    pub async fn get(self, guid: &str) -> Result<Option<Delivery>, StoreError> {
        self.store.read(&BY_GUID).text(guid).row().await?.as_ref().map(delivery).transpose()
    }

    /// Whether a delivery was ever accepted; true also after its body was erased.
    pub async fn seen(self, guid: &str) -> Result<bool, StoreError> {
        Ok(self.store.read(&SEEN).text(guid).row().await?.is_some())
    }

    /// GUID of the newest delivery.
    pub async fn newest(self) -> Result<Option<String>, StoreError> {
        self.store.read(&NEWEST).row().await?.map(|row| row.text("guid")).transpose()
    }

    /// The newest deliveries.
    pub async fn recent(self, limit: i64) -> Result<Vec<DeliverySummary>, StoreError> {
        self.store.read(&RECENT).int(limit).rows().await?.iter().map(summary).collect()
    }
}

fn delivery(row: &Row) -> Result<Delivery, StoreError> {
    let guid = row.text("guid")?;
    let body = row.opt_bytes("body")?.map(|stored| decompress(&guid, &stored)).transpose()?;
    Ok(Delivery {
        guid,
        event: row.text("event")?,
        action: row.opt_text("action")?,
        installation: optional_id(row.int("installation_id")?, InstallationId),
        repo: optional_id(row.int("repo_id")?, RepoId),
        body,
        received_at_ms: row.int("received_at")?,
    })
}

fn summary(row: &Row) -> Result<DeliverySummary, StoreError> {
    Ok(DeliverySummary {
        guid: row.text("guid")?,
        event: row.text("event")?,
        action: row.opt_text("action")?,
        installation: optional_id(row.int("installation_id")?, InstallationId),
        repo: optional_id(row.int("repo_id")?, RepoId),
        stored_bytes: row.int("body_bytes")?,
        received_at_ms: row.int("received_at")?,
    })
}

/// The length in front is checked before anything is allocated by it.
fn decompress(guid: &str, stored: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = || StoreError::Broken(format!("the stored body of delivery {guid} is damaged"));
    let length = stored
        .first_chunk::<LENGTH_PREFIX>()
        .map(|prefix| u32::from_le_bytes(*prefix))
        .ok_or_else(damaged)?;
    if usize::try_from(length).is_ok_and(|length| length <= LARGEST_BODY) {
        return lz4_flex::decompress_size_prepended(stored).map_err(|_| damaged());
    }
    Err(damaged())
}
