//! What every command that serves or stores begins with: settings, logs, the audit trail, a runtime, and the signal to stop.

use std::future::Future;
use std::time::Duration;

use crate::cli::terminal::{Exit, complain};
use crate::config::environment::Env;
use crate::config::reader::{Problem, Warning};
use crate::config::settings::Settings;
use crate::telemetry::audit::Audit;
use crate::telemetry::logs;
use crate::telemetry::redact::Redactor;

/// A process that knows its settings and may log.
pub struct Started {
    /// All settings.
    pub settings: Settings,
    /// Knows every secret of the settings.
    pub redactor: Redactor,
    /// The audit trail, open if one is kept.
    pub audit: Audit,
}

/// Reads the settings, installs logging, opens the audit trail, and logs what the operator should know.
///
/// # Errors
/// [`Exit::Usage`], after every problem was printed on standard error, one line each.
pub fn start(env: &dyn Env) -> Result<Started, Exit> {
    keep_memory_to_ourselves();
    let (started, warnings) = prepare(env)?;
    logs::install(&started.settings.log, started.redactor.clone())
        .map_err(|error| report_one("RUST_LOG", format!("was not taken: {error}")))?;
    for warning in &warnings {
        tracing::warn!("{warning}");
    }
    Ok(started)
}

/// All of it but the process-wide logging.
fn prepare(env: &dyn Env) -> Result<(Started, Vec<Warning>), Exit> {
    let (settings, warnings) = Settings::load(env).map_err(|problems| report(&problems))?;
    let redactor = Redactor::new(&settings.secrets()).map_err(|error| {
        report_one(
            "The secrets",
            format!("cannot be kept out of logs ({error}); are they meant to be this long?"),
        )
    })?;
    let audit = match &settings.audit_log {
        None => Audit::off(),
        Some(file) => Audit::open(file, redactor.clone()).map_err(|error| {
            let why = format!("names {}, which cannot be opened ({error}); correct the path", file.display());
            report_one("AUDIT_LOG", why)
        })?,
    };
    Ok((Started { settings, redactor, audit }, warnings))
}

fn report_one(variable: &str, message: String) -> Exit {
    report(&[Problem { variable: variable.to_owned(), message }])
}

/// Prints problems on standard error, one line each.
pub fn report(problems: &[Problem]) -> Exit {
    for problem in problems {
        complain(problem);
    }
    Exit::Usage
}

/// What still blocks a thread when the command has ended (a name that is being looked up) is waited for no longer than this.
const LONGEST_END: Duration = Duration::from_secs(1);

/// Runs a command to its end on all cores.
pub fn block_on(command: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let exit = runtime.block_on(async {
                full_files_are_errors();
                command.await
            });
            runtime.shutdown_timeout(LONGEST_END);
            exit
        }
        Err(error) => {
            complain(format_args!("The system gives us no threads: {error}"));
            Exit::Usage
        }
    }
}

/// A file that has reached the longest length a process may write (`ulimit -f`) ends the process, unless somebody listens to
/// the signal for it: then the write fails, as on a full disk.
#[cfg(unix)]
fn full_files_are_errors() {
    use tokio::signal::unix::{SignalKind, signal};
    /// SIGXFSZ, on all systems we run on.
    const FILE_TOO_LONG: i32 = 25;
    // The handler stays for good, whoever listens to it; without it the process is as safe as any other.
    drop(signal(SignalKind::from_raw(FILE_TOO_LONG)));
}

/// What is in memory, keys and tokens among it, would lie on a disk after a crash.
#[cfg(unix)]
fn keep_memory_to_ourselves() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Lowering a limit is always allowed.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// There are no such limits there.
#[cfg(not(unix))]
fn keep_memory_to_ourselves() {}

/// There is no such signal there.
#[cfg(not(unix))]
fn full_files_are_errors() {}

/// Hears when the process is told to stop: an interrupt from the terminal, or on Unix the termination signal that
/// service managers send. From [`StopSignals::listen`] on, none of them ends the process by itself.
pub struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignals {
    /// Begins to listen. Needs a runtime.
    ///
    /// # Errors
    /// When the system lets nobody listen.
    #[cfg(unix)]
    pub fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// Never here.
    #[cfg(not(unix))]
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Returns at the next signal.
    #[cfg(unix)]
    pub async fn told(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Returns at the next interrupt.
    #[cfg(not(unix))]
    pub async fn told(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Returns when the process is told to stop.
pub async fn told_to_stop() {
    match StopSignals::listen() {
        Ok(mut signals) => signals.told().await,
        Err(error) => {
            tracing::error!(%error, "signals cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ffi::OsString;

    use super::*;
    use crate::config::private_key::tests::fresh_key;

    fn env(audit_log: &str) -> BTreeMap<String, OsString> {
        let key = fresh_key();
        let pairs = [
            ("GITHUB_APP_ID", "1"),
            ("GITHUB_APP_PRIVATE_KEY", &key),
            ("GITHUB_WEBHOOK_SECRET", "a-long-enough-secret"),
            ("AUDIT_LOG", audit_log),
        ];
        pairs.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect()
    }

    #[test]
    fn missing_settings_are_2() {
        assert_eq!(start(&BTreeMap::new()).err(), Some(Exit::Usage));
    }

    #[test]
    fn an_audit_trail_that_cannot_be_opened_is_2() {
        assert_eq!(prepare(&env("/nowhere/at/all/audit.jsonl")).err(), Some(Exit::Usage));
    }

    #[test]
    fn a_good_start_opens_the_trail_and_knows_the_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.jsonl");
        let (started, warnings) =
            prepare(&env(file.to_str().unwrap())).unwrap_or_else(|exit| panic!("{exit:?}"));
        assert_eq!(warnings, []);
        assert!(file.exists());
        assert_eq!(started.redactor.redact("a-long-enough-secret"), "[REDACTED]");
        assert_eq!(started.settings.app_issuer, "1");
    }

    #[test]
    fn a_command_runs_on_the_runtime() {
        assert_eq!(
            block_on(async { tokio::task::spawn_blocking(|| Exit::Failed).await.unwrap() }),
            Exit::Failed
        );
    }
}
