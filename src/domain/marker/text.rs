//! How a marker is written and read: one line, values percent-encoded, so that nothing in them can end the comment.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Marker;
use crate::domain::ids::EffectKey;

const OPEN: &str = "<!-- millwright:v1 ";
const SIGNATURE: &str = " sig=";
const CLOSE: &str = " -->";

/// Longer ones are none of ours; keeps reading linear on a text of opened comments.
const LONGEST: usize = 8 * 1024;

/// A marker in a text, not yet verified.
pub(super) struct Candidate<'a> {
    pub(super) fields: &'a str,
    pub(super) signature: Vec<u8>,
}

/// `kind=… key=…` and the other fields in the order of their names.
pub(super) fn write_fields(marker: &Marker) -> String {
    let mut out = format!("kind={} key={}", encode(&marker.kind), encode(&marker.key.0));
    for (name, value) in &marker.fields {
        let _ = write!(out, " {name}={}", encode(value));
    }
    out
}

pub(super) fn write(fields: &str, signature: &[u8]) -> String {
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{OPEN}{fields}{SIGNATURE}{hex}{CLOSE}")
}

/// Everything in a text that looks like a marker, in order.
pub(super) fn candidates(text: &str) -> impl Iterator<Item = Candidate<'_>> {
    text.match_indices(OPEN).filter_map(move |(at, _)| {
        let (inside, _) = inside(&text[at + OPEN.len()..])?;
        let (fields, hex) = inside.split_once(SIGNATURE)?;
        Some(Candidate { fields, signature: from_hex(hex)? })
    })
}

/// The text with everything that looks like a marker cut out.
pub(super) fn without_markers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let behind = &rest[at + OPEN.len()..];
        out.push_str(&rest[..at]);
        rest = match inside(behind) {
            Some((_, after)) => after,
            None => {
                out.push_str(OPEN);
                behind
            }
        };
    }
    out.push_str(rest);
    out
}

/// Reads fields; `None` unless they are exactly what we would have written.
pub(super) fn read_fields(text: &str) -> Option<Marker> {
    let mut pairs = text.split(' ').map(|pair| pair.split_once('='));
    let ("kind", kind) = pairs.next()?? else { return None };
    let ("key", key) = pairs.next()?? else { return None };
    let fields: Option<BTreeMap<String, String>> =
        pairs.map(|pair| pair.and_then(|(name, value)| Some((name.to_owned(), decode(value)?)))).collect();
    let marker = Marker { kind: decode(kind)?, key: EffectKey(decode(key)?), fields: fields? };
    let ours = marker.fields.keys().all(|name| is_field_name(name)) && write_fields(&marker) == text;
    ours.then_some(marker)
}

/// Whether a further field may have this name.
pub(super) fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && !matches!(name, "kind" | "key" | "sig")
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// What stands between the opening and the closing of a marker, and what follows.
fn inside(text: &str) -> Option<(&str, &str)> {
    let window = &text.as_bytes()[..text.len().min(LONGEST)];
    let end = window.windows(CLOSE.len()).position(|bytes| bytes == CLOSE.as_bytes())?;
    Some((&text[..end], &text[end + CLOSE.len()..]))
}

fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut before = b' ';
    for byte in value.bytes() {
        match byte {
            // Two dashes in a row would end a comment for some readers.
            b'-' if before == b'-' => out.push_str("%2D"),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' | b':' | b',' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        before = byte;
    }
    out
}

fn decode(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => bytes.push(16 * hex_digit(rest.next()?)? + hex_digit(rest.next()?)?),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some(16 * hex_digit(*high)? + hex_digit(*low)?)).collect()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
