//! A label of the repository. Its name says whether it is there, so nothing is remembered: whoever deletes it gets it back with
//! the next issue that needs it.

use crate::ctx::RepoCtx;
use crate::domain::failure::Outcome;
use crate::github::error::ErrorKind;
use crate::github::labels::Label;

impl RepoCtx {
    /// Creates a label unless the repository has one of that name.
    pub(in crate::ctx) async fn ensure_label(&self, label: &Label) -> Outcome {
        if self.github.label(&label.name).await?.is_some() {
            return Ok(());
        }
        match self.github.create_label(label).await {
            // Somebody may have created it a moment ago.
            Err(error) if !matches!(error.kind, ErrorKind::Validation(_)) => Err(error.into()),
            _ => Ok(()),
        }
    }
}
