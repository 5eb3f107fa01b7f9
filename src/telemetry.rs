//! logs, metrics, the audit trail
