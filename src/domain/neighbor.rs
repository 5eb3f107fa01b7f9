//! Other bots that answer to bare command names: where one is set up, the names it owns are left to it.

/// A bot known by the file that sets it up.
pub struct Neighbor {
    /// As people call it.
    pub name: &'static str,
    /// Files at the root or in `.github`; any one is enough.
    pub files: &'static [&'static str],
    /// Bare names it answers to, of those that we have or will have.
    pub owns: &'static [&'static str],
}

/// The bots we stand aside for. Names from each project's own command reference.
pub static NEIGHBORS: &[Neighbor] = &[
    Neighbor {
        name: "Prow",
        files: &[".prow.yaml", ".prow", "OWNERS", "OWNERS_ALIASES"],
        owns: &["approve", "assign", "help", "hold", "label", "merge", "review", "status", "unhold"],
    },
    Neighbor { name: "PR-Agent", files: &[".pr_agent.toml"], owns: &["describe", "help", "review"] },
    Neighbor {
        name: "Mergify",
        files: &[".mergify.yml", ".mergify/config.yml"],
        owns: &[], // Mergify answers to `@mergifyio` only
    },
];

/// The neighbors whose files are among `paths` (as the repository spells them, from its root).
pub fn present(paths: &[String]) -> Vec<&'static Neighbor> {
    NEIGHBORS
        .iter()
        .filter(|neighbor| {
            neighbor.files.iter().any(|file| {
                paths.iter().any(|path| path == file || path.strip_prefix(".github/") == Some(file))
            })
        })
        .collect()
}

/// True when one of `neighbors` answers to `/name`.
pub fn owned(neighbors: &[&'static Neighbor], name: &str) -> bool {
    neighbors.iter().any(|neighbor| neighbor.owns.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_prow_takes_approve_and_leaves_enhance() {
        let found = present(&["OWNERS".to_owned(), "src".to_owned()]);
        assert!(owned(&found, "approve"));
        assert!(!owned(&found, "enhance"));
        assert!(present(&["docs/OWNERS".to_owned()]).is_empty());
    }
}
