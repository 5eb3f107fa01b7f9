//! What we did on GitHub: intent, call, remote id. A run that comes after a crash finds what the one before it did.

use crate::domain::event::{Comment, Issue};
use crate::domain::ids::{EffectKey, IssueNumber};
use crate::store::RepoStore;
use crate::store::error::StoreError;
use crate::store::sql::{Row, statements};
use crate::store::text_enum::text_enum;

statements! {
    INTEND = "INSERT INTO effects (repo_id, effect_key, kind, issue, state, content_hash, intended_at)
        VALUES ($1, $2, $3, $4, 'intent', $5, $6) ON CONFLICT (repo_id, effect_key) DO NOTHING RETURNING intended_at";
    GET = "SELECT effect_key, kind, issue, state, content_hash, remote_id, remote_number, remote_node_id, remote_url,
        intended_at FROM effects WHERE repo_id = $1 AND effect_key = $2";
    BY_ISSUE = "SELECT effect_key, kind, issue, state, content_hash, remote_id, remote_number, remote_node_id, remote_url,
        intended_at FROM effects WHERE repo_id = $1 AND issue = $2 ORDER BY intended_at, effect_key";
    // Whoever made it first is in the books; a worker that comes too late with another thing changes nothing.
    FINISH = "UPDATE effects SET state = 'done', content_hash = $3, remote_id = $4, remote_number = $5, remote_node_id = $6,
        remote_url = $7, done_at = $8 WHERE repo_id = $1 AND effect_key = $2 AND (state = 'intent' OR remote_id = $4)";
    REFRESH = "UPDATE effects SET content_hash = $3 WHERE repo_id = $1 AND effect_key = $2 AND remote_id = $4";
    INTEND_AGAIN = "UPDATE effects SET intended_at = $3 WHERE repo_id = $1 AND effect_key = $2 AND state = 'intent'
        AND intended_at = $4";
    FORGET_INTENT = "DELETE FROM effects WHERE repo_id = $1 AND effect_key = $2 AND state = 'intent' AND intended_at = $3";
    FORGET = "DELETE FROM effects WHERE repo_id = $1 AND effect_key = $2";
}

text_enum! {
    /// How far an effect has come.
    EffectState {
        /// Written down, and perhaps done: nobody came back to say so.
        Intent = "intent",
        /// Done, the remote id is known.
        Done = "done",
    }
}

/// An effect about to be made.
#[derive(Debug, Clone)]
pub struct NewEffect {
    /// Job-independent name.
    pub key: EffectKey,
    /// comment, issue, sub_issue, dependency, label, …
    pub kind: String,
    /// The issue it belongs to.
    pub issue: IssueNumber,
    /// Hash of what will be written.
    pub content_hash: String,
}

/// What GitHub made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Database id.
    pub id: i64,
    /// Number, for what has one.
    pub number: Option<i64>,
    /// GraphQL node id.
    pub node_id: Option<String>,
    /// For people.
    pub url: Option<String>,
}

impl From<&Comment> for Remote {
    fn from(comment: &Comment) -> Self {
        Self {
            id: comment.id.0,
            number: None,
            node_id: Some(comment.node_id.clone()),
            url: Some(comment.html_url.clone()),
        }
    }
}

impl From<&Issue> for Remote {
    fn from(issue: &Issue) -> Self {
        Self {
            id: issue.id.0,
            number: Some(issue.number.0),
            node_id: Some(issue.node_id.clone()),
            url: Some(issue.html_url.clone()),
        }
    }
}

/// The intent under which a run works, told from those before and after it by its time. Only whoever holds the one that stands
/// in the books may renew it or take it back: a worker that was away for too long must not take another one's from under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intent {
    at_ms: i64,
}

impl Intent {
    /// When it was written or renewed, unix ms.
    pub fn at_ms(self) -> i64 {
        self.at_ms
    }
}

/// What is known when an effect is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Never tried: the intent is written now, go ahead.
    Fresh(Intent),
    /// An earlier run wrote this intent and did not come back; whether GitHub got the call has to be looked up there.
    Interrupted(Intent),
    /// Done before, with content of this hash.
    Done(Remote, String),
}

/// What writing down the end of an effect has met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// It stands in the books.
    Written,
    /// The books name another thing that was made for the same effect: this one is one too many.
    Another(Remote),
    /// The effect was taken back meanwhile: nobody wants what was made.
    Forgotten,
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Job-independent name.
    pub key: EffectKey,
    /// comment, issue, …
    pub kind: String,
    /// The issue it belongs to.
    pub issue: IssueNumber,
    /// How far it has come.
    pub state: EffectState,
    /// Hash of what was (to be) written.
    pub content_hash: String,
    /// Once done.
    pub remote: Option<Remote>,
    /// Unix ms of the first intent.
    pub intended_at_ms: i64,
}

/// Effects in one repository.
#[derive(Clone, Copy)]
pub struct Effects<'a> {
    scope: &'a RepoStore,
}

impl<'a> Effects<'a> {
    pub(in crate::store) fn new(scope: &'a RepoStore) -> Self {
        Self { scope }
    }

