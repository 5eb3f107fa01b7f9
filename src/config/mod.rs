//! process settings; the repository's own file

pub mod repo; // the repository's own file
pub mod check; // configuration files of any kind
