//! JSON from GitHub as Rust strings can hold it: lone surrogates and stray bytes become U+FFFD instead of an error.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error};

use crate::domain::lenient;

/// Parses a whole document. A comment that contains half an emoji is read, not lost.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_str(&text(bytes))
}

/// Like [`parse`], and refuses everything but an object (a derived struct would also read a list).
pub fn parse_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let text = text(bytes);
    let mut reader = serde_json::Deserializer::from_str(&text);
    let object = lenient::object(&mut reader)?;
    reader.end()?;
    object.ok_or_else(|| serde_json::Error::custom("it is not an object"))
}

/// The text of a document as [`parse`] reads it.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly always it is UTF-8, and to check that is much cheaper than to mend.
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    mend_surrogates(text)
}

fn mend_surrogates(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return text;
    }
    let mut mended = text.into_owned().into_bytes();
    let mut at = 0;
    while at < mended.len() {
        if mended[at] != b'\\' {
            at += 1;
            continue;
        }
        at += match escape_at(&mended, at) {
            None => 2, // a short escape such as \n; the second byte may itself be a backslash
            Some(unit) if (0xD800..0xDC00).contains(&unit) => match escape_at(&mended, at + 6) {
                Some(low) if (0xDC00..0xE000).contains(&low) => 12,
                _ => replace(&mut mended, at),
            },
            Some(unit) if (0xDC00..0xE000).contains(&unit) => replace(&mut mended, at),
            Some(_) => 6,
        };
    }
    // Only ASCII was replaced by ASCII, so this is still UTF-8; lossy conversion keeps the function free of panics.
    Cow::Owned(match String::from_utf8(mended) {
        Ok(text) => text,
        Err(broken) => String::from_utf8_lossy(broken.as_bytes()).into_owned(),
    })
}

/// The code unit of a `\uXXXX` that starts here.
fn escape_at(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at.checked_add(6)?)?;
    let digits = escape.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

fn replace(bytes: &mut [u8], at: usize) -> usize {
    bytes[at..at + 6].copy_from_slice(b"\\uFFFD");
    6
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::parse;

    #[test]
    fn f19_lone_surrogates_become_the_replacement_character() {
        let read = |json: &str| parse::<String>(json.as_bytes()).unwrap();
        assert_eq!(read(r#""a\ud800b""#), "a\u{FFFD}b");
        assert_eq!(read(r#""a\uDFFFb""#), "a\u{FFFD}b");
        assert_eq!(read(r#""\ud83d\ude00""#), "😀");
        assert_eq!(read(r#""\ud83d\ud83d\ude00""#), "\u{FFFD}😀");
        assert_eq!(read(r#""\\ud800""#), "\\ud800");
        assert_eq!(read(r#""\\\ud800""#), "\\\u{FFFD}");
        assert_eq!(read(r#""\u0000é""#), "\0é");
        assert_eq!(parse::<String>(b"\"\xff\"").unwrap(), "\u{FFFD}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _: Result<serde_json::Value, _> = parse(&bytes);
        }

        #[test]
        fn any_code_units_are_read(units in proptest::collection::vec(any::<u16>(), 0..40)) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let read: String = parse(format!("\"{escaped}\"").as_bytes()).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }

        #[test]
        fn what_was_right_stays_as_it_was(text in ".*") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(parse::<String>(json.as_bytes()).unwrap(), text);
        }
    }
}
