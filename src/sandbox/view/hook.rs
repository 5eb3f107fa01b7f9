//! The App's delivery log.

use serde_json::{Value, json};

use crate::sandbox::state::{State, timestamp};
use crate::sandbox::webhooks::{HookDelivery, HookOutcome};

/// A `hook-delivery-item`.
pub fn delivery_item(attempt: &HookDelivery, outcome: &HookOutcome) -> Value {
    json!({
        "id": attempt.id,
        "guid": attempt.guid,
        "delivered_at": timestamp(outcome.delivered_ms),
        "redelivery": attempt.redelivery,
        "duration": seconds(outcome.duration_ms),
        "status": outcome.status,
        "status_code": outcome.status_code,
        "event": attempt.event,
        "action": attempt.action,
        "installation_id": attempt.installation,
        "repository_id": attempt.repository,
        "throttled_at": null,
    })
}

/// A `hook-delivery`, with request and answer.
pub fn delivery(state: &State, attempt: &HookDelivery, outcome: &HookOutcome) -> Value {
    let mut view = delivery_item(attempt, outcome);
    view["url"] = json!(state.app.webhook_url);
    view["request"] = json!({ "headers": outcome.request_headers, "payload": *attempt.payload });
    view["response"] = json!({ "headers": outcome.response_headers, "payload": outcome.response_body });
    view
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
