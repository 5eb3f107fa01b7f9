//! What mode `observe` would have written to GitHub.

use crate::domain::ids::IssueNumber;
use crate::store::error::StoreError;
use crate::store::sql::{Row, statements};
use crate::store::{RepoStore, Store};

statements! {
    APPEND = "INSERT INTO observed (repo_id, issue, act, delivery_guid, observed_at) VALUES ($1, $2, $3, $4, $5)";
    LIST = "SELECT seq, issue, act, delivery_guid, observed_at FROM observed WHERE repo_id = $1 ORDER BY seq DESC LIMIT $2";
    OF_DELIVERY = "SELECT seq, issue, act, delivery_guid, observed_at FROM observed WHERE repo_id = $1
        AND delivery_guid = $2 ORDER BY seq";
    PRUNE = "DELETE FROM observed WHERE observed_at < $1";
}

/// One write that was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Order of writing.
    pub seq: i64,
    /// The issue it is about.
    pub issue: IssueNumber,
    /// JSON.
    pub act: String,
    /// GUID of the delivery behind it.
    pub delivery: Option<String>,
    /// Unix ms.
    pub at_ms: i64,
}

/// Observations of one repository.
#[derive(Clone, Copy)]
pub struct Observed<'a> {
    scope: &'a RepoStore,
}

impl<'a> Observed<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Appends one.
    pub async fn append(
        self,
        issue: IssueNumber,
        act: &str,
        delivery: Option<&str>,
    ) -> Result<(), StoreError> {
        let store = &self.scope.store;
        let query = store.write(&APPEND).int(self.scope.repo.0).int(issue.0).text(act).opt_text(delivery);
        query.int(store.now_ms()).run().await?;
        Ok(())
    }

    /// The newest ones first.
    pub async fn list(self, limit: i64) -> Result<Vec<Observation>, StoreError> {
        let rows = self.scope.store.read(&LIST).int(self.scope.repo.0).int(limit).rows().await?;
        rows.iter().map(observation).collect()
    }

    /// What one delivery would have led to, in order.
    pub async fn of_delivery(self, guid: &str) -> Result<Vec<Observation>, StoreError> {
        let rows = self.scope.store.read(&OF_DELIVERY).int(self.scope.repo.0).text(guid).rows().await?;
        rows.iter().map(observation).collect()
    }
}

impl Store {
    /// Deletes every repository's observations before `before_ms`; their number.
    pub async fn prune_observed(&self, before_ms: i64) -> Result<u64, StoreError> {
        Ok(self.write(&PRUNE).int(before_ms).run().await?)
    }
}

fn observation(row: &Row) -> Result<Observation, StoreError> {
    Ok(Observation {
        seq: row.int("seq")?,
        issue: IssueNumber(row.int("issue")?),
        act: row.text("act")?,
        delivery: row.opt_text("delivery_guid")?,
        at_ms: row.int("observed_at")?,
    })
}
