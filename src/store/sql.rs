//! Statements, and the few ways to run one: the only place that binds values and reads columns.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, Row as _};

use crate::store::error::{Refusal, StoreError};
use crate::store::health::Health;
use crate::store::line::{Line, Place, Turn};

/// Which database is behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// One file, one writer at a time.
    Sqlite,
    /// A server that several instances share.
    Postgres,
}

/// One SQL text with a name. Both databases get the same text, but for the suffix that lets PostgreSQL skip locked
/// rows and the placeholders of many rows.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// The constant's name, unique in its file.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Statement {
    pub(in crate::store) const fn new(
        name: &'static str,
        sqlite: &'static str,
        postgres: &'static str,
    ) -> Self {
        Self { name, sqlite, postgres }
    }

    /// The text for one database; empty where the statement has no meaning there.
    pub fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }
}

/// Declares the statements of one file, each a constant, and `STATEMENTS`, the list of them all. `skip_locked "a" "b"` is the
/// text `ab` with PostgreSQL's `FOR UPDATE SKIP LOCKED` between the halves; `postgres_only` has no SQLite form; `rows TABLE 64`
/// is the text of a `Rows` for 64 rows.
macro_rules! statements {
    ($($name:ident = $kind:tt $($table:ident)? $($more:literal)*;)*) => {
        $(const $name: $crate::store::sql::Statement = statements!(@one $name $kind $($table)? $($more)*);)*
        pub(in crate::store) const STATEMENTS: &[$crate::store::sql::Statement] = &[$($name),*];
    };
    (@one $name:ident skip_locked $before:literal $after:literal) => {
        $crate::store::sql::Statement::new(
            stringify!($name),
            concat!($before, $after),
            concat!($before, " FOR UPDATE SKIP LOCKED", $after),
        )
    };
    (@one $name:ident postgres_only $text:literal) => {
        $crate::store::sql::Statement::new(stringify!($name), "", $text)
    };
    (@one $name:ident rows $table:ident $rows:literal) => {{
        use $crate::store::rows::as_text;
        use $crate::store::sql::Dialect::{Postgres, Sqlite};
        const SQLITE: [u8; $table.length(Sqlite, $rows)] = $table.text(Sqlite, $rows);
        const POSTGRES: [u8; $table.length(Postgres, $rows)] = $table.text(Postgres, $rows);
        $crate::store::sql::Statement::new(stringify!($name), as_text(&SQLITE), as_text(&POSTGRES))
    }};
    (@one $name:ident $text:literal) => {
        $crate::store::sql::Statement::new(stringify!($name), $text, $text)
    };
}
pub(in crate::store) use statements;

/// A statement with its values, on its way to a connection. Values are bound in the order of `$1`, `$2`, ….
pub(in crate::store) struct Bound<'a> {
    target: Target<'a>,
    query: Query<'static, Any, AnyArguments>,
}

pub(in crate::store) enum Target<'a> {
    Pool(&'a AnyPool),
    /// The pool that is read from; what its answers say about the database is remembered.
    Reader(&'a AnyPool, &'a Health),
    Connection(&'a mut AnyConnection),
    /// A transaction on SQLite's writing connection.
    Turn(&'a mut Turn),
    /// A transaction of its own on SQLite's writing connection.
    Line(&'a Line),
}

impl<'a> Bound<'a> {
    pub(in crate::store) fn new(target: Target<'a>, text: &'static str) -> Self {
        Self { target, query: sqlx::query(text) }
    }

    /// Binds a text. PostgreSQL refuses NUL in a text, so it becomes U+FFFD on both databases.
    pub(in crate::store) fn text(self, value: &str) -> Self {
        Self { query: self.query.bind(clean(value)), ..self }
    }

    pub(in crate::store) fn opt_text(self, value: Option<&str>) -> Self {
        Self { query: self.query.bind(value.map(clean)), ..self }
    }

    pub(in crate::store) fn int(self, value: i64) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    pub(in crate::store) fn opt_int(self, value: Option<i64>) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    pub(in crate::store) fn bytes(self, value: Vec<u8>) -> Self {
        Self { query: self.query.bind(value), ..self }
    }

    /// Runs it; the number of rows it changed.
    pub(in crate::store) async fn run(self) -> Result<u64, Refusal> {
        let result = match self.target {
            Target::Pool(pool) | Target::Reader(pool, _) => self.query.execute(pool).await?,
            Target::Connection(connection) => self.query.execute(connection).await?,
            Target::Turn(turn) => {
                let result = self.query.execute(turn.connection()?).await?;
                turn.succeeded();
                result
            }
            Target::Line(line) => {
                let mut turn = line.begin(Place::Line).await?;
                let result = self.query.execute(turn.connection()?).await?;
                turn.succeeded();
                turn.commit().await?;
                result
            }
        };
        Ok(result.rows_affected())
    }

    /// Runs it to the end and gives every row.
    pub(in crate::store) async fn rows(self) -> Result<Vec<Row>, Refusal> {
        let rows = match self.target {
            Target::Pool(pool) => self.query.fetch_all(pool).await?,
            Target::Reader(pool, health) => {
                let rows = self.query.fetch_all(pool).await.map_err(Refusal::from);
                if let Err(Refusal::Error(error)) = &rows {
                    health.note(error);
                }
                rows?
            }
            Target::Connection(connection) => self.query.fetch_all(connection).await?,
            Target::Turn(turn) => {
                let rows = self.query.fetch_all(turn.connection()?).await?;
                turn.succeeded();
                rows
            }
            Target::Line(line) => {
                let mut turn = line.begin(Place::Line).await?;
                let rows = self.query.fetch_all(turn.connection()?).await?;
                turn.succeeded();
                turn.commit().await?;
                rows
            }
        };
        Ok(rows.into_iter().map(Row).collect())
    }

    /// Runs it to the end and gives the first row. To the end, because SQLite commits a lone `RETURNING` only there.
    pub(in crate::store) async fn row(self) -> Result<Option<Row>, Refusal> {
        Ok(self.rows().await?.into_iter().next())
    }
}

/// One answer row, read by column name.
pub(in crate::store) struct Row(AnyRow);

impl Row {
    pub(in crate::store) fn text(&self, column: &str) -> Result<String, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(in crate::store) fn opt_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(in crate::store) fn int(&self, column: &str) -> Result<i64, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(in crate::store) fn opt_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(in crate::store) fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.try_get(column)?)
    }
}

/// As a text is stored: PostgreSQL refuses NUL.
pub(in crate::store) fn clean(value: &str) -> String {
    value.replace('\0', "\u{fffd}")
}
