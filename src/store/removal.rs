//! Forgetting an installation: everything that people wrote, or that was made from it, is erased when the App is removed.
//!
//! What stays are numbers: GUIDs of deliveries, so that a redelivery of an old one starts nothing, and ids of installations and
//! repositories. An installation that comes back begins as with an empty database: GitHub and our markers there say what was done.

use crate::domain::ids::InstallationId;
use crate::store::connection::Tx;
use crate::store::error::StoreError;
use crate::store::installations::Installations;
use crate::store::paces;
use crate::store::sql::{Statement, statements};

statements! {
    MARK_DELETED = "INSERT INTO installations (installation_id, account_login, account_type, repository_selection,
            permissions, deleted_at, updated_at) VALUES ($1, '', '', '', '{}', $2, $2)
        ON CONFLICT (installation_id) DO UPDATE SET account_login = '', permissions = '{}',
            deleted_at = COALESCE(installations.deleted_at, excluded.deleted_at), updated_at = excluded.updated_at";
    // Those of whom anything is left of what `erase` erases.
    LEFT_SINCE = "SELECT installation_id FROM installations i WHERE deleted_at > $1 AND (
            installation_id IN (SELECT j.installation_id FROM jobs j WHERE j.state = 'ready' AND j.gate IN (0, 1, 2, 3))
            OR installation_id IN (SELECT d.installation_id FROM deliveries d WHERE d.body_bytes > 0)
            OR installation_id IN (SELECT c.installation_id FROM config_cache c)
            OR installation_id IN (SELECT c.installation_id FROM capabilities c)
            OR EXISTS (SELECT 1 FROM jobs j WHERE j.installation_id = i.installation_id AND j.state <> 'ready'
                AND (j.state = 'dead' OR (j.state IN ('done', 'cancelled')
                    AND (j.payload <> '{}' OR j.last_error <> 'the installation was deleted'))))
            OR EXISTS (SELECT 1 FROM repositories r WHERE r.installation_id = i.installation_id
                AND (r.removed = 0 OR r.name <> ''
                    OR EXISTS (SELECT 1 FROM work_items t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM plans t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM runs t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM commands t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM effects t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM observed t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM discoveries t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM reconciled t WHERE t.repo_id = r.repo_id)
                    OR EXISTS (SELECT 1 FROM allowances t WHERE t.repo_id = r.repo_id))))
        ORDER BY installation_id";
    // By state, each as the condition of an index has it.
    CANCEL_READY = "UPDATE jobs SET state = 'cancelled', payload = '{}', last_error = 'the installation was deleted',
        finished_at = $2 WHERE installation_id = $1 AND state = 'ready' AND gate IN (0, 1, 2, 3)";
    CANCEL_DEAD = "UPDATE jobs SET state = 'cancelled', payload = '{}', last_error = 'the installation was deleted',
        finished_at = $2 WHERE installation_id = $1 AND state <> 'ready' AND state = 'dead'";
    ERASE_PAYLOADS = "UPDATE jobs SET payload = '{}', last_error = NULL WHERE installation_id = $1 AND state <> 'ready'
        AND state IN ('done', 'cancelled') AND (payload <> '{}' OR last_error <> 'the installation was deleted')";
    ERASE_BODIES = "UPDATE deliveries SET body = NULL, body_bytes = 0 WHERE installation_id = $1 AND body_bytes > 0";
    ERASE_CONFIG = "DELETE FROM config_cache WHERE installation_id = $1";
    ERASE_ITEMS = "DELETE FROM work_items WHERE repo_id IN (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_PLANS = "DELETE FROM plans WHERE repo_id IN (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_RUNS = "DELETE FROM runs WHERE repo_id IN (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_COMMANDS = "DELETE FROM commands WHERE repo_id IN (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_EFFECTS = "DELETE FROM effects WHERE repo_id IN (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_OBSERVED = "DELETE FROM observed WHERE repo_id IN (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_DISCOVERIES = "DELETE FROM discoveries WHERE repo_id IN
        (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_RECONCILED = "DELETE FROM reconciled WHERE repo_id IN
        (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    ERASE_ALLOWANCES = "DELETE FROM allowances WHERE repo_id IN
        (SELECT repo_id FROM repositories WHERE installation_id = $1)";
    FORGET_CAPABILITIES = "DELETE FROM capabilities WHERE installation_id = $1";
    REMOVE_REPOSITORIES = "UPDATE repositories SET removed = 1, owner = '', name = '', name_key = '', updated_at = $2
        WHERE installation_id = $1 AND (removed = 0 OR name <> '')";
}

/// Rows that hold what people wrote, or what was made from it; items before the plans they point to.
static ERASE: &[&Statement] = &[
    &ERASE_ITEMS,
    &ERASE_PLANS,
    &ERASE_RUNS,
    &ERASE_COMMANDS,
    &ERASE_EFFECTS,
    &ERASE_OBSERVED,
    &ERASE_DISCOVERIES,
    &ERASE_RECONCILED,
    &ERASE_ALLOWANCES,
    &FORGET_CAPABILITIES,
];

/// What a deletion erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Jobs that will not run.
    pub cancelled_jobs: u64,
    /// Bodies of deliveries.
    pub erased_bodies: u64,
    /// Cached configuration files.
    pub erased_configs: u64,
    /// Plans, work items, runs, commands, effects and what else was kept for its repositories.
    pub erased_rows: u64,
}

impl Installations<'_> {
    /// Forgets an installation at once and in one transaction: its waiting jobs are cancelled, and what we held of its
    /// repositories is erased. A job that is running meanwhile may still write something: [`Installations::erase_again`].
    pub async fn delete(self, id: InstallationId) -> Result<Deleted, StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        tx.query(&MARK_DELETED).int(id.0).int(now_ms).run().await?;
        let deleted = erase(&mut tx, id).await?;
        paces::forget(&mut tx, id).await?;
        tx.commit().await?;
        // Cancelling did not hold the lanes' locks.
        self.store.jobs().repair_lanes().await?;
        Ok(deleted)
    }

    /// Erases once more what was written down for installations that were deleted after `deleted_since_ms` (unix ms): a job may
    /// have been running at that moment. What was found. Keeps no writer waiting where nothing is left.
    pub async fn erase_again(self, deleted_since_ms: i64) -> Result<Deleted, StoreError> {
        let mut all = Deleted::default();
        for row in self.store.read(&LEFT_SINCE).int(deleted_since_ms).rows().await? {
            let mut tx = self.store.begin().await?;
            let found = erase(&mut tx, InstallationId(row.int("installation_id")?)).await?;
            tx.commit().await?;
            all.cancelled_jobs += found.cancelled_jobs;
            all.erased_bodies += found.erased_bodies;
            all.erased_configs += found.erased_configs;
            all.erased_rows += found.erased_rows;
        }
        Ok(all)
    }
}

async fn erase(tx: &mut Tx, id: InstallationId) -> Result<Deleted, StoreError> {
    let now_ms = tx.now_ms;
    let mut deleted = Deleted::default();
    for statement in [&CANCEL_READY, &CANCEL_DEAD] {
        deleted.cancelled_jobs += tx.query(statement).int(id.0).int(now_ms).run().await?;
    }
    tx.query(&ERASE_PAYLOADS).int(id.0).run().await?;
    deleted.erased_bodies = tx.query(&ERASE_BODIES).int(id.0).run().await?;
    deleted.erased_configs = tx.query(&ERASE_CONFIG).int(id.0).run().await?;
    for statement in ERASE {
        deleted.erased_rows += tx.query(statement).int(id.0).run().await?;
    }
    tx.query(&REMOVE_REPOSITORIES).int(id.0).int(now_ms).run().await?;
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ERASE, ERASE_BODIES, ERASE_CONFIG, LEFT_SINCE, REMOVE_REPOSITORIES};
    use crate::store::Dialect;
    use crate::store::testing::{Bench, sqlite};

    /// Numbers alone: what was counted, how fast was written, whom the ids belong to; and jobs, whose payloads go.
    const STAY: [&str; 4] = ["counters", "installations", "jobs", "paces"];

    async fn tables_with(bench: &Bench, column: &str) -> BTreeSet<String> {
        let text = format!(
            "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = '{column}'"
        );
        let rows = bench.store.pools.raw(&text).await.unwrap();
        rows.iter().map(|row| sqlx::Row::get(row, 0)).collect()
    }

    /// Whoever adds a table about a repository or an installation has to say what becomes of it.
    #[tokio::test]
    async fn every_table_is_erased_or_stays_for_a_reason_and_what_is_left_is_looked_for_in_all_of_them() {
        let bench = sqlite().await;
        let mut tables = tables_with(&bench, "repo_id").await;
        tables.extend(tables_with(&bench, "installation_id").await);
        let erased = ERASE.iter().copied().chain([&ERASE_BODIES, &ERASE_CONFIG, &REMOVE_REPOSITORIES]);
        let erased = erased.map(|statement| {
            let text = statement.text(Dialect::Sqlite);
            let text = text.strip_prefix("DELETE FROM ").or(text.strip_prefix("UPDATE ")).unwrap();
            text.split_whitespace().next().unwrap().to_owned()
        });
        let erased = erased.collect::<BTreeSet<_>>();
        let all = erased.iter().cloned().chain(STAY.map(str::to_owned)).collect::<BTreeSet<_>>();
        assert_eq!(tables, all);
        let looked_for = LEFT_SINCE.text(Dialect::Sqlite);
        for table in &erased {
            assert!(looked_for.contains(&format!("FROM {table} ")), "{table} is not looked for");
        }
        assert!(looked_for.contains("FROM jobs "));
    }
}
