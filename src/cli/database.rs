//! The database as a command opens it: what goes wrong is one line, without the password.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::cli::start::report;
use crate::cli::terminal::{Exit, complain};
use crate::clock::Clock;
use crate::config::environment::Env;
use crate::config::settings;
use crate::store::{self, Store, StoreError};

/// Whether a SQLite file may be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is created.
    Create,
    /// That is a mistake in `DATABASE_URL`.
    Refuse,
}

/// An open database.
pub struct Database {
    /// What is in it.
    pub store: Store,
    place: String,
}

impl Database {
    /// The database that `DATABASE_URL` names.
    ///
    /// # Errors
    /// [`Exit::Usage`] for a wrong address, [`Exit::Failed`] for a database that cannot be reached; a line was printed.
    pub async fn open(env: &dyn Env, missing: Missing) -> Result<Self, Exit> {
        let url = settings::database_url(env).map_err(|problems| report(&problems))?;
        let place = shown(&url);
        let address = address(url.expose_secret(), missing);
        if missing == Missing::Refuse
            && store::path_of(url.expose_secret()).is_some_and(|file| !file.exists())
        {
            complain(format_args!(
                "DATABASE_URL names {place}, and there is no such file; correct the path, or create it with `millwright migrate`"
            ));
            return Err(Exit::Failed);
        }
        match Store::connect(&address, Clock::system(0)).await {
            Ok(store) => Ok(Self { store, place }),
            Err(error) => Err(failed(&place, &error)),
        }
    }

    /// Prints why it cannot be used.
    pub fn failed(&self, error: &StoreError) -> Exit {
        failed(&self.place, error)
    }
}

/// Prints why the database cannot be used; `place` comes from [`shown`].
pub fn failed(place: &str, error: &StoreError) -> Exit {
    let (happened, why) = match error {
        StoreError::Unavailable(why) => ("which cannot be used", why),
        StoreError::Damaged(why) => ("which cannot be read", why),
        StoreError::Broken(why) => ("which refused", why),
    };
    let mend = mend(place, error).map(|mend| format!("; {mend}")).unwrap_or_default();
    complain(format_args!("DATABASE_URL names {place}, {happened}: {}{mend}", one_line(why)));
    Exit::Failed
}

/// What a person can do about it, by the database's own code.
fn mend(place: &str, error: &StoreError) -> Option<&'static str> {
    let why = error.to_string();
    Some(match (place.starts_with("sqlite:"), error.code()) {
        (true, Some("1")) | (false, Some("42P07")) if why.contains("already exists") => {
            "another program's tables are in it; name a database of Millwright's own, or one that is empty"
        }
        (true, Some("1")) if why.contains("no such") => "`millwright migrate` brings its tables up to date",
        (true, Some("5" | "6")) => "another program holds it; try again when that one has ended",
        (true, Some("8")) => "let this user write the file and its folder",
        (true, Some("10")) => "look after the disk it lies on",
        (true, Some("11")) => "restore it from a backup, or name another file",
        (true, Some("13")) => "make room on the disk it lies on",
        (true, Some("14")) => {
            "its folder has to be there and this user has to be let in; correct the path or the rights"
        }
        (true, Some("26")) => "name the file of Millwright's database, or one that is not there yet",
        (false, Some("28000" | "28P01")) => {
            "correct the user and the password in the address, or create that role"
        }
        (false, Some("3D000")) => "create that database, or correct its name in the address",
        (false, Some("42501")) => "grant the role the right to use that schema and to create tables in it",
        (false, Some("42P01" | "42703")) => "`millwright migrate` brings its tables up to date",
        (false, Some("25006")) => "name the server that takes writes; this one only reads",
        (false, Some("53100")) => "make room on the server's disk",
        (false, Some("53300")) => "free connections of the server, or let it take more",
        (false, Some("XX001" | "XX002")) => "restore it from a backup",
        (_, None) if matches!(error, StoreError::Unavailable(_)) => "start it or correct the address",
        _ => return None,
    })
}

