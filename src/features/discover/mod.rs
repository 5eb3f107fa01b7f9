//! `/enhance discover`: what could be done next, with evidence and arithmetic.

mod alerts; // what GitHub's scanners have found
mod gather; // what candidates are found in
pub mod views; // the list as a comment

use serde::{Deserialize, Serialize};

use crate::domain::discover::candidate::Candidate;
use crate::domain::discover::{self, facts::Facts};
use crate::domain::failure::{Failure, Outcome};
use crate::features::call::Call;
use crate::features::discover::views::Candidates;

/// What was shown, as it is kept for `/why`.
#[derive(Serialize, Deserialize)]
pub struct Shown {
    /// The commit that was read.
    pub base_sha: String,
    /// The best first; the first is D1.
    pub candidates: Vec<Candidate>,
    /// How many there were in all.
    pub found: usize,
}

/// Answers with the best candidates.
pub async fn run(call: &Call) -> Outcome {
    let facts: Facts = gather::gather(&call.ctx).await?;
    let (candidates, found) = discover::best(&facts);
    let shown = Shown { base_sha: facts.snapshot.base_sha.clone(), candidates, found };
    if !call.dry_run {
        let document = serde_json::to_string(&shown).map_err(Failure::internal)?;
        call.ctx.store.discoveries().save(call.issue, &document).await?;
    }
    let view = Candidates::new(&shown, &facts, &call.voice);
    call.act(&[call.answer_act(&view)?]).await.map(|_| ())
}

/// What was shown last on the issue of the command.
pub async fn latest(call: &Call) -> Outcome<Option<Shown>> {
    let document = call.ctx.store.discoveries().latest(call.issue).await?;
    document.map(|document| serde_json::from_str(&document).map_err(Failure::internal)).transpose()
}
