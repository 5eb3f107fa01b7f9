//! Serde helpers for JSON that others wrote: a missing, null or oddly typed field becomes nothing instead of an error.
//!
//! Used as `#[serde(default, deserialize_with = "lenient::…")]`. Each helper reads the odd value to its end, so that the
//! fields behind it are still found; values that nobody needs are skipped without recursion, however deep they are.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeOwned, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// A string, number or flag; nothing when it is anything else.
pub fn scalar<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Scalar::deserialize(deserializer).map(|scalar| scalar.0)
}

/// Like [`scalar`], with the type's default for nothing.
pub fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    scalar(deserializer).map(Option::unwrap_or_default)
}

/// True for `true` and for any object, as GitHub marks what is a pull request; false for anything else.
pub fn is_set<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value.is_object() || value == serde_json::Value::Bool(true))
}

/// An object; nothing when it is anything else. What is wrong *inside* an object stays an error of its type.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Object::deserialize(deserializer).map(|object| object.0)
}

/// A list of objects; elements of another type are left out, anything but a list is empty.
pub fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list: List<Object<T>> = List::deserialize(deserializer)?;
    Ok(list.0.into_iter().filter_map(|object| object.0).collect())
}

/// A list of scalars; elements of another type are left out, anything but a list is empty.
pub fn scalars<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list: List<Scalar<T>> = List::deserialize(deserializer)?;
    Ok(list.0.into_iter().filter_map(|scalar| scalar.0).collect())
}

/// A list of names, each given as a string or as an object with `name` (labels come both ways).
pub fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let list: List<Name> = List::deserialize(deserializer)?;
    Ok(list.0.into_iter().filter_map(|name| name.0).collect())
}

/// The `name` of an object, or a bare string; nothing when there is none.
pub fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Name::deserialize(deserializer).map(|name| name.0)
}

/// An instant as unix milliseconds, given in RFC 3339 or as unix seconds.
pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let written: Option<Instant> = scalar(deserializer)?;
    Ok(written.and_then(|instant| match instant {
        Instant::Seconds(seconds) => seconds.checked_mul(1000),
        Instant::Text(text) => {
            chrono::DateTime::parse_from_rfc3339(&text).ok().map(|time| time.timestamp_millis())
        }
    }))
}

/// Whether an object is there at all.
pub fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let object: Option<IgnoredAny> = object(deserializer)?;
    Ok(object.is_some())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Instant {
    Seconds(i64),
    Text(String),
}

struct Scalar<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Scalar<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forgiving(ScalarOnly(PhantomData))).map(Scalar)
    }
}

struct Object<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forgiving(ObjectOnly(PhantomData))).map(Object)
    }
}

struct List<T>(Vec<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = deserializer.deserialize_any(Forgiving(ListOnly(PhantomData)))?;
        Ok(List(list.unwrap_or_default()))
    }
}

struct Name(Option<String>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forgiving(NameOnly)).map(Name)
    }
}

/// What a reader makes of each of JSON's shapes; by default nothing, with the value read to its end.
trait Reader<'de>: Sized {
    type Value;

    fn scalar<D: Deserializer<'de>>(self, _value: D) -> Option<Self::Value> {
        None
    }

    fn map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Self::Value>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<Self::Value>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

struct ScalarOnly<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Reader<'de> for ScalarOnly<T> {
    type Value = T;

    fn scalar<D: Deserializer<'de>>(self, value: D) -> Option<T> {
        T::deserialize(value).ok()
    }
}

struct ObjectOnly<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Reader<'de> for ObjectOnly<T> {
    type Value = T;

    fn map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

struct ListOnly<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Reader<'de> for ListOnly<T> {
    type Value = Vec<T>;

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<Option<Vec<T>>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Some)
    }
}

struct NameOnly;

impl<'de> Reader<'de> for NameOnly {
    type Value = String;

