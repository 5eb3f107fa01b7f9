//! The audit trail: shape of a line, appending, a full disk.

use std::fs;

use secrecy::SecretString;

use super::*;
use crate::telemetry::logs::{LogOptions, let_events_be_heard, subscriber};

fn redactor() -> Redactor {
    Redactor::new(&[SecretString::from("hunter2-hunter2")]).unwrap()
}

fn line() -> AuditLine {
    AuditLine {
        time: 1_795_231_755_123,
        actor: Some("octocat".to_owned()),
        trigger: "/approve 1".to_owned(),
        delivery: Some("72d3162e-cc78-11e3-81ab-4c9367dc0958".to_owned()),
        repository: Some("octo/hello".to_owned()),
        request: "POST /repos/octo/hello/issues".to_owned(),
        answer: "201".to_owned(),
    }
}

#[test]
fn a_line_is_json_with_time_actor_trigger_delivery_repository_request_answer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.jsonl");
    let audit = Audit::open(&file, redactor()).unwrap();
    audit.append(&line());
    insta::assert_snapshot!(fs::read_to_string(&file).unwrap(), @r#"{"time":"2026-11-21T03:29:15.123Z","actor":"octocat","trigger":"/approve 1","delivery":"72d3162e-cc78-11e3-81ab-4c9367dc0958","repository":"octo/hello","request":"POST /repos/octo/hello/issues","answer":"201"}"#);
}

#[test]
fn opening_again_appends_and_each_line_is_there_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.jsonl");
    for lines in 1..=3 {
        Audit::open(&file, redactor()).unwrap().append(&line());
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), lines);
    }
}

#[cfg(unix)]
#[test]
fn a_new_trail_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.jsonl");
    Audit::open(&file, redactor()).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn s15_secrets_do_not_reach_the_trail() {
    let output = Memory::default();
    let audit = Audit::to_writer(output.clone(), redactor());
    audit.append(&AuditLine { answer: "hunter2-hunter2 ghs_16C7e42F292c6912".to_owned(), ..line() });
    assert!(output.text().contains(r#""answer":"[REDACTED] [REDACTED]""#), "{}", output.text());
}

#[test]
fn a_full_disk_is_said_once_and_the_trail_goes_on_afterwards() {
    let output = Memory::default();
    let log = Memory::default();
    let shared = log.clone();
    let subscriber = subscriber(&LogOptions::default(), redactor(), move || shared.clone()).unwrap();
    let_events_be_heard();
    tracing::subscriber::with_default(subscriber, || {
        let audit = Audit::to_writer(output.clone(), redactor());
        audit.append(&line());
        output.set_room(Some(10));
        audit.append(&line());
        audit.append(&line());
        output.set_room(None);
        audit.append(&line());
    });
    let warnings = log.text().lines().filter(|line| line.contains("WARN")).count();
    assert_eq!(warnings, 1, "{}", log.text());
    assert!(log.text().contains("lost=2"), "{}", log.text());
    let whole =
        output.text().lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).count();
    assert_eq!(whole, 2, "the first and the last line can be read: {}", output.text());
}

#[test]
fn no_trail_takes_lines_and_does_nothing() {
    Audit::off().append(&line());
}

/// A shared buffer that can run full.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<(Vec<u8>, Option<usize>)>>);

impl Memory {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().0.clone()).unwrap()
    }

    fn set_room(&self, room: Option<usize>) {
        self.0.lock().unwrap().1 = room;
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.0.lock().unwrap();
        let taken = state.1.map_or(bytes.len(), |room| room.min(bytes.len()));
        if taken == 0 && !bytes.is_empty() {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        state.1 = state.1.map(|room| room - taken);
        state.0.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
