//! What a plan may cost: GitHub is asked at most 40 times for one, whatever the repository is like.
//!
//! How many files are read, and how many bytes, `domain::plan::reading_list` says: those bounds are the same without GitHub.

use crate::ctx::RepoCtx;
use crate::github::repo::RepoClient;

/// Requests for one command in all (goal P13).
const MOST: usize = 40;

/// Of these, what other clients ask before: two tokens, who we are, the configuration in three where GraphQL does not answer, the
/// person's permission and a receipt; and what comes when all is gathered: two comments, a fold, and the receipt replaced in two.
const KEPT: usize = 13;

/// What is left for gathering. A list of fixed length is asked for whole; what can be read in part asks here how much of it.
pub struct Calls<'a>(&'a RepoClient);

impl<'a> Calls<'a> {
    /// Everything that this job has asked so far counts.
    pub fn of(ctx: &'a RepoCtx) -> Self {
        Self(&ctx.github)
    }

    /// As many calls as there are beside `later` ones, at most `most`.
    pub fn up_to(&self, most: usize, later: usize) -> usize {
        (MOST - KEPT).saturating_sub(self.0.sent() + later).min(most)
    }
}
