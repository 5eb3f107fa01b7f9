//! What only the inside can show: every statement on both databases, locks, a full disk, query plans.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::store::connection::POSTGRES_SETTINGS;
use crate::store::jobs::enqueue;
use crate::store::testing::{Bench, on_both, postgres, sqlite};
use crate::store::{Claimant, Dialect, Limits, NewJob, Store, StoreError, migrations, statements};

#[tokio::test]
async fn both_databases_can_parse_every_statement() {
    on_both(async |bench: &Bench| {
        let dialect = bench.store.dialect();
        let expected = statements().iter().filter(|statement| !statement.text(dialect).is_empty()).count();
        assert_eq!(bench.store.check_statements().await.unwrap(), expected);
        assert!(expected > 100, "{expected}");
    })
    .await;
}

/// The bodies come compressed: PostgreSQL's own compression would cost time and gain nothing.
#[tokio::test]
async fn postgresql_keeps_bodies_outside_of_their_rows_and_as_they_are() {
    let Some(bench) = postgres().await else { return };
    let external = "SELECT COUNT(*) FROM pg_attribute WHERE attrelid = 'deliveries'::regclass AND attname = 'body' \
                    AND attstorage = 'e'";
    assert_eq!(bench.raw(external).await, 1);
    bench.drop_database().await;
}

#[test]
fn statement_names_are_unique_in_their_file_and_every_file_is_listed() {
    let files = std::fs::read_dir("src/store").unwrap().chain(std::fs::read_dir("src/store/jobs").unwrap());
    let files = files.chain(std::fs::read_dir("src/store/inbox").unwrap());
    let mut declared = 0;
    for file in files {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("sql.rs") {
            let text = std::fs::read_to_string(path).unwrap();
            declared += text.lines().filter(|line| is_declaration(line)).count();
        }
    }
    assert_eq!(declared, statements().len());
}

/// A line such as `    NAME = "SELECT …` or `    NAME = skip_locked "…`.
fn is_declaration(line: &str) -> bool {
    let Some((name, text)) = line.strip_prefix("    ").and_then(|line| line.split_once(" = ")) else {
        return false;
    };
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && ["\"", "skip_locked", "postgres_only", "rows"].iter().any(|start| text.starts_with(start))
}

#[tokio::test]
async fn a_locked_file_is_trouble_that_passes() {
    let bench = sqlite().await;
    let impatient = Limits { busy: Duration::from_millis(20), ..Limits::default() };
    let other = Store::connect_with(&bench.url, bench.clock.clone(), impatient).await.unwrap();
    let lock = bench.store.begin().await.unwrap();
    assert!(matches!(other.ping().await, Err(StoreError::Unavailable(_))));
    drop(lock);
    bench.store.ping().await.unwrap();
    other.ping().await.unwrap();
}

