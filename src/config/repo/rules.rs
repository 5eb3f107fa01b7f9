//! A file's values against the schema of its keys: every problem at once, each with its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::problem::{Place, Problem};
use super::reserved::{RESERVED, is_reserved};
use super::schema::{allowed, choices, keys};
use super::yaml::{Node, Placed};
use crate::domain::command::NAMES;
use crate::domain::command::closest::closest;
use crate::domain::escape::shorten;

/// How far a misspelled key may be from a known one.
const REACH: usize = 3;

/// What came of checking a file.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    /// Where each key is set, by its path.
    pub(super) places: BTreeMap<String, Place>,
}

impl Checked {
    /// Checks a value, and gives back what of it holds; `None` also where nothing is set.
    pub(super) fn value(&mut self, path: &str, node: &Placed<Node>, schema: &Value) -> Option<Value> {
        match &node.value {
            Node::Null => None,
            Node::Map(entries) if schema["properties"].is_object() => Some(self.map(path, entries, schema)),
            Node::List(items) if schema["type"] == "array" => {
                self.places.insert(path.to_owned(), node.place);
                let items = items.iter().filter_map(|item| self.item(path, item, schema));
                Some(Value::Array(items.collect()))
            }
            scalar => {
                self.places.insert(path.to_owned(), node.place);
                let value = scalar_value(scalar).filter(|value| fits(value, schema));
                if value.is_none() {
                    self.refuse(path, node, schema);
                }
                value
            }
        }
    }

    fn map(&mut self, path: &str, entries: &[(Placed<String>, Placed<Node>)], schema: &Value) -> Value {
        let mut map = Map::new();
        for (key, node) in entries {
            let name = key.value.as_str();
            let inner = join(path, name);
            match schema["properties"].get(name) {
                Some(schema) => {
                    map.extend(self.value(&inner, node, schema).map(|value| (name.to_owned(), value)))
                }
                None if path.is_empty() && is_reserved(name) => self.warn_reserved(key.place, name),
                None => self.unknown_key(path, key, schema),
            }
        }
        Value::Object(map)
    }

    fn item(&mut self, path: &str, item: &Placed<Node>, list: &Value) -> Option<Value> {
        match &item.value {
            Node::Text(name) if path == "locked" && is_reserved(name) => {
                self.warn_reserved(item.place, name);
                None
            }
            node => {
                let value = scalar_value(node).filter(|value| fits(value, &list["items"]));
                match value.as_ref().and_then(Value::as_str) {
                    Some(name) if path == "commands.ignore" => self.warn_no_command(item.place, name),
                    Some(_) => {}
                    None if value.is_none() => self.refuse(path, item, list),
                    None => {}
                }
                value
            }
        }
    }

    /// A name of none of our commands leaves nothing alone.
    fn warn_no_command(&mut self, place: Place, written: &str) {
        let name = written.trim_start_matches('/');
        if NAMES.contains(&name) {
            return;
        }
        let message = format!(
            "`commands.ignore` names `{}`, which is no command; it has no effect",
            shorten(written, 60)
        );
        self.warnings.push(Problem::at(place, message).nearest(closest(name, NAMES, REACH)));
    }

    fn warn_reserved(&mut self, place: Place, name: &str) {
        self.warnings.push(Problem::at(place, format!("`{name}` is not in this version; it has no effect")));
    }

    fn unknown_key(&mut self, path: &str, key: &Placed<String>, schema: &Value) {
        let name = key.value.to_lowercase();
        let siblings = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
        let later = RESERVED.into_iter().filter(|_| path.is_empty());
        let siblings = siblings.chain(later);
        let nearest =
            closest(&name, siblings, REACH.min(name.chars().count() / 2)).map(|name| join(path, name));
        let nearest = nearest.or_else(|| elsewhere(&name));
        let within = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
        let message = format!("unknown key `{}`{within}", shorten(&key.value, 60));
        self.problems.push(Problem::at(key.place, message).nearest(nearest.as_deref()));
    }

    fn refuse(&mut self, path: &str, node: &Placed<Node>, schema: &Value) {
        let name = if path.is_empty() { "the file".to_owned() } else { format!("`{path}`") };
        let allowed = match schema["properties"].as_object() {
            Some(keys) => format!("keys such as `{}`", keys.keys().next().map_or("", String::as_str)),
            None => allowed(schema),
        };
        let problem =
            Problem::at(node.place, format!("{name} must be {allowed}, not {}", shown(&node.value, schema)));
        let choices = choices(schema).or_else(|| choices(&schema["items"])).unwrap_or_default();
        let nearest = match &node.value {
            Node::Text(text) => closest(&text.to_lowercase(), choices, REACH),
            _ => None,
        };
        self.problems.push(problem.nearest(nearest));
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A key of that name in another section.
fn elsewhere(name: &str) -> Option<String> {
    keys().into_iter().map(|key| key.path).find(|path| path.rsplit('.').next() == Some(name))
}

fn scalar_value(node: &Node) -> Option<Value> {
    match node {
        Node::Bool(value) => Some(Value::from(*value)),
        Node::Integer(value) => Some(Value::from(*value)),
        Node::Text(value) => Some(Value::from(value.as_str())),
        _ => None,
    }
}

/// Whether a single value is one that its schema allows.
fn fits(value: &Value, schema: &Value) -> bool {
    if let Some(choices) = choices(schema) {
        return value.as_str().is_some_and(|text| choices.contains(&text));
    }
    match (schema["type"].as_str(), value) {
        (Some("boolean"), Value::Bool(_)) => true,
        (Some("integer"), Value::Number(number)) => number.as_i64().is_some_and(|number| {
            schema["minimum"].as_i64().is_none_or(|min| min <= number)
                && schema["maximum"].as_i64().is_none_or(|max| number <= max)
        }),
        (Some("string"), Value::String(text)) => schema["pattern"]
            .as_str()
            .is_none_or(|pattern| regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))),
        _ => false,
    }
}

fn shown(node: &Node, schema: &Value) -> String {
    match node {
        // What would be right without its quotes looks right to whoever wrote it.
        Node::Text(text) if unquoted(text).is_some_and(|value| fits(&value, schema)) => {
            format!("the text \"{}\"; take the quotes away", shorten(text, 40))
        }
        Node::Bool(value) => format!("`{value}`"),
        Node::Integer(value) => format!("`{value}`"),
        Node::Float(value) => format!("`{value}`"),
        Node::Text(text) => format!("`{}`", shorten(text, 40)),
        other => other.kind().to_owned(),
    }
}

/// The number or the flag that a text would be without its quotes.
fn unquoted(text: &str) -> Option<Value> {
    let flag = || text.parse::<bool>().ok().map(Value::from);
    text.parse::<i64>().ok().map(Value::from).or_else(flag)
}
