//! SQLite's file, and whether what is open is still what lies at its path: a file that was deleted or replaced takes every
//! write as before, and all of it is gone with the process.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::sqlite::SqliteConnectOptions;

use crate::store::error::StoreError;

/// The file that an address such as `sqlite://data/millwright.db?mode=rwc` names; none for another database.
pub fn path_of(url: &str) -> Option<PathBuf> {
    let options: SqliteConnectOptions = url.starts_with("sqlite:").then(|| url.parse().ok()).flatten()?;
    Some(options.get_filename().to_owned())
}

/// Which file was opened, and the log beside it: a commit is in one of them.
pub(in crate::store) struct OpenFile {
    file: Known,
    log: Known,
}

/// A delivery may be 25 MB; most are a few KB, and the log beside the file is kept to a few MB.
#[cfg(unix)]
const LEAST_ROOM: u64 = 8 * 1024 * 1024;

#[cfg(unix)]
fn has_room(path: &Path, free: u64) -> Result<(), StoreError> {
    if free >= LEAST_ROOM {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "the disk of {} has room for {} KB only; make room, or give it a larger one",
        path.display(),
        free / 1024
    )))
}

struct Known {
    path: PathBuf,
    /// As it was first seen: SQLite makes the log when it first needs it.
    identity: OnceLock<Identity>,
    /// Something was in it, and will be as long as it is open; the log is emptied again and again.
    was_filled: Option<AtomicBool>,
}

