//! Labels of repositories and issues.

use serde_json::Value;

use super::call::names;
use super::{Access, Answer, Call, Reply, Route, route};
use crate::sandbox::actions::NewLabel;
use crate::sandbox::model::{Label, Level};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::view;

const READ: Access = Access::Repository("issues", Level::Read);
const WRITE: Access = Access::Repository("issues", Level::Write);

pub(super) static ROUTES: &[Route] = &[
    route("GET", "/repos/{owner}/{repo}/labels", READ, list),
    route("POST", "/repos/{owner}/{repo}/labels", WRITE, create),
    route("GET", "/repos/{owner}/{repo}/labels/{name}", READ, one),
    route("DELETE", "/repos/{owner}/{repo}/labels/{name}", WRITE, delete),
    route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/labels", READ, of_issue),
    route("POST", "/repos/{owner}/{repo}/issues/{issue_number}/labels", WRITE, add),
    route("PUT", "/repos/{owner}/{repo}/issues/{issue_number}/labels", WRITE, set),
    route("DELETE", "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", WRITE, remove),
];

fn list(call: &mut Call) -> Answer {
    let repository = call.repository()?;
    let labels: Vec<&Label> = repository.labels.iter().collect();
    call.list(labels, |state, label| view::label(state, repository, label))
}

fn create(call: &mut Call) -> Answer {
    let new = NewLabel {
        name: call.text("name")?.ok_or_else(|| Refusal::schema("\"name\" wasn't supplied."))?,
        color: call.text("color")?,
        description: call.text("description")?,
    };
    let label = call.state.create_label(&call.actor()?, call.repo, new)?;
    Ok(Reply::created(view::label(call.state, call.repository()?, &label)))
}

fn one(call: &mut Call) -> Answer {
    let repository = call.repository()?;
    let label = repository.label(call.param("name")).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(view::label(call.state, repository, label)))
}

fn delete(call: &mut Call) -> Answer {
    let name = call.param("name").to_owned();
    call.state.delete_label(&call.actor()?, call.repo, &name)?;
    Ok(Reply::no_content())
}

fn of_issue(call: &mut Call) -> Answer {
    let shown = shown(call)?;
    call.list(shown, |_, label| label)
}

fn shown(call: &Call) -> Result<Vec<Value>, Refusal> {
    let issue = call.state.issue(call.issue_id()?)?;
    let repository = call.repository()?;
    let labels = issue.labels.iter().filter_map(|name| repository.label(name));
    Ok(labels.map(|label| view::label(call.state, repository, label)).collect())
}

/// The body is an object with `labels`, or the list itself.
fn named(call: &Call) -> Result<Vec<String>, Refusal> {
    match call.body.get("labels") {
        Some(list) => names("labels", list),
        None if call.body.is_array() => names("labels", &call.body),
        None => Err(Refusal::schema("\"labels\" wasn't supplied.")),
    }
}

fn add(call: &mut Call) -> Answer {
    let (id, names) = (call.issue_id()?, named(call)?);
    call.state.add_labels(&call.actor()?, id, &names)?;
    Ok(Reply::ok(Value::Array(shown(call)?)))
}

fn set(call: &mut Call) -> Answer {
    let (id, names) = (call.issue_id()?, named(call)?);
    call.state.set_labels(&call.actor()?, id, &names)?;
    Ok(Reply::ok(Value::Array(shown(call)?)))
}

fn remove(call: &mut Call) -> Answer {
    let (id, name) = (call.issue_id()?, call.param("name").to_owned());
    call.state.remove_label(&call.actor()?, id, &name)?;
    Ok(Reply::ok(Value::Array(shown(call)?)))
}
