//! Sets up `tracing`: one line per event on standard error, as text or JSON, redacted.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::telemetry::redact::Redactor;

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line, for collectors.
    Json,
}

/// What to log, and how.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// Directives as in `RUST_LOG`, such as `info,millwright::github=debug`.
    pub filter: String,
    /// Text or JSON.
    pub format: LogFormat,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is not in the language of `RUST_LOG`.
    #[error("{0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Another subscriber is already installed in this process.
    #[error("{0}")]
    Installed(#[from] tracing::subscriber::SetGlobalDefaultError),
}

/// Installs the process-wide subscriber. To be called once, before anything is logged.
///
/// # Errors
/// When the filter cannot be read, or a subscriber is installed already.
pub fn install(options: &LogOptions, redactor: Redactor) -> Result<(), LogError> {
    tracing::subscriber::set_global_default(subscriber(options, redactor, io::stderr)?)?;
    Ok(())
}

/// A subscriber that writes redacted lines to `output`.
///
/// # Errors
/// When the filter cannot be read.
pub fn subscriber<W>(
    options: &LogOptions,
    redactor: Redactor,
    output: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, LogError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = parse_filter(&options.filter)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Redacting { output, redactor });
    Ok(match options.format {
        LogFormat::Text => Box::new(lines.finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).finish()),
    })
}

/// Whether these directives can be read; the error says which one cannot.
///
/// # Errors
/// The first directive that is not in the language of `RUST_LOG`.
pub fn check_filter(directives: &str) -> Result<(), LogError> {
    parse_filter(directives).map(drop)
}

fn parse_filter(directives: &str) -> Result<EnvFilter, LogError> {
    Ok(EnvFilter::builder().parse(directives)?)
}

struct Redacting<W> {
    output: W,
    redactor: Redactor,
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Redacting<W> {
    type Writer = RedactingWriter<'a, W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter { output: self.output.make_writer(), redactor: &self.redactor }
    }
}

/// The formatter hands over each event as one piece, so that no secret is cut between two writes.
struct RedactingWriter<'a, W> {
    output: W,
    redactor: &'a Redactor,
}

impl<W: io::Write> io::Write for RedactingWriter<'_, W> {
    /// A log that takes no more, on a full disk or with nobody who reads it, costs its lines and not the service: told of the
    /// failure, the formatter would print it to the same place and panic there.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let _ = self.output.write_all(self.redactor.redact(&text).as_bytes());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.output.flush();
        Ok(())
    }
}

/// Has to be called by a test that reads the log of its own thread.
///
/// As long as a process has one subscriber only, `tracing` asks the thread that meets an event first whether anyone listens and
/// keeps the answer for all threads: a test beside it, which has no subscriber, would silence the event for good.
#[cfg(test)]
pub(crate) fn let_events_be_heard() {
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use base64::Engine as _;
    use secrecy::SecretString;

    use super::*;

    const CANARY: &str = "canary\"with\\marks";

    #[test]
    fn s15_no_level_and_no_format_lets_a_known_secret_out() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let written = log_with(&LogOptions { filter: "trace".to_owned(), format }, || {
                let encoded = base64::engine::general_purpose::STANDARD.encode(format!("x:{CANARY}"));
                let _span = tracing::trace_span!("request", secret = CANARY).entered();
                tracing::trace!(CANARY);
                tracing::debug!(field = CANARY, "a field");
                tracing::info!(field = ?CANARY, "a debug field");
                tracing::warn!("{CANARY} in the middle of {encoded}");
                tracing::error!(token = "ghs_16C7e42F292c6912E7710c838347Ae178B4a", "a token");
            });
            assert_eq!(written.lines().count(), 5, "{written}");
            assert!(!written.contains("canary"), "{written}");
            assert!(!written.contains("Y2FuYXJ5"), "{written}");
            assert!(!written.contains("ghs_"), "{written}");
            assert!(written.lines().all(|line| line.contains("[REDACTED]")), "{written}");
        }
    }

    #[test]
    fn json_lines_stay_json_after_redaction() {
        let options = LogOptions { filter: "info".to_owned(), format: LogFormat::Json };
        let written = log_with(&options, || {
            tracing::info!(
                secret = CANARY,
                key = "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----",
                "hello"
            );
        });
        let line: serde_json::Value = serde_json::from_str(written.trim()).unwrap();
        assert_eq!(line["secret"], "[REDACTED]");
        assert_eq!(line["key"], "[REDACTED]");
        assert_eq!(line["message"], "hello");
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn the_filter_decides_what_is_written() {
        let written = log_with(&LogOptions::default(), || {
            tracing::info!("kept");
            tracing::debug!("dropped");
        });
        assert!(written.contains("kept") && !written.contains("dropped"), "{written}");
    }

    #[test]
    fn a_wrong_filter_is_named() {
        assert!(check_filter("info,millwright::github=debug").is_ok());
        assert!(check_filter("millwright=loud").is_err());
    }

    fn log_with(options: &LogOptions, events: impl FnOnce()) -> String {
        let output = Sink::default();
        let shared = output.clone();
        let redactor = Redactor::new(&[SecretString::from(CANARY)]).unwrap();
        let subscriber = subscriber(options, redactor, move || shared.clone()).unwrap();
        let_events_be_heard();
        tracing::subscriber::with_default(subscriber, events);
        let bytes = output.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
