//! The contract with GitHub.
