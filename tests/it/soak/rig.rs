//! A GitHub in this process, one to three real programs before it, and a database of their own.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use millwright::cli::demo::stage::spawn;
use millwright::clock::Clock;
use millwright::sandbox::{self, Deliverer, World};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::books::Books;
use super::front::Front;
use super::patience::until;
use crate::process::program::{Ended, Program, Variables, variables};
use crate::store::bench::on_postgres;

/// Short, so that what a killed process held comes back soon; long enough that a program that is merely kept waiting by a
/// busy machine keeps its jobs.
pub const LEASE_MS: i64 = 2_000;

/// Deliveries that GitHub has on their way at the same time.
const DELIVERERS: usize = 4;

/// More jumps than this mean that the queue never comes to rest.
const MOST_JUMPS: usize = 80;

pub struct Rig {
    pub world: World,
    pub books: Books,
    pub front: Front,
    /// GUID and status of each delivery by hand that had an answer; GitHub's own log does not know them.
    pub by_hand: Arc<Mutex<Vec<(String, u16)>>>,
    offset_s: Arc<AtomicI64>,
    past: Mutex<Vec<Past>>,
    redelivered: Mutex<BTreeSet<i64>>,
}

/// One run of the program, under way. Each has an address of GitHub to itself, by which its requests are known.
pub struct Life {
    pub program: Program,
    /// Where it takes deliveries, once it does.
    pub door: Option<SocketAddr>,
    host: String,
    api: JoinHandle<()>,
}

/// How a program is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By our SIGKILL, and not before it.
    Killed,
    /// In order, because it was told to.
    Stopped,
    /// By itself, at a crash point or for want of memory.
    Aborted,
    /// Told to stop, and some job may come to a crash point before it does.
    StoppedOrAborted,
}

impl End {
    /// Whether that is what is to be seen of it: an exit code or a signal.
    fn fits(self, status: (Option<i32>, Option<i32>)) -> bool {
        let (killed, stopped, aborted) = ((None, Some(SIGKILL)), (Some(0), None), (None, Some(SIGABRT)));
        match self {
            Self::Killed => status == killed,
            Self::Stopped => status == stopped,
            Self::Aborted => status == aborted,
            Self::StoppedOrAborted => status == stopped || status == aborted,
        }
    }
}

const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;

/// One run of the program, over.
pub struct Past {
    /// The address of GitHub that it had to itself.
    pub host: String,
    /// Real time of its end; unix ms.
    pub ended_ms: i64,
    /// The same by the world's clock.
    pub ended_in_world_ms: i64,
    /// How it ended, if that is not how it was to end.
    pub surprise: Option<String>,
    /// What it logged.
    pub log: Vec<String>,
}

impl Rig {
    /// An empty world; `furnish` fills it.
    pub async fn open(database: &str, furnish: impl FnOnce(&World)) -> Self {
        let offset_s = Arc::<AtomicI64>::default();
        let (clock, offset) = (Clock::system(0), Arc::clone(&offset_s));
        let world = World::new(Arc::new(move || clock.now_ms() + offset.load(Ordering::SeqCst) * 1000));
        furnish(&world);
        let front = Front::open().await;
        world.set_webhook_url(format!("{}/webhook", front.url));
        for _ in 0..DELIVERERS {
            let world = world.clone();
            spawn(async move { Deliverer::default().run(&world).await });
        }
        let books = Books::of(database);
        let (past, redelivered) = (Mutex::default(), Mutex::default());
        Self { world, books, front, by_hand: Arc::default(), offset_s, past, redelivered }
    }

