//! The App, its installations and their tokens.

use serde_json::{Value, json};

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::auth::TokenRequest;
use crate::sandbox::model::{Installation, Level, Permissions};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{State, timestamp};
use crate::sandbox::view;

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/app", Access::App, app),
    route("GET", "/app/installations", Access::App, installations),
    route("GET", "/app/installations/{installation_id}", Access::App, installation),
    route("POST", "/app/installations/{installation_id}/access_tokens", Access::App, create_token),
    route("GET", "/repos/{owner}/{repo}/installation", Access::AppRepository, of_repository),
    route("GET", "/installation/repositories", Access::Token, repositories),
];

fn app(call: &mut Call) -> Answer {
    let mut shown = view::app(call.state);
    shown["installations_count"] = json!(call.state.installations.len());
    Ok(Reply::ok(shown))
}

fn installations(call: &mut Call) -> Answer {
    let ids: Vec<i64> = call.state.installations.keys().copied().collect();
    call.list(ids, |state, id| state.installations.get(&id).map_or(Value::Null, |found| listed(state, found)))
}

/// The description of this list asks of an account what users and enterprises have, both at once.
fn listed(state: &State, installation: &Installation) -> Value {
    let mut shown = view::installation(state, installation);
    let created = timestamp(state.account(&installation.account).map_or(0, |account| account.created_ms));
    for (field, value) in [
        ("name", &installation.account),
        ("slug", &installation.account.to_lowercase()),
        ("created_at", &created),
        ("updated_at", &created),
    ] {
        shown["account"][field] = json!(value);
    }
    shown
}

fn installation(call: &mut Call) -> Answer {
    let id = call.id("installation_id")?;
    let found = call.state.installations.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(view::installation(call.state, found)))
}

fn of_repository(call: &mut Call) -> Answer {
    let found = call.state.installation_of(call.repo).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(view::installation(call.state, found)))
}

fn create_token(call: &mut Call) -> Answer {
    let id = call.id("installation_id")?;
    let asked = TokenRequest {
        repositories: call.texts("repositories")?,
        repository_ids: repository_ids(&call.body)?,
        permissions: permissions(&call.body)?,
    };
    let secret = call.state.make_token(id, asked)?;
    let state = &*call.state;
    let token = state.tokens.get(&secret).ok_or_else(Refusal::not_found)?;
    let found = state.installations.get(&id).ok_or_else(Refusal::not_found)?;
    let selection = if token.repositories.is_some() { "selected" } else { view::selection(&found.selection) };
    let mut shown = json!({
        "token": secret,
        "expires_at": timestamp(token.expires_ms),
        "permissions": view::permissions(&token.permissions),
        "repository_selection": selection,
    });
    if let Some(ids) = &token.repositories {
        let listed = ids.iter().filter_map(|repo| state.repositories.get(repo));
        shown["repositories"] = listed.map(|repository| view::repository(state, repository)).collect();
    }
    Ok(Reply { status: 201, ..Reply::ok(shown) })
}

fn repository_ids(body: &Value) -> Result<Option<Vec<i64>>, Refusal> {
    let wrong = || Refusal::schema("For 'properties/repository_ids', an array of integers is wanted.");
    match body.get("repository_ids") {
        None => Ok(None),
        Some(ids) => {
            let ids = ids.as_array().ok_or_else(wrong)?;
            ids.iter().map(|id| id.as_i64().ok_or_else(wrong)).collect::<Result<_, _>>().map(Some)
        }
    }
}

fn permissions(body: &Value) -> Result<Option<Permissions>, Refusal> {
    let wrong = || Refusal::schema("For 'properties/permissions', an object of levels is wanted.");
    match body.get("permissions") {
        None => Ok(None),
        Some(wanted) => {
            let wanted = wanted.as_object().ok_or_else(wrong)?;
            let level = |level: &Value| level.as_str().and_then(Level::parse).ok_or_else(wrong);
            let levels = wanted.iter().map(|(name, value)| Ok((name.clone(), level(value)?)));
            levels.collect::<Result<_, Refusal>>().map(Some)
        }
    }
}

fn repositories(call: &mut Call) -> Answer {
    let token = call.token()?.clone();
    let state = &*call.state;
    let reached: Vec<i64> =
        state.repositories.keys().copied().filter(|repo| state.reaches(&token, *repo)).collect();
    let installation = state.installations.get(&token.installation).ok_or_else(Refusal::not_found)?;
    let total = reached.len();
    let (page, headers) = call.page(reached);
    let shown = page.iter().filter_map(|repo| state.repositories.get(repo));
    let shown: Vec<Value> =
        shown.map(|repository| view::repository_for(state, repository, &token.permissions)).collect();
    let body = json!({
        "total_count": total,
        "repository_selection": view::selection(&installation.selection),
        "repositories": shown,
    });
    Ok(Reply { headers, ..Reply::ok(body) })
}
