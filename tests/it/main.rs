//! Tests that look at the whole: the house, the databases, and flows over the sandbox.

#[cfg(test)]
mod sources;
#[cfg(test)]
#[path = "../../src/skips.rs"]
mod skips;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod house;
#[cfg(test)]
mod store;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod process;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod container;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod soak;
#[cfg(test)]
mod threats;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod contract;
#[expect(dead_code, reason = "cargo runs it; here are its tests")]
#[expect(clippy::print_stdout, reason = "a build script tells cargo by its output")]
#[path = "../../build.rs"]
mod build;
