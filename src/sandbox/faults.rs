//! What can go wrong on purpose: answers, cut connections, delays, limits, lag, skew, lost webhooks.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::limits::SECONDARY_MESSAGE;

/// When a fault takes hold of the requests that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Every time.
    Always,
    /// The first so many times.
    First(u32),
    /// Only this time, counted from 1.
    Nth(u32),
    /// With this chance, from a seed: the same seed gives the same run.
    Percent {
        /// 0 to 100.
        chance: u8,
        /// Start of the sequence.
        seed: u64,
    },
}

/// Whether a fault strikes before the request changes anything, or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing has been changed.
    Before,
    /// The state is changed, only the answer suffers.
    After,
}

/// What a fault does.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Another answer.
    Answer(FaultAnswer),
    /// The connection is cut without an answer.
    Cut,
    /// No answer ever comes.
    Hang,
    /// The answer comes later; others may follow.
    Delay(Duration),
    /// The answer comes once the gate is opened; others may follow.
    Hold(Gate),
}

/// Holds back whoever comes to it until it is opened, and nobody after that. Clones are the same gate.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Gate {
    /// Lets everybody pass from now on.
    pub fn open(&self) {
        self.0.close();
    }

    pub(super) async fn pass(&self) {
        // There is never a permit: the only way past is the opening.
        let _ = self.0.acquire().await;
    }
}

/// An answer that the world would not give by itself.
#[derive(Debug, Clone)]
pub struct FaultAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers, which replace those of the same name.
    pub headers: Vec<(String, FaultHeader)>,
    /// Body.
    pub body: Value,
}

/// Value of a header.
#[derive(Debug, Clone)]
pub enum FaultHeader {
    /// This text.
    Text(String),
    /// Unix seconds so far ahead of the world's time.
    SecondsFromNow(i64),
}

impl FaultAnswer {
    /// A bare answer.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: json!({ "message": "An answer made up by a fault" }) }
    }

    /// 403 for too much at once, with or without `Retry-After` in seconds.
    pub fn secondary_limit(retry_after_s: Option<i64>) -> Self {
        let answer = Self { body: json!({ "message": SECONDARY_MESSAGE }), ..Self::status(403) };
        match retry_after_s {
            Some(seconds) => answer.header("retry-after", FaultHeader::Text(seconds.to_string())),
            None => answer,
        }
    }

    /// 429 with `Retry-After` in seconds.
    pub fn too_many_requests(retry_after_s: i64) -> Self {
        Self { status: 429, ..Self::secondary_limit(Some(retry_after_s)) }
    }

    /// 403 with nothing left until a reset so many seconds ahead.
    pub fn primary_limit(reset_in_s: i64) -> Self {
        let body = json!({ "message": "API rate limit exceeded for installation." });
        Self { body, ..Self::status(403) }
            .header("x-ratelimit-remaining", FaultHeader::Text("0".to_owned()))
            .header("x-ratelimit-reset", FaultHeader::SecondsFromNow(reset_in_s))
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: FaultHeader) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }
}

/// A fault for the requests of one kind.
#[derive(Debug, Clone)]
pub struct Fault {
    method: Option<String>,
    path: String,
    when: When,
    moment: Moment,
    effect: Effect,
}

impl Fault {
    /// A fault for every request with this method (`*` for any) and path, before anything is changed.
    /// In the path `*` stands for one segment and a final `**` for all that follow.
    pub fn on(method: &str, path: &str, effect: Effect) -> Self {
        let method = (method != "*").then(|| method.to_owned());
        Self { method, path: path.to_owned(), when: When::Always, moment: Moment::Before, effect }
    }

    /// Limits how often it strikes.
    pub fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    /// Lets the request change the state first.
    pub fn after(self) -> Self {
        Self { moment: Moment::After, ..self }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted == method) && path_fits(&self.path, path)
    }
}

/// What goes wrong with a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookFault {
    /// It is never sent, and the delivery log knows nothing of it.
    Lose,
    /// It is sent twice with the same GUID.
    Duplicate,
    /// It does not reach the App; the log shows an attempt with this status.
    Fail(u16),
}

/// Effect and moment of the faults that strike one request.
#[derive(Debug, Clone, Default)]
pub(super) struct Struck {
    pub before: Vec<Effect>,
    pub after: Vec<Effect>,
}

/// Handle on all faults of a world; cheap to clone.
#[derive(Clone)]
pub struct Faults {
    dials: Arc<Dials>,
    rules: Arc<Mutex<Rules>>,
}

#[derive(Default)]
struct Rules {
    requests: Vec<Armed>,
    hooks: Vec<ArmedHook>,
    reversed_batches: u32,
}

struct Armed {
    fault: Fault,
    seen: u32,
    random: u64,
}

struct ArmedHook {
    event: String,
    left: u32,
    fault: HookFault,
}

impl Faults {
    pub(super) fn new(dials: Arc<Dials>) -> Self {
        Self { dials, rules: Arc::default() }
    }

    /// Arms a fault for requests.
    pub fn add(&self, fault: Fault) {
        let random = match fault.when {
            When::Percent { seed, .. } => seed,
            When::Always | When::First(_) | When::Nth(_) => 0,
        };
        self.rules().requests.push(Armed { fault, seen: 0, random });
    }

