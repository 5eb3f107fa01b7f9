//! wiring

pub mod inbox; // the receiver's way into the store
pub mod limits; // rate limits, shared by all instances through the store
mod meter; // requests to GitHub and its limits, counted
pub mod checks; // what has to be in order before work can be done
pub mod housekeeping; // the figures of the queue
pub mod schedules; // what recurs, at its time
pub mod relay; // waking each other

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretSlice};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::app::housekeeping::Housekeeping;
use crate::app::inbox::Writer;
use crate::clock::Clock;
use crate::config::derived_keys::Purpose;
use crate::config::settings::Settings;
use crate::ctx::crash::CrashPoints;
use crate::ctx::people::People;
use crate::ctx::{AppCtx, JobCtx};
use crate::domain::failure::BoxError;
use crate::domain::marker::Signer;
use crate::github::client::{GitHub, Options};
use crate::github::transport::Proxy;
use crate::queue::{Place, Registry, Worker};
use crate::render::renderer::Renderer;
use crate::render::view::Sample;
use crate::store::{Store, StoreError};
use crate::telemetry::audit::Audit;
use crate::telemetry::metrics::Metrics;
use crate::triggers::timetable::Timetable;
use crate::web::body::{BodyLimits, Budget};
use crate::web::health::Looks;
use crate::web::routes::Web;
use crate::web::server;
use crate::web::turned_away::TurnedAway;
use crate::web::webhook::Wanted;
use crate::{features, triggers};

/// Workers of one process: enough that one slow repository does not hold up the others.
const WORKERS: usize = 8;

/// Of these, what one installation may keep busy: whatever hangs there, others are served.
const PER_INSTALLATION: usize = 6;

/// GitHub is given this long for a whole exchange.
const GITHUB_TIMEOUT: Duration = Duration::from_secs(30);

/// Everything, wired and ready to run.
pub struct App {
    /// What the workers share.
    pub ctx: Arc<AppCtx>,
    /// What recurs.
    pub timetable: Timetable,
    settings: Settings,
    metrics: Metrics,
    registry: Arc<Registry<JobCtx>>,
}

/// What the parts are made from, beside the settings.
pub struct Parts {
    /// The time.
    pub clock: Clock,
    /// Where writes to GitHub are written down.
    pub audit: Audit,
    /// Fault tests only.
    pub crash: CrashPoints,
}

impl App {
    /// Opens and migrates the database, and sets the client up. Speaks to no one else.
    ///
    /// # Errors
    /// One sentence for the operator.
    pub async fn build(settings: Settings, parts: Parts) -> Result<Self, BoxError> {
        let Parts { clock, audit, crash } = parts;
        let store = open(settings.database_url.expose_secret(), &clock).await?;
        let metrics = Metrics::new();
        let turn_ms =
            settings.faults.lease_ms.and_then(|ms| i64::try_from(ms).ok()).unwrap_or(limits::TURN_MS);
        let limits = limits::StoreLimits::new(store.clone(), turn_ms);
        let options =
            Options { meter: Some(Arc::new(meter::Figures(metrics.clone()))), ..options(&settings) };
        let github = GitHub::new(options, clock.clone(), Arc::new(limits))?;
        let masters = settings.root_secrets.keys(Purpose::Markers);
        let masters = masters.iter().map(SecretSlice::expose_secret).collect::<Vec<_>>();
        let ctx = AppCtx {
            store,
            github,
            renderer: renderer(&settings),
            signer: Signer::derive(&masters, "markers"),
            people: People::new(clock.clone()),
            clock,
            mode: settings.mode,
            allowed: settings.allowed.clone(),
            github_url: settings.github.web.as_str().trim_end_matches('/').to_owned(),
            audit,
            crash,
        };
        let registry = Arc::new(triggers::jobs(Registry::new()));
        let timetable = Timetable::new(ctx.store.clone(), &settings.app_issuer)?;
        Ok(Self { ctx: Arc::new(ctx), timetable, settings, metrics, registry })
    }

    /// A worker with this name, whose runs take place in its task. Several may run side by side.
    pub fn worker(&self, name: &str) -> Worker<JobCtx> {
        self.worker_at(Place::Here, name)
    }

    fn worker_at(&self, place: Place, name: &str) -> Worker<JobCtx> {
        let app = Arc::clone(&self.ctx);
        let make = move |info| JobCtx { app: Arc::clone(&app), info };
        let mut options = crate::queue::Options {
            per_installation: PER_INSTALLATION,
            place,
            ..crate::queue::Options::named(name)
        };
        if let Some(lease_ms) = self.settings.faults.lease_ms {
            options.lease_ms = i64::try_from(lease_ms).unwrap_or(i64::MAX);
        }
        if let Some(time_limit_ms) = self.settings.faults.time_limit_ms {
            options.time_limit = Duration::from_millis(time_limit_ms);
        }
        Worker::new(self.ctx.store.clone(), Arc::clone(&self.registry), Arc::new(make), options)
    }

