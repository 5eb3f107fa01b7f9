//! A conversation with the bot: people act in the sandbox, the bot works step by step, time stands still until it is moved.

use std::sync::Arc;

use millwright::app::App;
use millwright::cli::demo::stage::{Scene, Stage};
use millwright::clock::{Clock, ClockHand};
use millwright::ctx::JobCtx;
use millwright::ctx::crash::CrashPoints;
use millwright::queue::{Step, Worker};
use millwright::sandbox::{Deliverer, REPOSITORY, World};
use millwright::telemetry::audit::Audit;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::store::bench::on_postgres;

/// 2026-03-02 09:00 UTC, a Monday.
pub const MONDAY: i64 = 1_772_442_000_000;

/// One test's GitHub, bot and clock.
pub struct Talk {
    pub world: World,
    pub app: App,
    pub hand: ClockHand,
    /// Where the bot takes webhooks.
    pub webhook: String,
    pub database: String,
    pub worker: Worker<JobCtx>,
    clock: Clock,
    _folder: TempDir,
    deliverer: Deliverer,
    shutdown: CancellationToken,
}

/// How a talk begins.
pub struct Setup {
    pub variables: Vec<(&'static str, &'static str)>,
    pub crash: CrashPoints,
    pub audit: Audit,
    pub furnish: fn(&World),
    /// A database of its own; a file of SQLite unless one is named.
    pub database: Option<String>,
}

/// What the next process is started with.
#[derive(Default)]
pub struct Restart<'a> {
    pub variables: &'a [(&'a str, &'a str)],
    pub crash: CrashPoints,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            variables: vec![],
            crash: CrashPoints::default(),
            audit: Audit::off(),
            furnish: |_| {},
            database: None,
        }
    }
}

impl Talk {
    /// The default world of the sandbox, and the bot in front of it.
    pub async fn begin() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        let (clock, hand) = Clock::manual(MONDAY);
        let time = clock.clone();
        let world = World::with_defaults(Arc::new(move || time.now_ms()));
        (setup.furnish)(&world);
        let folder = TempDir::new().unwrap();
        let file = || format!("sqlite://{}", folder.path().join("millwright.db").display());
        let database = setup.database.unwrap_or_else(file);
        let scene = Scene {
            world: &world,
            clock: clock.clone(),
            database_url: &database,
            variables: &setup.variables,
            crash: setup.crash,
            audit: setup.audit,
        };
        let stage = Stage::open(scene).await.unwrap();
        let webhook = address(&stage);
        let shutdown = CancellationToken::new();
        let app = stage.receive(shutdown.clone());
        let worker = app.worker("test");
        let deliverer = Deliverer::default();
        Self { world, app, hand, webhook, database, worker, clock, _folder: folder, deliverer, shutdown }
    }

    /// The process is gone, and another one takes over: the same GitHub, database and clock.
    pub async fn restart(&mut self, restart: Restart<'_>) {
        self.shutdown.cancel();
        let scene = Scene {
            world: &self.world,
            clock: self.clock.clone(),
            database_url: &self.database,
            variables: restart.variables,
            crash: restart.crash,
            audit: Audit::off(),
        };
        let stage = Stage::open(scene).await.unwrap();
        self.webhook = address(&stage);
        self.shutdown = CancellationToken::new();
        self.app = stage.receive(self.shutdown.clone());
        self.worker = self.app.worker("next");
    }

    /// Works until the armed crash point is reached, and drops everything that was under way there.
    pub async fn work_until(&self, reached: &Notify) {
        tokio::select! {
            biased;
            () = reached.notified() => {}
            () = self.work_through() => panic!("the crash point was never reached"),
        }
    }

    /// Delivers what GitHub has to tell and works until nothing is due.
    pub async fn work(&self) {
        loop {
            let delivered = self.deliverer.deliver_pending(&self.world).await;
            let mut worked = 0;
            while let Step::Worked = self.worker.step().await.unwrap() {
                worked += 1;
            }
            if delivered + worked == 0 {
                return;
            }
        }
    }

    /// Works on through waits: moves the clock to the next job until none is left.
    pub async fn work_through(&self) {
        for _ in 0..200 {
            self.work().await;
            match self.worker.step().await.unwrap() {
                Step::Worked => {}
                Step::Idle { next_run_at_ms: Some(at) } => {
                    self.hand.advance_ms((at - self.clock.now_ms()).max(1))
                }
                Step::Idle { next_run_at_ms: None } => return,
            }
        }
        panic!("the queue does not come to rest");
    }

    /// Writes a comment on issue `number` of the default repository, and lets the bot work.
    pub async fn says(&self, login: &str, number: i64, text: &str) -> i64 {
        let comment = self.world.act_as(login).comment(REPOSITORY, number, text).unwrap();
        self.work().await;
        comment
    }

    /// The bot's comments on an issue, oldest first, without their hidden markers.
    pub fn answers(&self, number: i64) -> Vec<String> {
        let bot = Some(format!("{}[bot]", self.world.app().slug));
        let comments = self.world.comments(REPOSITORY, number);
        comments
            .iter()
            .filter(|comment| comment.author == bot)
            .map(|comment| visible(&comment.body))
            .collect()
    }

    /// The bot's last comment on an issue.
    pub fn last(&self, number: i64) -> String {
        self.answers(number).pop().unwrap_or_default()
    }
}

/// Runs a test on every database there is.
pub async fn on_both(test: impl AsyncFn(Setup)) {
    test(Setup::default()).await;
    on_postgres(async |url: String| test(Setup { database: Some(url), ..Setup::default() }).await).await;
}

fn address(stage: &Stage) -> String {
    format!("http://{}/webhook", stage.listener.local_addr().unwrap())
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// A comment as people see it.
pub fn visible(body: &str) -> String {
    body.split("<!-- millwright:").next().unwrap_or_default().trim_end().to_owned()
}
