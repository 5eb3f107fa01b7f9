//! Where we are installed: accounts, permissions, pauses, what an installation was found to lack, and how it is forgotten.

use crate::domain::ids::InstallationId;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sql::{Row, statements};

statements! {
    UPSERT = "INSERT INTO installations (installation_id, account_login, account_type, repository_selection, repository_count,
            permissions, suspended, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (installation_id) DO UPDATE SET account_login = excluded.account_login,
            account_type = excluded.account_type, repository_selection = excluded.repository_selection,
            repository_count = COALESCE(excluded.repository_count, installations.repository_count),
            permissions = excluded.permissions, suspended = excluded.suspended, deleted_at = NULL,
            updated_at = excluded.updated_at";
    GET = "SELECT installation_id, account_login, account_type, repository_selection, repository_count, permissions,
        paused_until, suspended, deleted_at FROM installations WHERE installation_id = $1";
    // The later of two pauses wins.
    PAUSE = "INSERT INTO installations (installation_id, account_login, account_type, repository_selection, permissions,
            paused_until, updated_at) VALUES ($1, '', '', '', '{}', $2, $3)
        ON CONFLICT (installation_id) DO UPDATE SET paused_until = CASE
            WHEN excluded.paused_until > installations.paused_until THEN excluded.paused_until
            ELSE installations.paused_until END
        RETURNING paused_until";
    PAUSED = "SELECT COUNT(*) AS n FROM installations WHERE paused_until > $1 AND deleted_at IS NULL";
    SUSPEND = "UPDATE installations SET suspended = $2, updated_at = $3 WHERE installation_id = $1";
    COUNT_REPOSITORIES = "UPDATE installations SET repository_count = (SELECT COUNT(*) FROM repositories AS one
            WHERE one.installation_id = $1 AND one.removed = 0), updated_at = $2
        WHERE installation_id = $1 AND repository_count IS NOT NULL";
    NOTICE = "INSERT INTO capabilities (installation_id, name, noticed_at) VALUES ($1, $2, $3)
        ON CONFLICT (installation_id, name) DO UPDATE SET noticed_at = excluded.noticed_at";
    NOTICED = "SELECT noticed_at FROM capabilities WHERE installation_id = $1 AND name = $2";
    CLEAR = "DELETE FROM capabilities WHERE installation_id = $1 AND name = $2";
}

/// Whether GitHub lets us act at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspension {
    /// We may.
    Active,
    /// The owner suspended the installation.
    Suspended,
}

/// What an event says about an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// GitHub's id.
    pub id: InstallationId,
    /// Login of the user or organization.
    pub account_login: String,
    /// `User` or `Organization`.
    pub account_type: String,
    /// `all` or `selected`.
    pub repository_selection: String,
    /// Number of repositories, where known; an upsert without it keeps the last one.
    pub repository_count: Option<i64>,
    /// JSON object: permission → level.
    pub permissions: String,
    /// Unix ms; nothing of it runs before. Not changed by an upsert.
    pub paused_until_ms: i64,
    /// Whether GitHub lets us act.
    pub suspension: Suspension,
    /// Unix ms. An upsert brings it back.
    pub deleted_at_ms: Option<i64>,
}

/// Installations of the whole store.
#[derive(Clone, Copy)]
pub struct Installations<'a> {
    pub(in crate::store) store: &'a Store,
}

impl<'a> Installations<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Writes what an event said.
    pub async fn upsert(self, installation: &Installation) -> Result<(), StoreError> {
        let suspended = suspended_column(installation.suspension);
        let query = self.store.write(&UPSERT).int(installation.id.0);
        let query = query.text(&installation.account_login).text(&installation.account_type);
        let query = query.text(&installation.repository_selection).opt_int(installation.repository_count);
        query.text(&installation.permissions).int(suspended).int(self.store.now_ms()).run().await?;
        Ok(())
    }

    /// One installation, deleted ones included.
    pub async fn get(self, id: InstallationId) -> Result<Option<Installation>, StoreError> {
        self.store.read(&GET).int(id.0).row().await?.as_ref().map(installation).transpose()
    }

    /// Lets nothing of it run before `until_ms`, or before an even later pause. Returns the time that now holds.
    pub async fn pause(self, id: InstallationId, until_ms: i64) -> Result<i64, StoreError> {
        pause(self.store, id, until_ms).await
    }

    /// How many wait for a limit to pass.
    pub async fn paused(self) -> Result<i64, StoreError> {
        match self.store.read(&PAUSED).int(self.store.now_ms()).row().await? {
            Some(row) => row.int("n"),
            None => Ok(0),
        }
    }

    /// Writes whether GitHub lets us act; `false`: unknown installation.
    pub async fn set_suspension(self, id: InstallationId, now: Suspension) -> Result<bool, StoreError> {
        let query = self.store.write(&SUSPEND).int(id.0).int(suspended_column(now)).int(self.store.now_ms());
        Ok(query.run().await? == 1)
    }

    /// Counts its repositories anew; `false`: unknown installation, or one that did not begin with a known number, of which some
    /// may never have been heard of.
    pub async fn count_repositories(self, id: InstallationId) -> Result<bool, StoreError> {
        let query = self.store.write(&COUNT_REPOSITORIES).int(id.0).int(self.store.now_ms());
        Ok(query.run().await? == 1)
    }

    /// Remembers that the installation was found to lack something, such as `sub_issues_missing`.
    pub async fn notice(self, id: InstallationId, name: &str) -> Result<(), StoreError> {
        self.store.write(&NOTICE).int(id.0).text(name).int(self.store.now_ms()).run().await?;
        Ok(())
    }

    /// When that was last noticed; unix ms.
    pub async fn noticed_at(self, id: InstallationId, name: &str) -> Result<Option<i64>, StoreError> {
        let row = self.store.read(&NOTICED).int(id.0).text(name).row().await?;
        row.map(|row| row.int("noticed_at")).transpose()
    }

    /// It works now.
    pub async fn clear_notice(self, id: InstallationId, name: &str) -> Result<(), StoreError> {
        self.store.write(&CLEAR).int(id.0).text(name).run().await?;
        Ok(())
    }
}

pub(in crate::store) async fn pause(
    store: &Store,
    id: InstallationId,
    until_ms: i64,
) -> Result<i64, StoreError> {
    let row = store.write(&PAUSE).int(id.0).int(until_ms).int(store.now_ms()).row().await?;
    row.map_or(Ok(until_ms), |row| row.int("paused_until"))
}

fn suspended_column(suspension: Suspension) -> i64 {
    match suspension {
        Suspension::Active => 0,
        Suspension::Suspended => 1,
    }
}

fn installation(row: &Row) -> Result<Installation, StoreError> {
    Ok(Installation {
        id: InstallationId(row.int("installation_id")?),
        account_login: row.text("account_login")?,
        account_type: row.text("account_type")?,
        repository_selection: row.text("repository_selection")?,
        repository_count: row.opt_int("repository_count")?,
        permissions: row.text("permissions")?,
        paused_until_ms: row.int("paused_until")?,
        suspension: match row.int("suspended")? {
            0 => Suspension::Active,
            _ => Suspension::Suspended,
        },
        deleted_at_ms: row.opt_int("deleted_at")?,
    })
}
