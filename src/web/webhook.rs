//! `POST /webhook`: checks a delivery, hands it over to be stored, and answers; nothing else happens before the answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::time::{Instant, timeout_at};

use crate::domain::failure::BoxError;
use crate::github::signature;
use crate::github::webhook::Shallow;
use crate::web::body::{Held, Refused, Share, discard};
use crate::web::routes::Web;

/// Where deliveries are kept until somebody works on them.
pub trait Inbox: Send + Sync {
    /// Stores a delivery and its job durably; `Ok` only when both are.
    fn accept(&self, delivery: Accept) -> BoxFuture<'_, Result<Accepted, Unavailable>>;
}

/// A delivery that is genuine and wanted.
#[derive(Debug)]
pub struct Accept {
    /// The delivery's GUID, the same when GitHub sends it again.
    pub guid: String,
    /// The event's name: `issues`, `issue_comment`, …
    pub event: String,
    /// What was read of the payload.
    pub shallow: Shallow,
    /// The payload as it came.
    pub body: Bytes,
    /// Its part of the memory for bodies; to be kept as long as anything of the body is.
    pub share: Share,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored now.
    New,
    /// It was stored before.
    SeenBefore,
}

/// A delivery could not be stored.
#[derive(Debug)]
pub struct Unavailable {
    /// When GitHub may try again; `None` leaves it to us.
    pub retry_after: Option<Duration>,
    /// What happened, for the log.
    pub cause: BoxError,
}

/// What anything here subscribes to.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// Whether there is an action of this event that somebody wants. Asked first: what nobody wants is not even read.
    pub event: fn(&str) -> bool,
    /// Whether somebody wants the event with this action.
    pub action: fn(&str, Option<&str>) -> bool,
}

/// The longest event name and delivery id that are taken; GitHub's have at most 40 characters.
const LONGEST_NAME: usize = 100;

/// Marks a request that came when as many connections were open as are served: it is for whoever looks after this server, and
/// deliveries have to come again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowded;

const CROWDED: &str = "Too many connections at once.";

const NOT_STORED: &str = "The delivery could not be stored.";
const NOT_IN_TIME: &str = "The delivery could not be stored in time.";

const NOBODY_LISTENS: &str = "Nothing here listens to this event.";

/// Seconds after which a delivery that could not be stored may come again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Deliveries that are refused are logged this seldom, each reason by itself.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(1);

pub(super) async fn receive(State(web): State<Arc<Web>>, request: Request) -> Response {
    // A stop watch, not a time of day: the clock module has milliseconds only.
    let started = Instant::now();
    let (parts, mut body) = request.into_parts();
    let answer = match refuse_unread(&web, &parts) {
        Some(refusal) => refusal,
        None => answer(&web, &parts.headers, &mut body, started).await,
    };
    web.metrics.delivery(answer.status.as_u16(), started.elapsed());
    if answer.status == StatusCode::SERVICE_UNAVAILABLE {
        web.turned_away.told(answer.sentence);
    }
    if answer.leaves_body_unread() && !parts.headers.contains_key(header::EXPECT) {
        discard(&mut body).await;
    }
    answer.into_response()
}

/// What can be refused without reading a byte of the body.
fn refuse_unread(web: &Web, parts: &Parts) -> Option<Answer> {
    let headers = &parts.headers;
    if parts.extensions.get::<Crowded>().is_some() {
        warn_at_times(CROWDED);
        return Some(Answer::busy(CROWDED, RETRY_AFTER));
    }
    let is_signed = signature_header(headers).is_some_and(signature::is_well_formed);
    if !is_signed {
        return Some(Answer::unsigned());
    }
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let largest = web.budget.limits().body_bytes as u64;
    announced.filter(|announced| *announced > largest).map(|_| Answer::too_large())
}

async fn answer(web: &Web, headers: &HeaderMap, body: &mut Body, started: Instant) -> Answer {
    let signature = signature_header(headers);
    let mut check = signature::Check::new(&web.webhook_secrets, signature);
    let mut held = match web.budget.read(body, started, |piece| check.update(piece)).await {
        Ok(held) => held,
        Err(refused) => return Answer::not_read(refused),
    };
    // Before anything else looks at the body.
    if !check.fits() {
        warn_at_times("its signature does not fit our secret");
        return Answer::unsigned();
    }
    if let Err(refused) = web.budget.turn(&mut held, started).await {
        return Answer::not_read(refused);
    }
    match read_delivery(web, headers, held) {
        Ok(delivery) => store(web, delivery, started + web.budget.limits().deadline).await,
        Err(answer) => answer,
    }
}

/// A line per refusal would cost more than the refusal, and they come in crowds; the metrics count them all.
fn warn_at_times(why: &'static str) {
    if let Some(untold) = due(why) {
        tracing::warn!(
            why,
            untold,
            "refused a delivery; more within a second are counted in the next line of this reason, and in the metrics at once"
        );
    }
}

/// Whether this reason is to be told again: how often it was not since it was told last.
fn due(why: &'static str) -> Option<u64> {
    /// By reason: when it was told last, and how many have come since.
    static TOLD: Mutex<BTreeMap<&str, (Instant, u64)>> = Mutex::new(BTreeMap::new());
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    match told.get_mut(why).filter(|(at, _)| at.elapsed() < BETWEEN_WARNINGS) {
        Some((_, untold)) => {
            *untold += 1;
            None
        }
        None => Some(told.insert(why, (Instant::now(), 0)).map_or(0, |(_, untold)| untold)),
    }
}

