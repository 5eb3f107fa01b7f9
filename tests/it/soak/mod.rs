//! Faults at the built program: one to three processes against the sandbox, over loopback, on a database of their own.
//!
//! Chance comes from a seed, and what must hold is checked from outside after every run; `docs/faults.md` says how.

// The rig.
mod books;
mod dice;
mod front;
mod full_server;
mod invariants;
mod lanes;
mod own_server;
mod patience;
mod post;
mod rig;
mod script;
mod shares;
mod told;

// The faults.
mod burst;
mod failover;
mod flood;
mod full_disk;
mod gone;
mod jobs_that_end_badly;
mod kills;
mod limits;
mod locked;
mod outages;
mod points;
mod poison;
mod relay;
mod restored;
mod schedules;
mod server_restarts;
mod short_log;
mod stops;
mod sweep;
mod twice;
mod versions;
