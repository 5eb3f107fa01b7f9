//! The life of an installation: made, given and denied repositories, suspended, deleted.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sandbox::model::{Change, Installation, Permissions, Selection};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State};
use crate::sandbox::view;
use crate::sandbox::webhooks::Happening;

impl State {
    /// Installs the App with everything it asked for; answers the database id.
    pub fn install_app(&mut self, by: &Actor, account: &str, selection: Selection) -> i64 {
        let id = self.insert_installation((None, account), selection);
        let repositories = self.listed(id);
        self.tell_installation(
            by,
            id,
            Happening::new("installation", "created", vec![("repositories", repositories)]),
        );
        id
    }

    /// Enters an installation without telling anybody; the id is given when a payload's ids are seeded.
    pub(in crate::sandbox) fn insert_installation(
        &mut self,
        who: (Option<i64>, &str),
        selection: Selection,
    ) -> i64 {
        let id = match who.0 {
            Some(id) => self.claim_id("installation", id),
            None => self.fresh_id("installation"),
        };
        let installation = Installation {
            id,
            account: who.1.to_owned(),
            selection,
            permissions: self.app.permissions.clone(),
            suspended: None,
            created_ms: self.now(),
        };
        self.installations.insert(id, installation);
        self.changed(Change::Installation(id));
        id
    }

    /// Changes what was granted; tokens that were handed out keep what they have, cut to what is left.
    pub fn grant(&mut self, installation: i64, permissions: Permissions) -> Result<(), Refusal> {
        self.installation_mut(installation)?.permissions = permissions;
        self.changed(Change::Installation(installation));
        Ok(())
    }

    /// Adds repositories to a selection.
    pub fn add_repositories(&mut self, by: &Actor, id: i64, repos: &[i64]) -> Result<(), Refusal> {
        if let Selection::Selected(selected) = &mut self.installation_mut(id)?.selection {
            selected.extend(repos);
        }
        self.tell_repositories(by, id, ("added", repos))
    }

    /// Takes repositories out of a selection; an installation on all becomes one on the rest.
    pub fn remove_repositories(&mut self, by: &Actor, id: i64, repos: &[i64]) -> Result<(), Refusal> {
        let installation = self.installation_mut(id)?.clone();
        let mut rest: BTreeSet<i64> = self.covered(&installation).into_iter().collect();
        rest.retain(|repo| !repos.contains(repo));
        self.installation_mut(id)?.selection = Selection::Selected(rest);
        self.tell_repositories(by, id, ("removed", repos))
    }

    fn tell_repositories(
        &mut self,
        by: &Actor,
        id: i64,
        what: (&'static str, &[i64]),
    ) -> Result<(), Refusal> {
        let (action, repos) = what;
        let short = |ids: &[i64]| -> Value {
            ids.iter().filter_map(|repo| self.repositories.get(repo)).map(view::short_repository).collect()
        };
        let (added, removed) = match action {
            "added" => (short(repos), json!([])),
            _ => (json!([]), short(repos)),
        };
        let selection = view::selection(&self.installation_mut(id)?.selection);
        let fields = vec![
            ("repository_selection", json!(selection)),
            ("repositories_added", added),
            ("repositories_removed", removed),
            ("requester", Value::Null),
        ];
        self.changed(Change::Installation(id));
        self.tell_installation(by, id, Happening::new("installation_repositories", action, fields));
        Ok(())
    }

    /// Suspends an installation: its tokens answer 403, and only this is still told.
    pub fn suspend(&mut self, by: &Actor, id: i64) -> Result<(), Refusal> {
        let now = self.now();
        self.installation_mut(id)?.suspended = Some((by.login.clone(), now));
        self.changed(Change::Installation(id));
        self.tell_installation(by, id, Happening::new("installation", "suspend", vec![]));
        Ok(())
    }

    /// Lifts a suspension.
    pub fn unsuspend(&mut self, by: &Actor, id: i64) -> Result<(), Refusal> {
        self.installation_mut(id)?.suspended = None;
        self.changed(Change::Installation(id));
        self.tell_installation(by, id, Happening::new("installation", "unsuspend", vec![]));
        Ok(())
    }

    /// Uninstalls the App: its tokens are worthless and the installation answers 404.
    pub fn uninstall(&mut self, by: &Actor, id: i64) -> Result<(), Refusal> {
        self.installation_mut(id)?;
        let repositories = self.listed(id);
        self.tell_installation(
            by,
            id,
            Happening::new("installation", "deleted", vec![("repositories", repositories)]),
        );
        self.installations.remove(&id);
        self.tokens.retain(|_, token| token.installation != id);
        self.changed(Change::Installation(id));
        Ok(())
    }

    fn listed(&self, id: i64) -> Value {
        let Some(installation) = self.installations.get(&id) else { return json!([]) };
        let ids = self.covered(installation);
        ids.iter().filter_map(|repo| self.repositories.get(repo)).map(view::short_repository).collect()
    }

    fn installation_mut(&mut self, id: i64) -> Result<&mut Installation, Refusal> {
        self.installations.get_mut(&id).ok_or_else(Refusal::not_found)
    }
}