impl OpenFile {
    /// Looks at the file that was opened a moment ago.
    pub(in crate::store) fn at(path: &Path) -> Self {
        // The log lies beside the file itself and not beside a link to it.
        let mut log = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()).into_os_string();
        log.push("-wal");
        let was_filled = Some(AtomicBool::new(false));
        Self { file: Known::at(path.to_owned(), was_filled), log: Known::at(log.into(), None) }
    }

    /// Whether its disk takes a few more deliveries. A small write may find a place where these find none.
    ///
    /// # Errors
    /// When it does not.
    #[cfg(unix)]
    pub(in crate::store) fn check_room(&self) -> Result<(), StoreError> {
        // A file system that cannot tell may be as large as it likes.
        let Ok(disk) = rustix::fs::statvfs(&self.file.path) else { return Ok(()) };
        has_room(&self.file.path, disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// There, nobody has asked yet.
    ///
    /// # Errors
    /// None.
    #[cfg(not(unix))]
    pub(in crate::store) fn check_room(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Two looks, each of which costs very little beside a commit.
    ///
    /// # Errors
    /// When another file, or none, lies where the open one was.
    pub(in crate::store) fn check(&self) -> Result<(), StoreError> {
        self.file.check()?;
        self.log.check()
    }
}

impl Known {
    fn at(path: PathBuf, was_filled: Option<AtomicBool>) -> Self {
        let known = Self { path, identity: OnceLock::new(), was_filled };
        if let Ok(found) = fs::metadata(&known.path) {
            known.identity.get_or_init(|| identity(&found));
        }
        known
    }

    fn check(&self) -> Result<(), StoreError> {
        let happened = match fs::metadata(&self.path) {
            Ok(found) if *self.identity.get_or_init(|| identity(&found)) == identity(&found) => {
                if !self.was_emptied(&found) {
                    return Ok(());
                }
                "was emptied".to_owned()
            }
            Err(_) if self.identity.get().is_none() => return Ok(()),
            Ok(_) => "was replaced by another file".to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => "was deleted or moved".to_owned(),
            Err(error) => format!("cannot be looked at ({error})"),
        };
        Err(StoreError::Unavailable(format!(
            "{} {happened} while it was open, so what is written would be lost; put the file back, or restart \
             Millwright to work with what lies there",
            self.path.display()
        )))
    }

    fn was_emptied(&self, found: &Metadata) -> bool {
        let Some(was_filled) = &self.was_filled else { return false };
        match found.len() {
            0 => was_filled.load(Ordering::Relaxed),
            _ => {
                was_filled.store(true, Ordering::Relaxed);
                false
            }
        }
    }
}

/// Device and number of the file.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(found: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

/// There, an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_found: &Metadata) -> Identity {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::store::testing::{Bench, sqlite};
    use crate::store::tests::large_job;

    #[test]
    fn the_path_is_read_as_the_driver_reads_it() {
        let path = |url: &str| path_of(url).map(|path| path.display().to_string());
        assert_eq!(path("sqlite://data/millwright.db?mode=rw").as_deref(), Some("data/millwright.db"));
        assert_eq!(path("sqlite:/var/lib/a%20b.db").as_deref(), Some("/var/lib/a b.db"));
        assert_eq!(path("postgres://localhost/db"), None);
    }

    fn path(bench: &Bench, behind: &str) -> PathBuf {
        PathBuf::from(format!("{}{behind}", bench.url.trim_start_matches("sqlite://")))
    }

    async fn refused(bench: &Bench, why: &str) {
        for error in [
            bench.store.ping().await.unwrap_err(),
            bench.store.jobs().enqueue(&large_job()).await.unwrap_err(),
        ] {
            assert!(matches!(&error, StoreError::Unavailable(text) if text.contains(why)), "{error}");
            assert!(error.to_string().contains("restart Millwright"), "{error}");
        }
    }

    #[test]
    fn a_disk_with_room_for_nothing_more_than_the_log_is_full() {
        let path = Path::new("/data/millwright.db");
        assert!(has_room(path, 8 << 20).is_ok());
        let full = has_room(path, (8 << 20) - 1).unwrap_err().to_string();
        assert!(
            full.contains("the disk of /data/millwright.db has room for 8191 KB only; make room"),
            "{full}"
        );
    }

    #[tokio::test]
    async fn what_is_emptied_in_its_place_takes_nothing_more() {
        let bench = sqlite().await;
        bench.store.ping().await.unwrap();
        bench.store.jobs().enqueue(&large_job()).await.unwrap();
        let filled = fs::File::options().write(true).open(path(&bench, "")).unwrap();
        filled.set_len(0).unwrap();
        refused(&bench, "was emptied").await;
    }

    #[tokio::test]
    async fn what_lies_no_longer_at_its_path_takes_nothing_until_it_is_back() {
        let bench = sqlite().await;
        bench.store.ping().await.unwrap();
        for behind in ["", "-wal"] {
            let (file, aside) = (path(&bench, behind), path(&bench, ".aside"));
            fs::rename(&file, &aside).unwrap();
            refused(&bench, "was deleted or moved").await;
            assert!(!file.exists(), "nobody puts an empty one in its place");
            fs::copy(&aside, &file).unwrap();
            refused(&bench, "was replaced by another file").await;
            fs::rename(&aside, &file).unwrap();
            bench.store.ping().await.unwrap();
        }
        bench.store.jobs().enqueue(&large_job()).await.unwrap();
        assert_eq!(
            bench.store.jobs().counts().await.unwrap().outstanding(),
            1,
            "what was refused is not there"
        );
    }

    #[tokio::test]
    async fn a_file_that_goes_before_the_commit_makes_the_commit_fail() {
        let bench = sqlite().await;
        let mut tx = bench.store.begin().await.unwrap();
        tx.script("INSERT INTO switches (name, value, set_at) VALUES ('one', '', 0)".to_owned())
            .await
            .unwrap();
        let (file, aside) = (path(&bench, ""), path(&bench, ".aside"));
        fs::rename(&file, &aside).unwrap();
        assert!(matches!(tx.commit().await, Err(StoreError::Unavailable(_))));
        fs::rename(&aside, &file).unwrap();
        assert_eq!(bench.raw("SELECT COUNT(*) FROM switches WHERE name = 'one'").await, 0);
        bench.store.ping().await.unwrap();
    }
}
