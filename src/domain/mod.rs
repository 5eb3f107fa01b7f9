//! what things are: plain data, pure rules

pub mod ids; // newtypes for everything GitHub and we number
pub mod failure; // who is told, and whether we try again
pub mod lenient; // reading JSON that others wrote, forgivingly
pub mod event; // what GitHub tells us happened
