//! HTTP: webhook, health, metrics

pub mod body; // bodies within bounds of size, memory and time
pub mod turned_away; // deliveries that have to come again
pub mod webhook; // POST /webhook
pub mod health; // GET /healthz, GET /readyz
pub mod metrics; // GET /metrics
pub mod routes; // which address leads where
pub mod places; // the places for connections
pub mod server; // connections
