//! What a server lacks: older GitHub Enterprise Servers have no sub-issues or no dependencies. Learned per installation, and asked again daily.

use crate::ctx::RepoCtx;
use crate::domain::event::Issue;
use crate::domain::failure::Outcome;
use crate::domain::ids::IssueNumber;
use crate::github::error::ApiResult;
use crate::github::paging::Listed;

const NO_SUB_ISSUES: &str = "sub_issues_missing";
const NO_DEPENDENCIES: &str = "dependencies_missing";

/// A server is asked again after this long: it may have been updated, or one answer may have been wrong.
const ASK_AGAIN_MS: i64 = 86_400_000;

impl RepoCtx {
    /// The sub-issues of an issue that exists; none where the server does not know sub-issues.
    pub async fn sub_issues(&self, parent: IssueNumber) -> Outcome<Option<Vec<Issue>>> {
        self.if_known(NO_SUB_ISSUES, async || self.github.sub_issues(parent).await).await
    }

    /// What an issue that exists waits for; none where the server does not know dependencies.
    pub async fn blockers(&self, issue: IssueNumber) -> Outcome<Option<Vec<Issue>>> {
        self.if_known(NO_DEPENDENCIES, async || self.github.blocked_by(issue).await).await
    }

    /// Asks unless this installation's server is known not to have it; a 404 or 410 is remembered for a day.
    async fn if_known(
        &self,
        lack: &str,
        ask: impl AsyncFnOnce() -> ApiResult<Listed<Issue>>,
    ) -> Outcome<Option<Vec<Issue>>> {
        let installations = self.app.store.installations();
        let noticed = installations.noticed_at(self.installation, lack).await?;
        if noticed.is_some_and(|at_ms| self.now_ms() - at_ms < ASK_AGAIN_MS) {
            return Ok(None);
        }
        match ask().await {
            Ok(listed) => {
                if noticed.is_some() {
                    installations.clear_notice(self.installation, lack).await?;
                }
                if !listed.complete {
                    tracing::warn!(
                        read = listed.items.len(),
                        "more related issues than GitHub allows; the rest is not read"
                    );
                }
                Ok(Some(listed.items))
            }
            Err(error) if error.is_missing() => {
                tracing::info!(lack, installation = %self.installation, "the server does not have this");
                installations.notice(self.installation, lack).await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}
