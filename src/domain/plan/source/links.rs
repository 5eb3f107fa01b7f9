//! Links of Markdown: the files they lead to, and their words alone.

use crate::domain::plan::pattern::Pattern;
use crate::domain::snapshot::{Repository, Snapshot};

static LINK: Pattern = Pattern::new(r"\[([^\[\]]{1,200})\]\((?:[^()\s]|\([^()\s]*\)){1,600}\)");
static BLOB: Pattern = Pattern::new(
    r"https?://[\w.-]+/[\w.-]+/([\w.-]+)/(?:blob|blame|raw|edit)/([\w.-]+)/([\w@+./-]+?\.\w+)(?:#L(\d{1,7})(?:C\d+)?(?:-L?(\d{1,7}))?)?(?:[\s)>,;?#-]|$)",
);

/// A file as GitHub addresses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Name without the owner: a fork has the same.
    pub repository: String,
    /// Commit, branch or tag.
    pub at: String,
    /// From the root.
    pub path: String,
    /// The first line it points to.
    pub line: Option<usize>,
    /// The last one, where there are several.
    pub last: Option<usize>,
}

impl Link {
    /// Does it lead to this repository?
    pub fn is_of(&self, repository: &Repository) -> bool {
        repository.name.is_empty() || self.repository.eq_ignore_ascii_case(&repository.name)
    }

    /// Its line, where that is the same line today: at another commit something else may stand there.
    pub fn line_today(&self, snapshot: &Snapshot) -> Option<usize> {
        let base = !self.at.is_empty() && snapshot.base_sha.starts_with(&self.at);
        let branch = snapshot.repository.default_branch.as_str();
        // A tree without GitHub says of no branch that it is the default one.
        let usual = branch.is_empty() && matches!(self.at.as_str(), "main" | "master" | "HEAD");
        self.line.filter(|_| base || usual || self.at == branch)
    }
}

/// Files that a text links.
pub fn linked(text: &str) -> Vec<Link> {
    let links = BLOB.all(text, 0);
    let found = links.iter().filter_map(|link| BLOB.captures(link));
    let link = |found: regex::Captures<'_>| {
        let part = |index| found.get(index).map(|part| part.as_str().to_owned());
        Some(Link {
            repository: part(1)?,
            at: part(2)?,
            path: part(3)?,
            line: part(4).and_then(|digits| digits.parse().ok()),
            last: part(5).and_then(|digits| digits.parse().ok()),
        })
    };
    found.filter_map(link).take(8).collect()
}

/// A text with its links' words alone.
pub(super) fn unlinked(text: &str) -> String {
    match text.contains("](") {
        true => LINK.replace(text, |link| LINK.first(link, 1).unwrap_or(link).to_owned()),
        false => text.to_owned(),
    }
}
