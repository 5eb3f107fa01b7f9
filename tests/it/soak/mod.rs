//! Faults at the built program: one to three processes against the sandbox, over loopback, on a database of their own.
//!
//! Chance comes from a seed, and what must hold is checked from outside after every run; `docs/faults.md` says how.

mod books;
mod dice;
mod front;
mod invariants;
mod kills;
mod lanes;
mod patience;
mod rig;
mod script;
