//! The keys of the repository's file as JSON schema, and as a table for people.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::keys::RepoKeys;

/// Where the schema is published.
const ID: &str = "millwright.schema.json";

/// One key for the documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDoc {
    /// With dots: `enhance.max_items`.
    pub path: String,
    /// What may be written, in words: "`required` or `automatic`".
    pub kind: String,
    /// As it would be written.
    pub default: String,
    /// One or two sentences.
    pub meaning: String,
}

/// The JSON schema of `.github/millwright.yml`, for `docs/millwright.schema.json`; ends with a line break.
pub fn schema_json() -> String {
    let mut schema = schema();
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("$id".to_owned(), Value::from(ID));
    }
    format!("{schema:#}\n")
}

/// Every key that can be set, in the order of the file.
pub fn keys() -> Vec<KeyDoc> {
    let mut docs = Vec::new();
    collect("", &schema(), &mut docs);
    docs
}

/// The same as a Markdown table, for `docs/config.md`.
pub fn keys_markdown() -> String {
    let rows = keys()
        .into_iter()
        .map(|key| format!("| `{}` | {} | `{}` | {} |\n", key.path, key.kind, key.default, key.meaning));
    ["| key | value | default | meaning |\n|-|-|-|-|\n".to_owned()].into_iter().chain(rows).collect()
}

/// The schema with everything in place, without references.
pub(super) fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<RepoKeys>().to_value()
}

/// The texts that a schema allows, if it is a choice of texts.
pub(super) fn choices(schema: &Value) -> Option<Vec<&str>> {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(Value::as_str).collect();
    }
    schema["oneOf"].as_array()?.iter().map(|option| option["const"].as_str()).collect()
}

/// What a schema allows, in words.
pub(super) fn allowed(schema: &Value) -> String {
    if let Some(choices) = choices(schema) {
        return any_of(&choices);
    }
    match schema["type"].as_str() {
        Some("boolean") => any_of(&["true", "false"]),
        Some("integer") => match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
            (Some(min), Some(max)) => format!("a whole number from {min} to {max}"),
            _ => "a whole number".to_owned(),
        },
        Some("array") => match choices(&schema["items"]) {
            Some(choices) => format!("a list of {}", any_of(&choices)),
            None => format!("a list such as `[{}]`", example(schema)),
        },
        Some("object") => "keys of its own".to_owned(),
        _ => "text".to_owned(),
    }
}

fn example(schema: &Value) -> String {
    let examples = schema["examples"].as_array().into_iter().flatten();
    examples.map(written).collect::<Vec<_>>().join(", ")
}

/// A value as it would be written in the file.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn any_of(choices: &[&str]) -> String {
    let quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

fn collect(prefix: &str, schema: &Value, docs: &mut Vec<KeyDoc>) {
    for (name, key) in schema["properties"].as_object().into_iter().flatten() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        if key["properties"].is_object() {
            collect(&path, key, docs);
            continue;
        }
        let default = match &key["default"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let meaning =
            key["description"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        docs.push(KeyDoc { path, kind: allowed(key), default, meaning });
    }
}
