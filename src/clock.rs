//! the only source of time
