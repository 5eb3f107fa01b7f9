//! Figures for Prometheus: deliveries, jobs, requests to GitHub, limits, and how long an answer took.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

type Labels = [(&'static str, &'static str); 1];

/// Upper bounds of the acknowledgement histogram in seconds; GitHub hangs up after 10.
const ACK_BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// All figures of this process. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Metrics(Arc<Figures>);

/// The queue at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueFigures {
    /// Jobs waiting for their time or for a worker.
    pub ready: i64,
    /// Jobs that a worker holds.
    pub running: i64,
    /// Jobs that failed for good and wait for a person.
    pub dead: i64,
    /// Jobs whose time has come and that no worker holds.
    pub depth: i64,
    /// How long the oldest of those has waited, in milliseconds.
    pub oldest_ready_age_ms: i64,
}

/// How a limit of GitHub was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The hourly budget of requests is used up.
    Primary,
    /// A secondary limit: too much in too short a time.
    Secondary,
    /// Our own pacing held a write back before GitHub had to.
    Paced,
}

struct Figures {
    registry: Registry,
    deliveries: Family<Labels, Counter>,
    ack: Histogram,
    jobs: Family<Labels, Gauge>,
    jobs_dead: Gauge,
    queue_depth: Gauge,
    oldest_ready: Gauge<f64, AtomicU64>,
    github_requests: Family<Labels, Counter>,
    limits: Family<Labels, Counter>,
    installations_paused: Gauge,
    writes_paused: Gauge,
    counted_at: Gauge<f64, AtomicU64>,
}

impl Metrics {
    /// All figures at zero.
    pub fn new() -> Self {
        let mut figures = Figures {
            registry: Registry::with_prefix("millwright"),
            deliveries: Family::default(),
            ack: Histogram::new(ACK_BUCKETS),
            jobs: Family::default(),
            jobs_dead: Gauge::default(),
            queue_depth: Gauge::default(),
            oldest_ready: Gauge::default(),
            github_requests: Family::default(),
            limits: Family::default(),
            installations_paused: Gauge::default(),
            writes_paused: Gauge::default(),
            counted_at: Gauge::default(),
        };
        figures.register();
        Self(Arc::new(figures))
    }

    /// A delivery was answered with this HTTP status after this time.
    pub fn delivery(&self, status: u16, took: Duration) {
        self.0.deliveries.get_or_create(&[("answer", answer(status))]).inc();
        self.0.ack.observe(took.as_secs_f64());
    }

    /// The queue was counted.
    pub fn queue(&self, figures: QueueFigures) {
        let states = [("ready", figures.ready), ("running", figures.running), ("dead", figures.dead)];
        for (state, count) in states {
            self.0.jobs.get_or_create(&[("state", state)]).set(count);
        }
        self.0.jobs_dead.set(figures.dead);
        self.0.queue_depth.set(figures.depth);
        // Fewer than 2^53 milliseconds are exact in a float.
        self.0.oldest_ready.set(figures.oldest_ready_age_ms as f64 / 1000.0);
    }

    /// GitHub answered a request with this status; `None` when no answer came.
    pub fn github_request(&self, status: Option<u16>) {
        self.0.github_requests.get_or_create(&[("status", status_class(status))]).inc();
    }

    /// A limit was met.
    pub fn limit(&self, limit: Limit) {
        let kind = match limit {
            Limit::Primary => "primary",
            Limit::Secondary => "secondary",
            Limit::Paced => "paced",
        };
        self.0.limits.get_or_create(&[("kind", kind)]).inc();
    }

    /// So many installations are waiting for a limit to pass.
    pub fn installations_paused(&self, count: i64) {
        self.0.installations_paused.set(count);
    }

    /// Whether the operator has paused all writes.
    pub fn writes_paused(&self, paused: bool) {
        self.0.writes_paused.set(i64::from(paused));
    }

    /// What is counted in the database was counted at this time, unix milliseconds: with the database away, figures stay as they
    /// were, and only this tells.
    pub fn counted(&self, at_ms: i64) {
        self.0.counted_at.set(at_ms as f64 / 1000.0);
    }

