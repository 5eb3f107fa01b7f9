//! What stands inside the fields of the input: what is misspelled there, or of another shape, would be missing in silence.

use serde_json::{Map, Value};

use crate::domain::command::closest::closest;
use crate::domain::escape::shorten;
use crate::domain::plan::priority;

/// A field that holds an object, or a list of them.
struct Nested {
    name: &'static str,
    /// A list of objects; else it is one.
    list: bool,
    /// Numbers may stand in the place of the objects.
    numbers: bool,
    fields: &'static [&'static str],
}

const fn one(name: &'static str, fields: &'static [&'static str]) -> Nested {
    Nested { name, list: false, numbers: false, fields }
}

const fn many(name: &'static str, fields: &'static [&'static str]) -> Nested {
    Nested { name, list: true, numbers: false, fields }
}

const fn neighbors(name: &'static str) -> Nested {
    let fields = &["number", "title", "state", "state_reason", "carries"];
    Nested { name, list: true, numbers: true, fields }
}

static NESTED: [Nested; 12] = [
    many("comments", &["author", "permission", "created_at", "body", "is_bot"]),
    one("milestone", &["title", "due_on"]),
    one("repository", &["owner", "name", "url", "default_branch"]),
    neighbors("blocked_by"),
    neighbors("sub_issues"),
    many("open_issues", &["number", "title", "state", "state_reason", "body", "pull_request"]),
    many("history", &["number", "title", "labels", "paths", "changed_lines", "state", "closed_at"]),
    many("checks", &["name", "conclusion", "workflow"]),
    many("alerts", &["number", "kind", "severity", "path"]),
    one("enhance", &["author", "text"]),
    many("revise", &["author", "text"]),
    one("presentation", &["revision", "prefix"]),
];

/// What a field may be misspelled by: letters more, less, other or swapped.
const REACH: usize = 2;

/// The first thing that is wrong inside a field, as one sentence without the file; `null` is nothing and never wrong.
pub fn problem(text: &str) -> Option<String> {
    // What is nested deeper than can be read is told of by whoever reads it.
    let input: Map<String, Value> = serde_json::from_str(text).ok()?;
    let given = |name: &str| input.get(name).filter(|value| !value.is_null());
    let inside = NESTED.iter().find_map(|nested| wrong(nested, given(nested.name)?));
    inside.or_else(|| no_day("today", given("today")?)).or_else(|| {
        no_day("milestone.due_on", given("milestone")?.get("due_on").filter(|due| !due.is_null())?)
    })
}

fn wrong(nested: &Nested, value: &Value) -> Option<String> {
    let mend = || nested.fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
    let other = |place: &str, value: &Value, wanted: &str| {
        Some(format!("`{place}` is {}; give {wanted} with {}", kind(value), mend()))
    };
    match (value, nested.list) {
        (Value::Object(object), false) => misspelled(nested, object, nested.name),
        (_, false) => other(nested.name, value, "an object"),
        (Value::Array(list), true) => list.iter().enumerate().find_map(|(at, value)| {
            let place = format!("{}[{at}]", nested.name);
            match value {
                Value::Object(object) => misspelled(nested, object, &place),
                // Numbers, and what stands in their place, are read where it is known what they mean.
                _ if nested.numbers || value.is_null() => None,
                _ => other(&place, value, "an object"),
            }
        }),
        (_, true) if nested.numbers => None,
        (_, true) => other(nested.name, value, "a list of objects"),
    }
}

fn misspelled(nested: &Nested, object: &Map<String, Value>, place: &str) -> Option<String> {
    object.keys().filter(|key| !nested.fields.contains(&key.as_str())).find_map(|key| {
        let free = || nested.fields.iter().copied().filter(|field| !object.contains_key(*field));
        let lower = key.to_lowercase();
        let begun =
            || free().find(|field| field.strip_prefix(&lower).is_some_and(|rest| rest.starts_with('_')));
        let near = closest(&lower, free(), REACH.min(key.chars().count() / 3)).or_else(begun);
        let shown = shorten(&key.replace(char::is_control, " "), 60);
        near.map(|meant| format!("unknown field `{place}.{shown}`; `{meant}` is probably meant"))
    })
}

fn no_day(place: &str, value: &Value) -> Option<String> {
    let written = value.as_str();
    let is_day = |text: &str| {
        priority::day(text).is_some()
            && text.get(10..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['T', ' ']))
    };
    if written.is_some_and(|text| text.is_empty() || is_day(text)) {
        return None;
    }
    let shown = written.map_or_else(
        || kind(value).to_owned(),
        |text| format!("`{}`", shorten(&text.replace(char::is_control, " "), 60)),
    );
    Some(format!("`{place}` is {shown}; give a day such as `2024-05-01`"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_inside_a_field_is_one_sentence() {
        for (given, expected) in [
            (
                r#"{"comments": [{"author": "a"}, {"permision": "read"}]}"#,
                "unknown field `comments[1].permision`; `permission` is probably meant",
            ),
            (
                r#"{"milestone": {"title": "1.0", "due": "2024-05-01"}}"#,
                "unknown field `milestone.due`; `due_on` is probably meant",
            ),
            (r#"{"milestone": "1.0"}"#, "`milestone` is a text; give an object with `title`, `due_on`"),
            (
                r#"{"milestone": {"due_on": 5}}"#,
                "`milestone.due_on` is a number; give a day such as `2024-05-01`",
            ),
            (r#"{"today": "soon"}"#, "`today` is `soon`; give a day such as `2024-05-01`"),
            (
                r#"{"revise": ["1: it prints names only"]}"#,
                "`revise[0]` is a text; give an object with `author`, `text`",
            ),
            (r#"{"revise": "1: yes"}"#, "`revise` is a text; give a list of objects with `author`, `text`"),
            (
                r#"{"sub_issues": [3, {"number": 4, "titel": "x"}]}"#,
                "unknown field `sub_issues[1].titel`; `title` is probably meant",
            ),
        ] {
            assert_eq!(problem(given).as_deref(), Some(expected), "{given}");
        }
    }

    #[test]
    fn what_is_right_or_only_more_than_is_read_is_no_problem() {
        for given in [
            r#"{"number": 0, "today": "2024-05-01", "milestone": {"due_on": "2024-05-01T12:00:00Z", "html_url": "x"}}"#,
            r#"{"comments": null, "revise": [], "milestone": {"due_on": null}, "blocked_by": [1, null], "today": null}"#,
            r#"{"comments": [{"id": 1, "user": {}, "author": null, "body": "x"}], "sub_issues": 3}"#,
        ] {
            assert_eq!(problem(given), None, "{given}");
        }
    }
}
