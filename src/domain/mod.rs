//! what things are: plain data, pure rules

pub mod ids; // newtypes for everything GitHub and we number
pub mod failure; // who is told, and whether we try again
pub mod escape; // user text into Markdown, safely
pub mod brief; // what a person asked for
pub mod snapshot; // what is known of a repository
pub mod plan; // from the two, what to do, in which order, and how one will see that it is done
