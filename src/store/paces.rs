//! How fast each installation may be written to: books that all instances share, read, decided upon and written as one.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::InstallationId;
use crate::domain::pace::{Asker, Content, Grant, Points, Sent, Urgency, Verdict};
use crate::domain::set_back::SetBack;
use crate::store::Store;
use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::sql::{Row, statements};

statements! {
    // Reads the row, writes it first where there is none, and keeps it to this transaction.
    OPEN = "INSERT INTO paces (installation_id, content, points, held_until) VALUES ($1, '{}', '[]', 0)
        ON CONFLICT (installation_id) DO UPDATE SET holder = paces.holder
        RETURNING content, points, holder, held_until";
    CONTENT = "UPDATE paces SET content = $2 WHERE installation_id = $1";
    BEGIN = "UPDATE paces SET content = $2, holder = $3, held_until = $4 WHERE installation_id = $1";
    END = "UPDATE paces SET holder = NULL, held_until = 0 WHERE installation_id = $1 AND holder = $2";
    POINTS = "UPDATE paces SET points = $2 WHERE installation_id = $1";
    ALL = "SELECT installation_id FROM paces ORDER BY installation_id";
    SET_BACK = "UPDATE paces SET content = $2, points = $3, held_until = $4 WHERE installation_id = $1";
    FORGET = "DELETE FROM paces WHERE installation_id = $1";
}

/// Who wants to create content.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// Unique among all instances.
    pub instance: &'a str,
    /// How long a turn may last when it is never ended, in milliseconds.
    pub turn_ms: i64,
}

/// Whether content may be created now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Yes: counted, and nobody else's turn until it is ended.
    Begun,
    /// The pace says no until then, unix milliseconds.
    NotBefore(i64),
    /// Another instance's request is under way.
    Taken,
}

/// Paces of all installations.
#[derive(Clone, Copy)]
pub struct Paces<'a> {
    store: &'a Store,
}

impl<'a> Paces<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Asks for a turn to create content. Who holds the turn already gets it again: its request before has been given up.
    pub async fn begin(
        self,
        installation: InstallationId,
        holder: Holder<'_>,
        asker: Asker,
    ) -> Result<Permit, StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        let row = open(&mut tx, installation).await?;
        let is_taken = row.opt_text("holder")?.is_some_and(|name| name != holder.instance);
        if is_taken && row.int("held_until")? > now_ms {
            return Ok(Permit::Taken);
        }
        let mut content: Content = read(&row, "content")?;
        let verdict = content.ask(asker, now_ms);
        let text = written(&content)?;
        let permit = match verdict {
            Verdict::Now => {
                let until_ms = now_ms.saturating_add(holder.turn_ms);
                let query = tx.query(&BEGIN).int(installation.0).text(&text);
                query.text(holder.instance).int(until_ms).run().await?;
                Permit::Begun
            }
            Verdict::NotBefore(at_ms) => {
                tx.query(&CONTENT).int(installation.0).text(&text).run().await?;
                Permit::NotBefore(at_ms)
            }
        };
        tx.commit().await?;
        Ok(permit)
    }

    /// Ends a turn. One that ran out and is somebody else's by now stays theirs.
    /// A request that never left is not counted.
    pub async fn end(
        self,
        installation: InstallationId,
        instance: &str,
        sent: Sent,
    ) -> Result<(), StoreError> {
        if sent == Sent::Yes {
            self.store.write(&END).int(installation.0).text(instance).run().await?;
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        let row = open(&mut tx, installation).await?;
        if row.opt_text("holder")?.as_deref() == Some(instance) {
            let mut content: Content = read(&row, "content")?;
            content.take_back();
            tx.query(&CONTENT).int(installation.0).text(&written(&content)?).run().await?;
            tx.query(&END).int(installation.0).text(instance).run().await?;
        }
        tx.commit().await
    }

    /// Takes points for this process out of the minute that all share.
    pub async fn take(
        self,
        installation: InstallationId,
        points: i64,
        urgency: Urgency,
    ) -> Result<Grant, StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        let row = open(&mut tx, installation).await?;
        let mut books: Points = read(&row, "points")?;
        let taken = books.take(points, urgency, now_ms);
        tx.query(&POINTS).int(installation.0).text(&written(&books)?).run().await?;
        tx.commit().await?;
        Ok(taken)
    }
}

/// The installation is gone, and its books with it.
pub(in crate::store) async fn forget(tx: &mut Tx, installation: InstallationId) -> Result<(), Refusal> {
    tx.query(&FORGET).int(installation.0).run().await?;
    Ok(())
}

/// The clock that all was written by was ahead.
pub(in crate::store) async fn set_back(tx: &mut Tx, back: SetBack) -> Result<(), StoreError> {
    for row in tx.query(&ALL).rows().await? {
        let installation = InstallationId(row.int("installation_id")?);
        let row = open(tx, installation).await?;
        let (mut content, mut points): (Content, Points) = (read(&row, "content")?, read(&row, "points")?);
        content.set_back(back);
        points.set_back(back);
        let held_until_ms = back.waited_for(row.int("held_until")?);
        let query =
            tx.query(&SET_BACK).int(installation.0).text(&written(&content)?).text(&written(&points)?);
        query.int(held_until_ms).run().await?;
    }
    Ok(())
}

async fn open(tx: &mut Tx, installation: InstallationId) -> Result<Row, StoreError> {
    let row = tx.query(&OPEN).int(installation.0).row().await?;
    row.ok_or_else(|| StoreError::Broken(format!("the pace of installation {installation} has no row")))
}

/// Books of an unknown form begin anew: a newer version may have written them, and the worst is a pace that is a little fast.
fn read<T: DeserializeOwned + Default>(row: &Row, column: &str) -> Result<T, StoreError> {
    Ok(serde_json::from_str(&row.text(column)?).unwrap_or_default())
}

fn written(books: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(books)
        .map_err(|cause| StoreError::Broken(format!("a pace cannot be written: {cause}")))
}
