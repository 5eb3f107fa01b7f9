//! what a handler may touch
