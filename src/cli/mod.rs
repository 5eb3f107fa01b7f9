//! the program

pub mod plan; // an issue from a file, planned