    /// Everything in the OpenMetrics text format.
    pub fn encode(&self) -> String {
        let mut page = String::new();
        match text::encode(&mut page, &self.0.registry) {
            Ok(()) => page,
            // Writing to a String does not fail; should it ever, an empty page must not look like zeros.
            Err(error) => format!("# the figures could not be written: {error}\n"),
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Figures {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("deliveries", "Deliveries by the answer they got", self.deliveries.clone());
        registry.register_with_unit(
            "ack",
            "Time from a delivery to its answer",
            Unit::Seconds,
            self.ack.clone(),
        );
        registry.register("jobs", "Jobs by state", self.jobs.clone());
        registry.register(
            "jobs_dead",
            "Jobs that failed for good and wait for a person",
            self.jobs_dead.clone(),
        );
        registry.register(
            "queue_depth",
            "Jobs whose time has come and that no worker holds",
            self.queue_depth.clone(),
        );
        registry.register_with_unit(
            "queue_oldest_ready_age",
            "How long the oldest job whose time has come has waited",
            Unit::Seconds,
            self.oldest_ready.clone(),
        );
        registry.register(
            "github_requests",
            "Requests to GitHub by class of status",
            self.github_requests.clone(),
        );
        registry.register("github_limits", "Limits of GitHub that were met, by kind", self.limits.clone());
        registry.register(
            "installations_paused",
            "Installations that wait for a limit to pass",
            self.installations_paused.clone(),
        );
        registry.register(
            "writes_paused",
            "1 while the operator holds all writes to GitHub",
            self.writes_paused.clone(),
        );
        registry.register_with_unit(
            "queue_counted_timestamp",
            "When the figures of the queue were read from the database, unix time",
            Unit::Seconds,
            self.counted_at.clone(),
        );
    }
}

fn answer(status: u16) -> &'static str {
    match status {
        200 => "200",
        202 => "202",
        400 => "400",
        401 => "401",
        413 => "413",
        503 => "503",
        _ => "other",
    }
}

fn status_class(status: Option<u16>) -> &'static str {
    match status.map(|status| status / 100) {
        Some(1) => "1xx",
        Some(2) => "2xx",
        Some(3) => "3xx",
        Some(4) => "4xx",
        Some(5) => "5xx",
        Some(_) => "other",
        None => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_on_the_page() {
        let metrics = Metrics::new();
        metrics.delivery(202, Duration::from_millis(2));
        metrics.delivery(202, Duration::from_millis(20));
        metrics.delivery(401, Duration::from_micros(100));
        metrics.queue(QueueFigures { ready: 5, running: 2, dead: 1, depth: 4, oldest_ready_age_ms: 1500 });
        metrics.github_request(Some(201));
        metrics.github_request(Some(502));
        metrics.github_request(None);
        metrics.limit(Limit::Secondary);
        metrics.installations_paused(3);
        let page = metrics.encode();
        for line in [
            r#"millwright_deliveries_total{answer="202"} 2"#,
            r#"millwright_deliveries_total{answer="401"} 1"#,
            "millwright_ack_seconds_count 3",
            r#"millwright_ack_seconds_bucket{le="0.0005"} 1"#,
            r#"millwright_jobs{state="ready"} 5"#,
            r#"millwright_jobs{state="running"} 2"#,
            "millwright_jobs_dead 1",
            "millwright_queue_depth 4",
            "millwright_queue_oldest_ready_age_seconds 1.5",
            r#"millwright_github_requests_total{status="2xx"} 1"#,
            r#"millwright_github_requests_total{status="5xx"} 1"#,
            r#"millwright_github_requests_total{status="none"} 1"#,
            r#"millwright_github_limits_total{kind="secondary"} 1"#,
            "millwright_installations_paused 3",
        ] {
            assert!(page.lines().any(|found| found == line), "{line}\nin\n{page}");
        }
        assert!(page.ends_with("# EOF\n"));
    }
}
