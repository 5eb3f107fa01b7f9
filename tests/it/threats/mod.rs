//! Threats: each test carries the number of a row in `docs/requirements.md`.

mod definitions;
mod doors;
mod erasure;
mod removal;
mod secrets;
mod texts;
