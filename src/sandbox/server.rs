//! The HTTP side: reads a request, lets faults strike, applies it to the state, writes the answer.

use std::collections::BTreeMap;
use std::io;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Extension};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use chrono::DateTime;
use serde_json::Value;
use tokio::net::TcpListener;

use super::apply::{Applied, Incoming, apply, prepare};
use super::faults::{Effect, FaultAnswer, FaultHeader};
use super::log;
use super::model::Change;
use super::world::World;

const LARGEST_BODY: usize = 25 * 1024 * 1024;
/// Headers that the log keeps.
const LOGGED: &[&str] =
    &["accept", "user-agent", "x-github-api-version", "if-none-match", "content-type", "host"];

/// The world's API: REST under `/` and `/api/v3`, GraphQL at `/graphql` and `/api/graphql`.
pub fn router(world: World) -> Router {
    Router::new().fallback(answer).with_state(world)
}

/// Serves the API until the task is dropped; URLs in answers and webhooks then name this address.
pub async fn serve(world: World, listener: TcpListener) -> io::Result<()> {
    world.set_api_url(format!("http://{}", listener.local_addr()?));
    axum::serve(listener, router(world)).await
}

async fn answer(Extension(world): Extension<World>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        return response(Applied::plain(413, "Request body is too large."));
    };
    let incoming = incoming(&world, (&parts.method, &parts.uri, &parts.headers), body);
    let prepared = prepare(&world, &incoming);
    let number = world.log().begin(entry(&world, &incoming, &prepared));
    let _writing = match (prepared.content, prepared.token) {
        (true, log::TokenKind::Installation(id)) => Some(world.log().content_write(id)),
        _ => None,
    };
    let struck = world.faults().strike(&incoming.method, &incoming.path);
    let mut end = suffer(&struck.before).await;
    if end.is_none() {
        let applied = apply(&world, &incoming, number);
        world.log().update(number, |entry| entry.applied = true);
        end = Some(suffer(&struck.after).await.unwrap_or(End::Answer(Box::new(applied))));
    }
    finish(&world, number, end)
}

/// How a request ends.
enum End {
    Answer(Box<Applied>),
    Fault(FaultAnswer),
    Cut,
}

/// Goes through effects; none when they let the request go on.
async fn suffer(effects: &[Effect]) -> Option<End> {
    for effect in effects {
        match effect {
            Effect::Delay(time) => wait(*time).await,
            Effect::Hold(gate) => gate.pass().await,
            Effect::Hang => std::future::pending().await,
            Effect::Cut => return Some(End::Cut),
            Effect::Answer(answer) => return Some(End::Fault(answer.clone())),
        }
    }
    None
}

async fn wait(time: std::time::Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox may wait: a slow GitHub is one of its faults"
    )]
    tokio::time::sleep(time).await;
}

fn finish(world: &World, number: u64, end: Option<End>) -> Response {
    let made_up_answer = matches!(end, Some(End::Fault(_)));
    let applied = match end {
        Some(End::Answer(applied)) => Some(*applied),
        Some(End::Fault(answer)) => Some(made_up(world, &answer)),
        Some(End::Cut) | None => None,
    };
    let finished = world.now();
    world.log().update(number, |entry| {
        entry.finished_ms = Some(finished);
        entry.made_up = made_up_answer;
        entry.status = applied.as_ref().map(|applied| applied.status);
        entry.answer = applied.as_ref().and_then(|applied| applied.json.clone());
    });
    world.changed(Change::Request(number));
    match applied {
        Some(mut applied) => {
            applied.headers.push(("date".to_owned(), http_date(world.server_now())));
            applied.headers.push(("x-github-request-id".to_owned(), format!("SANDBOX:{number}")));
            response(applied)
        }
        None => cut(),
    }
}

fn made_up(world: &World, answer: &FaultAnswer) -> Applied {
    let seconds = world.server_now().div_euclid(1000);
    let value = |value: &FaultHeader| match value {
        FaultHeader::Text(text) => text.clone(),
        FaultHeader::SecondsFromNow(ahead) => (seconds + ahead).to_string(),
    };
    let headers = answer.headers.iter().map(|(name, header)| (name.clone(), value(header)));
    let mut applied = Applied::json(answer.status, answer.body.clone());
    applied.headers.extend(headers);
    applied
}

fn response(applied: Applied) -> Response {
    let mut response = Response::new(Body::from(applied.body));
    *response.status_mut() =
        StatusCode::from_u16(applied.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in applied.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A body that breaks at once: the server then closes the connection before it has sent anything.
fn cut() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(io::Error::other("cut by a fault")) });
    Response::new(Body::from_stream(broken))
}

fn incoming(world: &World, request: (&Method, &Uri, &HeaderMap), body: Bytes) -> Incoming {
    let (method, uri, headers) = request;
    let headers: BTreeMap<String, String> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let path = uri.path();
    let (prefix, path) = match path.strip_prefix("/api/v3") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => ("/api/v3", rest.to_owned()),
        _ if path == "/api/graphql" => ("", "/graphql".to_owned()),
        _ => ("", path.to_owned()),
    };
    let base = match headers.get("host") {
        Some(host) => format!("http://{host}{prefix}"),
        None => format!("{}{prefix}", world.api_url()),
    };
    let query = uri.query().unwrap_or_default().to_owned();
    Incoming { method: method.to_string(), url: format!("{base}{path}"), path, query, headers, body }
}

fn entry(world: &World, incoming: &Incoming, prepared: &super::apply::Prepared) -> log::Request {
    let headers = incoming.headers.iter().filter(|(name, _)| LOGGED.contains(&name.as_str()));
    log::Request {
        number: 0,
        method: incoming.method.clone(),
        path: incoming.path.clone(),
        route: prepared.route,
        query: incoming.query.clone(),
        headers: headers.map(|(name, value)| (name.clone(), value.clone())).collect(),
        body: serde_json::from_slice::<Value>(&incoming.body).ok(),
        token: prepared.token,
        content: prepared.content,
        applied: false,
        status: None,
        answer: None,
        made_up: false,
        started_ms: world.now(),
        finished_ms: None,
    }
}

fn http_date(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
