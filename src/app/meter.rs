//! Every answer of GitHub and every limit it sets, counted for `/metrics`.

use crate::github::audit::{Limited, Meter};
use crate::telemetry::metrics::{Limit, Metrics};

/// The process's figures, told by the client.
pub struct Figures(pub Metrics);

impl Meter for Figures {
    fn answered(&self, status: Option<u16>) {
        self.0.github_request(status);
    }

    fn limited(&self, limit: Limited) {
        self.0.limit(match limit {
            Limited::Primary => Limit::Primary,
            Limited::Secondary => Limit::Secondary,
            Limited::Paced => Limit::Paced,
        });
    }
}
