//! HTTP: webhook, health, metrics
