//! One request on its way through a handler, and the answer.

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::sandbox::auth::Caller;
use crate::sandbox::model::{Repository, Token};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State};

/// A request whose caller was let in.
pub struct Call<'a> {
    /// The world.
    pub state: &'a mut State,
    /// Who calls.
    pub caller: Caller,
    /// Database id of the repository in the path; 0 where there is none.
    pub repo: i64,
    /// Parts of the path by name.
    pub params: Vec<(&'static str, String)>,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The body; null when there is none.
    pub body: Value,
    /// What the client wants, from `Accept`.
    pub accept: String,
    /// Address of this request as the client sees it, without the query.
    pub url: String,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: ReplyBody,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
}

/// Body of an answer.
#[derive(Debug)]
pub enum ReplyBody {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Value),
    /// A file as it is.
    Raw(bytes::Bytes),
}

impl Reply {
    /// 200.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body: ReplyBody::Json(body), headers: Vec::new() }
    }

    /// 201 with a `Location` taken from the body's `url`.
    pub fn created(body: Value) -> Self {
        let location = body.get("url").and_then(Value::as_str).map(|url| ("location", url.to_owned()));
        Self { status: 201, headers: location.into_iter().collect(), body: ReplyBody::Json(body) }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: 204, body: ReplyBody::Empty, headers: Vec::new() }
    }
}

/// What a handler returns.
pub type Answer = Result<Reply, Refusal>;

impl Call<'_> {
    /// A part of the path.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// A number in the path; what is no number leads nowhere.
    pub fn id(&self, name: &str) -> Result<i64, Refusal> {
        self.param(name).parse().map_err(|_| Refusal::not_found())
    }

    /// The repository in the path.
    pub fn repository(&self) -> Result<&Repository, Refusal> {
        self.state.repository(self.repo)
    }

    /// Database id of the issue in the path.
    pub fn issue_id(&self) -> Result<i64, Refusal> {
        let number = self.id("issue_number")?;
        Ok(self.state.issue_at(self.repo, number)?.id)
    }

    /// The installation token of the caller.
    pub fn token(&self) -> Result<&Token, Refusal> {
        match &self.caller {
            Caller::Installation(token) => Ok(token),
            Caller::App | Caller::Anonymous => Err(Refusal::not_accessible()),
        }
    }

    /// The App's own account, acting through the caller's installation.
    pub fn actor(&self) -> Result<Actor, Refusal> {
        Ok(self.state.bot(self.token()?.installation))
    }

    /// A parameter of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A text in the body; null counts as missing.
    pub fn text(&self, field: &str) -> Result<Option<String>, Refusal> {
        match self.body.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(wrong_type(field, other, "a string")),
        }
    }

    /// A whole number in the body, which must be there.
    pub fn number(&self, field: &str) -> Result<i64, Refusal> {
        match self.body.get(field) {
            None => Err(missing(field)),
            Some(value) => value.as_i64().ok_or_else(|| wrong_type(field, value, "an integer")),
        }
    }

    /// A list of texts in the body; objects with a `name` count as that name.
    pub fn texts(&self, field: &str) -> Result<Option<Vec<String>>, Refusal> {
        match self.body.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(list) => names(field, list).map(Some),
        }
    }

    /// One page of a list, with the headers that lead to the others.
    pub fn page<T>(&self, items: Vec<T>) -> (Vec<T>, Vec<(&'static str, String)>) {
        let number = |name| self.query(name).and_then(|text| text.parse::<usize>().ok());
        let size = number("per_page").filter(|size| *size > 0).unwrap_or(30).min(100);
        let page = number("page").filter(|page| *page > 0).unwrap_or(1);
        let last = items.len().div_ceil(size).max(1);
        let start = (page - 1).saturating_mul(size);
        let shown = items.into_iter().skip(start).take(size).collect();
        let mut links = Vec::new();
        if page > 1 {
            links.push(self.link("prev", (page - 1).min(last)));
        }
        if page < last {
            links.push(self.link("next", page + 1));
            links.push(self.link("last", last));
        }
        if page > 1 {
            links.push(self.link("first", 1));
        }
        let headers = if links.is_empty() { Vec::new() } else { vec![("link", links.join(", "))] };
        (shown, headers)
    }

    fn link(&self, relation: &str, page: usize) -> String {
        self.link_with(relation, ("page", &page.to_string()))
    }

    /// A `Link` entry: this request with one parameter of the query replaced.
    pub fn link_with(&self, relation: &str, replaced: (&str, &str)) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.iter().filter(|(name, _)| name != replaced.0));
        query.append_pair(replaced.0, replaced.1);
        format!("<{}?{}>; rel=\"{relation}\"", self.url, query.finish())
    }

    /// 200 with one page of a list, each item shown by `show`.
    pub fn list<T>(&self, items: Vec<T>, show: impl Fn(&State, T) -> Value) -> Answer {
        let (items, headers) = self.page(items);
        let shown = items.into_iter().map(|item| show(self.state, item)).collect();
        Ok(Reply { headers, ..Reply::ok(shown) })
    }
}

/// Names from a list of texts, or of objects with a `name`.
pub fn names(field: &str, list: &Value) -> Result<Vec<String>, Refusal> {
    let items = list.as_array().ok_or_else(|| wrong_type(field, list, "an array"))?;
    let name = |item: &Value| match item {
        Value::String(name) => Ok(name.clone()),
        Value::Object(object) => {
            object.get("name").and_then(Value::as_str).map(str::to_owned).ok_or_else(|| missing("name"))
        }
        other => Err(wrong_type(field, other, "a string")),
    };
    items.iter().map(name).collect()
}

fn wrong_type(field: &str, value: &Value, wanted: &str) -> Refusal {
    let shown = match value {
        Value::Null => "nil".to_owned(),
        other => other.to_string().chars().take(80).collect(),
    };
    Refusal::schema(format!("For 'properties/{field}', {shown} is not {wanted}."))
}

fn missing(field: &str) -> Refusal {
    Refusal::schema(format!("\"{field}\" wasn't supplied."))
}

/// The answer to a list that GitHub wraps: `total_count` and the page under `field`.
pub fn wrapped(field: &str, total: usize, shown: Vec<Value>) -> Value {
    json!({ "total_count": total, field: shown })
}
