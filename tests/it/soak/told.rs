//! What operators get to see of a fault: the figures of `/metrics`, and the lines of the log.

use millwright::sandbox::HookDelivery;
use serde_json::Value;

use super::rig::{Life, Rig};
use crate::process::stage::text;

/// A figure of the running program; 0 while there is none.
pub async fn figure(life: &Life, name: &str) -> u64 {
    let page = text(&format!("http://{}/metrics", life.door.unwrap())).await;
    assert!(page.ends_with("# EOF\n"), "the figures are there whatever happens: {page}");
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |value| value.parse::<f64>().unwrap() as u64)
}

/// How many deliveries the program has answered so.
pub async fn answered(life: &Life, status: &str) -> u64 {
    figure(life, &format!("millwright_deliveries_total{{answer=\"{status}\"}}")).await
}

/// How many of its deliveries GitHub has seen answered so.
pub fn seen_by_github(rig: &Rig, status: u16) -> u64 {
    let is_answered = |sent: &HookDelivery| sent.outcome.as_ref().is_some_and(|it| it.status_code == status);
    rig.world.webhook_log().iter().filter(|sent| is_answered(sent)).count() as u64
}

/// The lines of all programs that have ended whose message is this one, with their level.
pub fn lines(rig: &Rig, level: &str, message: &str) -> Vec<Value> {
    rig.past(|past| {
        let lines = past.iter().flat_map(|life| &life.log);
        let lines = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["level"] == level && line["message"] == message).collect()
    })
}
