//! process settings; the repository's own file

pub mod environment; // where variables come from
pub mod variables; // the table of them
pub mod reader; // reading them, gathering problems
pub mod private_key; // the App's key
pub mod derived_keys; // keys for our own signatures
pub mod github_urls; // where GitHub is
pub mod allowed; // whom this instance works for
pub mod repo; // the repository's own file
pub mod settings; // all of it, read once
pub mod check; // configuration files of any kind