    /// What the HTTP server works with, and who writes down what it takes; both have to run.
    pub fn receiver(&self) -> (Web, Writer) {
        let (inbox, writer) = inbox::open(self.ctx.store.clone(), self.ctx.crash.clone());
        let mut checks = checks::all(&self.ctx.store, &self.ctx.github);
        checks.push(checks::deliveries(inbox.refused(), self.ctx.clock.clone()));
        let web = Web {
            inbox: Arc::new(inbox),
            webhook_secrets: self.settings.webhook_secrets.clone(),
            wanted: Wanted { event: triggers::events::wanted_event, action: triggers::events::wanted },
            allowed: self.settings.allowed.clone(),
            checks,
            looks: Looks::default(),
            metrics: self.metrics.clone(),
            metrics_token: self.settings.metrics_token.clone(),
            budget: Budget::new(BodyLimits::default()),
            turned_away: TurnedAway::default(),
        };
        (web, writer)
    }

    /// What keeps house beside the workers.
    pub fn housekeeping(&self) -> Housekeeping {
        Housekeeping::new(self.ctx.store.clone(), self.metrics.clone())
    }

    /// Serves and works until `shutdown`, then finishes or hands back what is under way.
    ///
    /// Deliveries are taken until the last worker has stopped: what is written down by then is worked off by another
    /// instance or at the next start, while a refused one would be lost, for GitHub sends it only once.
    pub async fn run(self, listener: TcpListener, shutdown: CancellationToken) {
        let instance = ulid::Ulid::generate().to_string();
        let (mut web, writer) = self.receiver();
        web.checks.push(checks::stopping(shutdown.clone()));
        let closing = CancellationToken::new();
        let writer = spawn(writer.run());
        let server = spawn(server::serve(listener, web, closing.clone()));
        let (store, until) = (self.ctx.store.clone(), closing.clone());
        let log = spawn(async move { store.keep_log_short(until).await });
        let workers = (1..=WORKERS).map(|number| {
            let worker = self.worker_at(Place::Apart, &format!("{instance}/{number}"));
            let shutdown = shutdown.clone();
            spawn(async move { worker.run(shutdown).await })
        });
        let workers = workers.collect::<Vec<_>>();
        let kept = spawn(self.housekeeping().run(shutdown.clone()));
        let timed = spawn(schedules::run(self.timetable, self.ctx.clock.clone(), shutdown.clone()));
        let relayed = spawn(relay::run(self.ctx.store.clone(), shutdown.clone()));
        for task in workers {
            let _ = task.await;
        }
        for task in [kept, timed, relayed] {
            soon(task).await;
        }
        closing.cancel();
        let _ = server.await;
        // Ends when it has written down everything that the server took.
        let _ = writer.await;
        soon(log).await;
    }
}

/// How often a start tries to get its turn at an SQLite file that another process writes to; each try waits for seconds.
const OPENINGS: usize = 6;

/// The database, its schema up to date. During a deploy the process before this one may keep an SQLite file busy for longer
/// than a single statement waits.
async fn open(url: &str, clock: &Clock) -> Result<Store, StoreError> {
    let mut openings = 1;
    loop {
        match migrated(url, clock).await {
            Err(StoreError::Unavailable(why)) if openings < OPENINGS && url.starts_with("sqlite:") => {
                tracing::debug!(why, "the database is not to be had yet");
                openings += 1;
            }
            opened => return opened,
        }
    }
}

async fn migrated(url: &str, clock: &Clock) -> Result<Store, StoreError> {
    let store = Store::connect(url, clock.clone()).await?;
    for applied in store.migrate().await? {
        tracing::info!(migration = applied, "the database was brought up to date");
    }
    store.keep_time().await?;
    Ok(store)
}

/// What nobody loses anything by is let go when it does not end by itself: it may wait for a database that another process
/// holds locked.
const LONGEST_GOODBYE: Duration = Duration::from_secs(1);

async fn soon(mut task: JoinHandle<()>) {
    if timeout(LONGEST_GOODBYE, &mut task).await.is_err() {
        task.abort();
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that starts tasks of the server")]
fn spawn<F: Future<Output = ()> + Send + 'static>(task: F) -> JoinHandle<()> {
    tokio::spawn(task)
}

/// Our texts, and the operator's in place of those that have the same path; a broken one is left out with a warning.
fn renderer(settings: &Settings) -> Renderer {
    let Some(folder) = &settings.templates else { return Renderer::default() };
    let (renderer, warnings) = Renderer::with_overrides(folder, &samples());
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    renderer
}

fn samples() -> Vec<Sample> {
    [features::samples::all(), triggers::samples::all()].concat()
}

fn options(settings: &Settings) -> Options {
    let network = &settings.network;
    let proxy = network
        .https_proxy
        .as_ref()
        .map(|url| Proxy { url: url.clone(), no_proxy: network.no_proxy.clone() });
    Options {
        api_url: settings.github.api.clone(),
        graphql_url: settings.github.graphql.clone(),
        app_issuer: settings.app_issuer.clone(),
        private_keys: settings.private_keys.iter().map(|key| key.pem.clone()).collect(),
        proxy,
        extra_ca_pem: network.extra_ca_pem.clone(),
        timeout: GITHUB_TIMEOUT,
        audit: None,
        meter: None,
    }
}
