//! HTTP: webhook, health, metrics

pub mod shallow; // what the answer to a delivery needs of its payload
pub mod signature; // whether GitHub sent it
pub mod body; // bodies within bounds of size, memory and time
pub mod webhook; // POST /webhook
pub mod health; // GET /healthz, GET /readyz
pub mod metrics; // GET /metrics
pub mod routes; // which address leads where
pub mod server; // connections
