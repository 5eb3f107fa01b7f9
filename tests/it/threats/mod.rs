//! Threats: each test carries the number of a row in `docs/requirements.md`.

mod definitions;
mod doors;
mod removal;
mod secrets;
mod texts;
