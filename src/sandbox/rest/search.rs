//! Searching issues: words, and the qualifiers that matter for them.

use serde_json::{Value, json};

use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::model::{Issue, Level};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

pub(super) static ROUTES: &[Route] = &[route("GET", "/search/issues", Access::Token, issues)];

/// A search, taken apart.
#[derive(Debug, Default)]
struct Search {
    words: Vec<String>,
    qualifiers: Vec<(String, String)>,
}

impl Search {
    fn parse(text: &str) -> Self {
        let mut search = Self::default();
        for term in terms(text) {
            match term.split_once(':') {
                Some((name, value)) if QUALIFIERS.contains(&name) => {
                    let value = value.trim_matches('"').to_lowercase();
                    search.qualifiers.push((name.to_owned(), value));
                }
                _ => search.words.push(term.trim_matches('"').to_lowercase()),
            }
        }
        search.words.retain(|word| !word.is_empty());
        search
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.qualifiers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

const QUALIFIERS: &[&str] =
    &["repo", "org", "user", "is", "state", "type", "in", "label", "author", "assignee"];

fn terms(text: &str) -> Vec<String> {
    let (mut terms, mut term, mut quoted) = (Vec::new(), String::new(), false);
    for character in text.chars() {
        match character {
            '"' => {
                quoted = !quoted;
                term.push(character);
            }
            space if space.is_whitespace() && !quoted => terms.push(std::mem::take(&mut term)),
            other => term.push(other),
        }
    }
    terms.push(term);
    terms.retain(|term| !term.is_empty());
    terms
}

fn issues(call: &mut Call) -> Answer {
    let text = call.query("q").filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Refusal::invalid("Search", "q", "missing"))?;
    let search = Search::parse(text);
    let kinds: Vec<&str> = search.values("is").chain(search.values("type")).collect();
    if !kinds.iter().any(|kind| ["issue", "pr", "pull-request"].contains(kind)) {
        return Err(Refusal::new(422, "Query must include 'is:issue' or 'is:pull-request'"));
    }
    let token = call.token()?;
    for name in search.values("repo") {
        let repo = call.state.repository_id(name);
        if repo.is_none_or(|repo| !call.state.reaches(token, repo)) {
            return Err(Refusal {
                errors: vec![json!({ "resource": "Search", "field": "q", "code": "invalid" })],
                ..Refusal::new(422, "Validation Failed")
            });
        }
    }
    if call.state.level(token, "issues").is_none_or(|level| level < Level::Read) {
        return Err(Refusal::not_accessible());
    }
    let reached = |issue: &&Issue| call.state.reaches(token, issue.repo);
    let mut found: Vec<&Issue> =
        call.state.issues.values().filter(reached).filter(|issue| fits(call, issue, &search)).collect();
    found.reverse();
    let total = found.len();
    let (page, headers) = call.page(found);
    let shown: Vec<Value> = page.into_iter().map(|issue| view::search_item(call.state, issue)).collect();
    let body = json!({
        "total_count": total,
        "incomplete_results": false,
        "search_type": "lexical",
        "items": shown,
    });
    Ok(Reply { headers, ..Reply::ok(body) })
}

fn fits(call: &Call, issue: &Issue, search: &Search) -> bool {
    let repository = call.state.repositories.get(&issue.repo);
    let full_name = repository.map(|it| it.full_name().to_lowercase()).unwrap_or_default();
    let owner = full_name.split('/').next().unwrap_or_default().to_owned();
    let repos: Vec<&str> = search.values("repo").collect();
    let owners: Vec<&str> = search.values("org").chain(search.values("user")).collect();
    let here = (repos.is_empty() && owners.is_empty())
        || repos.contains(&full_name.as_str())
        || owners.contains(&owner.as_str());
    let is = search.values("is").chain(search.values("type")).chain(search.values("state"));
    here && is.into_iter().all(|kind| is_kind(issue, kind))
        && search.values("label").all(|name| issue.labels.iter().any(|label| label == name))
        && search.values("author").all(|login| issue.author.as_deref().unwrap_or("").to_lowercase() == login)
        && search.values("assignee").all(|login| issue.assignees.iter().any(|it| it.to_lowercase() == login))
        && contains_words(call, issue, search)
}

fn is_kind(issue: &Issue, kind: &str) -> bool {
    match kind {
        "issue" => !issue.pull_request,
        "pr" | "pull-request" => issue.pull_request,
        "open" => issue.open,
        "closed" => !issue.open,
        "locked" => issue.locked,
        _ => false,
    }
}

/// Every word stands in one of the places asked for; without `in:` these are title, text and comments.
fn contains_words(call: &Call, issue: &Issue, search: &Search) -> bool {
    let places: Vec<&str> = search.values("in").flat_map(|value| value.split(',')).collect();
    let wanted = |place: &str| places.is_empty() || places.contains(&place);
    let mut texts = Vec::new();
    if wanted("title") {
        texts.push(issue.title.to_lowercase());
    }
    if wanted("body") {
        texts.push(issue.body.as_deref().unwrap_or_default().to_lowercase());
    }
    if wanted("comments") {
        texts.extend(call.state.comments_of(issue.id).map(|comment| comment.body.to_lowercase()));
    }
    search.words.iter().all(|word| texts.iter().any(|text| text.contains(word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualifiers_and_quoted_words_are_told_apart() {
        let search = Search::parse(r#"repo:acme/web is:open "rate limit" label:"good first issue" http://x"#);
        assert_eq!(search.words, ["rate limit", "http://x"]);
        assert_eq!(search.values("label").collect::<Vec<_>>(), ["good first issue"]);
        assert_eq!(search.values("repo").collect::<Vec<_>>(), ["acme/web"]);
    }
}
