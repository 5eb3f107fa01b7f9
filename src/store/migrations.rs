//! The schema, step by step: portable texts from `migrations/`, compiled in.

use sha2::{Digest as _, Sha256};

use crate::store::connection::Tx;
use crate::store::sql::{Dialect, statements};
use crate::store::{Store, StoreError};

struct Migration {
    name: &'static str,
    text: &'static str,
    /// What only PostgreSQL needs.
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_inbox",
        text: include_str!("../../migrations/0001_inbox.sql"),
        // The bodies come compressed; a second try would cost time and gain nothing.
        postgres: "ALTER TABLE deliveries ALTER COLUMN body SET STORAGE EXTERNAL;",
    },
    Migration {
        name: "0002_jobs",
        text: include_str!("../../migrations/0002_jobs.sql"),
        // A queue is lopsided at times, and then its statistics are wrong a minute later: the planner takes any lane for the
        // one that is everywhere. Without statistics it trusts the indexes.
        postgres: "ALTER TABLE jobs ALTER COLUMN lane SET STATISTICS 0, ALTER COLUMN gate SET STATISTICS 0, \
                   ALTER COLUMN state SET STATISTICS 0;",
    },
    Migration {
        name: "0003_installations",
        text: include_str!("../../migrations/0003_installations.sql"),
        postgres: "",
    },
    Migration { name: "0004_effects", text: include_str!("../../migrations/0004_effects.sql"), postgres: "" },
    Migration { name: "0005_plans", text: include_str!("../../migrations/0005_plans.sql"), postgres: "" },
    Migration {
        name: "0006_decisions",
        text: include_str!("../../migrations/0006_decisions.sql"),
        postgres: "",
    },
    Migration {
        name: "0007_schedules",
        text: include_str!("../../migrations/0007_schedules.sql"),
        postgres: "",
    },
    Migration { name: "0008_paces", text: include_str!("../../migrations/0008_paces.sql"), postgres: "" },
    Migration {
        name: "0009_discoveries",
        text: include_str!("../../migrations/0009_discoveries.sql"),
        postgres: "",
    },
    Migration { name: "0010_erasing", text: include_str!("../../migrations/0010_erasing.sql"), postgres: "" },
    Migration {
        name: "0011_delivery_of_a_job",
        text: include_str!("../../migrations/0011_delivery_of_a_job.sql"),
        postgres: "",
    },
];

statements! {
    // Any number will do; it is the letters "mill".
    LOCK_SCHEMA = postgres_only "SELECT pg_advisory_xact_lock(1835625580)";
    // An index over a large table takes longer than any statement of a request may, and so does waiting for whoever makes it.
    TAKE_TIME = postgres_only "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)";
    CREATE_TABLE = "CREATE TABLE IF NOT EXISTS schema_migrations (
        name TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)";
    APPLIED = "SELECT digest FROM schema_migrations WHERE name = $1";
    // Changes nothing, and shows whether anything could be changed: SQLite opens a file that may only be read without a word.
    PROVE = "UPDATE schema_migrations SET name = name WHERE name = $1";
    RECORD = "INSERT INTO schema_migrations (name, digest, applied_at) VALUES ($1, $2, $3)";
}

/// Applies what is missing, in one transaction, so that a half-made schema cannot be seen; up to `last`, where given.
/// Migrations that this version does not know are left alone: a newer version may share the database.
pub(in crate::store) async fn apply(store: &Store, last: Option<&str>) -> Result<Vec<String>, StoreError> {
    if let Some(last) = last
        && !MIGRATIONS.iter().any(|migration| migration.name == last)
    {
        return Err(StoreError::Broken(format!("there is no migration named {last:?}")));
    }
    let mut tx = store.begin().await?;
    if tx.dialect() == Dialect::Postgres {
        take_time(&mut tx).await?;
        tx.query(&LOCK_SCHEMA).rows().await?;
    }
    tx.query(&CREATE_TABLE).run().await?;
    let mut applied = Vec::new();
    for migration in MIGRATIONS {
        if step(&mut tx, migration).await? {
            applied.push(migration.name.to_owned());
        }
        if last == Some(migration.name) {
            break;
        }
    }
    if applied.is_empty() {
        if let Some(first) = MIGRATIONS.first() {
            tx.query(&PROVE).text(first.name).run().await?;
        }
        return Ok(applied);
    }
    tx.commit().await?;
    Ok(applied)
}

/// On PostgreSQL, for this transaction alone.
pub(in crate::store) async fn take_time(tx: &mut Tx) -> Result<(), StoreError> {
    tx.query(&TAKE_TIME).rows().await?;
    Ok(())
}

async fn step(tx: &mut Tx, migration: &Migration) -> Result<bool, StoreError> {
    let digest = digest(migration.text);
    if let Some(row) = tx.query(&APPLIED).text(migration.name).row().await? {
        if row.text("digest")? == digest {
            return Ok(false);
        }
        return Err(StoreError::Broken(format!(
            "migration {} was changed after it had been applied; a change needs a migration of its own",
            migration.name
        )));
    }
    tx.script(text_for(migration, tx.dialect())).await?;
    let now_ms = tx.now_ms;
    tx.query(&RECORD).text(migration.name).text(&digest).int(now_ms).run().await?;
    Ok(true)
}

fn text_for(migration: &Migration, dialect: Dialect) -> String {
    let (bytes, seq, more) = match dialect {
        Dialect::Sqlite => ("BLOB", "INTEGER PRIMARY KEY AUTOINCREMENT", ""),
        Dialect::Postgres => ("BYTEA", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", migration.postgres),
    };
    format!("{}{more}", migration.text.replace("{{bytes}}", bytes).replace("{{seq}}", seq))
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
