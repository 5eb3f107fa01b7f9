//! Lists of candidates as they were shown, so that their arithmetic can be asked for.

use crate::domain::ids::IssueNumber;
use crate::store::RepoStore;
use crate::store::error::StoreError;
use crate::store::sql::statements;

statements! {
    SAVE = "INSERT INTO discoveries (repo_id, issue, document, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (repo_id, issue) DO UPDATE SET document = excluded.document, created_at = excluded.created_at";
    LATEST = "SELECT document FROM discoveries WHERE repo_id = $1 AND issue = $2";
}

/// Discoveries of one repository.
#[derive(Clone, Copy)]
pub struct Discoveries<'a> {
    scope: &'a RepoStore,
}

impl<'a> Discoveries<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Keeps what was shown on an issue, in place of what was shown before.
    pub async fn save(self, issue: IssueNumber, document: &str) -> Result<(), StoreError> {
        let store = &self.scope.store;
        let query = store.write(&SAVE).int(self.scope.repo.0).int(issue.0).text(document);
        query.int(store.now_ms()).run().await?;
        Ok(())
    }

    /// The document shown last on an issue.
    pub async fn latest(self, issue: IssueNumber) -> Result<Option<String>, StoreError> {
        let row = self.scope.store.read(&LATEST).int(self.scope.repo.0).int(issue.0).row().await?;
        row.map(|row| row.text("document")).transpose()
    }
}
