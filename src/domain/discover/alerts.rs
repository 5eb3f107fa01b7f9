//! What GitHub's scanners have found: one candidate for each root cause, however many alerts tell of it.

use std::cmp::Ordering;

use crate::domain::alert::{Alert, Finding, Place};
use crate::domain::discover::Source;
use crate::domain::discover::candidate::{Candidate, Evidence, Terms, at, at_commit};
use crate::domain::discover::facts::Facts;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::{places, words};

/// The source.
pub static SOURCE: Source = Source { name: "alert", find };

/// Places of one rule from which mending them is no small change.
const MANY: usize = 8;
/// Places that are linked.
const SHOWN: usize = 3;

/// What GitHub's word for the severity comes to.
struct Gravity {
    word: &'static str,
    value: f64,
    urgency: f64,
    because: &'static str,
}

static GRAVITIES: &[Gravity] = &[
    Gravity { word: "active", value: 13.0, urgency: 13.0, because: "GitHub has tried it: it still works" },
    Gravity { word: "critical", value: 13.0, urgency: 13.0, because: "an alert of severity critical" },
    Gravity {
        word: "unknown",
        value: 8.0,
        urgency: 13.0,
        because: "whoever reads the repository can use it",
    },
    Gravity { word: "high", value: 8.0, urgency: 8.0, because: "an alert of severity high" },
    Gravity { word: "error", value: 5.0, urgency: 5.0, because: "an alert of severity error" },
    Gravity { word: "medium", value: 5.0, urgency: 3.0, because: "an alert of severity medium" },
    Gravity { word: "warning", value: 3.0, urgency: 2.0, because: "an alert of severity warning" },
    Gravity { word: "low", value: 2.0, urgency: 1.0, because: "an alert of severity low" },
    Gravity { word: "inactive", value: 2.0, urgency: 1.0, because: "GitHub has tried it: it works no more" },
    Gravity { word: "note", value: 1.0, urgency: 1.0, because: "an alert of severity note" },
    Gravity { word: "none", value: 1.0, urgency: 1.0, because: "an alert without severity" },
];
static UNTOLD: Gravity =
    Gravity { word: "", value: 5.0, urgency: 3.0, because: "an alert whose severity is not told" };

fn gravity(alert: &Alert) -> &'static Gravity {
    GRAVITIES.iter().find(|known| known.word == alert.severity).unwrap_or(&UNTOLD)
}

/// Whether a secret in this line is an alert already.
pub fn tells_of_secret(facts: &Facts, path: &str, line: usize) -> bool {
    let is_there = |place: &Place| place.path == path && place.line == Some(line);
    facts.alerts.iter().flatten().any(|alert| {
        matches!(alert.finding, Finding::Secret { .. }) && alert.place.as_ref().is_some_and(is_there)
    })
}

fn find(facts: &Facts) -> Vec<Candidate> {
    let mut causes: Vec<(Cause, Vec<&Alert>)> = Vec::new();
    for alert in facts.alerts.iter().flatten() {
        let cause = Cause::of(alert);
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, alerts)) => alerts.push(alert),
            None => causes.push((cause, vec![alert])),
        }
    }
    causes.iter().filter_map(|(cause, alerts)| candidate(facts, cause, alerts)).collect()
}

/// What has to be done once for all alerts that share it.
#[derive(PartialEq)]
enum Cause<'a> {
    /// A rule, and the folder in which it is broken.
    Rule(&'a str, &'a str),
    /// A package, and the file that names it.
    Package(&'a str, &'a str),
    /// A kind of secret.
    Secret(&'a str),
}

impl<'a> Cause<'a> {
    fn of(alert: &'a Alert) -> Self {
        match &alert.finding {
            Finding::Rule { id, .. } => {
                let path = alert.place.as_ref().map_or("", |place| place.path.as_str());
                // A file at the root stands for itself, or all of them would be one.
                let folder = Some(places::folder(path)).filter(|folder| !folder.is_empty());
                Self::Rule(id, folder.unwrap_or(path))
            }
            Finding::Package { name, manifest, .. } => Self::Package(name, manifest),
            Finding::Secret { name } => Self::Secret(name),
        }
    }

    fn title(&self, alerts: &[&Alert]) -> String {
        match self {
            Self::Rule(id, "") => format!("Mend {}", code(id)),
            Self::Rule(id, folder) => format!("Mend {} in {}", code(id), code(folder)),
            Self::Package(name, manifest) => {
                let named = match *manifest {
                    "" => code(name),
                    manifest => format!("{} in {}", code(name), code(manifest)),
                };
                match patched(alerts) {
                    Some(version) => format!("Update {named} to {}", shown(version)),
                    None if alerts.len() > 1 => format!("Replace {named}: no version mends all of it"),
                    None => format!("Replace {named}: no version mends it"),
                }
            }
            Self::Secret(name) if alerts.len() == 1 => {
                format!("Revoke the {} that was pushed", plain(name, 60))
            }
            Self::Secret(name) => {
                format!("Revoke the {} secrets that were pushed: {}", alerts.len(), plain(name, 60))
            }
        }
    }

