//! Applies one request to the state: authentication, limits, route, answer, `ETag`.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;
use url::form_urlencoded;

use super::auth::Caller;
use super::git::object_id;
use super::graphql;
use super::limits::{Budget, Cost, Resource};
use super::log::TokenKind;
use super::refusal::Refusal;
use super::rest::{Answer, Call, Params, Reply, ReplyBody, Route, admit, find};
use super::state::State;
use super::world::World;

/// A request as it came in.
pub(super) struct Incoming {
    pub method: String,
    /// Address as the client sees it, without the query.
    pub url: String,
    /// Path without the prefix of an Enterprise Server.
    pub path: String,
    pub query: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

/// What is known of a request before it is applied.
pub(super) struct Prepared {
    pub route: Option<&'static str>,
    pub content: bool,
    pub token: TokenKind,
}

/// The answer to a request.
pub(super) struct Applied {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    pub json: Option<Value>,
}

impl Applied {
    pub fn json(status: u16, body: Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: Bytes::from(body.to_string()), json: Some(body) }
    }

    pub fn plain(status: u16, text: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
        Self { status, headers, body: Bytes::from(text.to_owned()), json: None }
    }
}

const GRAPHQL: &str = "/graphql";
const GRAPHQL_COST: Cost = Cost { resource: Resource::Graphql, points: 1, content: false };

/// Looks at a request without changing anything.
pub(super) fn prepare(world: &World, incoming: &Incoming) -> Prepared {
    let state = world.state();
    let header = incoming.headers.get("authorization").and_then(|header| header.split_once(' '));
    let token = match header.map(|(_, secret)| secret.trim()) {
        None => TokenKind::None,
        Some(secret) if secret.split('.').count() == 3 => TokenKind::Jwt,
        Some(secret) => match state.tokens.get(secret) {
            Some(token) => TokenKind::Installation(token.installation),
            None => TokenKind::Unknown,
        },
    };
    if incoming.path == GRAPHQL {
        return Prepared { route: Some(GRAPHQL), content: false, token };
    }
    let found = find(&incoming.method, &by_name(&state, &incoming.path));
    let (route, content) = found.map_or((None, false), |(route, _)| (Some(route.path), route.content));
    Prepared { route, content, token }
}

/// Answers a request and changes the state accordingly.
pub(super) fn apply(world: &World, incoming: &Incoming, number: u64) -> Applied {
    let mut state = world.state();
    let state = &mut *state;
    if incoming.headers.get("user-agent").is_none_or(|agent| agent.trim().is_empty()) {
        return Applied::plain(
            403,
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
        );
    }
    tracing::trace!(number, method = incoming.method, path = incoming.path, "sandbox request");
    let caller = match state.authenticate(incoming.headers.get("authorization").map(String::as_str)) {
        Ok(caller) => caller,
        Err(refusal) => return refused(&refusal),
    };
    let path = by_name(state, &incoming.path);
    let found = find(&incoming.method, &path);
    let cost = match &found {
        _ if incoming.path == GRAPHQL => GRAPHQL_COST,
        Some((route, _)) => route.cost(),
        None => Cost { resource: Resource::Core, points: 1, content: false },
    };
    let account = match &caller {
        Caller::Installation(token) => token.installation,
        Caller::App | Caller::Anonymous => 0,
    };
    let free = path == "/rate_limit";
    let now = state.now();
    let paid = if free { Ok(()) } else { state.limits.take(account, cost, now) };
    let answer = paid.and_then(|()| dispatch(state, incoming, (caller, found)));
    let mut applied = match answer {
        Ok(reply) => with_tag(reply, incoming),
        Err(refusal) => refused(&refusal),
    };
    if applied.status == 304 {
        state.limits.give_back(account, cost.resource);
    }
    let mut budget = state.limits.budget(account, cost.resource, now);
    budget.reset_ms += state.dials.clock_skew_ms();
    applied.headers.extend(limit_headers(&budget, cost.resource));
    applied.headers.push(("x-github-media-type".to_owned(), "github.v3; format=json".to_owned()));
    applied
}

