//! The schema grows on databases that are in use.
