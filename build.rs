//! Asks the linker for packed relocations where the program will surely start with them.
//!
//! Most of its relocations are relative: 860 KB that the loader reads at each start, so that they count as memory of an idle
//! program. Packed they are 11 KB, but a loader before glibc 2.36 refuses such a program. So they are asked for
//! only where the program is built for the machine that builds it, and that machine's glibc knows them.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by its environment and is told by its output"
)]

use std::process::Command;

/// The first glibc whose loader reads packed relocations.
const FIRST: (u32, u32) = (2, 36);

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let of = |name: &str| std::env::var(name).unwrap_or_default();
    let is_glibc = of("CARGO_CFG_TARGET_OS") == "linux" && of("CARGO_CFG_TARGET_ENV") == "gnu";
    if is_glibc && of("HOST") == of("TARGET") && version().is_some_and(|version| version >= FIRST) {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// This machine's glibc; none where it does not say.
fn version() -> Option<(u32, u32)> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    read(std::str::from_utf8(&output.stdout).ok()?)
}

/// What `getconf` says: `glibc 2.36` is `(2, 36)`.
fn read(said: &str) -> Option<(u32, u32)> {
    let (major, minor) = said.trim().strip_prefix("glibc ")?.split_once('.')?;
    let digits = minor.split(|letter: char| !letter.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(super::read("glibc 2.36\n"), Some((2, 36)));
        assert_eq!(super::read("glibc 2.40.1"), Some((2, 40)));
        assert!(super::read("glibc 2.9").unwrap() < super::FIRST);
        assert!(super::read("glibc 3.0").unwrap() > super::FIRST);
        assert_eq!(super::read("musl libc 1.2"), None);
        assert_eq!(super::read(""), None);
    }
}