/// The address without user, password and options.
pub fn shown(url: &SecretString) -> String {
    let text = url.expose_secret();
    if text.starts_with("sqlite:") {
        return text.split('?').next().unwrap_or_default().to_owned();
    }
    let parsed = Url::parse(text).ok();
    let host = parsed.as_ref().and_then(Url::host_str).unwrap_or("a server");
    let port = parsed.as_ref().and_then(Url::port).map(|port| format!(":{port}")).unwrap_or_default();
    format!("postgres://{host}{port}{}", parsed.as_ref().map_or("", Url::path))
}

fn address(url: &str, missing: Missing) -> String {
    let create = missing == Missing::Create || !url.starts_with("sqlite:") || url.contains("mode=");
    if create { url.to_owned() } else { store::with_mode(url, "rw") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s15_an_address_is_shown_without_its_password() {
        let shown = |url: &str| shown(&SecretString::from(url));
        assert_eq!(
            shown("postgres://me:secret@db.example:5432/bot?sslmode=require"),
            "postgres://db.example:5432/bot"
        );
        assert_eq!(shown("postgres://me:secret@db.example/bot"), "postgres://db.example/bot");
        assert_eq!(shown("sqlite://data/millwright.db?mode=rw"), "sqlite://data/millwright.db");
    }

    #[test]
    fn each_trouble_has_its_own_mend() {
        let broken = |text: &str| StoreError::Broken(text.to_owned());
        let away = |text: &str| StoreError::Unavailable(text.to_owned());
        let damaged = |text: &str| StoreError::Damaged(text.to_owned());
        let table = [
            ("sqlite://a.db", broken("no such table: jobs (SQLite 1)"), Some("migrate")),
            ("sqlite://a.db", broken("near \"x\": syntax error (SQLite 1)"), None),
            ("sqlite://a.db", damaged("file is not a database (SQLite 26)"), Some("name the file")),
            ("sqlite://a.db", damaged("database disk image is malformed (SQLite 11)"), Some("backup")),
            (
                "sqlite://a.db",
                away("attempt to write a readonly database (SQLite 8)"),
                Some("let this user write"),
            ),
            ("postgres://h/b", away("role \"x\" does not exist (SQLSTATE 28000)"), Some("create that role")),
            (
                "postgres://h/b",
                away("database \"b\" does not exist (SQLSTATE 3D000)"),
                Some("create that database"),
            ),
            ("postgres://h/b", broken("relation \"jobs\" does not exist (SQLSTATE 42P01)"), Some("migrate")),
            ("postgres://h/b", away("no connection within 4 s"), Some("start it")),
            ("sqlite://a.db", broken("table jobs already exists (SQLite 1)"), Some("another program's")),
            (
                "postgres://h/b",
                broken("relation \"jobs\" already exists (SQLSTATE 42P07)"),
                Some("another program's"),
            ),
            ("postgres://h/b", broken("migration 0001 was changed"), None),
        ];
        for (place, error, expected) in table {
            let mend = mend(place, &error);
            assert_eq!(mend.is_some(), expected.is_some(), "{error}");
            assert!(mend.is_none_or(|mend| mend.contains(expected.unwrap_or_default())), "{error}: {mend:?}");
        }
    }

    #[test]
    fn only_who_may_create_a_file_does() {
        assert_eq!(address("sqlite://a.db", Missing::Create), "sqlite://a.db");
        assert_eq!(address("sqlite://a.db", Missing::Refuse), "sqlite://a.db?mode=rw");
        assert_eq!(
            address("sqlite://a.db?cache=private", Missing::Refuse),
            "sqlite://a.db?cache=private&mode=rw"
        );
        assert_eq!(address("postgres://h/b", Missing::Refuse), "postgres://h/b");
    }
}
