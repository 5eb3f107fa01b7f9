//! How values get into Markdown: escaped, unless a filter says what they become.

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, Value};

use crate::domain::escape::{cell, code_span, fenced, inline, link::link, quote, shorten};

/// Gives an environment our printing and our filters, and takes away those that would go around them.
pub(super) fn install(env: &mut Environment<'_>) {
    env.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    env.set_formatter(print);
    for bypass in ["safe", "escape", "e", "tojson", "pprint", "urlencode"] {
        env.remove_filter(bypass);
    }
    env.add_filter("raw", |value: Value| text(&value).map(Value::from_safe_string));
    env.add_filter("code", |value: Value| text(&value).map(|text| Value::from_safe_string(code_span(&text))));
    env.add_filter("cell", |value: Value| keep_or(&value, |own| own.trim().replace('\n', "<br>"), cell));
    env.add_filter("quote", |value: Value| keep_or(&value, quote_markdown, quote));
    env.add_filter("fence", |value: Value, lang: Option<String>| {
        text(&value).map(|text| Value::from_safe_string(fenced(&text, &lang.unwrap_or_default())))
    });
    env.add_filter("link", |value: Value, url: String| {
        text(&value).map(|text| Value::from_safe_string(link(&text, &url)))
    });
    env.add_filter("short", |value: Value, max_chars: usize| {
        text(&value).map(|text| shorten(&text, max_chars))
    });
}

/// Prints a value: our own Markdown as it is, every other text escaped, whatever the template says about escaping.
fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = text(value)?;
    let written = match value.kind() {
        ValueKind::Number | ValueKind::Bool => out.write_str(&text),
        _ if value.is_safe() => out.write_str(&text),
        _ => out.write_str(&inline(&text)),
    };
    written.map_err(Error::from)
}

/// For filters that also take our own Markdown.
fn keep_or(value: &Value, own: fn(&str) -> String, users: fn(&str) -> String) -> Result<Value, Error> {
    let written = text(value)?;
    Ok(Value::from_safe_string(if value.is_safe() { own(&written) } else { users(&written) }))
}

/// The text of a value; refuses what has none instead of printing `none` or a list as the language writes it.
fn text(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::String | ValueKind::Number | ValueKind::Bool => Ok(value.to_string()),
        kind => Err(Error::new(ErrorKind::InvalidOperation, format!("cannot print a value of kind {kind}"))),
    }
}

fn quote_markdown(own: &str) -> String {
    own.trim().lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