#[tokio::test]
async fn a_writer_that_waits_too_long_for_its_turn_is_told_so() {
    let bench = sqlite().await;
    let impatient = Limits { acquire: Duration::from_millis(20), ..Limits::default() };
    let store = Store::connect_with(&bench.url, bench.clock.clone(), impatient).await.unwrap();
    let _held = store.begin().await.unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_full_disk_is_trouble_that_passes_and_leaves_the_file_sound() {
    let bench = sqlite().await;
    let raw = async |text: String| bench.store.pools.raw(&text).await.unwrap().remove(0);
    let pages: i64 = raw("PRAGMA page_count".to_owned()).await.try_get(0).unwrap();
    let set = async |pages: i64| raw(format!("PRAGMA max_page_count = {pages}")).await;
    set(pages).await;
    let job = large_job();
    let mut refused = None;
    for _ in 0..64 {
        if let Err(error) = bench.store.jobs().enqueue(&job).await {
            refused = Some(error);
            break;
        }
    }
    assert!(matches!(refused, Some(StoreError::Unavailable(_))), "{refused:?}");
    set(pages + 1000).await;
    bench.store.jobs().enqueue(&job).await.unwrap();
    let check = raw("PRAGMA integrity_check".to_owned()).await;
    assert_eq!(check.try_get::<String, _>(0).unwrap(), "ok");
}

/// SQLite keeps pages in memory and writes on; whoever reads the file finds out, and says so for all.
#[tokio::test]
async fn a_file_that_is_overwritten_is_found_out_by_who_reads_it() {
    let bench = sqlite().await;
    bench.store.jobs().enqueue(&large_job()).await.unwrap();
    bench.store.ping().await.unwrap();
    let raw = async |text: &str| bench.store.pools.raw(text).await.unwrap();
    raw("PRAGMA wal_checkpoint(TRUNCATE)").await;
    assert!(!bench.store.is_damaged());
    let path = bench.url.trim_start_matches("sqlite://");
    let length = std::fs::metadata(path).unwrap().len() as usize;
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    std::io::Write::write_all(&mut file, &b"damage. ".repeat(length / 8)).unwrap();
    let found = bench.store.ping().await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    assert!(bench.store.is_damaged());
}

/// As PostgreSQL has it everywhere: whoever goes on as if nothing had happened does not write beside the transaction.
#[tokio::test]
async fn behind_a_statement_that_failed_a_transaction_takes_nothing_more() {
    let put = |name: &str| format!("INSERT INTO switches (name, value, set_at) VALUES ('{name}', '', 0)");
    on_both(async |bench: &Bench| {
        let mut tx = bench.store.begin().await.unwrap();
        tx.script(put("one")).await.unwrap();
        assert!(tx.script(put("one")).await.is_err());
        assert!(tx.script(put("two")).await.is_err());
        drop(tx);
        assert_eq!(bench.raw("SELECT COUNT(*) FROM switches WHERE name IN ('one', 'two')").await, 0);
        bench.store.ping().await.unwrap();
    })
    .await;
    // A full disk ends the transaction of SQLite by itself.
    let bench = sqlite().await;
    let raw = async |text: String| bench.store.pools.raw(&text).await.unwrap().remove(0);
    let pages: i64 = raw("PRAGMA page_count".to_owned()).await.try_get(0).unwrap();
    raw(format!("PRAGMA max_page_count = {pages}")).await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.script(put("before")).await.unwrap();
    let large =
        format!("INSERT INTO switches (name, value, set_at) VALUES ('large', '{}', 0)", "x".repeat(1 << 20));
    assert!(tx.script(large).await.is_err());
    assert!(matches!(tx.script(put("behind")).await, Err(StoreError::Unavailable(_))));
    assert!(tx.commit().await.is_err());
    assert_eq!(
        bench.raw("SELECT COUNT(*) FROM switches WHERE name IN ('before', 'large', 'behind')").await,
        0
    );
}

/// A job is written behind a running one, and that one ends before the writer commits: without the lane's lock nobody would
/// ever call the new job forward.
#[tokio::test]
async fn a_job_written_while_its_lane_becomes_free_is_not_forgotten() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        let new = NewJob { lane: Some("lane".to_owned()), ..large_job() };
        jobs.enqueue(&new).await.unwrap();
        let claimant = Claimant::new("w", 60_000, &["test.v1"]);
        let running = jobs.claim(&claimant).await.unwrap().unwrap();
        let mut writer = bench.store.begin().await.unwrap();
        enqueue::insert(&mut writer, &new).await.ok().unwrap();
        let mut finish = Box::pin(jobs.done(&running.fence, None));
        // Time for it to end too early; it has to wait for the writer instead.
        let early = tokio::time::timeout(Duration::from_millis(200), &mut finish).await;
        assert!(early.is_err());
        // Together, for whoever stands in line may be the one who commits.
        let (written, finished) = tokio::join!(writer.commit(), finish);
        written.unwrap();
        assert!(finished.unwrap());
        assert!(jobs.claim(&claimant).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn sqlite_runs_in_wal_mode_with_full_sync_and_readers_cannot_write() {
    let bench = sqlite().await;
    let pragma = async |text: &'static str| {
        let row = bench.store.pools.raw(text).await.unwrap().remove(0);
        row.try_get::<String, _>(0)
            .or_else(|_| row.try_get::<i64, _>(0).map(|number| number.to_string()))
            .unwrap()
    };
    assert_eq!(pragma("PRAGMA journal_mode").await, "wal");
    assert_eq!(pragma("PRAGMA synchronous").await, "2");
    assert_eq!(pragma("PRAGMA foreign_keys").await, "1");
    // Pages at which a commit would move the log itself; moving it is a task of its own (`store/checkpoints.rs`).
    assert_eq!(pragma("PRAGMA wal_autocheckpoint").await, "32768");
    let write = statements().into_iter().find(|statement| statement.name == "REPAIR").unwrap();
    assert!(bench.store.read(&write).run().await.is_err());
    bench.store.write(&write).run().await.ok().unwrap();
}

/// Statements that run with every claim, those that run with every end of a job, those that erase old jobs, and those that anybody
/// can have run by asking `/readyz`: each walks the index made for it, however many jobs there are. The index that has to be named
/// by the plan, where there is a choice.
const HOT: [(&str, &str); 26] = [
    ("RIPE", "jobs_gate"),
    ("NEXT_AROUND", "jobs_open"),
    ("CANDIDATE", "jobs_open"),
    ("NEXT_WITHIN", "jobs_open"),
    ("LESS_URGENT", "jobs_open"),
    ("LEAST_URGENT", "jobs_open"),
    ("BLOCKED", "jobs_lane"),
    ("FIRST_BEHIND", "jobs_lane"),
    ("CALL_NEXT", "jobs_lane"),
    ("EXPIRED", "jobs_lease"),
    ("OLDEST_OPEN", "jobs_gate"),
    ("NEXT_RUN", "jobs_gate"),
    ("COUNT_READY", ""),
    ("OPEN", ""),
    ("TAKE", ""),
    ("HOLD", ""),
    ("SEND_BACK", ""),
    ("HEARTBEAT", ""),
    ("STILL_MINE", ""),
    ("FINISH", ""),
    ("BACK", "jobs_share"),
    ("SEIZE", ""),
    // Each hour, in the one connection that writes.
    ("CREATED_AFTER", ""),
    ("PRUNE", ""),
    // Either of the two indexes of running jobs, `jobs_lease` and `jobs_lane_running`.
    ("COUNT_RUNNING", "jobs_l"),
    ("COUNT_DEAD", "jobs_dead"),
];

/// The index that `name` has to walk, if this is a hot statement.
fn hot(statement: &crate::store::Statement) -> Option<&'static str> {
    if statement.text(Dialect::Sqlite).starts_with("INSERT INTO jobs") {
        return Some("jobs_share");
    }
    let of_jobs = statement.text(Dialect::Sqlite).contains("jobs");
    HOT.iter().find(|(name, _)| *name == statement.name && of_jobs).map(|(_, index)| *index)
}

