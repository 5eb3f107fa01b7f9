//! Repositories and what people may do in them.

use serde_json::{Value, json};

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::model::{AccountKind, Level};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

const METADATA: Access = Access::Repository("metadata", Level::Read);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}", METADATA, one),
    route("GET", "/repos/{owner}/{repo}/languages", METADATA, languages),
    route("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", METADATA, permission),
];

fn one(call: &mut Call) -> Answer {
    let permissions = call.token()?.permissions.clone();
    Ok(Reply::ok(view::repository_for(call.state, call.repository()?, &permissions)))
}

fn languages(call: &mut Call) -> Answer {
    let counted = view::languages(call.repository()?);
    let shown: serde_json::Map<String, Value> =
        counted.into_iter().map(|(language, bytes)| (language.to_owned(), json!(bytes))).collect();
    Ok(Reply::ok(Value::Object(shown)))
}

fn permission(call: &mut Call) -> Answer {
    let login = call.param("username");
    let not_a_user = || Refusal::new(404, format!("{login} is not a user"));
    // Nor has the bot of an App a role, or an organization.
    let person = call.state.account(login).filter(|account| account.kind == AccountKind::User);
    let account = person.ok_or_else(not_a_user)?;
    let role = call.state.role(call.repo, login);
    Ok(Reply::ok(view::collaborator_permission(call.state, account, role)))
}