/// The delivery, if it is one and if it is for us; nothing is kept of one that nobody wants.
fn read_delivery(web: &Web, headers: &HeaderMap, held: Held) -> Result<Accept, Answer> {
    let bad = |sentence| Answer::new(StatusCode::BAD_REQUEST, sentence);
    let event = EVENT.read(headers).map_err(bad)?;
    let guid = DELIVERY.read(headers).map_err(bad)?;
    let object = bad("The body is not a JSON object; set the webhook's content type to application/json.");
    // Both before the parser: it skips over strings nobody needs without a look at their encoding, and it would take an
    // array for an object whose fields are all missing.
    let Held { bytes: body, share } = held;
    let begins_object = body.trim_ascii_start().first() == Some(&b'{');
    if !begins_object || std::str::from_utf8(&body).is_err() {
        return Err(object);
    }
    if !(web.wanted.event)(event) {
        return Err(left_alone(guid, event, NOBODY_LISTENS));
    }
    let Ok(shallow) = Shallow::read(&body) else { return Err(object) };
    if let Some(why) = not_for_us(web, event, &shallow) {
        return Err(left_alone(guid, event, why));
    }
    Ok(Accept { guid: guid.to_owned(), event: event.to_owned(), shallow, body, share })
}

fn left_alone(guid: &str, event: &str, why: &'static str) -> Answer {
    tracing::debug!(guid, event, why, "left a delivery alone");
    Answer::new(StatusCode::OK, why)
}

fn not_for_us(web: &Web, event: &str, shallow: &Shallow) -> Option<&'static str> {
    let Shallow { action, installation_id, repo_full_name, account_login, .. } = shallow;
    if !(web.wanted.action)(event, action.as_deref()) {
        return Some(NOBODY_LISTENS);
    }
    if installation_id.is_none() {
        return Some("This delivery belongs to no installation.");
    }
    let allowed = web.allowed.lets_in(repo_full_name.as_deref(), account_login.as_deref());
    (!allowed).then_some("This server does not work for that account or repository.")
}

async fn store(web: &Web, delivery: Accept, deadline: Instant) -> Answer {
    let (guid, event) = (delivery.guid.clone(), delivery.event.clone());
    match timeout_at(deadline, web.inbox.accept(delivery)).await {
        Ok(Ok(Accepted::New)) => {
            // Not louder: a line per delivery would cost as much as the delivery.
            tracing::debug!(guid, event, "accepted a delivery");
            Answer::new(StatusCode::ACCEPTED, "Accepted.")
        }
        Ok(Ok(Accepted::SeenBefore)) => {
            tracing::debug!(guid, event, "this delivery was here before");
            Answer::new(StatusCode::OK, "This delivery was here before.")
        }
        Ok(Err(unavailable)) => {
            if let Some(untold) = due(NOT_STORED) {
                let cause = unavailable.cause;
                tracing::error!(guid, event, %cause, untold, "a delivery could not be stored");
            }
            Answer::busy(NOT_STORED, unavailable.retry_after.unwrap_or(RETRY_AFTER))
        }
        Err(_) => {
            if let Some(untold) = due(NOT_IN_TIME) {
                tracing::error!(guid, event, untold, "a delivery could not be stored in time");
            }
            Answer::busy(NOT_IN_TIME, RETRY_AFTER)
        }
    }
}

struct Answer {
    status: StatusCode,
    sentence: &'static str,
    retry_after: Option<Duration>,
}

impl Answer {
    fn new(status: StatusCode, sentence: &'static str) -> Self {
        Self { status, sentence, retry_after: None }
    }

    fn unsigned() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "The X-Hub-Signature-256 header is missing or does not fit.")
    }

    fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 25 MB.")
    }

    fn busy(sentence: &'static str, retry_after: Duration) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, sentence, retry_after: Some(retry_after) }
    }

    fn not_read(refused: Refused) -> Self {
        let answer = match refused {
            Refused::TooLarge => Self::too_large(),
            Refused::Busy => Self::busy("Too many deliveries at once.", RETRY_AFTER),
            Refused::TooSlow => Self::busy("The body did not arrive in time.", RETRY_AFTER),
            Refused::Broken => Self::new(StatusCode::BAD_REQUEST, "The body broke off."),
        };
        warn_at_times(answer.sentence);
        answer
    }

    /// Where there is anything left, the connection cannot be used for another request.
    fn leaves_body_unread(&self) -> bool {
        matches!(
            self.status,
            StatusCode::UNAUTHORIZED | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::SERVICE_UNAVAILABLE
        )
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, format!("{}\n", self.sentence)).into_response();
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        response
    }
}

fn signature_header(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-hub-signature-256")?.to_str().ok()
}

/// A header that holds one plain word.
struct NameHeader {
    name: &'static str,
    missing: &'static str,
    malformed: &'static str,
}

const EVENT: NameHeader = NameHeader {
    name: "x-github-event",
    missing: "The X-GitHub-Event header is missing.",
    malformed: "The X-GitHub-Event header is malformed; it is one word of at most 100 letters, digits, `-` and `_`.",
};

const DELIVERY: NameHeader = NameHeader {
    name: "x-github-delivery",
    missing: "The X-GitHub-Delivery header is missing.",
    malformed: "The X-GitHub-Delivery header is malformed; it is one word of at most 100 letters, digits, `-` and `_`.",
};

impl NameHeader {
    /// The word, or the sentence that says what is wrong.
    fn read<'h>(&self, headers: &'h HeaderMap) -> Result<&'h str, &'static str> {
        let value = headers.get(self.name).ok_or(self.missing)?.to_str().map_err(|_| self.malformed)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let is_name = !value.is_empty() && value.len() <= LONGEST_NAME && value.chars().all(is_plain);
        is_name.then_some(value).ok_or(self.malformed)
    }
}

#[cfg(test)]
pub(crate) mod tests;
