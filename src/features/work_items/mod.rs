//! Plans become sub-issues: approve, items, undo.

pub mod views; // what the comments and the sub-issues say
pub mod known; // the work items of an issue as they stand
pub mod approve; // a revision becomes sub-issues
pub mod items; // the list
pub mod undo; // closing what nobody has touched