    fn scalar<D: Deserializer<'de>>(self, value: D) -> Option<String> {
        String::deserialize(value).ok()
    }

    fn map<A: MapAccess<'de>>(self, map: A) -> Result<Option<String>, A::Error> {
        Named::deserialize(MapAccessDeserializer::new(map)).map(|named| named.name)
    }
}

#[derive(Deserialize)]
struct Named {
    #[serde(default, deserialize_with = "scalar")]
    name: Option<String>,
}

struct Forgiving<R>(R);

impl<'de, R: Reader<'de>> Visitor<'de> for Forgiving<R> {
    type Value = Option<R::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(self.0.scalar(IntoDeserializer::<E>::into_deserializer(value)))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(self.0.scalar(IntoDeserializer::<E>::into_deserializer(value)))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(self.0.scalar(IntoDeserializer::<E>::into_deserializer(value)))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(self.0.scalar(IntoDeserializer::<E>::into_deserializer(value)))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(self.0.scalar(IntoDeserializer::<E>::into_deserializer(value)))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(self.0.scalar(IntoDeserializer::<E>::into_deserializer(value)))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.0.map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        self.0.list(list)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Probe {
        #[serde(default, deserialize_with = "super::scalar")]
        id: Option<i64>,
        #[serde(default, deserialize_with = "super::or_default")]
        title: String,
        #[serde(default, deserialize_with = "super::object")]
        user: Option<Inner>,
        #[serde(default, deserialize_with = "super::objects")]
        users: Vec<Inner>,
        #[serde(default, deserialize_with = "super::scalars")]
        paths: Vec<String>,
        #[serde(default, deserialize_with = "super::names")]
        labels: Vec<String>,
        #[serde(default, deserialize_with = "super::instant")]
        at: Option<i64>,
        #[serde(default, deserialize_with = "super::present")]
        pull_request: bool,
        last: i64,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        #[serde(default, deserialize_with = "super::or_default")]
        login: String,
    }

    fn read(json: &str) -> Probe {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn right_types_are_read() {
        let probe = read(
            r#"{"id":7,"title":"t","user":{"login":"a","x":[]},"users":[{"login":"b"}],"paths":["p"],
                "labels":["l",{"name":"m"}],"at":"2026-01-01T00:00:00Z","pull_request":{},"last":1}"#,
        );
        let inner = |login: &str| Inner { login: login.to_owned() };
        let expected = Probe {
            id: Some(7),
            title: "t".to_owned(),
            user: Some(inner("a")),
            users: vec![inner("b")],
            paths: vec!["p".to_owned()],
            labels: vec!["l".to_owned(), "m".to_owned()],
            at: Some(1_767_225_600_000),
            pull_request: true,
            last: 1,
        };
        assert_eq!(probe, expected);
        assert_eq!(read(r#"{"at":1767225600,"last":1}"#).at, Some(1_767_225_600_000));
    }

    #[test]
    fn wrong_types_become_nothing_and_what_follows_is_still_found() {
        for odd in ["null", "true", "-1.5", "\"x\"", "[1,[2]]", "{\"a\":{\"b\":[]}}", "99999999999999999999"]
        {
            let json = format!(
                r#"{{"id":{{"x":{odd}}},"title":[{odd}],"user":[{odd}],"users":{{"k":{odd}}},"paths":[{{"k":{odd}}}],
                    "labels":[[{odd}]],"at":[{odd}],"pull_request":[{odd}],"last":1}}"#
            );
            let empty = Probe {
                id: None,
                title: String::new(),
                user: None,
                users: vec![],
                paths: vec![],
                labels: vec![],
                at: None,
                pull_request: false,
                last: 1,
            };
            assert_eq!(read(&json), empty, "{odd}");
        }
        assert_eq!(read(r#"{"at":9223372036854775807,"last":1}"#).at, None);
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert_eq!(read(&format!(r#"{{"id":{deep},"title":{deep},"unknown":{deep},"last":3}}"#)).last, 3);
    }
}
