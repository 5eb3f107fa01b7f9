//! What holds in a repository: built-in defaults, the operator's mode, the organization's file, the repository's file.

use std::fmt;

use serde_json::{Value, json};

use super::enhance::{Approval, DEFAULT_MAX_ITEMS};
use super::file::RepoFile;
use super::keys::Section;
use super::mode::Mode;
use super::problem::{Place, Problem};
use super::schema;

/// An installation of more repositories than this begins with mode `commands`.
const MANY_REPOSITORIES: usize = 20;

/// What the operator's environment says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Operator {
    /// `MILLWRIGHT_MODE`, where it is set.
    pub mode: Option<Mode>,
    /// How many repositories the installation has, where that is known.
    pub repositories: Option<usize>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Nobody set it.
    Default,
    /// Nobody set it, and the installation has more than 20 repositories.
    ManyRepositories,
    /// The operator's environment.
    Operator,
    /// The organization's file.
    Organization(Place),
    /// The repository's file.
    Repository(Place),
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value that holds.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

/// Every value that holds in a repository, with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// `enabled`.
    pub enabled: Sourced<bool>,
    /// `mode`.
    pub mode: Sourced<Mode>,
    /// `commands.ignore`, without slashes.
    pub ignored_commands: Sourced<Vec<String>>,
    /// `commands.bots`: ids of Apps.
    pub bots: Sourced<Vec<i64>>,
    /// `enhance.approval`.
    pub approval: Sourced<Approval>,
    /// `enhance.max_items`.
    pub max_items: Sourced<u32>,
    /// `locked`, as the organization's file has it.
    pub locked: Sourced<Vec<Section>>,
    /// What the repository's file sets without effect.
    pub without_effect: Vec<Problem>,
}

/// One key for people and programs; see [`Effective::rows`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The key's path.
    pub key: &'static str,
    /// The value that holds.
    pub value: Value,
    /// Where it comes from.
    pub source: Source,
}

/// The values alone: what features see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoConfig {
    /// Whether Millwright does anything here.
    pub enabled: bool,
    /// How much it does on its own.
    pub mode: Mode,
    /// Commands.
    pub commands: CommandsConfig,
    /// Plans.
    pub enhance: EnhanceConfig,
}

/// `commands:` as it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandsConfig {
    /// Names whose bare form belongs to another bot, without slashes.
    pub ignore: Vec<String>,
    /// Apps whose bots may give commands, by id.
    pub bots: Vec<i64>,
}

/// `enhance:` as it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhanceConfig {
    /// Who decides that a plan becomes sub-issues.
    pub approval: Approval,
    /// The most work items of one plan.
    pub max_items: u32,
}

/// Lays the files over the defaults; a file that does not exist is `None`.
pub fn effective(
    operator: Operator,
    organization: Option<&RepoFile>,
    repository: Option<&RepoFile>,
) -> Effective {
    let layers = Layers { organization, repository };
    let locked = layers.organization_only("locked", Vec::new(), |file| file.keys.locked.clone());
    Effective {
        enabled: layers.pick(Section::Enabled, "enabled", true, |file| file.keys.enabled),
        mode: layers.mode(operator),
        ignored_commands: layers.pick(Section::Commands, "commands.ignore", Vec::new(), |file| {
            file.keys.commands.ignored_names()
        }),
        bots: layers
            .pick(Section::Commands, "commands.bots", Vec::new(), |file| file.keys.commands.bots.clone()),
        approval: layers.pick(Section::Enhance, "enhance.approval", Approval::default(), |file| {
            file.keys.enhance.approval
        }),
        max_items: layers.pick(Section::Enhance, "enhance.max_items", DEFAULT_MAX_ITEMS, |file| {
            file.keys.enhance.max_items
        }),
        locked,
        without_effect: layers.without_effect(),
    }
}

impl Effective {
    /// The values alone.
    pub fn config(&self) -> RepoConfig {
        RepoConfig {
            enabled: self.enabled.value,
            mode: self.mode.value,
            commands: CommandsConfig {
                ignore: self.ignored_commands.value.clone(),
                bots: self.bots.value.clone(),
            },
            enhance: EnhanceConfig { approval: self.approval.value, max_items: self.max_items.value },
        }
    }

