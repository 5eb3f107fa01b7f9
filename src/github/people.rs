//! What a person may do in the repository.

use serde::Deserialize;

use crate::domain::lenient;
use crate::domain::permission::{Allowed, Permission};
use crate::github::error::ApiResult;
use crate::github::repo::RepoClient;

/// A person's permission. The plain `permission` of GitHub's answer is left out: it folds triage and maintain into others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CollaboratorPermission {
    /// `admin`, `maintain`, `write`, `triage`, `read`, `none`, or an organization's own role.
    pub role_name: String,
    /// May administer.
    pub admin: bool,
    /// May maintain.
    pub maintain: bool,
    /// May write.
    pub push: bool,
    /// May triage.
    pub triage: bool,
    /// May read.
    pub pull: bool,
}

impl CollaboratorPermission {
    /// The level it comes to.
    pub fn level(&self) -> Permission {
        let Self { admin, maintain, push, triage, pull, .. } = *self;
        Permission::from_role(&self.role_name, Allowed { pull, triage, push, maintain, admin })
    }
}

impl RepoClient {
    /// What a person may do. Whoever has no permission at all gets all `false`.
    /// Source: `GET /repos/{owner}/{repo}/collaborators/{username}/permission`.
    ///
    /// # Errors
    /// `NotFound` when there is no such account. Callers treat every error as "no".
    pub async fn collaborator_permission(&self, login: &str) -> ApiResult<CollaboratorPermission> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default, deserialize_with = "lenient::or_default")]
            role_name: String,
            #[serde(default, deserialize_with = "lenient::object")]
            user: Option<User>,
        }
        #[derive(Deserialize)]
        struct User {
            #[serde(default, deserialize_with = "lenient::object")]
            permissions: Option<Permissions>,
        }
        #[derive(Default, Deserialize)]
        struct Permissions {
            #[serde(default, deserialize_with = "lenient::or_default")]
            admin: bool,
            #[serde(default, deserialize_with = "lenient::or_default")]
            maintain: bool,
            #[serde(default, deserialize_with = "lenient::or_default")]
            push: bool,
            #[serde(default, deserialize_with = "lenient::or_default")]
            triage: bool,
            #[serde(default, deserialize_with = "lenient::or_default")]
            pull: bool,
        }
        let wire: Wire = self.call(&self.get(&["collaborators", login, "permission"])?).await?;
        let Permissions { admin, maintain, push, triage, pull } =
            wire.user.and_then(|user| user.permissions).unwrap_or_default();
        Ok(CollaboratorPermission { role_name: wire.role_name, admin, maintain, push, triage, pull })
    }
}
