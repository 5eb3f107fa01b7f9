//! Files of a checkout that nobody has looked at before: a pipe, a device or a file without end is none.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// The bytes of a regular file of at most `most` bytes; `None` for everything else.
pub fn bytes(path: &Path, most: u64) -> Option<Vec<u8>> {
    // Asked before it is opened: opening a pipe waits for its other end.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut out = Vec::new();
    let read = File::open(path).ok()?.take(most + 1).read_to_end(&mut out).ok()?;
    u64::try_from(read).is_ok_and(|read| read <= most).then_some(out)
}

/// The same as text.
pub fn text(path: &Path, most: u64) -> Option<String> {
    String::from_utf8(bytes(path, most)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_and_a_file_that_is_too_large_are_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("own"), "12345").expect("written");
        assert_eq!(text(&at("own"), 5).as_deref(), Some("12345"));
        assert_eq!(text(&at("own"), 4), None);
        assert_eq!(bytes(&at("none"), 5), None);
        std::os::unix::fs::symlink("/dev/zero", at("zero")).expect("linked");
        assert_eq!(bytes(&at("zero"), 5), None);
    }
}
