//! Some may, others may not.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::quantity;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "permission",
    read,
    risk: Some(Risk::of("too narrow locks people out, too wide leaks; both sides need a test")),
};

static ONLY: Pattern = Pattern::new(
    r"\bonly\s+(?:an?\s+|the\s+)?([\w `-]{3,40}?)\s+(?:may|can|should be (?:able|allowed) to|must be (?:able|allowed) to|are allowed to|is allowed to|should|darf|dürfen)\s+(?:be able to\s+)?([^,;:]{3,80})",
);
static FORBIDDEN: Pattern = Pattern::new(
    r"\b((?:non-)?(?:admins?|members?|guests?|users?|viewers?|editors?|anonymous \w+|readers?|outsiders?|contributors?)(?: without [\w `-]{3,30}?)?)\s+(?:must not|may not|should not|cannot|can't|are not allowed to|is not allowed to)\s+(?:be able to\s+)?([^,;:]{3,80})",
);

/// `…: 403`
static BEHIND: Pattern = Pattern::new(r"[:→>]\s*`?([45]\d\d)\b");

/// Where it is done, behind what is done.
static PLACED: Pattern =
    Pattern::new(r"^(.{3,}?),? (?:in|through|via|by|with|from|on|of) `[^`]*[/.][^`]*`\s*$");

/// People and their parts; of `only numbers should be accepted` nobody is locked out, whatever a source has between quotation marks.
static PEOPLE: Pattern = Pattern::new(
    r"\b(?:admin(?:istrator)?|member|guest|user|viewer|editor|reader|owner|manager|maintainer|moderator|author|employee|customer|client|operator|developer|reviewer|contributor|subscriber|visitor|teacher|student|outsider|\w{3,}master)s?\b|\b(?:staff|people|everyone|anybody|nobody)\b",
);

/// Who may, or may not, do what.
struct Right<'t> {
    who: &'t str,
    what: &'t str,
    only: bool,
}

/// Who is meant, as the tree calls them, and who can do it again after a revert.
fn meant(scene: &Scene<'_>, findings: &mut Findings, index: usize, right: &Right<'_>) {
    let Right { who, what, only } = right;
    if !PEOPLE.is_in(who) {
        return;
    }
    let known = role(scene, who);
    let what = PLACED.first(what, 1).unwrap_or(what);
    match (known, only) {
        (Some((name, path, line)), _) => {
            findings.reads(format!("{} = whoever `{path}` line {line} calls `{name}`", words::quoted(who)))
        }
        (None, true) => findings.reads(format!(
            "“only {who}” takes {} from all others who can do it today, administrators among them",
            words::quoted(what)
        )),
        (None, false) => {}
    }
    let again = match only {
        true => format!("others than {who}"),
        false => (*who).to_owned(),
    };
    findings.leaves(index, format!("a revert lets {again} {} again", words::quoted(what)));
}

/// A line that is about what somebody may.
static RIGHTS: Pattern = Pattern::new(r"role|permission|\brights?\b");

/// Does a line have the mark, and is it no part of a longer name there?
fn marks(line: &str, mark: &str) -> bool {
    let ends = |at: usize| {
        let behind = line.get(at + mark.len()..).and_then(|rest| rest.chars().next());
        mark.ends_with(['"', '\'']) || !behind.is_some_and(|c| c.is_alphanumeric() || c == '_')
    };
    line.match_indices(mark).any(|(at, _)| ends(at)) && RIGHTS.is_in(line)
}

/// The name by which a source knows them, where it tells of roles or rights: `manager` in quotation marks, or `Manager` as one of
/// several kinds.
fn role<'a>(scene: &Scene<'a>, who: &str) -> Option<(String, &'a str, usize)> {
    let [word] = who.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let bare = words::singular(&word.to_lowercase()).to_owned();
    let upper = words::capitalized(&bare);
    let spellings = [
        (format!("\"{bare}\""), bare.clone()),
        (format!("'{bare}'"), bare.clone()),
        (format!("::{upper}"), upper),
        (format!("Role.{}", bare.to_uppercase()), bare.to_uppercase()),
    ];
    scene.places.read_sources().find_map(|(path, text)| {
        let mut held = spellings.iter().filter(|(mark, _)| text.contains(mark.as_str()));
        held.find_map(|(mark, name)| {
            let line = text.lines().position(|line| line.len() < places::LINE && marks(line, mark))?;
            Some((name.clone(), path, line + 1))
        })
    })
}

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let (found, only) = match (ONLY.captures(&statement.text), FORBIDDEN.captures(&statement.text)) {
            (Some(found), _) => (found, true),
            (None, Some(found)) => (found, false),
            (None, None) => continue,
        };
        let (Some(who), Some(what)) = (found.get(1), found.get(2)) else { continue };
        let (who, what) =
            (who.as_str().trim(), words::shorten(what.as_str().trim().trim_end_matches('.'), 60));
        let shows = quantity::status(&statement.text).or(BEHIND.first(&statement.text, 1)).map(str::to_owned);
        if shows.is_none() {
            findings.ask(
                scene,
                &format!("the refusal of R{}", index + 1),
                Question::new(
                    scene.slot("permission.shows", index),
                    format!(
                        "What does somebody see who may not {}: a refusal, or as if it were not there?",
                        words::quoted(&what)
                    ),
                    "a refusal that names the missing right".to_owned(),
                    70,
                ),
            );
        }
        meant(scene, findings, index, &Right { who, what: &what, only });
        let answered = || scene.answered(&scene.slot("permission.shows", index));
        let refused = shows.or_else(answered).unwrap_or_else(|| "refused".to_owned());
        let cases = match only {
            true => {
                vec![format!("{who} {what}: done"), format!("anybody but {who}: {refused}, nothing changed")]
            }
            false => vec![
                format!("{who} {what}: {refused}, nothing changed"),
                format!("others {what}: as at {}", scene.base()),
            ],
        };
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "security", cases });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_a_whole_name_beside_a_word_for_it() {
        assert!(!PEOPLE.is_in("numbers") && PEOPLE.is_in("harbormasters"));
        for (line, mark, is_one) in [
            ("if user.role == 'manager':", "'manager'", true),
            ("Role::Manager => true,", "::Manager", true),
            ("Role::ManagerOnLeave => true,", "::Manager", false),
            ("if typeof value === 'number'", "'number'", false),
        ] {
            assert_eq!(marks(line, mark), is_one, "{line}");
        }
    }
}
