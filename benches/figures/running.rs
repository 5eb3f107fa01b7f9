//! Receivers as processes of their own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use millwright::clock::Clock;
use millwright::sandbox::{self, Rates, World};
use sqlx::{AnyPool, AssertSqlSafe};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

/// A receiver; dropped, it is killed.
pub struct Running {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl Running {
    /// The receiver that stores nothing.
    pub fn floor(secret: &str) -> Self {
        let this = std::env::current_exe().unwrap();
        Self::start(command(this.to_str().unwrap()).args(["floor", secret]))
    }

    /// The receiver that does the least to keep what it gets, into a file.
    pub fn ceiling(secret: &str, file: &str) -> Self {
        let this = std::env::current_exe().unwrap();
        Self::start(command(this.to_str().unwrap()).args(["ceiling", secret, file]))
    }

    /// Millwright, in front of this GitHub and with this database.
    pub fn millwright(github: &GitHub, database_url: &str) -> Self {
        let app = github.world.app();
        let mut command = command(env!("CARGO_BIN_EXE_millwright"));
        command.env_clear().envs([
            ("DATABASE_URL", database_url),
            ("PORT", "0"),
            ("GITHUB_API_URL", &github.url),
            ("GITHUB_APP_ID", &app.client_id),
            ("GITHUB_APP_PRIVATE_KEY", &app.private_key_pem),
            ("GITHUB_WEBHOOK_SECRET", &app.webhook_secret),
            ("MILLWRIGHT_MODE", "full"),
        ]);
        Self::start(&mut command)
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.find_map(|line| line.unwrap().strip_prefix("Listening on http://").map(str::to_owned));
        Self { child, address: address.unwrap() }
    }

    /// Memory in MiB: `VmRSS` now, `VmHWM` at most so far.
    pub fn memory(&self, field: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }

    /// Returns when it answers that it can work.
    pub async fn ready(&self) {
        while get(&self.address, "/readyz").await != Some(200) {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(program: &str) -> Command {
    Command::new(program)
}

/// The status of a page, or none without a connection.
pub async fn get(address: &str, path: &str) -> Option<u16> {
    use tokio::io::AsyncWriteExt as _;
    let mut stream = TcpStream::connect(address).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    Some(crate::load::read_answer(&mut stream).await)
}

/// A sandbox in this process.
pub struct GitHub {
    /// What it knows.
    pub world: World,
    url: String,
}

impl GitHub {
    /// An empty one.
    pub async fn open() -> Self {
        let clock = Clock::system(0);
        let world = World::new(Arc::new(move || clock.now_ms()));
        // Of so many installations within seconds, tokens alone are more than GitHub would give out; what is measured is us.
        world.set_rates(Rates { points_per_minute: 1_000_000, core_per_hour: 1_000_000, ..Rates::default() });
        Self::serve(world).await
    }

    /// The one of the demo, with GitHub's own limits.
    pub async fn demo() -> Self {
        let clock = Clock::system(0);
        Self::serve(World::with_defaults(Arc::new(move || clock.now_ms()))).await
    }

    async fn serve(world: World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = world.clone();
        tokio::spawn(async move { sandbox::serve(served, listener).await.unwrap() });
        Self { world, url }
    }

    /// Signs webhooks.
    pub fn secret(&self) -> String {
        self.world.app().webhook_secret
    }
}

/// A new database; dropped, a file is gone. One of PostgreSQL is dropped by [`Database::drop_it`].
pub struct Database {
    /// `DATABASE_URL`.
    pub url: String,
    server: Option<(String, String)>,
    folder: TempDir,
}

impl Database {
    /// A file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite://{}", folder.path().join("millwright.db").display()),
            server: None,
            folder,
        }
    }

    /// A database of its own on a server.
    pub async fn postgres(server: &str) -> Self {
        let name = format!("millwright_{}", ulid::Ulid::generate().to_string().to_lowercase());
        administer(server, format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(server).unwrap();
        url.set_path(&name);
        Self {
            url: url.to_string(),
            server: Some((server.to_owned(), name)),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A new one on this server; a file where there is none.
    pub async fn on(server: Option<&str>) -> Self {
        match server {
            Some(server) => Self::postgres(server).await,
            None => Self::sqlite(),
        }
    }

    /// A path beside a file.
    pub fn file(&self) -> String {
        self.folder.path().join("other.db").display().to_string()
    }

    /// Removes what a server holds.
    pub async fn drop_it(self) {
        if let Some((server, name)) = &self.server {
            administer(server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

/// The server that `MILLWRIGHT_BENCH_POSTGRES` or `MILLWRIGHT_TEST_POSTGRES` names.
pub fn server() -> Option<String> {
    std::env::var("MILLWRIGHT_BENCH_POSTGRES").or_else(|_| std::env::var("MILLWRIGHT_TEST_POSTGRES")).ok()
}

/// Each kind of database there is: its name, and the server it lies on.
pub fn kinds() -> impl Iterator<Item = (&'static str, Option<String>)> {
    let postgres = server().map(|server| ("PostgreSQL", Some(server)));
    std::iter::once(("SQLite", None)).chain(postgres)
}

async fn administer(server: &str, text: String) {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
    pool.close().await;
}

/// Whether what the server calls committed is on its disk.
pub async fn syncs(server: &str) -> bool {
    !durability(server).await.contains("fsync = off")
}

/// Where the server keeps its files, if this user may know.
pub async fn data_directory(server: &str) -> Option<String> {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(server).await.unwrap();
    let folder = sqlx::query_scalar("SELECT current_setting('data_directory')").fetch_one(&pool).await.ok();
    pool.close().await;
    folder
}

/// What the server does before it calls a transaction committed, in its own words.
pub async fn durability(server: &str) -> String {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(server).await.unwrap();
    let text = "SELECT 'fsync = ' || current_setting('fsync') || ', synchronous_commit = '
        || current_setting('synchronous_commit') || ', version ' || current_setting('server_version')";
    let said: String = sqlx::query_scalar(text).fetch_one(&pool).await.unwrap();
    pool.close().await;
    said
}
