//! What is wrong with JSON that somebody else wrote, with the path of the field.

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Deserializer, Track};

use crate::domain::lenient;

/// What is wrong with an object that could not be read as a `T`, without the place in the text: "missing field `issue.id`".
///
/// The text is read once more for it: to follow the path costs memory for each name, which what is right need not pay.
pub fn told<T: DeserializeOwned>(text: &str, error: &serde_json::Error) -> String {
    let said = plain(&error.to_string());
    let said = said.as_str();
    if error.classify() != Category::Data {
        return said.to_owned();
    }
    let mut track = Track::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    let again: Result<Option<T>, _> = lenient::object(Deserializer::new(&mut reader, &mut track));
    let path = track.path().to_string();
    if again.is_ok() || path == "." {
        return said.to_owned();
    }
    match said.split_once(" field `") {
        Some((what @ ("missing" | "duplicate"), field)) => format!("{what} field `{path}.{field}"),
        _ => format!("`{path}`: {said}"),
    }
}

/// Without the place, and without the names that types have in our code.
fn plain(said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    let Some((found, expected)) = said.rsplit_once(", expected ") else { return said.to_owned() };
    let expected = match expected {
        "i64" | "i32" | "u64" | "u32" | "usize" => "a whole number",
        "f64" => "a number",
        "a string" => "a text",
        structure if structure.starts_with("struct ") => "an object",
        other => other,
    };
    let found = match found.strip_prefix("invalid type: ").unwrap_or(found) {
        "null" => "nothing".to_owned(),
        other => other.replacen("string ", "the text ", 1).replacen("sequence", "a list", 1).replacen(
            "map",
            "an object",
            1,
        ),
    };
    format!("{found} where {expected} is needed")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::told;
    use crate::domain::lenient;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct Top {
        id: i64,
        #[serde(default, deserialize_with = "lenient::object")]
        below: Option<Box<Top>>,
        #[serde(default, deserialize_with = "lenient::objects")]
        list: Vec<Top>,
    }

    fn wrong(text: &str) -> String {
        told::<Top>(text, &serde_json::from_str::<Top>(text).unwrap_err())
    }

    #[test]
    fn a_field_is_named_by_its_path() {
        assert_eq!(wrong(r#"{"x": 1}"#), "missing field `id`");
        assert_eq!(wrong(r#"{"id": 1, "below": {"id": 2, "below": {}}}"#), "missing field `below.below.id`");
        assert_eq!(wrong(r#"{"id": 1, "list": [{"id": 1}, 5, {"x": 1}]}"#), "missing field `list[2].id`");
        assert_eq!(wrong(r#"{"id": 1, "below": {"id": 1, "id": 2}}"#), "duplicate field `below.id`");
        let typed = "`below.id`: the text \" at line 7 \" where a whole number is needed";
        assert_eq!(wrong(r#"{"id": 1, "below": {"id": " at line 7 "}}"#), typed);
    }

    #[test]
    fn what_is_no_json_has_no_path() {
        assert_eq!(wrong(r#"{"id": 1, "below": {"id": }}"#), "expected value");
        assert_eq!(wrong("[]"), "invalid length 0 where an object is needed");
        let deep = format!(r#"{{"x": {}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(wrong(&deep), "missing field `id`");
    }
}
