//! Hashes of text: plans, issues and work items are recognized by them.

use sha2::{Digest, Sha256};

/// SHA-256 as 64 hexadecimal digits.
pub fn hex(text: &str) -> String {
    let digits = Sha256::digest(text.as_bytes()).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// The first 16 hexadecimal digits of [`hex`]: 64 bits, enough within one repository.
pub fn short(text: &str) -> String {
    hex(text).chars().take(16).collect()
}

/// The first seven digits of a commit, as people write it.
pub fn commit(sha: &str) -> String {
    sha.chars().take(7).collect()
}

/// Hash of an issue as a plan sees it: title and body, line endings made equal.
pub fn issue(title: &str, body: &str) -> String {
    hex(&format!("{}\n\n{}", title.trim(), body.replace("\r\n", "\n").trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector_and_line_endings() {
        assert_eq!(hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(issue("a", "b\r\nc\r\n"), issue("a", "b\nc"));
        assert_ne!(issue("a", "b"), issue("a", "c"));
    }
}
