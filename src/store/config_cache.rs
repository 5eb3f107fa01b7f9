//! Configuration files: what was fetched last, and what was good last.

use crate::domain::ids::{InstallationId, RepoId};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sql::statements;

statements! {
    PUT = "INSERT INTO config_cache (scope, installation_id, paths, text, good_text, problem, fetched_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (scope) DO UPDATE SET installation_id = excluded.installation_id, paths = excluded.paths,
            text = excluded.text, good_text = excluded.good_text, problem = excluded.problem,
            fetched_at = excluded.fetched_at";
    GET = "SELECT installation_id, paths, text, good_text, problem, fetched_at FROM config_cache WHERE scope = $1";
    EXPIRE = "UPDATE config_cache SET fetched_at = 0 WHERE scope = $1";
}

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConfigScope {
    /// An organization's, by its installation.
    Organization(InstallationId),
    /// A repository's.
    Repository(RepoId),
}

/// A cached file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedConfig {
    /// Erased together with this installation.
    pub installation: InstallationId,
    /// Files of other bots that were found beside it.
    pub paths: Vec<String>,
    /// As fetched last; `None`: there is no such file, or, with a problem, none that can be read.
    pub text: Option<String>,
    /// In force while the file has a problem.
    pub good_text: Option<String>,
    /// What is wrong with the file.
    pub problem: Option<String>,
    /// Unix ms; set by [`ConfigCache::put`]; 0 after [`ConfigCache::expire`].
    pub fetched_at_ms: i64,
}

/// Cached configuration of the whole store.
#[derive(Clone, Copy)]
pub struct ConfigCache<'a> {
    store: &'a Store,
}

impl<'a> ConfigCache<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// What is cached.
    pub async fn get(self, scope: ConfigScope) -> Result<Option<CachedConfig>, StoreError> {
        let Some(row) = self.store.read(&GET).text(&key(scope)).row().await? else { return Ok(None) };
        Ok(Some(CachedConfig {
            installation: InstallationId(row.int("installation_id")?),
            paths: row
                .opt_text("paths")?
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
            text: row.opt_text("text")?,
            good_text: row.opt_text("good_text")?,
            problem: row.opt_text("problem")?,
            fetched_at_ms: row.int("fetched_at")?,
        }))
    }

    /// Writes what was fetched just now.
    pub async fn put(self, scope: ConfigScope, config: &CachedConfig) -> Result<(), StoreError> {
        let query = self.store.write(&PUT).text(&key(scope)).int(config.installation.0);
        let paths = serde_json::Value::from(config.paths.clone()).to_string();
        let query = query.text(&paths).opt_text(config.text.as_deref());
        let query = query.opt_text(config.good_text.as_deref()).opt_text(config.problem.as_deref());
        query.int(self.store.now_ms()).run().await?;
        Ok(())
    }

    /// What is cached is no longer fresh; the last good text stays. `false`: nothing is cached.
    pub async fn expire(self, scope: ConfigScope) -> Result<bool, StoreError> {
        Ok(self.store.write(&EXPIRE).text(&key(scope)).run().await? == 1)
    }
}

fn key(scope: ConfigScope) -> String {
    match scope {
        ConfigScope::Organization(id) => format!("org:{id}"),
        ConfigScope::Repository(id) => format!("repo:{id}"),
    }
}
