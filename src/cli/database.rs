//! The database as a command opens it: what goes wrong is one line, without the password.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::cli::start::report;
use crate::cli::terminal::{Exit, complain};
use crate::clock::Clock;
use crate::config::environment::Env;
use crate::config::settings;
use crate::store::{Store, StoreError};

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
    match error {
        StoreError::Unavailable(why) => complain(format_args!(
            "DATABASE_URL names {place}, which cannot be used: {}; start it or correct the address",
            one_line(why)
        )),
        StoreError::Broken(why) => complain(format_args!(
            "DATABASE_URL names {place}, which refused: {}; `millwright migrate` brings its tables up to date",
            one_line(why)
        )),
    }
    Exit::Failed
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
    match (create, url.contains('?')) {
        (true, _) => url.to_owned(),
        (false, false) => format!("{url}?mode=rw"),
        (false, true) => format!("{url}&mode=rw"),
    }
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
