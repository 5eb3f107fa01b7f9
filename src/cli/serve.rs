//! `millwright serve`: the bot, until it is told to stop.

use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, lookup_host};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Parts};
use crate::cli::database;
use crate::cli::start::{StopSignals, block_on, report, start};
use crate::cli::terminal::{Exit, complain, say};
use crate::clock::Clock;
use crate::config::environment::{self, Env};
use crate::config::reader::{Problem, shown};
use crate::config::settings::Settings;
use crate::ctx::crash::{CrashPoints, POINTS};
use crate::store::StoreError;

/// Service managers kill what has not ended 30 s after they asked. Jobs are handed back long before this.
const LONGEST_STOP: Duration = Duration::from_secs(25);

/// Connections that wait with the system until we take them.
const BACKLOG: u32 = 1024;

/// What the log says where jobs or deliveries were still under way when the longest stop was over.
pub const CUT_OFF: &str =
    "stopped before everything had ended; what was left is taken up when its lease runs out";

/// Runs until a signal to stop.
pub fn run() -> Exit {
    block_on(async { serve(&environment::process()).await.unwrap_or_else(|exit| exit) })
}

async fn serve(env: &dyn Env) -> Result<Exit, Exit> {
    let started = start(env)?;
    let settings = started.settings;
    let crash = crash_points(&settings)?;
    let mut signals = StopSignals::listen().map_err(|error| {
        complain(format_args!("The system lets us hear no signals: {error}"));
        Exit::Failed
    })?;
    let listener = listen(&settings).await.map_err(|error| no_address(&settings, &error))?;
    let address = listener.local_addr().map_err(|error| no_address(&settings, &error))?;
    let parts = Parts { clock: Clock::system(settings.faults.clock_offset_s), audit: started.audit, crash };
    let database = database::shown(&settings.database_url);
    tracing::debug!(%database, "opening");
    let built = tokio::select! {
        built = App::build(settings, parts) => built,
        // The database may be held by somebody for long.
        () = signals.told() => {
            tracing::info!(%database, "stopped while the database was being opened");
            return Ok(Exit::Done);
        }
    };
    let app = built.map_err(|error| {
        match error.downcast_ref::<StoreError>() {
            Some(trouble) => return database::failed(&database, trouble),
            None => complain(format_args!(
                "Millwright cannot start: {}",
                started.redactor.redact(&error.to_string())
            )),
        }
        Exit::Usage
    })?;
    say(format_args!("Listening on http://{address}"));
    tracing::info!(%address, %database, version = env!("CARGO_PKG_VERSION"), "listening");

    let shutdown = CancellationToken::new();
    let mut running = pin!(app.run(listener, shutdown.clone()));
    tokio::select! {
        () = &mut running => {}
        () = signals.told() => {
            tracing::info!("stopping: no further jobs are taken, running ones end or are handed back");
            shutdown.cancel();
            if timeout(LONGEST_STOP, running).await.is_err() {
                tracing::warn!("{CUT_OFF}");
            }
        }
    }
    tracing::info!("stopped");
    Ok(Exit::Done)
}

fn crash_points(settings: &Settings) -> Result<CrashPoints, Exit> {
    match &settings.faults.crash_at {
        None => Ok(CrashPoints::default()),
        Some(point) => CrashPoints::parse(point).ok_or_else(|| {
            let message =
                format!("is {}, which is no crash point; the points are {}", shown(point), POINTS.join(", "));
            report(&[Problem { variable: "MILLWRIGHT_CRASH_AT".to_owned(), message }])
        }),
    }
}

/// At the first address of the host that can be had. The default backlog is filled by 128 strangers.
async fn listen(settings: &Settings) -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in lookup_host((settings.host.as_str(), settings.port)).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // As for any server on Unix: a restart need not wait for the connections of the process before.
        socket.set_reuseaddr(cfg!(unix))?;
        match socket.bind(address).and_then(|()| socket.listen(BACKLOG)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn no_address(settings: &Settings, error: &io::Error) -> Exit {
    let Settings { host, port, .. } = settings;
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            complain(format_args!(
                "PORT {port} on {host} is taken by another program; set PORT to another number, or to 0 for a free one"
            ));
            Exit::Failed
        }
        io::ErrorKind::PermissionDenied => {
            complain(format_args!("PORT {port} needs more rights than this user has; set PORT above 1023"));
            Exit::Usage
        }
        _ => {
            complain(format_args!(
                "HOST {host} is no address of this machine ({error}); set it to one, such as 127.0.0.1 or 0.0.0.0"
            ));
            Exit::Usage
        }
    }
}