    /// The size, and where it comes from.
    fn size(&self, alerts: &[&Alert]) -> (f64, String) {
        match self {
            Self::Rule(..) if alerts.len() > MANY => (3.0, format!("places: {}", alerts.len())),
            Self::Rule(..) => (2.0, "S, a guess".to_owned()),
            Self::Package(..) if patched(alerts).is_some() => (1.0, "the version is known".to_owned()),
            Self::Package(..) => (5.0, "M, a guess: there is no version to go to".to_owned()),
            Self::Secret(_) => (1.0, format!("to be revoked: {}", alerts.len())),
        }
    }

    /// How many there are, where that is more than what is shown.
    fn many(&self, count: usize) -> Option<String> {
        match self {
            Self::Rule(..) if count > SHOWN => Some(format!("{count} places")),
            Self::Package(..) if count > 1 => Some(format!("{count} advisories")),
            _ => None,
        }
    }
}

fn candidate(facts: &Facts, cause: &Cause<'_>, alerts: &[&Alert]) -> Option<Candidate> {
    let mut gravest = alerts.to_vec();
    // A stable order: the newest of the gravest stays first.
    gravest.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let first = *gravest.first()?;
    let Gravity { value, urgency, because, .. } = gravity(first);
    let (size, sized) = cause.size(alerts);
    let mut evidence = vec![told(first)];
    let mut seen: Vec<Evidence> = Vec::new();
    for place in gravest.iter().filter_map(|alert| alert.place.as_ref()) {
        let there = link(facts, place);
        if seen.len() < SHOWN && !seen.contains(&there) {
            seen.push(there);
        }
    }
    evidence.extend(seen);
    evidence.extend(cause.many(alerts.len()).map(|text| Evidence { text, url: String::new() }));
    Some(Candidate {
        title: words::shorten(&cause.title(alerts), 110),
        issue: None,
        place: None,
        evidence,
        terms: Terms { value: *value, urgency: *urgency, unblock: 1.0, confidence: 1.0, size },
        because: vec![
            format!("value {value}: {because}"),
            format!("urgency {urgency}: the same"),
            "unblock 1: nothing names it as a blocker".to_owned(),
            "confidence 1: an alert".to_owned(),
            format!("size {size}: {sized}"),
        ],
        since_ms: alerts.iter().filter_map(|alert| alert.created_at_ms).min(),
    })
}

fn weight(alert: &Alert) -> f64 {
    let Gravity { value, urgency, .. } = gravity(alert);
    value + urgency
}

/// The alert, and what it says.
fn told(alert: &Alert) -> Evidence {
    let said = match &alert.finding {
        Finding::Rule { says, .. } => vec![quoted(says)],
        Finding::Package { advisory, says, .. } => vec![plain(advisory, 30), quoted(says)],
        Finding::Secret { .. } => Vec::new(),
    };
    let said: Vec<String> = said.into_iter().filter(|part| !part.is_empty()).collect();
    let text = match said.is_empty() {
        true => format!("alert {}", alert.number),
        false => format!("alert {}: {}", alert.number, said.join(" ")),
    };
    Evidence { text, url: alert.page.clone() }
}

/// The place in the commit that was scanned: lines move. A manifest is linked where it still is.
fn link(facts: &Facts, place: &Place) -> Evidence {
    let line = place.line.unwrap_or(0);
    let found = match &place.commit {
        Some(commit) => at_commit(&facts.snapshot, commit, (&place.path, line)),
        None => at(&facts.snapshot, &place.path, line),
    };
    let is_there = place.commit.is_some() || facts.snapshot.tree.iter().any(|it| it.path == place.path);
    let url = if is_there { found.url } else { String::new() };
    Evidence { text: found.text.replacen(&format!("`{}`", place.path), &code(&place.path), 1), url }
}

/// The highest of the versions that mend; nothing where one of the alerts knows none.
fn patched<'a>(alerts: &[&'a Alert]) -> Option<&'a str> {
    let versions = alerts.iter().map(|alert| match &alert.finding {
        Finding::Package { patched, .. } => patched.as_deref().filter(|version| !version.is_empty()),
        Finding::Rule { .. } | Finding::Secret { .. } => None,
    });
    versions.collect::<Option<Vec<&str>>>()?.into_iter().max_by(|a, b| by_version(a, b))
}

/// Number by number; what is released comes behind what leads up to it.
fn by_version(a: &str, b: &str) -> Ordering {
    let split = |version: &str| {
        let (release, pre) = version.split_once('-').unwrap_or((version, ""));
        let digits = release.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let numbers: Vec<u64> = digits.map(|part| part.parse().unwrap_or(u64::MAX)).collect();
        (numbers, pre.is_empty(), pre.to_owned())
    };
    split(a).cmp(&split(b))
}

static VERSION: Pattern = Pattern::new(r"^v?\d[0-9a-z.+-]{0,39}$");

/// A version as it is; what does not look like one as code.
fn shown(version: &str) -> String {
    if VERSION.is_in(version) { version.to_owned() } else { code(version) }
}

/// A name from outside as code: it ends neither the code nor the line.
fn code(text: &str) -> String {
    words::code(&plain(text, 60))
}

fn quoted(text: &str) -> String {
    match plain(text, 100).as_str() {
        "" => String::new(),
        said => words::quoted(said),
    }
}

/// A text from outside on one line, in which no code begins.
fn plain(text: &str, most: usize) -> String {
    words::on_one_line(text.trim(), most).replace('`', "'")
}
