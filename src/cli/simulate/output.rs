//! What `simulate` prints: the writes, in order, and the texts in them.

use serde_json::Value;

use crate::cli::simulate::{Simulated, Write};
use crate::sandbox::{Request, World};

/// The requests so far that write.
pub fn writes(world: &World) -> Vec<Write> {
    let requests = world.requests();
    let writes = requests.into_iter().filter(is_write);
    writes
        .map(|request| Write {
            method: request.method,
            path: request.path,
            status: request.status,
            body: request.body.map(without_marker),
        })
        .collect()
}

/// Tokens are no content, and GraphQL reads by POST.
fn is_write(request: &Request) -> bool {
    let query = request.body.as_ref().and_then(|body| body.get("query")).and_then(Value::as_str);
    match query.filter(|_| request.path == "/graphql") {
        Some(query) => query.trim_start().starts_with("mutation"),
        None => request.method != "GET" && !request.path.ends_with("/access_tokens"),
    }
}

/// People do not see the marker, and its signature is by the sandbox's key.
fn without_marker(mut body: Value) -> Value {
    if let Some(Value::String(text)) = body.get_mut("body")
        && let Some((seen, _)) = text.split_once("\n\n<!-- millwright:")
    {
        *text = seen.to_owned();
    }
    body
}

/// For people.
pub fn text(simulated: &Simulated, event: &str) -> String {
    let event = match &simulated.action {
        Some(action) => format!("{event}.{}", printable(action)),
        None => event.to_owned(),
    };
    let mut lines = vec![match simulated.answer {
        202 => format!("`{event}` is taken: 202."),
        200 => format!("`{event}` is answered 200 and stored nowhere: nothing listens to it."),
        other => format!("`{event}` is refused: {other}."),
    }];
    lines.extend(simulated.notes.iter().cloned());
    if simulated.answer == 202 && simulated.writes.is_empty() {
        lines.push(match &simulated.silence {
            Some(why) => format!("Nothing would be written: {why}."),
            None => "Nothing would be written.".to_owned(),
        });
    }
    for write in &simulated.writes {
        lines.push(String::new());
        let refused = write.status.filter(|status| *status >= 300);
        let refused = refused.map(|status| format!(" (answered {status})")).unwrap_or_default();
        lines.push(format!("{} {}{refused}", write.method, write.path));
        lines.extend(write.body.iter().flat_map(content));
    }
    for why in &simulated.dead {
        lines.push(String::new());
        lines.push(format!("A job ended dead: {why}"));
    }
    lines.join("\n") + "\n"
}

/// Title and text as they are, everything else as JSON; indented.
fn content(body: &Value) -> Vec<String> {
    let fields = match body {
        Value::Object(fields) => fields,
        Value::Null => return Vec::new(),
        other => return vec![format!("    {other}")],
    };
    let mut rest = fields.clone();
    let mut lines = Vec::new();
    for name in ["title", "body", "query"] {
        if let Some(Value::String(text)) = rest.shift_remove(name) {
            lines.extend(text.lines().map(|line| printable(&format!("    {line}")).trim_end().to_owned()));
        }
    }
    if !rest.is_empty() {
        lines.push(format!("    {}", Value::Object(rest)));
    }
    lines
}

/// A payload may hold what a terminal would obey.
fn printable(line: &str) -> String {
    line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// For programs; ends with a line break.
pub fn json(simulated: &Simulated) -> String {
    serde_json::to_string_pretty(simulated).unwrap_or_default() + "\n"
}
