//! A YAML file as a tree in which every key and value knows its place; bounded, and a problem instead of a panic for any input.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, Spanned};

use super::problem::{Place, Problem};

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 64 * 1024;

const MOST_NODES: usize = 10_000;
const DEEPEST: usize = 32;

/// A value of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`; `yes` and `on` are text.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Everything else that is one value.
    Text(String),
    /// `[…]` or lines with dashes.
    List(Vec<Placed<Node>>),
    /// Keys and values in the order of the file; no key occurs twice.
    Map(Vec<(Placed<String>, Placed<Node>)>),
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it is written, or where the alias stands through which it got here.
    pub place: Place,
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<Placed<Node>, Problem> {
    if bytes.len() > LARGEST {
        return Err(too_large());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    serde_saphyr::from_str_with_options::<Placed<Node>>(text, options()).map_err(|error| problem(&error))
}

/// What is wrong with a file above [`LARGEST`], for whoever knows its size without its text.
pub fn too_large() -> Problem {
    let message = format!("the file is larger than {LARGEST} bytes, the most that is read; shorten it");
    Problem::at(Place::START, message)
}

/// What is wrong with a file that has no text at all.
pub fn binary() -> Problem {
    Problem::at(Place::START, "the file is binary; save it as UTF-8 text")
}

impl Node {
    /// What a person would call it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "keys",
        }
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: MOST_NODES,
            max_events: 4 * MOST_NODES,
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_aliases: 100,
            max_anchors: 100,
            max_merge_keys: 100,
            max_documents: 1,
            max_total_scalar_bytes: LARGEST,
        },
        strict_booleans: true,
        with_snippet: false,
    }
}

fn not_utf8(bytes: &[u8], valid: usize) -> Problem {
    let before = String::from_utf8_lossy(&bytes[..valid]);
    let message = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the file is UTF-16; save it as UTF-8",
        _ => "the file is not UTF-8 text from here on",
    };
    Problem::at(Place::behind(&before), message)
}

fn problem(error: &Error) -> Problem {
    let place = error.location().map_or(Place::START, place);
    let deep = || Problem::at(place, format!("values are nested deeper than {DEEPEST} levels; flatten them"));
    match cause(error) {
        Error::DuplicateMappingKey { key, .. } => match key {
            Some(key) => Problem::at(place, format!("`{key}` is set twice; keep one")),
            None => Problem::at(place, "a key is set twice; keep one"),
        },
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => deep(),
        Error::Budget { breach: BudgetBreach::Documents { .. }, .. } | Error::MultipleDocuments { .. } => {
            Problem::at(place, "the file holds a second document behind `---`; keep one")
        }
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. } => Problem::at(
            place,
            format!("the file is too large: at most {MOST_NODES} values, aliases counted at every use"),
        ),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            Problem::at(place, "an alias stands inside what it repeats")
        }
        other => {
            let said = other.to_string();
            // The scanner's own bound, for which it has no kind.
            if said.contains("recursion limit exceeded") {
                return deep();
            }
            // The place is told once, in front of the sentence.
            let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
            Problem::at(place, format!("not valid YAML: {said}"))
        }
    }
}

/// What is wrong, without the source text and the alias through which it was met.
fn cause(error: &Error) -> &Error {
    match error {
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => cause(error),
        other => other,
    }
}

fn place(location: Location) -> Place {
    Place { line: location.line().max(1), column: location.column().max(1) }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        Ok(Self { value: spanned.value, place: place(spanned.referenced) })
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(i64::try_from(value).map_or(Node::Float(value as f64), Node::Integer))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Node, E> {
        Ok(Node::Float(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Node, E> {
        Ok(Node::Float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Node, E> {
        Ok(Node::Text(String::from_utf8_lossy(value).into_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Node::Map(map))
    }
}
