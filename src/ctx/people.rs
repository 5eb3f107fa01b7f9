//! What a person may do, asked of GitHub at the moment of the command: an answer is good for a minute, and no answer means no.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Clock;
use crate::ctx::RepoCtx;
use crate::domain::failure::Outcome;
use crate::domain::ids::RepoId;
use crate::domain::permission::Permission;

/// How long an answer is good for.
const FRESH_MS: i64 = 60_000;

/// Answers of the last minute.
pub struct People {
    clock: Clock,
    answers: Mutex<HashMap<(RepoId, String), (Permission, i64)>>,
}

impl People {
    /// Nobody asked for yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, answers: Mutex::new(HashMap::new()) }
    }

    fn known(&self, key: &(RepoId, String)) -> Option<Permission> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|_, (_, at)| self.clock.was_within(*at, FRESH_MS));
        answers.get(key).map(|(permission, _)| *permission)
    }

    fn learn(&self, key: (RepoId, String), permission: Permission) {
        let now = self.clock.now_ms();
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (permission, now));
    }
}

impl RepoCtx {
    /// What `login` may do in this repository. An unknown login may do nothing; trouble on the way is a failure, never a permission.
    pub async fn permission_of(&self, login: &str) -> Outcome<Permission> {
        let key = (self.repo, login.to_lowercase());
        if let Some(permission) = self.app.people.known(&key) {
            return Ok(permission);
        }
        let permission = match self.github.collaborator_permission(login).await {
            Ok(answer) => answer.level(),
            Err(error) if error.is_missing() => Permission::None,
            Err(error) => return Err(error.into()),
        };
        self.app.people.learn(key, permission);
        Ok(permission)
    }
}

#[cfg(test)]
mod tests {
    use super::{FRESH_MS, People};
    use crate::clock::Clock;
    use crate::domain::ids::RepoId;
    use crate::domain::permission::Permission;

    #[test]
    fn an_answer_is_believed_for_its_time_and_not_after_the_clock_was_set_back() {
        let (clock, hand) = Clock::manual(10 * FRESH_MS);
        let people = People::new(clock);
        let key = (RepoId(7), "ada".to_owned());
        people.learn(key.clone(), Permission::Write);
        hand.advance_ms(FRESH_MS - 1);
        assert_eq!(people.known(&key), Some(Permission::Write));
        hand.advance_ms(1);
        assert_eq!(people.known(&key), None);
        people.learn(key.clone(), Permission::Write);
        hand.advance_ms(-FRESH_MS / 2);
        assert_eq!(people.known(&key), None);
    }
}
