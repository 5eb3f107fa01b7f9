//! The environment of the process, behind a trait, so that tests bring their own.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Where variables come from.
pub trait Env {
    /// The value of a variable, or `None` when it is not set.
    fn get(&self, name: &str) -> Option<OsString>;

    /// The names of all variables that are set.
    fn names(&self) -> Vec<String>;
}

/// The environment of this process.
///
/// Values are read where they are needed and no snapshot is kept. They stay readable in the process's own environment
/// (`/proc/PID/environ`, same user or root) for its whole life: taking them out again is `unsafe` since the 2024
/// edition, and unsafe code is forbidden here. Whoever minds uses the `…_PATH` form, where only a file name is in the
/// environment.
pub fn process() -> impl Env {
    Process
}

struct Process;

impl Env for Process {
    fn get(&self, name: &str) -> Option<OsString> {
        #[expect(clippy::disallowed_methods, reason = "this module is the one that reads the environment")]
        std::env::var_os(name)
    }

    fn names(&self) -> Vec<String> {
        #[expect(clippy::disallowed_methods, reason = "this module is the one that reads the environment")]
        let all = std::env::vars_os();
        all.filter_map(|(name, _)| name.into_string().ok()).collect()
    }
}

impl Env for BTreeMap<String, OsString> {
    fn get(&self, name: &str) -> Option<OsString> {
        BTreeMap::get(self, name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
}
