//! The delivery as `simulate` reads it, and the sandbox that is made from it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};

use chrono::DateTime;
use serde_json::{Value, json as value};

use crate::cli::simulate::shallow;
use crate::clock::Clock;
use crate::domain::command::closest::closest;
use crate::domain::command::{self, Dialect};
use crate::domain::failure::BoxError;
use crate::github::{json, webhook};
use crate::sandbox::World;
use crate::triggers::events::SUBSCRIPTIONS;

/// GitHub delivers no more than this, in bytes.
const LARGEST: u64 = 25 * 1024 * 1024;

/// Where GitHub lists the fields of each event.
const DOCUMENTED: &str = "https://docs.github.com/webhooks/webhook-events-and-payloads";

/// For a repository of which the payload tells no files.
const FILES: &[(&str, &str)] = &[
    ("README.md", "# A repository\n\nMade for `millwright simulate`.\n"),
    ("src/lib.rs", "pub fn hello() {}\n"),
];

/// A delivery.
pub struct Given {
    /// As in the header `X-GitHub-Event`.
    pub event: String,
    /// With an installation.
    pub payload: Value,
    /// When it happened, unix milliseconds; now, where the payload does not say.
    pub time_ms: i64,
    notes: Vec<String>,
}

/// Reads a file, or standard input for `-`; a problem is one line.
pub fn read(event: &str, path: &str) -> Result<Given, String> {
    if event.is_empty() || !event.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        return Err("--event takes the name of an event, such as `issue_comment`".to_owned());
    }
    let name = if path == "-" { "standard input" } else { path };
    let bytes = bytes(path).map_err(|error| format!("{name}: {error}; give a readable JSON file or `-`"))?;
    let mut payload: Value = shallow::read(&json::text(&bytes)).map_err(|error| {
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default();
        format!("{name}:{}:{}: {what}; give the payload as one JSON object", error.line(), error.column())
    })?;
    let Some(fields) = payload.as_object_mut() else {
        return Err(format!("{name}:1:1: not a JSON object; give the payload as one JSON object"));
    };
    let mut notes = Vec::new();
    let heard = SUBSCRIPTIONS.iter().flat_map(|one| one.on).map(|kind| kind.name);
    if let Some(meant) = closest(event, heard, 2).filter(|meant| *meant != event) {
        return Err(format!("--event: nothing here listens to `{event}`; `{meant}` is probably meant"));
    }
    // Nothing in it says what happened; a payload that only lacks a field is worked off as the receiver would, and told of.
    if fields.keys().all(|field| field == "action") {
        return Err(format!(
            "{name}: the payload tells of nothing; its fields are documented at {DOCUMENTED}#{event}"
        ));
    }
    if !fields.get("installation").is_some_and(Value::is_object) {
        fields.insert("installation".to_owned(), value!({ "id": 1 }));
        notes.push("The payload has no `installation`: one was added.".to_owned());
    }
    if let Err(lack) = webhook::parse(event, payload.to_string().as_bytes()) {
        let known = format!("{DOCUMENTED}#{event}");
        notes.push(format!("GitHub sends no such payload: {lack}. Its fields are documented at {known}."));
    }
    let time_ms = time_ms(&payload).unwrap_or_else(|| Clock::system(0).now_ms());
    Ok(Given { event: event.to_owned(), payload, time_ms, notes })
}

/// Why a comment that was heard starts nothing; none where the payload does not tell.
pub fn silence((event, payload): (&str, &Value), slug: String) -> Option<String> {
    if event != "issue_comment" {
        return None;
    }
    let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str);
    if payload.pointer("/issue/pull_request").is_some_and(Value::is_object) {
        return Some("the comment stands on a pull request, and commands are read on issues only".to_owned());
    }
    if text("/comment/user/type") == Some("Bot") {
        let mend = "a bot is heard only where `commands.bots` lists its App";
        return Some(format!("a bot wrote the comment, and {mend}"));
    }
    let dialect = Dialect { slug, taken: BTreeSet::new() };
    let found = command::find(text("/comment/body").unwrap_or_default(), &dialect);
    found.is_empty().then(|| "no line of the comment begins with a command".to_owned())
}

impl Given {
    /// Puts what the payload tells of into the world; what it does not tell is said.
    pub fn furnish(&self, world: &World) -> Result<Vec<String>, BoxError> {
        world.seed_from_payload(&self.payload);
        let mut notes = self.notes.clone();
        let text = |pointer: &str| self.payload.pointer(pointer).and_then(Value::as_str);
        let Some(repository) = text("/repository/full_name") else { return Ok(notes) };
        if world.repository_id(repository).is_none() {
            return Ok(notes);
        }
        if world.head(repository).is_none() {
            world.add_files(repository, FILES).map_err(|refusal| refusal.to_string())?;
            let paths = FILES.iter().map(|(path, _)| format!("`{path}`")).collect::<Vec<_>>().join(" and ");
            notes.push(format!("A payload tells no files: the sandbox's {repository} has {paths}."));
        }
        if let (Some(sender), Some("User") | None) = (text("/sender/login"), text("/sender/type")) {
            notes
                .push(format!("A payload tells no roles: {sender} may write in the sandbox's {repository}."));
        }
        Ok(notes)
    }
}