fn dispatch(
    state: &mut State,
    incoming: &Incoming,
    target: (Caller, Option<(&'static Route, Params)>),
) -> Answer {
    let (caller, found) = target;
    check_version(incoming)?;
    let body = parsed_body(incoming)?;
    if incoming.path == GRAPHQL && incoming.method == "POST" {
        if let Some(status) = state.abilities.graphql_missing {
            return Err(Refusal::new(status, "Not Found"));
        }
        return graphql::answer(state, &caller, &body);
    }
    let (route, params) = found.ok_or_else(Refusal::not_found)?;
    let repo = admit(state, &caller, route, &params)?;
    let query = form_urlencoded::parse(incoming.query.as_bytes()).into_owned().collect();
    let accept = incoming.headers.get("accept").cloned().unwrap_or_default();
    let url = incoming.url.clone();
    (route.run)(&mut Call { state, caller, repo, params, query, body, accept, url })
}

fn check_version(incoming: &Incoming) -> Result<(), Refusal> {
    match incoming.headers.get("x-github-api-version").map(String::as_str) {
        None | Some("2022-11-28" | "2026-03-10") => Ok(()),
        Some(other) => {
            Err(Refusal::new(400, format!("\"{other}\" is not a supported version of the GitHub REST API.")))
        }
    }
}

/// The JSON body: an object, or for labels a list. Numbers and texts alone are no body.
fn parsed_body(incoming: &Incoming) -> Result<Value, Refusal> {
    if incoming.body.is_empty() {
        return Ok(Value::Null);
    }
    let problem = || Refusal::new(400, "Problems parsing JSON");
    let body: Value = serde_json::from_slice(&incoming.body).map_err(|_| problem())?;
    match body {
        Value::Object(_) | Value::Array(_) => Ok(body),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Err(Refusal::new(400, "Body should be a JSON object"))
        }
    }
}

/// `/repositories/{id}/…`, where redirects lead, is the same as `/repos/{owner}/{repo}/…`.
fn by_name(state: &State, path: &str) -> String {
    let Some(rest) = path.strip_prefix("/repositories/") else { return path.to_owned() };
    let (id, tail) =
        rest.split_once('/').map_or((rest, String::new()), |(id, tail)| (id, format!("/{tail}")));
    let repository = id.parse().ok().and_then(|id: i64| state.repositories.get(&id));
    repository.map_or_else(|| path.to_owned(), |it| format!("/repos/{}{tail}", it.full_name()))
}

fn refused(refusal: &Refusal) -> Applied {
    let mut applied = Applied::json(refusal.status, refusal.body());
    if let Some(url) = &refusal.url {
        applied.headers.push(("location".to_owned(), url.clone()));
    }
    applied.headers.extend(refusal.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    applied
}

fn with_tag(reply: Reply, incoming: &Incoming) -> Applied {
    let mut applied = match reply.body {
        ReplyBody::Json(body) => Applied::json(reply.status, body),
        ReplyBody::Raw(body) => {
            let kind =
                ("content-type".to_owned(), "application/vnd.github.raw+json; charset=utf-8".to_owned());
            Applied { status: reply.status, headers: vec![kind], body, json: None }
        }
        ReplyBody::Empty => {
            Applied { status: reply.status, headers: Vec::new(), body: Bytes::new(), json: None }
        }
    };
    applied.headers.extend(reply.headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
    if incoming.method != "GET" || applied.status != 200 {
        return applied;
    }
    let tag = format!("\"{}\"", object_id("etag", &applied.body));
    let known = incoming.headers.get("if-none-match").map(String::as_str).unwrap_or_default();
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        applied = Applied { status: 304, body: Bytes::new(), json: None, ..applied };
    }
    applied.headers.push(("etag".to_owned(), format!("W/{tag}")));
    applied
}

fn limit_headers(budget: &Budget, resource: Resource) -> Vec<(String, String)> {
    let header = |name: &str, value: String| (format!("x-ratelimit-{name}"), value);
    vec![
        header("limit", budget.limit.to_string()),
        header("remaining", budget.remaining().to_string()),
        header("used", budget.used.to_string()),
        header("reset", (budget.reset_ms + 999).div_euclid(1000).to_string()),
        header("resource", resource.name().to_owned()),
    ]
}