#[tokio::test]
async fn claims_and_inserts_walk_indexes_only() {
    let bench = sqlite().await;
    let mut seen = 0;
    for statement in statements() {
        let Some(index) = hot(&statement) else { continue };
        seen += 1;
        let explain = format!("EXPLAIN QUERY PLAN {}", statement.text(Dialect::Sqlite));
        let rows = bench.store.pools.raw(&explain).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
        for step in &plan {
            let walks = step.starts_with("SCAN") && !step.contains("INDEX") && !step.contains("CONSTANT ROW");
            let inner = ["turns", "own", "served", "new"].iter().any(|name| *step == format!("SCAN {name}"));
            assert!(!walks || inner, "{}: {step}", statement.name);
            assert!(!step.contains("USE TEMP B-TREE"), "{}: {step}", statement.name);
        }
        assert!(plan.iter().any(|step| step.contains(index)), "{}: {plan:#?}", statement.name);
    }
    assert!(seen > HOT.len(), "{seen}");
}

/// The same on PostgreSQL, whose planner decides by what it believes about the table: after a flood in one lane, which is
/// what talks it into reading everything.
#[tokio::test]
async fn claims_and_inserts_walk_indexes_only_on_postgres() {
    let Some(bench) = postgres().await else { return };
    let mut connection = sqlx::AnyConnection::connect(&bench.url).await.unwrap();
    let flood = "INSERT INTO jobs (name, payload, lane, installation_id, repo_id, state, gate, priority, turn, run_at,
            max_attempts, created_at)
        SELECT 'test.v1', '{}', CASE WHEN n % 10 = 0 THEN 'lane ' || n ELSE 'flood' END, n % 7, n % 50, 'ready',
            n % 3, 0, n, n, 3, n FROM generate_series(1, 20000) AS n; ANALYZE jobs";
    let run = async |connection: &mut sqlx::AnyConnection, text: String| {
        sqlx::raw_sql(AssertSqlSafe(text)).fetch_all(connection).await.unwrap()
    };
    for text in [flood, POSTGRES_SETTINGS, "SET plan_cache_mode = force_generic_plan"] {
        run(&mut connection, text.to_owned()).await;
    }
    for (number, statement) in statements().iter().enumerate() {
        let Some(index) = hot(statement) else { continue };
        let text = statement.text(Dialect::Postgres);
        run(&mut connection, format!("PREPARE hot_{number} AS {text}")).await;
        let values = (1..).take_while(|place| text.contains(&format!("${place}"))).map(|_| "NULL");
        let values = values.collect::<Vec<_>>().join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        let rows = run(&mut connection, format!("EXPLAIN EXECUTE hot_{number}{values}")).await;
        let plan: Vec<String> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
        let text = plan.join("\n");
        assert!(!text.contains("Seq Scan on jobs"), "{}\n{text}", statement.name);
        assert!(!text.contains("Sort"), "{}\n{text}", statement.name);
        assert!(text.contains(index), "{}\n{text}", statement.name);
    }
    drop(connection);
    bench.drop_database().await;
}

#[tokio::test]
async fn a_migration_takes_its_time_on_postgres_and_what_comes_after_it_does_not() {
    let Some(bench) = postgres().await else { return };
    let holds = |is: &str| {
        let differs = |name| format!("current_setting('{name}') {is} '0'");
        let both = [differs("statement_timeout"), differs("lock_timeout")].join(" AND ");
        format!("DO $$ BEGIN IF NOT ({both}) THEN RAISE EXCEPTION 'other'; END IF; END $$")
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.script(holds("<>")).await.unwrap();
    migrations::take_time(&mut tx).await.unwrap();
    tx.script(holds("=")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    tx.script(holds("<>")).await.unwrap();
    drop(tx);
    bench.drop_database().await;
}

pub(in crate::store) fn large_job() -> NewJob {
    NewJob {
        name: "test.v1",
        payload: format!("\"{}\"", "x".repeat(16_000)),
        lane: None,
        installation: None,
        repo: None,
        priority: 0,
        run_at_ms: 0,
        dedupe: None,
        max_attempts: 3,
        delivery: None,
    }
}
