//! How things look in GitHub's JSON: the same views serve REST answers and webhook payloads.

use serde_json::{Value, json};

use super::model::{Account, AccountKind, Installation, Permissions, Role, Selection};
use super::state::{State, node_id, timestamp};

mod alert;
mod git;
mod hook;
mod issue;
mod repository;

pub use alert::{code_alert, dependabot_alert, secret_alert};
pub use git::{
    Place, changed_files, commit, content_file, content_link, content_listing, short_commit, wrapped_base64,
};
pub use hook::{delivery, delivery_item};
pub use issue::{comment, event, issue, label, reaction, search_item};
pub use repository::{
    languages, repository, repository_for, run, short_repository, workflow, workflow_id, workflows,
};

/// A `simple-user`, or null when nobody has the login.
pub fn login(state: &State, login: &str) -> Value {
    state.account(login).map_or(Value::Null, |account| user(state, account))
}

/// A `simple-user`.
pub fn user(state: &State, account: &Account) -> Value {
    let api = format!("{}/users/{}", state.api_url, account.login);
    let html_url = match account.login.strip_suffix("[bot]") {
        Some(slug) => format!("{}/apps/{slug}", state.html_url),
        None => format!("{}/{}", state.html_url, account.login),
    };
    json!({
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "avatar_url": format!("{}/avatars/{}", state.html_url, account.id),
        "gravatar_id": "",
        "url": api,
        "html_url": html_url,
        "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"),
        "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{api}/subscriptions"),
        "organizations_url": format!("{api}/orgs"),
        "repos_url": format!("{api}/repos"),
        "events_url": format!("{api}/events{{/privacy}}"),
        "received_events_url": format!("{api}/received_events"),
        "type": account.kind.name(),
        "user_view_type": "public",
        "site_admin": false,
    })
}

/// A `public-user`.
pub fn public_user(state: &State, account: &Account) -> Value {
    let mut view = user(state, account);
    for field in ["name", "company", "location", "email", "hireable", "bio", "twitter_username"] {
        view[field] = Value::Null;
    }
    view["blog"] = json!("");
    for field in ["public_gists", "followers", "following"] {
        view[field] = json!(0);
    }
    let public = |id: &i64| state.repositories.get(id).is_some_and(|repository| !repository.private);
    let owned = state.repositories.values().filter(|repository| repository.owner == account.login);
    view["public_repos"] = json!(owned.filter(|repository| public(&repository.id)).count());
    view["created_at"] = json!(timestamp(account.created_ms));
    view["updated_at"] = json!(timestamp(account.created_ms));
    view
}

/// The `organization` of a webhook payload.
pub fn organization(state: &State, account: &Account) -> Value {
    let api = format!("{}/orgs/{}", state.api_url, account.login);
    json!({
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "url": api,
        "repos_url": format!("{api}/repos"),
        "events_url": format!("{api}/events"),
        "hooks_url": format!("{api}/hooks"),
        "issues_url": format!("{api}/issues"),
        "members_url": format!("{api}/members{{/member}}"),
        "public_members_url": format!("{api}/public_members{{/member}}"),
        "avatar_url": format!("{}/avatars/{}", state.html_url, account.id),
        "description": null,
    })
}

/// An `integration`: the App itself.
pub fn app(state: &State) -> Value {
    let app = &state.app;
    json!({
        "id": app.id,
        "client_id": app.client_id,
        "slug": app.slug,
        "node_id": node_id("A", app.id),
        "owner": login(state, &app.owner),
        "name": app.name,
        "description": "",
        "external_url": format!("{}/{}", state.html_url, app.slug),
        "html_url": format!("{}/apps/{}", state.html_url, app.slug),
        "created_at": timestamp(0),
        "updated_at": timestamp(0),
        "permissions": permissions(&app.permissions),
        "events": app.events,
    })
}

/// An `integration`: another App, which has the id of its bot here.
pub fn app_of_bot(state: &State, bot: &Account) -> Value {
    let slug = bot.login.trim_end_matches("[bot]");
    json!({
        "id": bot.id,
        "client_id": format!("Iv23{slug}"),
        "slug": slug,
        "node_id": node_id("A", bot.id),
        "owner": login(state, &bot.login),
        "name": slug,
        "description": "",
        "external_url": format!("{}/{slug}", state.html_url),
        "html_url": format!("{}/apps/{slug}", state.html_url),
        "created_at": timestamp(0),
        "updated_at": timestamp(0),
        "permissions": {},
        "events": [],
    })
}

/// An `installation`.
pub fn installation(state: &State, installation: &Installation) -> Value {
    let account = state.account(&installation.account);
    let organization = account.is_some_and(|account| account.kind == AccountKind::Organization);
    let settings = match organization {
        true => format!("{}/organizations/{}/settings", state.html_url, installation.account),
        false => format!("{}/settings", state.html_url),
    };
    let suspended = installation.suspended.as_ref();
    json!({
        "id": installation.id,
        "client_id": state.app.client_id,
        "account": login(state, &installation.account),
        "repository_selection": selection(&installation.selection),
        "access_tokens_url": format!("{}/app/installations/{}/access_tokens", state.api_url, installation.id),
        "repositories_url": format!("{}/installation/repositories", state.api_url),
        "html_url": format!("{settings}/installations/{}", installation.id),
        "app_id": state.app.id,
        "app_slug": state.app.slug,
        "target_id": account.map_or(0, |account| account.id),
        "target_type": if organization { "Organization" } else { "User" },
        "permissions": permissions(&installation.permissions),
        "events": state.app.events,
        "created_at": timestamp(installation.created_ms),
        "updated_at": timestamp(installation.created_ms),
        "single_file_name": null,
        "has_multiple_single_files": false,
        "single_file_paths": [],
        "suspended_by": suspended.map_or(Value::Null, |(by, _)| login(state, by)),
        "suspended_at": suspended.map(|(_, at)| timestamp(*at)),
    })
}

/// `all` or `selected`.
pub fn selection(selection: &Selection) -> &'static str {
    match selection {
        Selection::All => "all",
        Selection::Selected(_) => "selected",
    }
}

/// An `app-permissions`.
pub fn permissions(permissions: &Permissions) -> Value {
    permissions.iter().map(|(name, level)| (name.clone(), json!(level.name()))).collect()
}

/// A `repository-collaborator-permission`.
pub fn collaborator_permission(state: &State, account: &Account, role: Role) -> Value {
    let mut collaborator = user(state, account);
    collaborator["permissions"] = json!({
        "admin": role >= Role::Admin,
        "maintain": role >= Role::Maintain,
        "push": role >= Role::Write,
        "triage": role >= Role::Triage,
        "pull": role >= Role::Read,
    });
    collaborator["role_name"] = json!(role.name());
    json!({ "permission": role.folded(), "role_name": role.name(), "user": collaborator })
}
