//! Alerts of GitHub's scanners.

use serde_json::Value;

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::alerts::{Alert, Scanner};
use crate::sandbox::model::Level;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

pub(super) static ROUTES: &[Route] = &[
    route(
        "GET",
        "/repos/{owner}/{repo}/code-scanning/alerts",
        Access::Repository("security_events", Level::Read),
        of_code,
    ),
    route(
        "GET",
        "/repos/{owner}/{repo}/dependabot/alerts",
        Access::Repository("vulnerability_alerts", Level::Read),
        of_dependabot,
    ),
    route(
        "GET",
        "/repos/{owner}/{repo}/secret-scanning/alerts",
        Access::Repository("secret_scanning_alerts", Level::Read),
        of_secrets,
    ),
];

fn of_code(call: &mut Call) -> Answer {
    let found = found(call, Scanner::Code)?;
    let repository = call.repository()?;
    call.list(found, |state, alert| view::code_alert(state, repository, alert))
}

/// Paged by a cursor: the number of the last alert of the page before.
fn of_dependabot(call: &mut Call) -> Answer {
    let mut found = found(call, Scanner::Dependabot)?;
    if let Some(after) = call.query("after") {
        let last = found.iter().position(|alert| alert.number.to_string() == after);
        found.drain(..=last.ok_or_else(|| Refusal::new(400, "Invalid cursor"))?);
    }
    let size = call.query("per_page").and_then(|text| text.parse().ok()).unwrap_or(30).clamp(1, 100);
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| more).map(|alert| alert.number.to_string());
    let headers = last.map(|last| ("link", call.link_with("next", ("after", &last)))).into_iter().collect();
    let repository = call.repository()?;
    let shown: Value =
        found.into_iter().map(|alert| view::dependabot_alert(call.state, repository, alert)).collect();
    Ok(Reply { headers, ..Reply::ok(shown) })
}

fn of_secrets(call: &mut Call) -> Answer {
    let found = found(call, Scanner::Secrets)?;
    let (repository, hidden) = (call.repository()?, call.query("hide_secret") == Some("true"));
    call.list(found, |state, alert| view::secret_alert(state, repository, (alert, hidden)))
}

/// The alerts in the state that is asked for, in the order that is asked for: newest first, unless the query says otherwise.
fn found<'a>(call: &'a Call, scanner: Scanner) -> Result<Vec<&'a Alert>, Refusal> {
    let alerts = call.repository()?.alerts.get(&scanner).ok_or_else(|| scanner.is_off())?;
    let wanted = call.query("state");
    let fits = |alert: &&Alert| wanted.is_none_or(|wanted| (wanted == "open") == alert.mended_ms.is_none());
    let mut found: Vec<&Alert> = alerts.iter().filter(fits).collect();
    if call.query("direction") != Some("asc") {
        found.reverse();
    }
    Ok(found)
}