    /// Every key with the value that holds and its source, in the order of the file.
    pub fn rows(&self) -> Vec<Row> {
        let row = |key, value, source| Row { key, value, source };
        vec![
            row("enabled", json!(self.enabled.value), self.enabled.source),
            row("mode", json!(self.mode.value), self.mode.source),
            row("commands.ignore", json!(self.ignored_commands.value), self.ignored_commands.source),
            row("commands.bots", json!(self.bots.value), self.bots.source),
            row("enhance.approval", json!(self.approval.value), self.approval.source),
            row("enhance.max_items", json!(self.max_items.value), self.max_items.source),
            row("locked", json!(self.locked.value), self.locked.source),
        ]
    }
}

impl Row {
    /// The value as it would be written in the file.
    pub fn written(&self) -> String {
        schema::written(&self.value)
    }
}

impl Default for RepoConfig {
    fn default() -> Self {
        effective(Operator::default(), None, None).config()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::ManyRepositories => {
                write!(f, "default for an installation of more than {MANY_REPOSITORIES} repositories")
            }
            Self::Operator => f.write_str("operator, MILLWRIGHT_MODE"),
            Self::Organization(place) => write!(f, "organization, line {}", place.line),
            Self::Repository(place) => write!(f, "repository, line {}", place.line),
        }
    }
}

struct Layers<'a> {
    organization: Option<&'a RepoFile>,
    repository: Option<&'a RepoFile>,
}

impl Layers<'_> {
    fn is_locked(&self, section: Section) -> bool {
        self.organization
            .and_then(|file| file.keys.locked.as_ref())
            .is_some_and(|locked| locked.contains(&section))
    }

    /// The repository's value, unless the section is locked; else the organization's; else the default.
    fn pick<T>(
        &self,
        section: Section,
        path: &str,
        default: T,
        get: impl Fn(&RepoFile) -> Option<T>,
    ) -> Sourced<T> {
        let own = self.repository.filter(|_| !self.is_locked(section));
        match own.and_then(|file| {
            Some(Sourced { value: get(file)?, source: Source::Repository(file.place(path)) })
        }) {
            Some(own) => own,
            None => self.organization_only(path, default, get),
        }
    }

    fn organization_only<T>(
        &self,
        path: &str,
        default: T,
        get: impl Fn(&RepoFile) -> Option<T>,
    ) -> Sourced<T> {
        let set = self.organization.and_then(|file| {
            Some(Sourced { value: get(file)?, source: Source::Organization(file.place(path)) })
        });
        set.unwrap_or(Sourced { value: default, source: Source::Default })
    }

    /// The most cautious of all that are set; of equals the one set higher up.
    fn mode(&self, operator: Operator) -> Sourced<Mode> {
        let get = |file: &RepoFile, source: fn(Place) -> Source| {
            Some(Sourced { value: file.keys.mode?, source: source(file.place("mode")) })
        };
        let own = self.repository.filter(|_| !self.is_locked(Section::Mode));
        let set = [
            operator.mode.map(|value| Sourced { value, source: Source::Operator }),
            self.organization.and_then(|file| get(file, Source::Organization)),
            own.and_then(|file| get(file, Source::Repository)),
        ];
        let many = operator.repositories.is_some_and(|count| count > MANY_REPOSITORIES);
        let default = match many {
            true => Sourced { value: Mode::Commands, source: Source::ManyRepositories },
            false => Sourced { value: Mode::Full, source: Source::Default },
        };
        set.into_iter().flatten().min_by_key(|mode| mode.value).unwrap_or(default)
    }

    fn without_effect(&self) -> Vec<Problem> {
        let Some(file) = self.repository else { return Vec::new() };
        let why = |path: &str| match Section::of(path) {
            None => Some("`locked` counts only in the organization's file".to_owned()),
            Some(section) if self.is_locked(section) => Some(format!(
                "`{path}` has no effect here: the organization's file locks `{}`",
                section.word()
            )),
            Some(_) => None,
        };
        let mut found: Vec<Problem> =
            file.places.iter().filter_map(|(path, place)| Some(Problem::at(*place, why(path)?))).collect();
        found.sort_by_key(|problem| (problem.line, problem.column));
        found
    }
}
