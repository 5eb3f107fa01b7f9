//! Numbers per repository that are given out once.

use crate::store::RepoStore;
use crate::store::error::StoreError;
use crate::store::sql::statements;

statements! {
    NEXT = "INSERT INTO counters (repo_id, name, value) VALUES ($1, $2, 1)
        ON CONFLICT (repo_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value";
    RAISE = "INSERT INTO counters (repo_id, name, value) VALUES ($1, $2, $3)
        ON CONFLICT (repo_id, name) DO UPDATE SET value = excluded.value WHERE counters.value < excluded.value";
}

/// Counters of one repository.
#[derive(Clone, Copy)]
pub struct Counters<'a> {
    scope: &'a RepoStore,
}

impl<'a> Counters<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// The next number, 1 first.
    pub async fn next(self, name: &str) -> Result<i64, StoreError> {
        match self.scope.store.write(&NEXT).int(self.scope.repo.0).text(name).row().await? {
            Some(row) => row.int("value"),
            None => Err(StoreError::Broken(format!("the counter {name} gave no number"))),
        }
    }

    /// Makes sure that `number` and those below are never given out: it was seen in a marker on GitHub.
    pub async fn raise_to(self, name: &str, number: i64) -> Result<(), StoreError> {
        self.scope.store.write(&RAISE).int(self.scope.repo.0).text(name).int(number).run().await?;
        Ok(())
    }
}
