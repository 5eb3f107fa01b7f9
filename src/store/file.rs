//! SQLite's file, and whether it is still the one that was opened. On Unix a file that was deleted can be written to as before, and
//! everything in it is gone with the process: whoever is told "stored" has to be able to rely on it.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;

use crate::store::error::StoreError;

/// The file that an address such as `sqlite://data/millwright.db?mode=rwc` names; none for another database.
pub fn path_of(url: &str) -> Option<PathBuf> {
    let options: SqliteConnectOptions = url.starts_with("sqlite:").then(|| url.parse().ok()).flatten()?;
    Some(options.get_filename().to_owned())
}

/// A file as it was when it was opened.
#[derive(Debug, Default)]
pub(in crate::store) struct Opened {
    path: PathBuf,
    /// Nothing where the system has no such thing.
    identity: Option<Identity>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    number: u64,
}

impl Opened {
    /// The file at this path has just been opened.
    pub(in crate::store) fn now(path: PathBuf) -> Self {
        let identity = identity(&path);
        Self { path, identity }
    }

    /// One question to the system, some microseconds.
    pub(in crate::store) fn check(&self) -> Result<(), StoreError> {
        if self.identity.is_none() || identity(&self.path) == self.identity {
            return Ok(());
        }
        Err(StoreError::Unavailable(format!(
            "{} was deleted or replaced while this program has it open; put it back where it was, or start the program again",
            self.path.display()
        )))
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let found = std::fs::metadata(path).ok()?;
    Some(Identity { device: found.dev(), number: found.ino() })
}

/// Elsewhere the system lets nobody delete a file that is open.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_read_as_the_driver_reads_it() {
        let path = |url: &str| path_of(url).map(|path| path.display().to_string());
        assert_eq!(path("sqlite://data/millwright.db?mode=rw").as_deref(), Some("data/millwright.db"));
        assert_eq!(path("sqlite:/var/lib/a%20b.db").as_deref(), Some("/var/lib/a b.db"));
        assert_eq!(path("postgres://localhost/db"), None);
    }
}
