//! The App's webhook delivery log.

use serde_json::{Value, json};

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;
use crate::sandbox::webhooks::HookOutcome;

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/app/hook/deliveries", Access::App, list),
    route("GET", "/app/hook/deliveries/{delivery_id}", Access::App, one),
    route("POST", "/app/hook/deliveries/{delivery_id}/attempts", Access::App, redeliver),
];

/// Newest first, paged by a cursor: the id of the last attempt of the page before.
fn list(call: &mut Call) -> Answer {
    let size = call.query("per_page").and_then(|text| text.parse().ok()).unwrap_or(30).clamp(1, 100);
    let cursor = match call.query("cursor") {
        None => i64::MAX,
        Some(text) => {
            let id = text.strip_prefix("v1_").and_then(|id| id.parse().ok());
            id.ok_or_else(|| Refusal::new(400, "Invalid cursor"))?
        }
    };
    let wanted = call.query("status").map(str::to_owned);
    let state = &*call.state;
    let fits = |outcome: &HookOutcome| match wanted.as_deref() {
        Some("success") => (200..400).contains(&outcome.status_code),
        Some("failure") => !(200..400).contains(&outcome.status_code),
        _ => true,
    };
    let visible = state.hooks.visible(state.server_now());
    let mut older = visible.filter(|(attempt, outcome)| attempt.id < cursor && fits(outcome));
    let page: Vec<_> = older.by_ref().take(size).collect();
    let more = older.next().is_some();
    let next = page.last().filter(|_| more).map(|(attempt, _)| format!("v1_{}", attempt.id));
    let headers = next.map(|next| ("link", call.link_with("next", ("cursor", &next))));
    let shown: Value = page.iter().map(|(attempt, outcome)| view::delivery_item(attempt, outcome)).collect();
    Ok(Reply { headers: headers.into_iter().collect(), ..Reply::ok(shown) })
}

fn one(call: &mut Call) -> Answer {
    let id = call.id("delivery_id")?;
    let state = &*call.state;
    let mut visible = state.hooks.visible(state.server_now());
    let (attempt, outcome) = visible.find(|(attempt, _)| attempt.id == id).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(view::delivery(state, attempt, outcome)))
}

fn redeliver(call: &mut Call) -> Answer {
    let id = call.id("delivery_id")?;
    let state = &mut *call.state;
    let now = state.server_now();
    let known = state.hooks.visible(now).any(|(attempt, _)| attempt.id == id);
    match known && state.redeliver(id) {
        true => Ok(Reply { status: 202, ..Reply::ok(json!({})) }),
        false => Err(Refusal::not_found()),
    }
}
