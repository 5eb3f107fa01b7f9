//! how we write Markdown

pub mod markdown; // Markdown of our own, not to be escaped again
pub mod templates; // every template, embedded
pub mod view; // what a template is filled from
mod fences; // fenced blocks, line by line
mod tidy; // blank lines
mod filters; // how values get into Markdown
pub mod renderer; // fills templates
pub mod check; // every view against every template
pub mod fit; // what GitHub takes in one comment
