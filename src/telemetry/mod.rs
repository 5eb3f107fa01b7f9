//! Logs, metrics and the audit trail: what the process tells its operator, with every secret taken out.

pub mod redact; // what must never be written
pub mod logs; // tracing, as text or JSON
pub mod audit; // one line per write to GitHub
pub mod metrics; // figures for Prometheus
