//! What is told only once, and how much a person may ask for in a day.

use crate::domain::ids::IssueNumber;
use crate::store::RepoStore;
use crate::store::error::StoreError;
use crate::store::sql::statements;

statements! {
    GIVE = "INSERT INTO notices (repo_id, issue, person, kind, given_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (repo_id, issue, person, kind) DO NOTHING RETURNING given_at";
    SPEND = "INSERT INTO allowances (repo_id, person, kind, day, used) VALUES ($1, $2, $3, $4, 1)
        ON CONFLICT (repo_id, person, kind, day) DO UPDATE SET used = allowances.used + 1 WHERE allowances.used < $5
        RETURNING used";
    FORGET_OLD = "DELETE FROM allowances WHERE repo_id = $1 AND day < $2";
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

/// Notices and allowances of one repository.
#[derive(Clone, Copy)]
pub struct Notices<'a> {
    scope: &'a RepoStore,
}

impl<'a> Notices<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Whether this person is told this on this issue for the first time; asking makes it told.
    pub async fn first_time(self, issue: IssueNumber, person: &str, kind: &str) -> Result<bool, StoreError> {
        let store = &self.scope.store;
        let query =
            store.write(&GIVE).int(self.scope.repo.0).int(issue.0).text(&login_key(person)).text(kind);
        Ok(query.int(store.now_ms()).row().await?.is_some())
    }

    /// Uses one of a day's allowance; `false`: it is used up.
    pub async fn spend(self, allowance: Allowance<'_>) -> Result<bool, StoreError> {
        if allowance.limit <= 0 {
            return Ok(false);
        }
        let query = self.scope.store.write(&SPEND).int(self.scope.repo.0).text(&login_key(allowance.person));
        let query = query.text(allowance.kind).int(allowance.day).int(allowance.limit);
        Ok(query.row().await?.is_some())
    }

    /// Forgets allowances of the days before `day`.
    pub async fn forget_before(self, day: i64) -> Result<u64, StoreError> {
        Ok(self.scope.store.write(&FORGET_OLD).int(self.scope.repo.0).int(day).run().await?)
    }
}

/// Logins compare without case.
fn login_key(login: &str) -> String {
    login.to_ascii_lowercase()
}
