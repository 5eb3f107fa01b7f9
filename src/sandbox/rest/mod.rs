//! The REST API: one table of routes, each with what its caller needs.

use super::auth::Caller;
use super::limits::{Cost, Resource};
use super::model::Level;
use super::refusal::Refusal;
use super::state::State;

mod actions;
mod alerts;
mod apps;
mod call;
mod comments;
mod git;
mod hooks;
mod issues;
mod labels;
mod reactions;
mod relations;
mod repositories;
mod search;
mod service;

pub use call::{Answer, Call, Reply, ReplyBody};

/// Who may call a route.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    /// Anybody.
    Open,
    /// The App, by JWT.
    App,
    /// The App by JWT, for the repository in the path.
    AppRepository,
    /// Any installation token.
    Token,
    /// An installation token that reaches the repository in the path and has this level on this resource.
    Repository(&'static str, Level),
}

/// Parts of a path by name, decoded.
pub type Params = Vec<(&'static str, String)>;

/// One endpoint.
pub struct Route {
    /// HTTP method.
    pub method: &'static str,
    /// Path with `{part}` for one segment and `{*rest}` for all that follow.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Whether it makes content that people are notified of.
    pub content: bool,
    /// What it does.
    pub run: for<'a, 'b> fn(&'a mut Call<'b>) -> Answer,
}

const fn route(
    method: &'static str,
    path: &'static str,
    access: Access,
    run: for<'a, 'b> fn(&'a mut Call<'b>) -> Answer,
) -> Route {
    Route { method, path, access, content: false, run }
}

impl Route {
    /// Marks a route that makes content.
    const fn making_content(self) -> Self {
        Self { content: true, ..self }
    }

    /// What one call costs.
    pub fn cost(&self) -> Cost {
        let resource = if self.path.starts_with("/search") { Resource::Search } else { Resource::Core };
        Cost { resource, points: if self.method == "GET" { 1 } else { 5 }, content: self.content }
    }
}

/// All routes. Where two paths fit, the earlier one wins.
static TABLES: &[&[Route]] = &[
    service::ROUTES,
    apps::ROUTES,
    hooks::ROUTES,
    search::ROUTES,
    comments::ROUTES,
    reactions::ROUTES,
    relations::ROUTES,
    labels::ROUTES,
    issues::ROUTES,
    git::ROUTES,
    actions::ROUTES,
    alerts::ROUTES,
    repositories::ROUTES,
];

/// Finds the route of a request, with the parts of its path.
pub fn find(method: &str, path: &str) -> Option<(&'static Route, Params)> {
    let mut all = TABLES.iter().flat_map(|table| table.iter());
    all.find_map(|route| {
        let fits = route.method == method;
        fits.then(|| parts(route.path, path)).flatten().map(|parts| (route, parts))
    })
}

fn parts(pattern: &'static str, path: &str) -> Option<Params> {
    let mut found = Vec::new();
    let mut rest = path.strip_prefix('/')?;
    let mut wanted = pattern.strip_prefix('/')?.split('/').peekable();
    while let Some(part) = wanted.next() {
        if let Some(name) = part.strip_prefix("{*").and_then(|part| part.strip_suffix('}')) {
            found.push((name, decoded(rest)));
            return Some(found);
        }
        let (segment, tail) = match (rest.split_once('/'), wanted.peek()) {
            (Some((segment, tail)), Some(_)) => (segment, tail),
            (None, None) => (rest, ""),
            (None, Some(next)) if next.starts_with("{*") => (rest, ""),
            _ => return None,
        };
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(_) if segment.is_empty() => return None,
            Some(name) => found.push((name, decoded(segment))),
            None if part == segment => {}
            None => return None,
        }
        rest = tail;
    }
    Some(found)
}

/// Undoes percent-encoding; a stray `%` stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escape = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = escape.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = tail.get(if byte.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Lets a caller in, or not. Answers the database id of the repository in the path, 0 where there is none.
pub fn admit(
    state: &State,
    caller: &Caller,
    route: &Route,
    params: &[(&'static str, String)],
) -> Result<i64, Refusal> {
    match (route.access, caller) {
        (Access::Open, _) | (Access::App, Caller::App) | (Access::Token, Caller::Installation(_)) => Ok(0),
        (_, Caller::Anonymous) => Err(Refusal::new(401, "Requires authentication")),
        (Access::App | Access::AppRepository, Caller::Installation(_)) => {
            Err(Refusal::new(401, "A JSON web token could not be decoded"))
        }
        (Access::AppRepository, Caller::App) => named(state, params),
        (Access::Token | Access::Repository(..), Caller::App) => Err(Refusal::not_accessible()),
        (Access::Repository(resource, level), Caller::Installation(token)) => {
            let repo = named(state, params)?;
            if !state.reaches(token, repo) {
                return Err(Refusal::not_found());
            }
            check_name(state, repo, (route, params))?;
            match state.level(token, resource) {
                Some(has) if has >= level => Ok(repo),
                _ => Err(Refusal::not_permitted(resource, level)),
            }
        }
    }
}

fn named(state: &State, params: &[(&'static str, String)]) -> Result<i64, Refusal> {
    state.repository_id(&full_name(params)).ok_or_else(Refusal::not_found)
}

fn full_name(params: &[(&'static str, String)]) -> String {
    let part = |name| params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
    format!("{}/{}", part("owner"), part("repo"))
}

/// A renamed repository leads on: 301 for reads, 307 for writes.
fn check_name(state: &State, repo: i64, request: (&Route, &[(&'static str, String)])) -> Result<(), Refusal> {
    let (route, params) = request;
    if state.repository(repo)?.full_name().eq_ignore_ascii_case(&full_name(params)) {
        return Ok(());
    }
    let mut path = route.path.trim_start_matches("/repos/{owner}/{repo}").to_owned();
    for (name, value) in params {
        path = path.replace(&format!("{{*{name}}}"), value).replace(&format!("{{{name}}}"), value);
    }
    let (status, message) = match route.method {
        "GET" => (301, "Moved Permanently"),
        _ => (307, "Temporary Redirect"),
    };
    let url = format!("{}/repositories/{repo}{path}", state.api_url);
    Err(Refusal { url: Some(url), ..Refusal::new(status, message) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> Params {
        find("GET", path).expect("a route").1
    }

    #[test]
    fn tails_keep_their_slashes_and_are_decoded() {
        let parts = found("/repos/acme/web/contents/src/a%20b.rs");
        assert_eq!(parts.last(), Some(&("path", "src/a b.rs".to_owned())));
        assert_eq!(found("/repos/acme/web/contents").last(), Some(&("path", String::new())));
        assert_eq!(found("/repos/acme/web/contents/").last(), Some(&("path", String::new())));
    }

    #[test]
    fn fixed_parts_win_over_named_ones() {
        assert_eq!(find("GET", "/repos/a/b/issues/comments").map(|it| it.0.path).unwrap_or(""), COMMENTS);
        assert!(find("GET", "/repos/a/b/issues/1/nothing").is_none());
        assert!(find("PUT", "/repos/a/b/issues/1").is_none());
        assert!(find("GET", "/repos//b").is_none());
    }

    const COMMENTS: &str = "/repos/{owner}/{repo}/issues/comments";
}
