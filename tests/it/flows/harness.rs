//! A conversation with the bot: people act in the sandbox, the bot works step by step, time stands still until it is moved.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use millwright::app::App;
use millwright::cli::demo::stage::{Scene, Stage};
use millwright::clock::{Clock, ClockHand};
use millwright::ctx::JobCtx;
use millwright::ctx::crash::CrashPoints;
use millwright::domain::ids::{IssueNumber, RepoId};
use millwright::queue::{Step, Worker};
use millwright::sandbox::{Comment, Deliverer, REPOSITORY, Request, TokenKind, World};
use millwright::store::RepoStore;
use millwright::telemetry::audit::Audit;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::written;
use crate::contract::openapi::Contract;
use crate::store::bench::on_postgres;

/// 2026-03-02 09:00 UTC, a Monday.
pub const MONDAY: i64 = 1_772_442_000_000;

/// People take a moment before they say the next thing.
const SECOND: i64 = 1_000;

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
    folder: TempDir,
    deliverer: Deliverer,
    shutdown: CancellationToken,
    variables: Vec<(&'static str, &'static str)>,
    ended: AtomicBool,
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
        let database = setup.database.clone().unwrap_or_else(file);
        let variables = setup.variables.clone();
        let scene = Scene {
            world: &world,
            clock: clock.clone(),
            database_url: &database,
            variables: &setup.variables,
            crash: setup.crash,
            audit: setup.audit,
        };
        let bot = Bot::start(scene).await;
        Self {
            world,
            app: bot.app,
            hand,
            webhook: bot.webhook,
            database,
            worker: bot.worker,
            clock,
            folder,
            deliverer: Deliverer::default(),
            shutdown: bot.shutdown,
            variables,
            ended: AtomicBool::new(false),
        }
    }

    /// The process is gone, and another one takes over: the same GitHub, database and clock.
    pub async fn restart(&mut self, restart: Restart<'_>) {
        self.next_life(restart).await;
    }

    /// A second instance beside the first: the same GitHub, database and clock.
    pub async fn second_instance(&self) -> Worker<JobCtx> {
        let scene = Scene {
            world: &self.world,
            clock: self.clock.clone(),
            database_url: &self.database,
            variables: &self.variables,
            crash: CrashPoints::default(),
            audit: Audit::off(),
        };
        Bot::start(scene).await.worker
    }

    /// The database is gone: the bot starts anew with an empty one, GitHub is as it was.
    pub async fn lose_database(&mut self) {
        self.folder = TempDir::new().unwrap();
        self.database = format!("sqlite://{}", self.folder.path().join("millwright.db").display());
        let variables = self.variables.clone();
        self.next_life(Restart { variables: &variables, crash: CrashPoints::default() }).await;
    }

    async fn next_life(&mut self, restart: Restart<'_>) {
        self.shutdown.cancel();
        let scene = Scene {
            world: &self.world,
            clock: self.clock.clone(),
            database_url: &self.database,
            variables: restart.variables,
            crash: restart.crash,
            audit: Audit::off(),
        };
        let bot = Bot::start(scene).await;
        (self.app, self.webhook, self.worker, self.shutdown) =
            (bot.app, bot.webhook, bot.worker, bot.shutdown);
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
        for _ in 0..2_000 {
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
        let comment = self.says_and_leaves(login, number, text);
        self.work().await;
        comment
    }

    /// Writes a comment on issue `number` of the default repository, and leaves it there.
    pub fn says_and_leaves(&self, login: &str, number: i64, text: &str) -> i64 {
        self.hand.advance_ms(SECOND);
        self.world.act_as(login).comment(REPOSITORY, number, text).unwrap()
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

    /// Says it and gives back the bot's one new comment on that issue; fails when there is none or more than one.
    pub async fn asks(&self, login: &str, number: i64, text: &str) -> String {
        let before = self.answers(number).len();
        self.says(login, number, text).await;
        let mut new = self.answers(number).split_off(before);
        assert_eq!(new.len(), 1, "`{text}` was answered with {new:#?}");
        new.remove(0)
    }

    /// Says it; the bot is to write no comment anywhere. Gives back the comment's id.
    pub async fn says_unanswered(&self, login: &str, number: i64, text: &str) -> i64 {
        let before = self.comments_of_the_bot().len();
        let comment = self.says(login, number, text).await;
        let after = self.comments_of_the_bot();
        assert_eq!(after.len(), before, "`{text}` was answered with {:?}", after.last());
        comment
    }

    /// Waits, working on what falls due.
    pub async fn minutes_pass(&self, minutes: i64) {
        self.hand.advance_ms(minutes * 60_000);
        self.work().await;
    }

    /// The reactions to a comment of issue `number`.
    pub fn reactions(&self, number: i64, comment: i64) -> Vec<String> {
        let comments = self.world.comments(REPOSITORY, number);
        let found = comments.into_iter().find(|found| found.id == comment).unwrap();
        found.reactions.into_iter().map(|reaction| reaction.content).collect()
    }

    /// The database, limited to the default repository.
    pub fn store(&self) -> RepoStore {
        self.app.ctx.store.repo(RepoId(self.world.repository_id(REPOSITORY).unwrap()))
    }

    /// How often this method and this path (`*` for one segment) have been requested.
    pub fn requested(&self, method: &str, path: &str) -> usize {
        let wanted = path.split('/').collect::<Vec<_>>();
        let fits = |path: &str| {
            let segments = path.split('/').collect::<Vec<_>>();
            segments.len() == wanted.len()
                && segments.iter().zip(&wanted).all(|(is, wanted)| *wanted == "*" || is == wanted)
        };
        let requests = self.world.requests();
        requests.iter().filter(|request| request.method == method && fits(&request.path)).count()
    }

    /// What mode `observe` has written down about an issue instead of doing it, oldest first: kind and, for comments, the text.
    pub async fn observed(&self, number: i64) -> Vec<String> {
        let mut seen = self.store().observed().list(1_000).await.unwrap();
        seen.reverse();
        let about = seen.into_iter().filter(|seen| seen.issue == IssueNumber(number));
        about
            .map(|seen| {
                let act: serde_json::Value = serde_json::from_str(&seen.act).unwrap();
                let (kind, fields) = act.as_object().and_then(|act| act.iter().next()).unwrap();
                match fields["body"].as_str() {
                    Some(body) => format!("{kind}: {}", body.trim_end()),
                    None => kind.clone(),
                }
            })
            .collect()
    }

    /// What holds at the end of every talk: nothing waits, runs or is dead, and [`Talk::holds`].
    pub async fn end(self) {
        self.rests(0).await;
        self.holds();
    }

    /// Nothing waits, nothing runs, and so many jobs are dead.
    pub async fn rests(&self, dead: i64) {
        let jobs = self.app.ctx.store.jobs();
        let counts = jobs.counts().await.unwrap();
        let found = (counts.outstanding(), counts.dead);
        assert_eq!(found, (0, dead), "{counts:?}; dead: {:#?}", jobs.dead_list(10).await.unwrap());
        assert_eq!(self.world.open_webhooks(), 0, "webhooks are under way");
    }

    /// What holds whatever happened: every request has a route and fits GitHub's description, content is written one by one,
    /// every comment of the bot carries a marker of its own, every text of the bot is sound and leads somewhere, and every token is
    /// limited to one repository.
    pub fn holds(&self) {
        self.ended.store(true, Ordering::SeqCst);
        let mut installations = vec![];
        let requests = self.world.requests();
        fit_the_contract(&requests);
        for request in requests {
            assert!(request.route.is_some(), "no such endpoint: {} {}", request.method, request.path);
            if let TokenKind::Installation(id) = request.token {
                installations.push(id);
            }
            if request.path.ends_with("/access_tokens") {
                let body = request.body.unwrap_or_default();
                let limits =
                    ["repositories", "repository_ids"].map(|key| body[key].as_array().map_or(0, Vec::len));
                assert_eq!(limits.iter().sum::<usize>(), 1, "a token that is not limited: {body}");
            }
        }
        installations.dedup();
        for installation in installations {
            assert!(self.world.most_content_writes_at_once(installation) <= 1, "two content writes at once");
        }
        let repo = RepoId(self.world.repository_id(REPOSITORY).unwrap());
        for comment in self.comments_of_the_bot() {
            assert!(self.app.ctx.signer.find(repo, &comment.body).is_some(), "no marker: {}", comment.body);
        }
        written::is_sound(&self.world);
    }

    fn comments_of_the_bot(&self) -> Vec<Comment> {
        let bot = Some(format!("{}[bot]", self.world.app().slug));
        let issues = self.world.issues(REPOSITORY);
        let comments = issues.iter().flat_map(|issue| self.world.comments(REPOSITORY, issue.number));
        comments.filter(|comment| comment.author == bot).collect()
    }
}

/// Runs a test on every database there is.
pub async fn on_both(test: impl AsyncFn(Setup)) {
    test(Setup::default()).await;
    on_postgres(async |url: String| test(Setup { database: Some(url), ..Setup::default() }).await).await;
}

thread_local! {
    /// Read once per thread of tests, and shared by all its talks.
    static CONTRACT: RefCell<Option<Contract>> = RefCell::new(Contract::from_environment());
}

/// Holds every request, and every answer that no fault made up, against GitHub's own description, where that is given.
fn fit_the_contract(requests: &[Request]) {
    // GitHub answers every path below an issue or a repository that has moved with a redirect; the description has it for some.
    let moved = |request: &Request| matches!(request.status, Some(301 | 302 | 307 | 308));
    let of_github =
        |request: &&Request| request.path != "/graphql" && request.route.is_some() && !moved(request);
    let problems = CONTRACT.with_borrow_mut(|contract| {
        let Some(contract) = contract else { return BTreeSet::new() };
        requests.iter().filter(of_github).flat_map(|request| contract.problems(request)).collect()
    });
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), Vec::from_iter(problems).join("\n\n"));
}

fn address(stage: &Stage) -> String {
    format!("http://{}/webhook", stage.listener.local_addr().unwrap())
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if !self.ended.load(Ordering::SeqCst) && !std::thread::panicking() {
            self.holds();
        }
    }
}

/// What a talk needs of one life of the bot.
struct Bot {
    app: App,
    webhook: String,
    worker: Worker<JobCtx>,
    shutdown: CancellationToken,
}

impl Bot {
    async fn start(scene: Scene<'_>) -> Self {
        let stage = Stage::open(scene).await.unwrap();
        let webhook = address(&stage);
        let shutdown = CancellationToken::new();
        let app = stage.receive(shutdown.clone());
        // Every life has a name of its own, as every process has.
        static LIVES: AtomicUsize = AtomicUsize::new(0);
        let worker = app.worker(&format!("test {}", LIVES.fetch_add(1, Ordering::SeqCst)));
        Self { app, webhook, worker, shutdown }
    }
}

/// A comment as people see it, but for what breaks mentions and references: a space without width is written out.
pub fn visible(body: &str) -> String {
    let shown = body.split("<!-- millwright:").next().unwrap_or_default();
    shown.trim_end().replace('\u{200b}', "<zwsp>")
}
