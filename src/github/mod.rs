//! how we talk to GitHub

pub mod json; // reading JSON that a Rust string could not hold
pub mod signature; // whether a webhook is GitHub's
pub mod webhook; // what a webhook says
