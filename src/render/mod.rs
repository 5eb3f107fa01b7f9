//! how we write Markdown

pub mod markdown; // Markdown of our own, not to be escaped again
pub mod templates; // every template, embedded
pub mod view; // what a template is filled from
pub mod fit; // what GitHub takes in one comment

mod fences; // fenced blocks, line by line
mod filters; // how values get into Markdown
mod tidy; // blank lines
pub mod renderer; // fills templates