    /// Writes the intent, or says what became of an earlier one.
    pub async fn begin(self, effect: &NewEffect) -> Result<Begun, StoreError> {
        let store = &self.scope.store;
        loop {
            let fresh = store
                .write(&INTEND)
                .int(self.scope.repo.0)
                .text(&effect.key.0)
                .text(&effect.kind)
                .int(effect.issue.0)
                .text(&effect.content_hash)
                .int(store.now_ms())
                .row()
                .await?;
            if let Some(row) = fresh {
                return Ok(Begun::Fresh(Intent { at_ms: row.int("intended_at")? }));
            }
            // It may be forgotten between the two statements; then there is room for this one.
            if let Some(found) = self.get(&effect.key).await? {
                return Ok(match found.remote {
                    Some(remote) => Begun::Done(remote, found.content_hash),
                    None => Begun::Interrupted(Intent { at_ms: found.intended_at_ms }),
                });
            }
        }
    }

    /// Writes down what GitHub made of it, the first time and after every change.
    pub async fn finish(
        self,
        key: &EffectKey,
        remote: &Remote,
        content_hash: &str,
    ) -> Result<Finished, StoreError> {
        let store = &self.scope.store;
        loop {
            let changed = store
                .write(&FINISH)
                .int(self.scope.repo.0)
                .text(&key.0)
                .text(content_hash)
                .int(remote.id)
                .opt_int(remote.number)
                .opt_text(remote.node_id.as_deref())
                .opt_text(remote.url.as_deref())
                .int(store.now_ms())
                .run()
                .await?;
            if changed > 0 {
                return Ok(Finished::Written);
            }
            match self.get(key).await?.map(|found| found.remote) {
                None => return Ok(Finished::Forgotten),
                Some(Some(other)) if other.id != remote.id => return Ok(Finished::Another(other)),
                // It was begun anew between the two statements: that intent is ended by what is there.
                Some(_) => {}
            }
        }
    }

    /// One effect.
    pub async fn get(self, key: &EffectKey) -> Result<Option<Effect>, StoreError> {
        let row = self.scope.store.read(&GET).int(self.scope.repo.0).text(&key.0).row().await?;
        row.as_ref().map(effect).transpose()
    }

    /// The effects of one issue, oldest first.
    pub async fn of_issue(self, issue: IssueNumber) -> Result<Vec<Effect>, StoreError> {
        let rows = self.scope.store.read(&BY_ISSUE).int(self.scope.repo.0).int(issue.0).rows().await?;
        rows.iter().map(effect).collect()
    }

    /// Writes down that the thing has another content now; nothing where the books name another thing, or none.
    pub async fn refresh(
        self,
        key: &EffectKey,
        remote: &Remote,
        content_hash: &str,
    ) -> Result<(), StoreError> {
        let query = self.scope.store.write(&REFRESH).int(self.scope.repo.0).text(&key.0);
        query.text(content_hash).int(remote.id).run().await?;
        Ok(())
    }

    /// Renews an intent whose call left nothing behind: the next look for it starts now. Nothing where it is no longer the one in
    /// the books.
    pub async fn intend_again(self, key: &EffectKey, held: Intent) -> Result<Option<Intent>, StoreError> {
        let store = &self.scope.store;
        // Later than the one before in any case, so that the two cannot be mistaken for each other.
        let renewed = Intent { at_ms: store.now_ms().max(held.at_ms.saturating_add(1)) };
        let query = store.write(&INTEND_AGAIN).int(self.scope.repo.0).text(&key.0);
        let changed = query.int(renewed.at_ms).int(held.at_ms).run().await?;
        Ok((changed == 1).then_some(renewed))
    }

    /// Takes an intent back: GitHub refused, so nothing was made. An effect that is done stays, and so does another intent.
    pub async fn forget_intent(self, key: &EffectKey, held: Intent) -> Result<bool, StoreError> {
        let query = self.scope.store.write(&FORGET_INTENT).int(self.scope.repo.0).text(&key.0);
        Ok(query.int(held.at_ms).run().await? == 1)
    }

    /// Forgets an effect altogether: what it made is gone from GitHub and may be made anew.
    pub async fn forget(self, key: &EffectKey) -> Result<bool, StoreError> {
        Ok(self.scope.store.write(&FORGET).int(self.scope.repo.0).text(&key.0).run().await? == 1)
    }
}

fn effect(row: &Row) -> Result<Effect, StoreError> {
    let remote = match row.opt_int("remote_id")? {
        None => None,
        Some(id) => Some(Remote {
            id,
            number: row.opt_int("remote_number")?,
            node_id: row.opt_text("remote_node_id")?,
            url: row.opt_text("remote_url")?,
        }),
    };
    Ok(Effect {
        key: EffectKey(row.text("effect_key")?),
        kind: row.text("kind")?,
        issue: IssueNumber(row.int("issue")?),
        state: EffectState::read(row, "state")?,
        content_hash: row.text("content_hash")?,
        remote,
        intended_at_ms: row.int("intended_at")?,
    })
}
