//! The operator puts back a backup: the database knows less than GitHub does.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use super::dice::{Dice, seed};
use super::invariants;
use super::patience::until;
use super::rig::{Place, Rig, on_each};
use super::script::{Script, furnish, revision};

/// How old the backup is.
const AGE_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f28_after_a_backup_was_put_back_nothing_is_made_twice() {
    on_each(async |place: &Place| {
        let rig = Rig::open(&place.url, furnish).await;
        let script = Script::new(&rig.world, Dice::new(seed()));
        let lives = rig.start_many(1, &[]).await;
        script.says("tess", ("acme/app", 1), "/enhance");
        script.says("rita", ("acme/app", 2), "/status");
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        let backup = Backup::of(place).await;

        let lives = rig.start_many(1, &[]).await;
        script.says("ada", ("acme/app", 1), "/approve 1");
        script.says("tess", ("acme/app", 2), "/enhance");
        script.says("rita", ("acme/app", 3), "/help\n/status");
        let lives = rig.settle(lives).await;
        let comments = counts(&rig);
        rig.stop_all(rig.jump_to(rig.world.now() + AGE_MS, lives).await).await;
        backup.put_back().await;

        // Nobody presses a button: what the database does not know of is found in GitHub's log by the program that starts.
        let life = rig.start(&[]).await;
        let wanted = accepted(&rig);
        assert!(!wanted.is_subset(&rig.books.deliveries().await.unwrap()), "the backup knows less");
        until("what the backup does not know", async || {
            let stored = rig.books.deliveries().await.ok()?;
            wanted.is_subset(&stored).then_some(())
        })
        .await;
        let lives = rig.settle(vec![life]).await;
        rig.stop_all(lives).await;
        assert_eq!(counts(&rig), comments, "the same comments and issues as before");

        // And life goes on: what is said now gets numbers that nothing of before has.
        let lives = rig.start_many(1, &[]).await;
        for issue in 1..=3 {
            script.says("tess", ("acme/app", issue), "/enhance");
        }
        let lives = rig.settle(lives).await;
        script.says("tess", ("acme/app", 1), "/revise 1: no");
        let lives = rig.settle(lives).await;
        rig.stop_all(lives).await;
        for issue in 1..=3 {
            let revisions = revisions(&rig, issue);
            let once: BTreeSet<_> = revisions.iter().collect();
            assert_eq!(once.len(), revisions.len(), "acme/app#{issue}: {revisions:?}");
        }
        assert!(
            (1..=3).map(|issue| revisions(&rig, issue).len()).sum::<usize>() >= 4,
            "each has its plan, and one a second"
        );
        invariants::check(&rig, &script).await;
    })
    .await;
}

/// GUIDs that the program has answered with 202 at any time.
fn accepted(rig: &Rig) -> BTreeSet<String> {
    let log = rig.world.webhook_log().into_iter();
    log.filter(|sent| sent.outcome.as_ref().is_some_and(|it| it.status_code == 202))
        .map(|sent| sent.guid)
        .collect()
}

/// The numbers of the plans in an issue, as people read them.
fn revisions(rig: &Rig, issue: i64) -> Vec<i64> {
    let comments = rig.world.comments("acme/app", issue);
    let plans = comments.iter().filter(|comment| comment.body.contains("kind=plan "));
    plans.filter_map(|comment| revision(&comment.body)).collect()
}

/// Comments per issue, and how many issues there are.
fn counts(rig: &Rig) -> Vec<usize> {
    let issues = rig.world.issues("acme/app");
    issues.iter().map(|issue| rig.world.comments("acme/app", issue.number).len()).collect()
}

/// A copy of a database that nobody has open.
struct Backup<'a> {
    place: &'a Place,
    copy: String,
}

impl<'a> Backup<'a> {
    async fn of(place: &'a Place) -> Self {
        let backup = Self { place, copy: copy_name(place) };
        match place.file() {
            Some(file) => copy(&file.display().to_string(), &backup.copy),
            None => {
                let text = format!("CREATE DATABASE {} TEMPLATE {}", backup.copy, database(&place.url));
                backup.administer(text).await;
            }
        }
        backup
    }

    async fn put_back(&self) {
        match self.place.file() {
            Some(file) => copy(&self.copy, &file.display().to_string()),
            None => {
                let name = database(&self.place.url);
                self.administer(format!("DROP DATABASE {name} WITH (FORCE)")).await;
                self.administer(format!("ALTER DATABASE {} RENAME TO {name}", self.copy)).await;
            }
        }
    }

    /// From another database of the same server.
    async fn administer(&self, text: String) {
        let mut url = url::Url::parse(&self.place.url).unwrap();
        url.set_path("postgres");
        let mut connection = AnyConnection::connect(url.as_str()).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// A database of SQLite is its file and the log beside it.
fn copy(from: &str, to: &str) {
    for end in ["", "-wal"] {
        let (from, to) = (format!("{from}{end}"), format!("{to}{end}"));
        let _ = std::fs::remove_file(&to);
        if std::fs::exists(&from).unwrap() {
            std::fs::copy(from, to).unwrap();
        }
    }
    let _ = std::fs::remove_file(format!("{to}-shm"));
}

fn copy_name(place: &Place) -> String {
    match place.file() {
        Some(file) => format!("{}.backup", file.display()),
        None => format!("{}_backup", database(&place.url)),
    }
}

fn database(url: &str) -> String {
    url::Url::parse(url).unwrap().path().trim_start_matches('/').to_owned()
}
