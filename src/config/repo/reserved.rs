//! Top-level keys that later versions will know: one warning each, not an error, so that a file can be written ahead.

/// The names. A feature that gets built takes its name out of here and puts its keys into `keys.rs`.
pub const RESERVED: [&str; 6] = ["review", "pull_requests", "sessions", "releases", "gates", "ai"];

/// Whether a key belongs to a later version.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}
