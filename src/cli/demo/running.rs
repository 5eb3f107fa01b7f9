//! A stage at work: the bot runs as `serve` runs it, and GitHub delivers its webhooks.

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::cli::demo::folder::Folder;
use crate::cli::demo::stage::{Scene, Stage, spawn};
use crate::clock::Clock;
use crate::ctx::crash::CrashPoints;
use crate::domain::failure::BoxError;
use crate::sandbox::{Deliverer, World};
use crate::store::Store;
use crate::telemetry::audit::Audit;

/// The bot and the sandbox at work.
pub struct Running {
    /// The sandbox.
    pub world: World,
    /// What the bot remembers.
    pub store: Store,
    shutdown: CancellationToken,
    bot: JoinHandle<()>,
    deliverer: JoinHandle<()>,
    _folder: Folder,
}

impl Running {
    /// Starts both on an empty database; `web_url` is where people find this GitHub's pages.
    ///
    /// # Errors
    /// One sentence: no folder, no port or no database.
    pub async fn start(world: World, clock: Clock, web_url: &str) -> Result<Self, BoxError> {
        let folder = Folder::new()?;
        let url = folder.database_url();
        world.set_html_url(web_url);
        let scene = Scene {
            world: &world,
            clock,
            database_url: &url,
            variables: &[("GITHUB_URL", web_url)],
            crash: CrashPoints::default(),
            audit: Audit::off(),
        };
        let Stage { app, listener } = Stage::open(scene).await?;
        let (store, shutdown) = (app.ctx.store.clone(), CancellationToken::new());
        let bot = spawn(app.run(listener, shutdown.clone()));
        let github = world.clone();
        let deliverer = spawn(async move { Deliverer::default().run(&github).await });
        Ok(Self { world, store, shutdown, bot, deliverer, _folder: folder })
    }

    /// Lets the bot finish what is under way, and ends both.
    pub async fn stop(self) {
        self.deliverer.abort();
        self.shutdown.cancel();
        let _ = self.bot.await;
    }
}
