//! How far repositories have been looked through for what no delivery told us of, and which are next.

use crate::domain::ids::{InstallationId, RepoId};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sql::statements;

statements! {
    GET = "SELECT comments_through, issues_through FROM reconciled WHERE repo_id = $1";
    PUT = "INSERT INTO reconciled (repo_id, comments_through, issues_through, looked_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (repo_id) DO UPDATE SET comments_through = excluded.comments_through,
            issues_through = excluded.issues_through, looked_at = excluded.looked_at";
    // Heard of lately, or something of ours is open there; not where we may not go. Longest not looked at first.
    DUE = "SELECT r.repo_id, r.installation_id FROM repositories r LEFT JOIN reconciled c ON c.repo_id = r.repo_id
        WHERE r.removed = 0
            AND (r.updated_at > $1
                OR EXISTS (SELECT 1 FROM plans p WHERE p.repo_id = r.repo_id AND p.state = 'current')
                OR EXISTS (SELECT 1 FROM work_items w WHERE w.repo_id = r.repo_id AND w.state = 'open'))
            AND NOT EXISTS (SELECT 1 FROM installations i WHERE i.installation_id = r.installation_id
                AND (i.suspended = 1 OR i.deleted_at IS NOT NULL))
        ORDER BY COALESCE(c.looked_at, 0), r.repo_id";
    HAS_ITEMS = "SELECT 1 AS one FROM work_items WHERE repo_id = $1 AND state <> 'undone' LIMIT 1";
}

/// How far a repository has been looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Through {
    /// Comments changed up to then; unix ms by GitHub's clock.
    pub comments_ms: i64,
    /// Issues changed up to then; unix ms by GitHub's clock.
    pub issues_ms: i64,
}

/// Looks of the whole store.
#[derive(Clone, Copy)]
pub struct Reconciled<'a> {
    store: &'a Store,
}

impl<'a> Reconciled<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Where the last look at a repository ended.
    pub async fn get(self, repo: RepoId) -> Result<Option<Through>, StoreError> {
        let Some(row) = self.store.read(&GET).int(repo.0).row().await? else { return Ok(None) };
        Ok(Some(Through { comments_ms: row.int("comments_through")?, issues_ms: row.int("issues_through")? }))
    }

    /// A look has ended there.
    pub async fn put(self, repo: RepoId, through: Through) -> Result<(), StoreError> {
        let query = self.store.write(&PUT).int(repo.0).int(through.comments_ms).int(through.issues_ms);
        query.int(self.store.now_ms()).run().await?;
        Ok(())
    }

    /// The repositories to look at, those first that were not looked at for longest: heard of since `heard_since_ms` (unix ms), or
    /// with an open plan or work item.
    pub async fn due(self, heard_since_ms: i64) -> Result<Vec<(RepoId, InstallationId)>, StoreError> {
        let rows = self.store.read(&DUE).int(heard_since_ms).rows().await?;
        rows.iter()
            .map(|row| Ok((RepoId(row.int("repo_id")?), InstallationId(row.int("installation_id")?))))
            .collect()
    }

    /// Whether the repository has work items that were not taken back.
    pub async fn has_work_items(self, repo: RepoId) -> Result<bool, StoreError> {
        Ok(self.store.read(&HAS_ITEMS).int(repo.0).row().await?.is_some())
    }
}
