//! what things are: plain data, pure rules

pub mod ids; // newtypes for everything GitHub and we number
pub mod failure; // who is told, and whether we try again
pub mod hash; // hashes of text
pub mod act; // what deciding hands to doing
pub mod approval; // whether a revision may be approved, and what that does
pub mod neighbor; // other bots that own command names
