//! How much a person may ask for in a day.

use crate::store::error::StoreError;
use crate::store::sql::statements;
use crate::store::{RepoStore, Store};

statements! {
    SPEND = "INSERT INTO allowances (repo_id, person, kind, day, used) VALUES ($1, $2, $3, $4, 1)
        ON CONFLICT (repo_id, person, kind, day) DO UPDATE SET used = allowances.used + 1 WHERE allowances.used < $5
        RETURNING used";
    FORGET_OLD = "DELETE FROM allowances WHERE day < $1";
}

/// What a person wants to use a bit of.
#[derive(Debug, Clone, Copy)]
pub struct Allowance<'a> {
    /// Login.
    pub person: &'a str,
    /// Such as `revise`.
    pub kind: &'a str,
    /// Days since the epoch, UTC.
    pub day: i64,
    /// Uses per day.
    pub limit: i64,
}

/// Allowances of one repository.
#[derive(Clone, Copy)]
pub struct Allowances<'a> {
    scope: &'a RepoStore,
}

impl<'a> Allowances<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Uses one of a day's allowance; `false`: it is used up.
    pub async fn spend(self, allowance: Allowance<'_>) -> Result<bool, StoreError> {
        if allowance.limit <= 0 {
            return Ok(false);
        }
        // Logins compare without case.
        let person = allowance.person.to_ascii_lowercase();
        let query = self.scope.store.write(&SPEND).int(self.scope.repo.0).text(&person);
        let query = query.text(allowance.kind).int(allowance.day).int(allowance.limit);
        Ok(query.row().await?.is_some())
    }
}

impl Store {
    /// Forgets everybody's allowances of the days before `day`.
    pub async fn forget_allowances_before(&self, day: i64) -> Result<u64, StoreError> {
        Ok(self.write(&FORGET_OLD).int(day).run().await?)
    }
}