fn bytes(path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match path {
        "-" => io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)?,
        path => File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?,
    };
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other("larger than the 25 MB that GitHub delivers at most"));
    }
    Ok(bytes)
}

/// An edit counts by the time since its comment was written, so the sandbox's time is that of the payload.
fn time_ms(payload: &Value) -> Option<i64> {
    let of = |pointer| payload.pointer(pointer).and_then(Value::as_str);
    let text = of("/comment/updated_at").or_else(|| of("/issue/updated_at"))?;
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn given(event: &str, text: &str) -> Result<Given, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("payload.json");
        fs::write(&file, text).unwrap();
        read(event, file.to_str().unwrap()).map_err(|line| {
            line.replace(&folder.path().display().to_string(), "").trim_start_matches('/').to_owned()
        })
    }

    #[test]
    fn what_is_no_delivery_is_one_line() {
        let problem = |event, text| given(event, text).err().unwrap();
        assert_eq!(
            problem("push", "[]"),
            "payload.json:1:1: not a JSON object; give the payload as one JSON object"
        );
        assert_eq!(
            problem("push", "{\n\"a\": }"),
            "payload.json:2:6: expected value; give the payload as one JSON object"
        );
        assert!(problem("a b", "{}").starts_with("--event takes"));
        assert!(read("push", "/nowhere/at/all.json").err().unwrap().starts_with("/nowhere/at/all.json: "));
        let deep = "{\"a\":".repeat(100_000);
        assert!(problem("push", &deep).contains("EOF while parsing"), "{}", problem("push", &deep));
        let closed = format!("{deep}1{}", "}".repeat(100_000));
        assert!(given("push", &closed).is_ok(), "the receiver takes it too");
    }

    #[test]
    fn an_event_that_is_misspelled_is_refused_and_one_that_nobody_listens_to_is_left() {
        let body = r#"{"installation":{"id":1}}"#;
        assert_eq!(
            given("issue_coment", body).err().unwrap(),
            "--event: nothing here listens to `issue_coment`; `issue_comment` is probably meant"
        );
        assert!(given("release", body).is_ok());
    }

    #[test]
    fn what_a_payload_lacks_is_named_with_where_it_is_documented() {
        let lacks =
            given("issue_comment", r#"{"issue": {"id": 1, "number": 2}, "comment": {"body": "/help"}}"#);
        let last = lacks.ok().unwrap().notes.pop().unwrap();
        assert_eq!(
            last,
            "GitHub sends no such payload: the body of the `issue_comment` event cannot be read: missing field \
             `comment.id`. Its fields are documented at \
             https://docs.github.com/webhooks/webhook-events-and-payloads#issue_comment."
        );
        let whole = r#"{"issue": {"id": 1, "number": 2}, "comment": {"id": 3, "body": "/help"}}"#;
        assert_eq!(
            given("issue_comment", whole).ok().unwrap().notes.len(),
            1,
            "the added installation alone"
        );
        for text in ["{}", r#"{"action": "created"}"#] {
            let refused = given("issue_comment", text).err().unwrap();
            assert!(
                refused.starts_with("payload.json: the payload tells of nothing; its fields"),
                "{refused}"
            );
        }
    }

    #[test]
    fn why_a_comment_starts_nothing_is_said() {
        let told = |payload: Value| silence(("issue_comment", &payload), "millwright".to_owned());
        let says = |payload: Value| told(payload).unwrap_or_default();
        let command = value!({ "body": "/help", "user": { "type": "User" } });
        assert_eq!(told(value!({ "issue": {}, "comment": command })), None);
        let on_pull_request = value!({ "issue": { "pull_request": {} }, "comment": command });
        assert!(says(on_pull_request).contains("on a pull request"));
        let bot = value!({ "issue": {}, "comment": { "body": "/help", "user": { "type": "Bot" } } });
        assert!(says(bot).contains("a bot wrote the comment"));
        assert!(says(value!({ "issue": {}, "comment": { "body": "see /help" } })).contains("no line"));
    }

    #[test]
    fn the_time_is_that_of_the_payload() {
        let read =
            given("issue_comment", r#"{"comment": {"updated_at": "2026-03-02T09:00:00Z"}}"#).ok().unwrap();
        assert_eq!(read.time_ms, 1_772_442_000_000);
        assert_eq!(read.payload["installation"]["id"], 1);
    }
}
