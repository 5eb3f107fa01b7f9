//! Checking a configuration file by what it is: `check-config` and the check of pull requests use the same code.

use super::repo::file::{RepoFile, parse_bytes};
use super::repo::problem::Problem;

/// What came of checking a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A `millwright.yml` without problems.
    Good(Box<RepoFile>),
    /// What is wrong with it.
    Bad(Vec<Problem>),
    /// A file of a kind that this version cannot check: the kind's usual name.
    NotBuilt(&'static str),
}

/// Checks a file; its kind follows from its name, and every name that is no other kind's means `millwright.yml`.
pub fn check(path: &str, bytes: &[u8]) -> Outcome {
    match later_kind(path) {
        Some(kind) => Outcome::NotBuilt(kind),
        None => parse_bytes(bytes).map_or_else(Outcome::Bad, |file| Outcome::Good(Box::new(file))),
    }
}

/// The kinds that later versions will check.
fn later_kind(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase();
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
    match (name.as_str(), stem) {
        ("codeowners", _) => Some("CODEOWNERS"),
        (_, Some("labeler")) => Some("labeler.yml"),
        (_, Some(stem)) if stem.starts_with("release-drafter") => Some("release-drafter.yml"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, check};

    #[test]
    fn the_name_decides_the_kind() {
        for (path, kind) in [
            (".github/CODEOWNERS", "CODEOWNERS"),
            ("labeler.yaml", "labeler.yml"),
            (".github\\release-drafter-v2.yml", "release-drafter.yml"),
        ] {
            assert_eq!(check(path, b"mode: full"), Outcome::NotBuilt(kind));
        }
        for path in [".github/millwright.yml", "-", "test.yml", "codeowners.yml"] {
            assert!(matches!(check(path, b"mode: full"), Outcome::Good(_)), "{path}");
            assert!(matches!(check(path, b"mode: fool"), Outcome::Bad(_)), "{path}");
        }
    }
}
