//! Whole flows over the sandbox: through HTTP, signature, queue, store and back.

mod harness;
mod story;
