//! Where we are installed: accounts, permissions, pauses, what an installation was found to lack, and how it is forgotten.

use crate::domain::ids::InstallationId;
use crate::store::Store;
use crate::store::connection::Tx;
use crate::store::error::StoreError;
use crate::store::paces;
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
    ALL = "SELECT installation_id, account_login, account_type, repository_selection, repository_count, permissions,
        paused_until, suspended, deleted_at FROM installations WHERE deleted_at IS NULL ORDER BY installation_id";
    // The later of two pauses wins.
    PAUSE = "INSERT INTO installations (installation_id, account_login, account_type, repository_selection, permissions,
            paused_until, updated_at) VALUES ($1, '', '', '', '{}', $2, $3)
        ON CONFLICT (installation_id) DO UPDATE SET paused_until = CASE
            WHEN excluded.paused_until > installations.paused_until THEN excluded.paused_until
            ELSE installations.paused_until END
        RETURNING paused_until";
    SUSPEND = "UPDATE installations SET suspended = $2, updated_at = $3 WHERE installation_id = $1";
    COUNT_REPOSITORIES = "UPDATE installations SET repository_count = $2, updated_at = $3 WHERE installation_id = $1";
    MARK_DELETED = "INSERT INTO installations (installation_id, account_login, account_type, repository_selection,
            permissions, deleted_at, updated_at) VALUES ($1, '', '', '', '{}', $2, $2)
        ON CONFLICT (installation_id) DO UPDATE SET deleted_at = excluded.deleted_at, updated_at = excluded.updated_at";
    CANCEL_JOBS = "UPDATE jobs SET state = 'cancelled', payload = '{}', last_error = 'the installation was deleted',
        finished_at = $2 WHERE installation_id = $1 AND state IN ('ready', 'dead')";
    ERASE_PAYLOADS = "UPDATE jobs SET payload = '{}' WHERE installation_id = $1 AND state IN ('done', 'cancelled')
        AND payload <> '{}'";
    ERASE_BODIES = "UPDATE deliveries SET body = NULL, body_bytes = 0 WHERE installation_id = $1 AND body_bytes > 0";
    ERASE_CONFIG = "DELETE FROM config_cache WHERE installation_id = $1";
    // Acts that were only written down hold whole comments.
    ERASE_OBSERVED = "DELETE FROM observed WHERE repo_id IN (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    DELETED_SINCE = "SELECT installation_id FROM installations WHERE deleted_at > $1 ORDER BY installation_id";
    REMOVE_REPOSITORIES = "UPDATE repositories SET removed = 1, updated_at = $2 WHERE installation_id = $1 AND removed = 0";
    FORGET_CAPABILITIES = "DELETE FROM capabilities WHERE installation_id = $1";
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

/// What a deletion erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Jobs that will not run.
    pub cancelled_jobs: u64,
    /// Bodies of deliveries.
    pub erased_bodies: u64,
    /// Cached configuration files.
    pub erased_configs: u64,
}

/// Installations of the whole store.
#[derive(Clone, Copy)]
pub struct Installations<'a> {
    store: &'a Store,
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

    /// All that are not deleted.
    pub async fn all(self) -> Result<Vec<Installation>, StoreError> {
        self.store.read(&ALL).rows().await?.iter().map(installation).collect()
    }

    /// Lets nothing of it run before `until_ms`, or before an even later pause. Returns the time that now holds.
    pub async fn pause(self, id: InstallationId, until_ms: i64) -> Result<i64, StoreError> {
        pause(self.store, id, until_ms).await
    }

    /// Writes whether GitHub lets us act; `false`: unknown installation.
    pub async fn set_suspension(self, id: InstallationId, now: Suspension) -> Result<bool, StoreError> {
        let query = self.store.write(&SUSPEND).int(id.0).int(suspended_column(now)).int(self.store.now_ms());
        Ok(query.run().await? == 1)
    }

    /// Writes the number of its repositories; `false`: unknown installation.
    pub async fn set_repository_count(self, id: InstallationId, count: i64) -> Result<bool, StoreError> {
        let query = self.store.write(&COUNT_REPOSITORIES).int(id.0).int(count).int(self.store.now_ms());
        Ok(query.run().await? == 1)
    }

    /// Forgets an installation at once and in one transaction: its waiting jobs are cancelled; payloads, bodies and cached
    /// configuration are erased. What says that something was done (effects, plans) stays, it holds no foreign text of weight.
    pub async fn delete(self, id: InstallationId) -> Result<Deleted, StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        tx.query(&MARK_DELETED).int(id.0).int(now_ms).run().await?;
        let deleted = erase(&mut tx, id).await?;
        tx.query(&FORGET_CAPABILITIES).int(id.0).run().await?;
        paces::forget(&mut tx, id).await?;
        tx.commit().await?;
        // Cancelling did not hold the lanes' locks.
        self.store.jobs().repair_lanes().await?;
        Ok(deleted)
    }

    /// Erases once more what installations hold that were deleted since then (unix ms): what was running at that moment, or came
    /// late. Returns what was found.
    pub async fn erase_again(self, deleted_since_ms: i64) -> Result<Deleted, StoreError> {
        let mut all = Deleted::default();
        for row in self.store.read(&DELETED_SINCE).int(deleted_since_ms).rows().await? {
            let mut tx = self.store.begin().await?;
            let found = erase(&mut tx, InstallationId(row.int("installation_id")?)).await?;
            tx.commit().await?;
            all.cancelled_jobs += found.cancelled_jobs;
            all.erased_bodies += found.erased_bodies;
            all.erased_configs += found.erased_configs;
        }
        Ok(all)
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

async fn erase(tx: &mut Tx, id: InstallationId) -> Result<Deleted, StoreError> {
    let now_ms = tx.now_ms;
    let cancelled_jobs = tx.query(&CANCEL_JOBS).int(id.0).int(now_ms).run().await?;
    tx.query(&ERASE_PAYLOADS).int(id.0).run().await?;
    let erased_bodies = tx.query(&ERASE_BODIES).int(id.0).run().await?;
    let erased_configs = tx.query(&ERASE_CONFIG).int(id.0).run().await?;
    tx.query(&ERASE_OBSERVED).int(id.0).run().await?;
    // A late delivery names its repository, and so brings it back.
    tx.query(&REMOVE_REPOSITORIES).int(id.0).int(now_ms).run().await?;
    Ok(Deleted { cancelled_jobs, erased_bodies, erased_configs })
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
