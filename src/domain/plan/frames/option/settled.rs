//! An option beside a file that sets the same, and scripts that pass it.

use crate::domain::plan::frames::Findings;
use crate::domain::plan::frames::option::FRAME;
use crate::domain::plan::frames::option::declared::Declared;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// Says which wins, and what becomes of scripts that pass it.
pub fn tell(declared: &Declared<'_>, findings: &mut Findings, flag: &str) {
    let own = |claim: &Option<crate::domain::plan::frames::Claim>| {
        claim.as_ref().is_some_and(|claim| claim.frame == FRAME.name)
    };
    let Some(demand) = findings.claims.iter().position(own) else { return };
    if let Some((key, path, line)) = key_of(declared, flag) {
        findings.reads(format!(
            "{} wins over {} of `{path}` line {line} where both are given",
            words::code(flag),
            words::code(&key)
        ));
    }
    if let Some(path) = declared.model(flag) {
        findings.reads(format!("{} as `{path}` has it", words::code(flag)));
    }
    let flag = words::code(flag);
    match declared.declaring(flag.trim_matches('`')) {
        Some(path) => findings
            .leaves(demand, format!("scripts that pass {flag} get again what `{path}` makes of it today")),
        // Of a letter nobody can tell whether it is declared.
        None if !flag.starts_with("`--") || declared.has_field(flag.trim_matches('`')) => {}
        None if declared.home().is_some() => {
            findings
                .leaves(demand, format!("scripts that pass {flag} stop after a revert: it is unknown again"));
        }
        None => {}
    }
}

/// The key of a configuration file that is called as the option is; one of a section or within another key is about something else.
fn key_of<'a>(declared: &Declared<'a>, flag: &str) -> Option<(String, &'a str, usize)> {
    let bare = flag.trim_start_matches('-');
    if bare.len() < 3 {
        return None;
    }
    let places = declared.scene.places;
    let files = places.snapshot.files.iter().filter(|(path, _)| {
        is_settings(path) && !places::is_aside(path) && !places::is_test(path) && !path.starts_with('.')
    });
    let spellings = [bare.to_owned(), bare.replace('-', "_")];
    files.into_iter().find_map(|(path, text)| {
        let mut head = text.lines().take(2_000).take_while(|line| !line.trim_start().starts_with('['));
        let line = head.position(|line| {
            let key = line.trim_start_matches('"');
            spellings.iter().any(|name| {
                let rest =
                    key.strip_prefix(name.as_str()).map(|rest| rest.trim_start_matches('"').trim_start());
                rest.is_some_and(|rest| rest.starts_with(['=', ':']))
            })
        })?;
        let found = text.lines().nth(line)?;
        let name = spellings.iter().find(|name| found.contains(name.as_str()))?;
        Some((name.clone(), path.as_str(), line + 1))
    })
}

fn is_settings(path: &str) -> bool {
    let lower = path.to_lowercase();
    matches!(places::ending(path), "toml" | "yaml" | "yml" | "ini" | "conf" | "properties")
        && (lower.contains("config") || lower.contains("settings") || lower.contains("conf/"))
}
