//! Whole plans, read as a person reads them.

mod world;
mod rate_limit;
