//! The service itself: limits, addresses, accounts.

use serde_json::{Value, json};

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::auth::Caller;
use crate::sandbox::limits::Resource;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/rate_limit", Access::Open, rate_limit),
    route("GET", "/meta", Access::Open, meta),
    route("GET", "/users/{username}", Access::Open, user),
];

fn rate_limit(call: &mut Call) -> Answer {
    let installation = match &call.caller {
        Caller::Installation(token) => token.installation,
        Caller::App | Caller::Anonymous => 0,
    };
    let now = call.state.now();
    let budget = |resource: Resource| -> Value {
        let budget = call.state.limits.budget(installation, resource, now);
        json!({
            "limit": budget.limit,
            "used": budget.used,
            "remaining": budget.remaining(),
            "reset": budget.reset_ms.div_euclid(1000),
        })
    };
    let core = budget(Resource::Core);
    let resources =
        json!({ "core": core, "search": budget(Resource::Search), "graphql": budget(Resource::Graphql) });
    Ok(Reply::ok(json!({ "resources": resources, "rate": core })))
}

fn meta(_: &mut Call) -> Answer {
    let loopback = json!(["127.0.0.1/32"]);
    Ok(Reply::ok(json!({
        "verifiable_password_authentication": false,
        "hooks": loopback,
        "web": loopback,
        "api": loopback,
        "git": loopback,
    })))
}

fn user(call: &mut Call) -> Answer {
    let account = call.state.account(call.param("username")).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(view::public_user(call.state, account)))
}
