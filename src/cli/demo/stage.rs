//! The bot and the sandbox, wired as in production: signed webhooks and REST over loopback HTTP, a real database.

use std::collections::BTreeMap;
use std::ffi::OsString;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::settings::Settings;
use crate::ctx::crash::CrashPoints;
use crate::domain::failure::BoxError;
use crate::sandbox::{self, World};
use crate::telemetry::audit::Audit;
use crate::web::server;

/// Where a stage listens.
pub struct Stage {
    /// The bot; its workers are not running yet.
    pub app: App,
    /// Takes the webhooks.
    pub listener: TcpListener,
}

/// What a stage is set up with.
pub struct Scene<'a> {
    /// The sandbox.
    pub world: &'a World,
    /// The time, for both sides.
    pub clock: Clock,
    /// `sqlite://…` or `postgres://…`.
    pub database_url: &'a str,
    /// Further variables, such as `MILLWRIGHT_MODE`.
    pub variables: &'a [(&'a str, &'a str)],
    /// Fault tests only.
    pub crash: CrashPoints,
    /// Where writes are written down.
    pub audit: Audit,
}

impl Stage {
    /// Serves the sandbox on a free loopback port, points the bot at it and it at the bot.
    ///
    /// # Errors
    /// One sentence: no port, no database, or a variable that is wrong.
    pub async fn open(scene: Scene<'_>) -> Result<Self, BoxError> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        scene.world.set_webhook_url(format!("http://{}/webhook", listener.local_addr()?));
        let github = TcpListener::bind("127.0.0.1:0").await?;
        let github_url = format!("http://{}", github.local_addr()?);
        scene.world.set_api_url(&github_url);
        let world = scene.world.clone();
        spawn(async move {
            if let Err(error) = sandbox::serve(world, github).await {
                tracing::error!(%error, "the sandbox stopped");
            }
        });
        let registration = scene.world.app();
        let mut env: BTreeMap<String, OsString> = BTreeMap::new();
        for (name, value) in [
            ("GITHUB_API_URL", github_url.as_str()),
            ("GITHUB_APP_ID", &registration.client_id),
            ("GITHUB_APP_PRIVATE_KEY", &registration.private_key_pem),
            ("GITHUB_WEBHOOK_SECRET", &registration.webhook_secret),
            ("GITHUB_URL", "https://github.com"),
            ("DATABASE_URL", scene.database_url),
        ]
        .iter()
        .chain(scene.variables)
        {
            env.insert((*name).to_owned(), OsString::from(value));
        }
        let (settings, _) = Settings::load(&env)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let parts = Parts { clock: scene.clock, audit: scene.audit, crash: scene.crash };
        Ok(Self { app: App::build(settings, parts).await?, listener })
    }

    /// Takes webhooks, but leaves the work to the caller: for tests that go step by step.
    pub fn receive(self, shutdown: CancellationToken) -> App {
        let (web, writer) = self.app.receiver();
        spawn(writer.run());
        spawn(server::serve(self.listener, web, shutdown));
        self.app
    }
}

/// Starts a task of the stage; it ends with the process.
#[expect(clippy::disallowed_methods, reason = "the demo plays both sides, and each side runs by itself")]
pub fn spawn<F: Future<Output = ()> + Send + 'static>(task: F) -> tokio::task::JoinHandle<()> {
    tokio::spawn(task)
}
