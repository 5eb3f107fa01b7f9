//! The client as a whole, against a scripted server on the loopback.

mod alerts;
mod app;
mod limits;
mod reads;
mod refusals;
mod setup;
mod tls;
mod tokens;
mod verbs;
mod writes;
