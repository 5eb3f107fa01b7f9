//! What the page asks for and what it does, as JSON; the person named in `as` acts as in GitHub's web interface.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cli::demo::site::Site;
use crate::cli::demo::view::{self, PEOPLE, View};
use crate::sandbox::{Person, REPOSITORY, Refusal, World};

/// Why something was not done.
pub struct Problem(StatusCode, String);

impl Problem {
    fn new(status: StatusCode, message: &str) -> Self {
        Self(status, message.to_owned())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let told = refusal.errors.iter().find_map(|error| error.get("message")?.as_str());
        let field = refusal.errors.iter().find_map(|error| error.get("field")?.as_str());
        let message = match (told, field) {
            (Some(told), _) => told.to_owned(),
            (None, Some(field)) => format!("The {field} cannot be taken as it is."),
            (None, None) => refusal.message,
        };
        Self(StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), message)
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

/// A JSON body, with our own answer where it is none.
pub struct Body<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(body) = Json::<T>::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// Which issue to show.
#[derive(Deserialize)]
pub struct Wanted {
    issue: Option<i64>,
}

/// What the page shows.
pub async fn view(State(site): State<Site>, Query(wanted): Query<Wanted>) -> Json<View> {
    Json(view::view(&site.world, wanted.issue, &site.origin))
}

/// Which file to show.
#[derive(Deserialize)]
pub struct WantedFile {
    path: String,
}

/// A file of the default branch.
#[derive(Serialize)]
pub struct Shown {
    path: String,
    text: String,
    head: String,
}

/// A file of the default branch, as text.
pub async fn file(
    State(site): State<Site>,
    Query(WantedFile { path }): Query<WantedFile>,
) -> Result<Json<Shown>, Problem> {
    let content = site.world.file(REPOSITORY, &path).ok_or_else(|| missing("There is no such file."))?;
    let text = String::from_utf8_lossy(&content).into_owned();
    Ok(Json(Shown { path, text, head: site.world.head(REPOSITORY).unwrap_or_default() }))
}

/// A new issue.
#[derive(Deserialize)]
pub struct NewIssue {
    r#as: String,
    title: String,
    body: String,
}

/// Opens an issue; answers its number.
pub async fn open_issue(State(site): State<Site>, Body(new): Body<NewIssue>) -> Result<Response, Problem> {
    let number = person(&site.world, &new.r#as)?.open_issue(REPOSITORY, &new.title, &new.body)?;
    Ok((StatusCode::CREATED, Json(json!({ "number": number }))).into_response())
}

/// A comment, new or changed.
#[derive(Deserialize)]
pub struct Text {
    r#as: String,
    body: String,
}

/// Comments; answers the comment's id.
pub async fn comment(
    State(site): State<Site>,
    Path(number): Path<i64>,
    Body(text): Body<Text>,
) -> Result<Response, Problem> {
    let id = person(&site.world, &text.r#as)?.comment(REPOSITORY, number, &text.body)?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

/// Edits a comment; the sandbox knows whose it is.
pub async fn edit_comment(
    State(site): State<Site>,
    Path(id): Path<i64>,
    Body(text): Body<Text>,
) -> Result<StatusCode, Problem> {
    person(&site.world, &text.r#as)?.edit_comment(REPOSITORY, id, &text.body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open or closed.
#[derive(Deserialize)]
pub struct NewState {
    r#as: String,
    open: bool,
}

/// Closes or reopens an issue.
pub async fn change_state(
    State(site): State<Site>,
    Path(number): Path<i64>,
    Body(new): Body<NewState>,
) -> Result<StatusCode, Problem> {
    let person = person(&site.world, &new.r#as)?;
    if new.open {
        person.reopen(REPOSITORY, number)?
    } else {
        person.close(REPOSITORY, number)?
    }
    Ok(StatusCode::NO_CONTENT)
}

/// For addresses below `/api/` that lead nowhere.
pub async fn nothing() -> Problem {
    missing("There is nothing at this address.")
}

fn missing(message: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, message)
}

/// Only the people of the page: acting under any other name would make an account.
fn person(world: &World, login: &str) -> Result<Person, Problem> {
    if PEOPLE.iter().any(|(known, _)| *known == login) {
        return Ok(world.act_as(login));
    }
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Nobody here has this name."))
}