    /// What a program is started with; `api` is the address of its GitHub.
    pub fn variables(&self, api: &str, more: &[(&str, &str)]) -> Variables {
        let app = self.world.app();
        let own = [
            ("DATABASE_URL", self.books.url.clone()),
            ("PORT", "0".to_owned()),
            ("GITHUB_API_URL", format!("http://{api}")),
            ("GITHUB_APP_ID", app.client_id),
            ("GITHUB_APP_PRIVATE_KEY", app.private_key_pem),
            ("GITHUB_WEBHOOK_SECRET", app.webhook_secret),
            ("RUST_LOG", "info,millwright::queue=debug".to_owned()),
            ("LOG_FORMAT", "json".to_owned()),
            ("MILLWRIGHT_LEASE_MS", LEASE_MS.to_string()),
            ("MILLWRIGHT_CLOCK_OFFSET_S", self.offset_s.load(Ordering::SeqCst).to_string()),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        // What comes later counts.
        own.chain(variables(more)).collect()
    }

    /// Starts a program and does not wait for it.
    pub async fn begin(&self, more: &[(&str, &str)]) -> Life {
        self.begin_by(more, |variables| Program::start(&[], variables)).await
    }

    pub async fn begin_by(&self, more: &[(&str, &str)], start: impl FnOnce(&Variables) -> Program) -> Life {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let world = self.world.clone();
        let api = spawn(async move { sandbox::serve(world, listener).await.unwrap() });
        Life { program: start(&self.variables(&host, more)), door: None, host, api }
    }

    /// Waits until it takes deliveries, and lets GitHub's come to it.
    pub async fn listen(&self, life: &mut Life) {
        if life.door.is_some() {
            return;
        }
        let address = life.program.says("Listening on http://").await;
        let door = address.parse().unwrap();
        life.door = Some(door);
        self.front.add(door);
    }

    /// Starts a program that takes deliveries.
    pub async fn start(&self, more: &[(&str, &str)]) -> Life {
        let mut life = self.begin(more).await;
        self.listen(&mut life).await;
        life
    }

    pub async fn start_many(&self, count: usize, more: &[(&str, &str)]) -> Vec<Life> {
        join_all((0..count).map(|_| self.start(more))).await
    }

    /// SIGKILL. One that is dead already was not killed by us, and the invariants say so.
    pub async fn kill(&self, mut life: Life) {
        self.front.close(life.door);
        let ended = self.moment();
        let was_alive = life.program.is_alive();
        life.program.kill();
        self.over(life, End::Killed, was_alive.then_some(ended)).await;
    }

    /// SIGTERM: it has to end in order.
    pub async fn stop(&self, life: Life) {
        self.front.close(life.door);
        life.program.signal("TERM");
        assert_eq!(self.bury(life, End::Stopped).await, Some(0), "told to stop, it has to end in order");
    }

    /// Waits for the end of a program that ends without our SIGKILL: its exit code.
    pub async fn bury(&self, life: Life, expected: End) -> Option<i32> {
        self.over(life, expected, None).await
    }

    /// `killed_at` is when a program that lived until then was killed.
    async fn over(&self, life: Life, expected: End, killed_at: Option<(i64, i64)>) -> Option<i32> {
        let Ended { code, signal, err, .. } = life.program.ended().await;
        self.front.close(life.door);
        life.api.abort();
        let is_too_early = expected == End::Killed && killed_at.is_none();
        let surprise = (is_too_early || !expected.fits((code, signal))).then(|| {
            let early = if is_too_early { "before that, " } else { "" };
            format!(
                "to be {expected:?}, and {early}with code {code:?} and signal {signal:?}: {:?}",
                err.last()
            )
        });
        let (ended_ms, ended_in_world_ms) = killed_at.unwrap_or_else(|| self.moment());
        let past = Past { host: life.host, ended_ms, ended_in_world_ms, surprise, log: err };
        self.past.lock().unwrap().push(past);
        code
    }

    /// Now, in real time and by the world's clock; unix ms.
    fn moment(&self) -> (i64, i64) {
        (Clock::system(0).now_ms(), self.world.now())
    }

    /// Looks at the lives that are over.
    pub fn past<T>(&self, look: impl FnOnce(&[Past]) -> T) -> T {
        look(&self.past.lock().unwrap())
    }

    /// Whether the command of this comment carries the receipt of one that is done.
    pub fn is_done(&self, (repo, issue): (&str, i64), comment: i64) -> bool {
        let comments = self.world.comments(repo, issue);
        let said = comments.iter().find(|said| said.id == comment);
        said.is_some_and(|said| said.reactions.iter().any(|reaction| reaction.content == "rocket"))
    }

    /// Whom GitHub could not deliver to gets it again, as the App's page lets the operator do; each failed attempt once.
    /// The number of deliveries that nobody has accepted so far.
    pub fn redeliver(&self) -> usize {
        let log = self.world.webhook_log();
        let is_accepted = |code: u16| (200..300).contains(&code);
        let code = |attempt: &sandbox::HookDelivery| attempt.outcome.as_ref().map_or(0, |it| it.status_code);
        let accepted: BTreeSet<&str> =
            log.iter().filter(|it| is_accepted(code(it))).map(|it| it.guid.as_str()).collect();
        let failed = log.iter().filter(|attempt| !accepted.contains(attempt.guid.as_str()));
        let mut redelivered = self.redelivered.lock().unwrap();
        let mut missing = BTreeSet::new();
        for attempt in failed {
            // The log shows the newest first: the older ones have had their turn.
            if missing.insert(attempt.guid.clone()) && redelivered.insert(attempt.id) {
                self.world.redeliver(attempt.id);
            }
        }
        missing.len()
    }

    /// Works on until every delivery is accepted and no job is left. Waits of the queue are jumped over: all programs stop,
    /// the clocks of GitHub and the programs go forward, and as many programs start again.
    pub async fn settle(&self, mut lives: Vec<Life>) -> Vec<Life> {
        for _ in 0..MOST_JUMPS {
            let next_ms = until("an end of the work", async || {
                if self.redeliver() + self.world.open_webhooks() > 0 {
                    return None;
                }
                let told = self.told();
                let left = self.books.left().await.ok()?;
                // A job may have ended between the two looks, and what it wrote is told to us as well.
                let is_quiet = left.due + left.running == 0 && self.told() == told;
                is_quiet.then_some(left.next_ms)
            })
            .await;
            let Some(next_ms) = next_ms else { return lives };
            lives = self.jump_to(next_ms, lives).await;
        }
        panic!("the queue never comes to rest: {:?}", self.books.left().await);
    }

    /// Waits until every delivery was tried, nothing is due and nothing at work: what is left waits for its time.
    pub async fn is_quiet(&self) {
        until("a pause of the work", async || {
            let told = self.told();
            let left = self.books.left().await.ok()?;
            let is_quiet = left.due + left.running == 0 && self.world.open_webhooks() == 0;
            (is_quiet && self.told() == told).then_some(())
        })
        .await;
    }

    /// Everything that GitHub has ever told us, or is about to.
    fn told(&self) -> usize {
        self.world.webhook_log().len() + self.world.open_webhooks()
    }

    /// Stops all programs, moves every clock, and starts as many again.
    pub async fn jump_to(&self, ms: i64, lives: Vec<Life>) -> Vec<Life> {
        self.jump_with(ms, lives, &[]).await
    }

    /// The same, and they start again with these variables.
    pub async fn jump_with(&self, ms: i64, lives: Vec<Life>, more: &[(&str, &str)]) -> Vec<Life> {
        let count = lives.len();
        self.stop_all(lives).await;
        let ahead_s = (ms - self.world.now()).max(0) / 1000 + 1;
        self.offset_s.fetch_add(ahead_s, Ordering::SeqCst);
        self.start_many(count, more).await
    }

    pub async fn stop_all(&self, lives: Vec<Life>) {
        join_all(lives.into_iter().map(|life| self.stop(life))).await;
    }
}

/// A database of one's own, removed afterwards.
pub struct Place {
    pub name: &'static str,
    pub url: String,
    folder: Option<TempDir>,
}

impl Place {
    /// The file of SQLite.
    pub fn file(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.path().join(FILE))
    }
}

const FILE: &str = "millwright.db";

/// Runs a test on an SQLite file.
pub async fn on_sqlite(test: impl AsyncFn(&Place)) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join(FILE).display());
    test(&Place { name: "SQLite", url, folder: Some(folder) }).await;
}

/// Runs a test on a fresh database of the PostgreSQL server that tests are given, if they are.
pub async fn on_postgresql(test: impl AsyncFn(&Place)) {
    on_postgres(async |url: String| {
        test(&Place { name: "PostgreSQL", url, folder: None }).await;
    })
    .await;
}

/// On every database there is.
pub async fn on_each(test: impl AsyncFn(&Place)) {
    on_sqlite(&test).await;
    on_postgresql(&test).await;
}
