//! what things are: plain data, pure rules

pub mod ids; // newtypes for everything GitHub and we number
pub mod failure; // who is told, and whether we try again
pub mod escape; // user text into Markdown, safely
pub mod markdown; // reading Markdown
pub mod command; // commands in comments
pub mod permission; // what a person may do
pub mod marker; // how we recognize what we wrote
