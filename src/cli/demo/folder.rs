//! A folder for one demo's database, gone with it.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::PathBuf;

/// A folder of our own among the system's temporary files; removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a folder that only this user may enter.
    pub fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("millwright-demo-{}", ulid::Ulid::generate()));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }

    /// The address of the database in it.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.0.join("millwright.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "the temporary folder stays behind");
        }
    }
}
