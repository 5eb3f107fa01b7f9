//! Who has to review what, by the CODEOWNERS file: the last matching line decides alone.

use globset::{GlobBuilder, GlobMatcher};

use crate::domain::plan::places::Places;
use crate::domain::plan::words;

/// A CODEOWNERS file.
pub struct Owners {
    /// Where it lies.
    pub path: String,
    rules: Vec<Rule>,
}

struct Rule {
    matcher: GlobMatcher,
    owners: Vec<String>,
}

impl Owners {
    /// The first of `.github/`, the root and `docs/` that was read.
    pub fn read(places: &Places<'_>) -> Option<Self> {
        let places_of_it = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
        let (path, text) =
            places_of_it.iter().find_map(|path| places.text(path).map(|text| (*path, text)))?;
        Some(Self { path: path.to_owned(), rules: text.lines().filter_map(rule).collect() })
    }

    /// Does one line own all there is?
    fn is_one(&self) -> bool {
        matches!(self.rules.as_slice(), [only] if only.matcher.is_match("a/a.b") && only.matcher.is_match("b"))
    }

    /// Owners of a path, without `@`; empty where no line matches or the last one names nobody.
    pub fn of(&self, path: &str) -> &[String] {
        let last = self.rules.iter().rev().find(|rule| rule.matcher.is_match(path));
        last.map_or(&[], |rule| &rule.owners)
    }
}

/// What the plan says about owners: who reviews which item, and which files have none.
pub fn sentences(owners: &Owners, items: &[Vec<String>]) -> Vec<String> {
    let mut by_owner: Vec<(&[String], Vec<usize>, Vec<String>)> = Vec::new();
    let mut unowned: Vec<String> = Vec::new();
    for (index, paths) in items.iter().enumerate() {
        for path in paths {
            let names = owners.of(path);
            if names.is_empty() && !unowned.contains(path) {
                unowned.push(path.clone());
            }
            if names.is_empty() {
                continue;
            }
            match by_owner.iter_mut().find(|(seen, _, _)| *seen == names) {
                Some((_, at, owned)) => {
                    at.push(index + 1);
                    owned.push(path.clone());
                }
                None => by_owner.push((names, vec![index + 1], vec![path.clone()])),
            }
        }
    }
    let mut out = Vec::new();
    for (names, mut at, mut owned) in by_owner {
        let who = told(names);
        at.dedup();
        owned.sort();
        owned.dedup();
        let which = match (items.len(), at.len()) {
            (1, _) => "Needs".to_owned(),
            (2, 2) => "Both need".to_owned(),
            (all, some) if all == some => format!("All {} need", words::number(all)),
            (_, 1) => format!("Item {} needs", at.first().copied().unwrap_or(1)),
            _ => {
                let at: Vec<String> = at.iter().map(usize::to_string).collect();
                format!("Items {} need", words::list(&at))
            }
        };
        // What is owned says nothing where all of it is.
        let owned = match owners.is_one() {
            true => String::new(),
            false => format!(" owns {}", words::some(&words::codes(&owned), 3)),
        };
        out.push(format!("{which} a review by {who} (`CODEOWNERS`{owned})"));
    }
    // Where nobody owns any of it, nobody has to be waited for.
    if !out.is_empty() && !unowned.is_empty() {
        let verb = if unowned.len() == 1 { "has" } else { "have" };
        out.push(format!("{} {verb} no owner", words::some(&words::codes(&unowned), 3)));
    }
    out
}

/// Most owners of one line that are told by name, and the longest name of one.
const TOLD: usize = 3;
const LONGEST: usize = 80;

/// Of several on one line any one will do.
fn told(names: &[String]) -> String {
    let code = |name: &String| words::code(&words::shorten(name, LONGEST));
    if names.len() <= TOLD + 1 {
        return words::one_of(&names.iter().map(code).collect::<Vec<_>>());
    }
    let shown: Vec<String> = names.iter().take(TOLD).map(code).collect();
    format!("{} and {} more", shown.join(", "), words::thousands(names.len() - TOLD))
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.split(" #").next().unwrap_or(line).trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let mut parts = line.split_whitespace();
    let pattern = parts.next()?;
    let owners: Vec<String> = parts.map(str::to_owned).collect();
    let valid = owners.iter().all(|owner| owner.contains('@'));
    if !valid || pattern.starts_with('!') || pattern.contains(['[', ']', '\\', '{', '}']) {
        return None;
    }
    let owners = owners.into_iter().map(|owner| owner.trim_start_matches('@').to_owned()).collect();
    Some(Rule { matcher: matcher(pattern)?, owners })
}

fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let folder = pattern.ends_with('/');
    let body = pattern.trim_end_matches('/');
    let anchored = body.contains('/');
    let body = body.trim_start_matches('/');
    let open = if anchored { String::new() } else { "{,**/}".to_owned() };
    let nested = !body.ends_with('*') || body == "*" || body.ends_with("**");
    let close = match (folder, nested) {
        (true, _) => "/**",
        (false, true) => "{,/**}",
        (false, false) => "",
    };
    let glob = format!("{open}{body}{close}");
    GlobBuilder::new(&glob)
        .literal_separator(true)
        .empty_alternates(true)
        .build()
        .ok()
        .map(|glob| glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_matching_line_decides_and_may_name_nobody() {
        let text = "* @acme/all\n/src/ @acme/core # the heart\n/src/free.rs\ndocs/* docs@acme.example\n*.lock not-an-owner\n";
        let owners = Owners { path: "CODEOWNERS".into(), rules: text.lines().filter_map(rule).collect() };
        assert_eq!(owners.of("src/a/b.rs"), ["acme/core"]);
        assert!(owners.of("src/free.rs").is_empty());
        assert_eq!(owners.of("docs/a.md"), ["docs@acme.example"]);
        assert_eq!(owners.of("docs/deep/a.md"), ["acme/all"]);
        assert_eq!(owners.of("Cargo.lock"), ["acme/all"]);
    }

    #[test]
    fn of_thousands_of_owners_three_are_named() {
        let all: Vec<String> = (0..20_000).map(|number| format!("@t{number}")).collect();
        let rules = format!("* {}\n", all.join(" ")).lines().filter_map(rule).collect();
        let owners = Owners { path: "CODEOWNERS".into(), rules };
        let said = sentences(&owners, &[vec!["src/a.rs".into()]]).join("; ");
        assert_eq!(said, "Needs a review by `t0`, `t1`, `t2` and 19,997 more (`CODEOWNERS`)");
        let rules = format!("* @{}\n", "a".repeat(100_000)).lines().filter_map(rule).collect();
        let owners = Owners { path: "CODEOWNERS".into(), rules };
        assert!(sentences(&owners, &[vec!["src/a.rs".into()]]).join("; ").len() < 200);
    }

    #[test]
    fn one_line_that_owns_everything_is_told_without_a_list_of_files() {
        let told = |text: &str| {
            let rules = text.lines().filter_map(rule).collect();
            sentences(&Owners { path: "CODEOWNERS".into(), rules }, &[vec!["src/a.rs".into()]]).join("; ")
        };
        assert_eq!(told("# all\n* @acme/all\n"), "Needs a review by `acme/all` (`CODEOWNERS`)");
        assert_eq!(told("/src/ @acme/all\n"), "Needs a review by `acme/all` (`CODEOWNERS` owns `src/a.rs`)");
    }
}