    /// Arms a fault for the next so many webhooks of an event (`*` for any).
    pub fn add_for_webhooks(&self, event: &str, times: u32, fault: HookFault) {
        self.rules().hooks.push(ArmedHook { event: event.to_owned(), left: times, fault });
    }

    /// Delivers the next so many batches of waiting webhooks newest first.
    pub fn reverse_webhooks(&self, batches: u32) {
        self.rules().reversed_batches = batches;
    }

    /// Lets this GitHub's clocks go wrong by so much: its `Date`, its view of JWTs, and its expiry times.
    pub fn set_clock_skew_ms(&self, skew_ms: i64) {
        self.dials.clock_skew_ms.store(skew_ms, Ordering::SeqCst);
    }

    /// Leaves new comments out of lists for so long.
    pub fn set_comment_lag_ms(&self, lag_ms: i64) {
        self.dials.comment_lag_ms.store(lag_ms, Ordering::SeqCst);
    }

    /// Takes all faults back.
    pub fn clear(&self) {
        *self.rules() = Rules::default();
        self.set_clock_skew_ms(0);
        self.set_comment_lag_ms(0);
    }

    pub(super) fn strike(&self, method: &str, path: &str) -> Struck {
        let mut struck = Struck::default();
        for armed in &mut self.rules().requests {
            if !armed.fault.matches(method, path) || !armed.strikes() {
                continue;
            }
            let effects = match armed.fault.moment {
                Moment::Before => &mut struck.before,
                Moment::After => &mut struck.after,
            };
            effects.push(armed.fault.effect.clone());
            if !matches!(armed.fault.effect, Effect::Delay(_) | Effect::Hold(_)) {
                break;
            }
        }
        struck
    }

    pub(super) fn strike_webhook(&self, event: &str) -> Option<HookFault> {
        let mut rules = self.rules();
        let fits = |armed: &&mut ArmedHook| armed.left > 0 && (armed.event == "*" || armed.event == event);
        let armed = rules.hooks.iter_mut().find(fits)?;
        armed.left -= 1;
        Some(armed.fault)
    }

    pub(super) fn take_reversal(&self) -> bool {
        let mut rules = self.rules();
        let reversed = rules.reversed_batches > 0;
        rules.reversed_batches = rules.reversed_batches.saturating_sub(1);
        reversed
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Armed {
    fn strikes(&mut self) -> bool {
        self.seen = self.seen.saturating_add(1);
        match self.fault.when {
            When::Always => true,
            When::First(times) => self.seen <= times,
            When::Nth(time) => self.seen == time,
            When::Percent { chance, .. } => {
                self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
                mixed(self.random) % 100 < u64::from(chance)
            }
        }
    }
}

/// The finalizer of the splitmix64 generator.
fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

fn path_fits(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for wanted in pattern.split('/') {
        match (wanted, segments.next()) {
            ("**", Some(_)) => return true,
            ("*", Some(_)) => {}
            (wanted, Some(segment)) if wanted == segment => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}

/// Settings that handlers read at any time.
#[derive(Debug, Default)]
pub struct Dials {
    clock_skew_ms: AtomicI64,
    comment_lag_ms: AtomicI64,
}

impl Dials {
    pub(super) fn clock_skew_ms(&self) -> i64 {
        self.clock_skew_ms.load(Ordering::SeqCst)
    }

    pub(super) fn comment_lag_ms(&self) -> i64 {
        self.comment_lag_ms.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(faults: &Faults, method: &str, path: &str) -> bool {
        !faults.strike(method, path).before.is_empty()
    }

    #[test]
    fn paths_match_by_segment() {
        assert!(path_fits("/repos/*/*/issues/*/comments", "/repos/a/b/issues/1/comments"));
        assert!(!path_fits("/repos/*/*/issues", "/repos/a/b/issues/1"));
        assert!(path_fits("/repos/**", "/repos/a/b/issues/1"));
        assert!(!path_fits("/repos/a/b", "/repos/a"));
    }

    #[test]
    fn faults_strike_as_often_as_they_were_told() {
        let faults = Faults::new(Arc::default());
        faults.add(Fault::on("POST", "/first", Effect::Cut).when(When::First(2)));
        faults.add(Fault::on("*", "/third", Effect::Cut).when(When::Nth(3)));
        let posts: Vec<bool> = (0..4).map(|_| struck(&faults, "POST", "/first")).collect();
        assert_eq!(posts, [true, true, false, false]);
        assert!(!struck(&faults, "GET", "/first"));
        let thirds: Vec<bool> = (0..4).map(|_| struck(&faults, "GET", "/third")).collect();
        assert_eq!(thirds, [false, false, true, false]);
    }

    #[test]
    fn chance_repeats_with_its_seed() {
        let run = |seed| {
            let faults = Faults::new(Arc::default());
            let when = When::Percent { chance: 30, seed };
            faults.add(Fault::on("*", "/**", Effect::Cut).when(when));
            (0..200).map(|_| struck(&faults, "GET", "/x")).collect::<Vec<bool>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let strikes = run(7).iter().filter(|struck| **struck).count();
        assert!((30..=90).contains(&strikes), "{strikes} of 200 at 30 percent");
    }
}
