//! The repository's own file, `.github/millwright.yml`: reading it, its layers, and its documentation.

pub mod problem; // what is wrong, and where
pub mod yaml; // YAML with places
pub mod mode; // observe, commands, full
pub mod commands; // `commands:`
pub mod enhance; // `enhance:`
pub mod keys; // all keys of the file
pub mod reserved; // keys that later versions will know
pub mod schema; // the same keys as JSON schema and as a table
mod rules; // values against the schema
pub mod file; // one file, parsed
pub mod effective; // the layers together

#[cfg(test)]
mod tests;
