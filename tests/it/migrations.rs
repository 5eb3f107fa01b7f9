//! The schema grows on databases that are in use, by several instances at once, and never loses a row.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use millwright::domain::ids::{CommentId, InstallationId, IssueNumber, RepoId, RepoName};
use millwright::store::{NewCommand, Pruned, Retention, Store, StoreError};
use sqlx::{AnyPool, AssertSqlSafe};

use crate::store::bench::{Bench, delivery, job, job_of, on_both, on_both_empty, raw};

const NAMES: [&str; 11] = [
    "0001_inbox",
    "0002_jobs",
    "0003_installations",
    "0004_effects",
    "0005_plans",
    "0006_decisions",
    "0007_schedules",
    "0008_paces",
    "0009_discoveries",
    "0010_erasing",
    "0011_delivery_of_a_job",
];

#[tokio::test]
async fn the_schema_is_applied_once() {
    on_both_empty(async |bench: &Bench| {
        assert_eq!(bench.store.migrate().await.unwrap(), NAMES);
        assert_eq!(bench.store.migrate().await.unwrap(), [""; 0]);
        bench.store.check_statements().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn instances_that_start_at_once_all_come_up() {
    on_both_empty(async |bench: &Bench| {
        let starts = (0..4).map(|_| async {
            let store = bench.another_instance().await;
            let applied = store.migrate().await.unwrap();
            store.ping().await.unwrap();
            applied.len()
        });
        let applied = join_all(starts).await;
        assert_eq!(applied.iter().sum::<usize>(), NAMES.len(), "{applied:?}");
    })
    .await;
}

/// `{"action":"created"}` as it is stored: its length, and an lz4 block that is all literal.
const PACKED: &str = "14000000f0057b22616374696f6e223a2263726561746564227d";

/// Every step is taken with the rows of all earlier steps in place, and every row is still there in the end.
#[tokio::test]
async fn every_step_keeps_the_rows_of_the_steps_before() {
    on_both_empty(async |bench: &Bench| {
        let store = &bench.store;
        assert_eq!(store.migrate_through("0002_jobs").await.unwrap(), ["0001_inbox", "0002_jobs"]);
        // As a program of then wrote them: a job named its delivery by the GUID alone.
        let body = match bench.url.starts_with("sqlite") {
            true => format!("X'{PACKED}'"),
            false => format!("'\\x{PACKED}'"),
        };
        raw(
            &bench.url,
            &format!(
                "INSERT INTO deliveries (guid, event, installation_id, repo_id, body, body_bytes, received_at)
                VALUES ('g', 'issue_comment', 1, 1, {body}, 26, 1800000000000)"
            ),
        )
        .await;
        raw(
            &bench.url,
            "INSERT INTO jobs (name, payload, installation_id, repo_id, delivery_guid, state, gate, priority, turn, run_at,
                max_attempts, created_at)
            VALUES ('test.v1', 'g', 1, 1, 'g', 'ready', 0, 0, 0, 1800000000000, 3, 1800000000000)",
        )
        .await;
        assert_eq!(store.migrate_through("0003_installations").await.unwrap(), ["0003_installations"]);
        let name = RepoName { owner: "ada".to_owned(), name: "engine".to_owned() };
        store.repositories().upsert(RepoId(1), InstallationId(1), &name).await.unwrap();
        store.installations().pause(InstallationId(9), 5).await.unwrap();
        assert_eq!(store.migrate_through("0004_effects").await.unwrap(), ["0004_effects"]);
        assert_eq!(store.repo(RepoId(1)).counters().next("session").await.unwrap(), 1);
        assert_eq!(store.migrate_through("0005_plans").await.unwrap(), ["0005_plans"]);
        let command = NewCommand {
            comment: CommentId(1),
            key: "/help#1".to_owned(),
            issue: IssueNumber(1),
            actor: "ada".to_owned(),
            name: "help".to_owned(),
            line: "/help".to_owned(),
        };
        store.repo(RepoId(1)).commands().decline(&command).await.unwrap();
        assert_eq!(store.migrate().await.unwrap(), NAMES[5..]);
        assert_eq!(store.repo(RepoId(1)).commands().of_comment(CommentId(1)).await.unwrap().len(), 1);
        store.repo(RepoId(1)).commands().accept(&command, |_| Ok(job("c"))).await.unwrap();

        let kept = store.inbox().get("g").await.unwrap().unwrap().body;
        assert_eq!(kept.as_deref(), Some(br#"{"action":"created"}"#.as_slice()));
        assert_eq!(store.repositories().by_name(&name).await.unwrap().unwrap().id, RepoId(1));
        assert_eq!(store.installations().get(InstallationId(9)).await.unwrap().unwrap().paused_until_ms, 5);
        assert_eq!(store.repo(RepoId(1)).counters().next("session").await.unwrap(), 2);
        let retention = Retention { bodies_before_ms: i64::MAX, max_bytes: 0, keys_before_ms: i64::MAX };
        assert_eq!(store.inbox().prune(retention).await.unwrap(), Pruned::default(), "its job needs it");
        assert_eq!(bench.work_off().await, ["g", "c"]);
        assert_eq!(store.jobs().of_delivery("g").await.unwrap().len(), 1);
        assert_eq!(store.inbox().prune(retention).await.unwrap(), Pruned { bodies: 1, keys: 1 });
    })
    .await;
}

/// One step at a time, with a row in every table that was there before: none is emptied, and none goes but by name.
#[tokio::test]
async fn every_step_keeps_a_row_of_every_table() {
    on_both_empty(async |bench: &Bench| {
        sqlx::any::install_default_drivers();
        // A number that PostgreSQL gives by itself can be given all the same.
        let ours = if bench.url.starts_with("sqlite") { "" } else { " OVERRIDING SYSTEM VALUE" };
        let mut filled = BTreeSet::<String>::new();
        let mut before = BTreeMap::new();
        for step in NAMES {
            assert_eq!(bench.store.migrate_through(step).await.unwrap(), [step]);
            let pool = AnyPool::connect(&bench.url).await.unwrap();
            let tables = tables(&pool, &bench.url).await;
            let taken = taken(&before, &tables);
            assert!(
                taken.is_empty(),
                "{step} took or changed {taken:?}, which a program of before still uses"
            );
            before.clone_from(&tables);
            for (table, columns) in &tables {
                let count =
                    sqlx::query_scalar::<_, i64>(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")));
                let is_empty = count.fetch_one(&pool).await.unwrap() == 0;
                assert!(!(is_empty && filled.contains(table)), "{step} has emptied {table}");
                if is_empty {
                    let names = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
                    let values = columns.iter().map(|(_, kind)| value(kind)).collect::<Vec<_>>().join(", ");
                    let insert = format!("INSERT INTO {table} ({names}){ours} VALUES ({values})");
                    sqlx::query(AssertSqlSafe(insert)).execute(&pool).await.unwrap();
                }
            }
            filled.retain(|table| {
                tables.contains_key(table) || !BEFORE_THE_FIRST_RELEASE.contains(&table.as_str())
            });
            assert!(filled.iter().all(|table| tables.contains_key(table)), "{step} took one of {filled:?}");
            filled.extend(tables.into_keys());
            pool.close().await;
        }
        assert!(filled.len() > 12, "{filled:?}");
    })
    .await;
}

/// Tables that were taken away again while nobody had a database yet.
const BEFORE_THE_FIRST_RELEASE: [&str; 1] = ["notices"];
/// The same of columns.
const COLUMNS_BEFORE_THE_FIRST_RELEASE: [(&str, &str); 1] = [("runs", "stop_requested")];

type Tables = BTreeMap<String, Vec<(String, String)>>;

/// Columns that are gone, have another name or hold another type, of tables that are still there.
fn taken(before: &Tables, now: &Tables) -> Vec<String> {
    let mut taken = Vec::new();
    for (table, columns) in before {
        let Some(kept) = now.get(table) else { continue };
        let gone = columns.iter().filter(|column| !kept.contains(column));
        let gone = gone.filter(|(name, _)| !COLUMNS_BEFORE_THE_FIRST_RELEASE.contains(&(table, name)));
        taken.extend(gone.map(|(name, kind)| format!("{table}.{name} {kind}")));
    }
    taken
}

#[test]
fn a_column_that_is_dropped_renamed_or_of_another_type_is_noticed() {
    let table = |columns: &[(&str, &str)]| {
        let columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), (*kind).to_owned()));
        Tables::from([("jobs".to_owned(), columns.collect())])
    };
    let before = table(&[("id", "bigint"), ("name", "text")]);
    let more = table(&[("name", "text"), ("id", "bigint"), ("color", "text")]);
    assert_eq!(taken(&before, &more), [""; 0], "what is added hurts nobody");
    assert_eq!(taken(&before, &table(&[("id", "bigint")])), ["jobs.name text"]);
    assert_eq!(taken(&before, &table(&[("id", "bigint"), ("title", "text")])), ["jobs.name text"]);
    assert_eq!(taken(&before, &table(&[("id", "text"), ("name", "text")])), ["jobs.id bigint"]);
}

/// The tables, each with its columns and their types.
async fn tables(pool: &AnyPool, url: &str) -> Tables {
    let columns = match url.starts_with("sqlite") {
        true => {
            "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
        }
        false => {
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
             WHERE table_schema = current_schema()"
        }
    };
    let rows = sqlx::query_as::<_, (String, String, String)>(columns).fetch_all(pool).await.unwrap();
    let mut tables = Tables::new();
    for (table, column, kind) in rows {
        tables.entry(table).or_default().push((column, kind));
    }
    tables
}

fn value(kind: &str) -> &'static str {
    match kind.to_lowercase().as_str() {
        "text" => "'a'",
        "bytea" | "blob" => "NULL",
        _ => "7",
    }
}

/// F21: a newer version has migrated the database, by the rule that it only adds; a process that knows nothing of it works on.
#[tokio::test]
async fn f21_an_old_process_works_on_a_database_that_a_newer_one_has_migrated() {
    on_both(async |bench: &Bench| {
        bench.store.jobs().enqueue(&job("before")).await.unwrap();
        sqlx::any::install_default_drivers();
        let pool = AnyPool::connect(&bench.url).await.unwrap();
        let newer = "ALTER TABLE jobs ADD COLUMN color TEXT; ALTER TABLE deliveries ADD COLUMN moon BIGINT;
            CREATE TABLE moons (moon BIGINT PRIMARY KEY, name TEXT NOT NULL);
            INSERT INTO schema_migrations (name, digest, applied_at) VALUES ('0099_moons', 'unknown here', 1);
            INSERT INTO jobs (name, payload, installation_id, repo_id, state, gate, priority, turn, run_at, max_attempts,
                created_at, color) VALUES ('moon.v1', '{}', 1, 1, 'ready', 0, 0, 0, 0, 3, 0, 'red');";
        sqlx::raw_sql(newer).execute(&pool).await.unwrap();
        pool.close().await;
        let old = bench.another_instance().await;
        assert_eq!(old.migrate().await.unwrap(), [""; 0], "what it does not know is left alone");
        old.check_statements().await.unwrap();
        old.inbox().accept(&delivery("g"), &job_of("g")).await.unwrap();
        old.ping().await.unwrap();
        assert_eq!(bench.work_off().await, ["before", "g"]);
        let counts = old.jobs().counts().await.unwrap();
        assert_eq!((counts.open, counts.dead), (1, 0), "the newer version's job waits for it");
    })
    .await;
}

#[tokio::test]
async fn rows_survive_a_restart() {
    on_both(async |bench: &Bench| {
        bench.store.inbox().accept(&delivery("g"), &job_of("g")).await.unwrap();
        let again = bench.another_instance().await;
        assert_eq!(again.migrate().await.unwrap(), [""; 0]);
        assert!(again.inbox().seen("g").await.unwrap());
        assert_eq!(again.jobs().counts().await.unwrap().open, 1);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_address_is_answered_with_one_clear_sentence() {
    let clock = millwright::clock::Clock::system(0);
    let answer = async |url: &str| match Store::connect(url, clock.clone()).await {
        Ok(_) => panic!("{url} was accepted"),
        Err(error) => error,
    };
    let wrong = answer("mysql://localhost/x").await;
    assert_eq!(
        wrong.to_string(),
        "the database refused: DATABASE_URL has to begin with sqlite:// or postgres://, such as sqlite://millwright.db"
    );
    assert!(matches!(answer("sqlite::memory:").await, StoreError::Broken(_)));
    assert!(matches!(answer("sqlite:///no/such/folder/x.db").await, StoreError::Unavailable(_)));
    let refused = answer("postgres://ada:geheim@127.0.0.1:1/x").await;
    assert!(matches!(refused, StoreError::Unavailable(_)));
    assert!(!refused.to_string().contains("geheim"));
    let unreadable = answer("postgres://ada:geheim@[x/y").await;
    assert!(!unreadable.to_string().contains("geheim"));
}

#[tokio::test]
async fn a_step_that_does_not_exist_is_refused() {
    on_both_empty(async |bench: &Bench| {
        let refused = bench.store.migrate_through("0099_moon").await.unwrap_err();
        assert_eq!(refused.to_string(), "the database refused: there is no migration named \"0099_moon\"");
    })
    .await;
}
