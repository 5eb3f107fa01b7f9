//! Whole flows over the sandbox: through HTTP, signature, queue, store and back.

pub mod harness;
pub mod post;
mod story;
