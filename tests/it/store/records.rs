//! The other rows.
