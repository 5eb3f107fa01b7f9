//! Names of repositories: the id stays, the name may change.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::store::connection::Tx;
use crate::store::error::StoreError;
use crate::store::sql::{Bound, Row, statements};
use crate::store::{NewDelivery, Store};

statements! {
    UPSERT = "INSERT INTO repositories (repo_id, installation_id, owner, name, name_key, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (repo_id) DO UPDATE SET installation_id = excluded.installation_id, owner = excluded.owner,
            name = excluded.name, name_key = excluded.name_key, removed = 0, updated_at = excluded.updated_at";
    AS_IS = "SELECT 1 AS one FROM repositories WHERE repo_id = $1 AND installation_id = $2 AND owner = $3 AND name = $4
        AND removed = 0 AND updated_at > $5";
    GET = "SELECT repo_id, installation_id, owner, name, removed FROM repositories WHERE repo_id = $1";
    BY_NAME = "SELECT repo_id, installation_id, owner, name, removed FROM repositories WHERE name_key = $1 AND removed = 0
        ORDER BY updated_at DESC, repo_id DESC LIMIT 1";
    RENAME = "UPDATE repositories SET owner = $2, name = $3, name_key = $4, updated_at = $5 WHERE repo_id = $1";
    REMOVE = "UPDATE repositories SET removed = 1, updated_at = $2 WHERE repo_id = $1 AND removed = 0";
    CANCEL_JOBS = "UPDATE jobs SET state = 'cancelled', last_error = 'the repository was removed', finished_at = $2
        WHERE repo_id = $1 AND state = 'ready'";
}

/// When a repository was heard of is written this seldom: whoever asks for it counts in hours, and a flood of one repository
/// would write it for each delivery.
const AFRESH_MS: i64 = 60_000;

/// What this process has heard within the last minute, so that a flood of one repository costs no look at its row for each delivery.
#[derive(Default)]
pub(in crate::store) struct Heard(Mutex<HashMap<RepoId, Said>>);

/// What an event said of a repository, and when.
struct Said {
    installation: InstallationId,
    name: RepoName,
    at_ms: i64,
}

/// From so many on, those of which nothing was heard for a minute are forgotten.
const MANY: usize = 4_096;

impl Heard {
    fn is_known(&self, (id, installation, name): (RepoId, InstallationId, &RepoName), now_ms: i64) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&id).is_some_and(|said| {
            said.installation == installation && said.name == *name && said.at_ms > now_ms - AFRESH_MS
        })
    }

    fn note(&self, (id, installation, name): (RepoId, InstallationId, &RepoName), now_ms: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MANY {
            known.retain(|_, said| said.at_ms > now_ms - AFRESH_MS);
        }
        known.insert(id, Said { installation, name: name.clone(), at_ms: now_ms });
    }
}

/// Repositories that deliveries spoke of on which nobody works: written in the transaction that stores those.
pub(in crate::store) struct Hearing<'a>(BTreeMap<RepoId, (InstallationId, &'a RepoName)>);

impl<'a> Hearing<'a> {
    /// Of the deliveries that have no work, what is new to this process. In the order of their ids: two transactions that share
    /// some must not wait for each other crosswise.
    pub(in crate::store) fn of(store: &Store, deliveries: impl Iterator<Item = &'a NewDelivery>) -> Self {
        let now_ms = store.now_ms();
        let idle = deliveries.filter(|delivery| !delivery.has_work);
        let said = idle.filter_map(|one| Some((one.repo?, one.installation?, one.repository.as_ref()?)));
        let new = said.filter(|said| !store.heard.is_known(*said, now_ms));
        Self(new.map(|(id, installation, name)| (id, (installation, name))).collect())
    }

    pub(in crate::store) async fn write(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let now_ms = tx.now_ms;
        for (id, (installation, name)) in &self.0 {
            bound(tx.query(&UPSERT), (*id, *installation, name), now_ms).run().await?;
        }
        Ok(())
    }

    /// The transaction is through: for a minute nobody has to write it again.
    pub(in crate::store) fn keep(self, store: &Store) {
        for (id, (installation, name)) in self.0 {
            store.heard.note((id, installation, name), store.now_ms());
        }
    }
}

/// A repository we may (or might once) work in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// GitHub's id.
    pub id: RepoId,
    /// The installation that gives access.
    pub installation: InstallationId,
    /// As GitHub spells it today.
    pub name: RepoName,
    /// We lost access.
    pub removed: bool,
}

/// Repositories of the whole store.
#[derive(Clone, Copy)]
pub struct Repositories<'a> {
    store: &'a Store,
}

impl<'a> Repositories<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Writes what an event said, where that is new, and once a minute that something was said; a removed repository is back.
    pub async fn upsert(
        self,
        id: RepoId,
        installation: InstallationId,
        name: &RepoName,
    ) -> Result<(), StoreError> {
        let known = self.store.read(&AS_IS).int(id.0).int(installation.0).text(&name.owner).text(&name.name);
        if known.int(self.store.now_ms() - AFRESH_MS).row().await?.is_some() {
            return Ok(());
        }
        bound(self.store.write(&UPSERT), (id, installation, name), self.store.now_ms()).run().await?;
        Ok(())
    }

    /// One repository, removed ones included.
    pub async fn get(self, id: RepoId) -> Result<Option<Repository>, StoreError> {
        self.store.read(&GET).int(id.0).row().await?.as_ref().map(repository).transpose()
    }

    /// The repository that has this name, in any spelling; of several the one heard of last.
    pub async fn by_name(self, name: &RepoName) -> Result<Option<Repository>, StoreError> {
        self.store.read(&BY_NAME).text(&key(name)).row().await?.as_ref().map(repository).transpose()
    }

    /// Writes a new name; `false`: unknown repository.
    pub async fn renamed(self, id: RepoId, name: &RepoName) -> Result<bool, StoreError> {
        let query = self.store.write(&RENAME).int(id.0).text(&name.owner).text(&name.name).text(&key(name));
        Ok(query.int(self.store.now_ms()).run().await? == 1)
    }

    /// We lost access: its waiting jobs are cancelled. The number of jobs.
    pub async fn removed(self, id: RepoId) -> Result<u64, StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        tx.query(&REMOVE).int(id.0).int(now_ms).run().await?;
        let cancelled = tx.query(&CANCEL_JOBS).int(id.0).int(now_ms).run().await?;
        tx.commit().await?;
        // Cancelling did not hold the lanes' locks.
        self.store.jobs().repair_lanes().await?;
        Ok(cancelled)
    }
}

/// [`UPSERT`] with what an event said.
fn bound<'a>(
    query: Bound<'a>,
    (id, installation, name): (RepoId, InstallationId, &RepoName),
    now_ms: i64,
) -> Bound<'a> {
    let query = query.int(id.0).int(installation.0);
    query.text(&name.owner).text(&name.name).text(&key(name)).int(now_ms)
}

/// GitHub's names are ASCII and compare without case.
fn key(name: &RepoName) -> String {
    name.to_string().to_ascii_lowercase()
}

fn repository(row: &Row) -> Result<Repository, StoreError> {
    Ok(Repository {
        id: RepoId(row.int("repo_id")?),
        installation: InstallationId(row.int("installation_id")?),
        name: RepoName { owner: row.text("owner")?, name: row.text("name")? },
        removed: row.int("removed")? != 0,
    })
}
