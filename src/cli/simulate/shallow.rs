//! A payload of any depth as a value: what lies deeper than anything we read becomes `null`, without recursion.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Levels that are kept. GitHub's own payloads have fewer than ten.
const LEVELS: usize = 64;

/// Reads a whole document.
///
/// # Errors
/// As JSON is wrong; never for its depth.
pub fn read(text: &str) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Level(LEVELS).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// A value with so many levels below it.
struct Level(usize);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.0 == 0 {
            // Skipped by a loop that counts brackets, however deep they are.
            return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Value::Null);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Self(self.0 - 1))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            fields.insert(name, map.next_value_seed(Self(self.0 - 1))?);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{LEVELS, read};

    #[test]
    fn what_is_not_deep_is_read_as_it_is() {
        let value = json!({"a": [1, -2, 2.5, true, null, "x", {"b": {}}], "c": "d"});
        assert_eq!(read(&value.to_string()).unwrap(), value);
        assert!(read("{} x").is_err());
        assert!(read("{\"a\": }").is_err());
    }

    #[test]
    fn what_is_deep_is_cut_and_the_rest_is_read() {
        let deep = format!("{{\"deep\": {}1{}, \"behind\": 2}}", "[".repeat(200_000), "]".repeat(200_000));
        let read = read(&deep).unwrap();
        assert_eq!(read["behind"], 2);
        let mut level = &read["deep"];
        let mut levels = 1;
        while let Value::Array(items) = level {
            level = &items[0];
            levels += 1;
        }
        assert_eq!((levels, level), (LEVELS, &Value::Null));
    }
}
