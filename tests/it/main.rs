//! Flows through the whole program, as others see it.

mod store;
mod migrations;
