//! What a process writes beside the conversation: its log and its audit trail, kept in memory.

use std::io::Write;
use std::sync::{Arc, Mutex};

/// Somewhere to write to that can be read afterwards.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }

    /// Every line, as JSON.
    pub fn lines(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.bytes()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Has to be called by a test that reads the log of its own thread: with one subscriber only, a thread without it would
/// silence what it logs first for all threads.
pub fn let_events_be_heard() {
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
}
