//! The GraphQL API: parses an operation, checks it against the schema, answers it from the state.

use graphql_parser::parse_query;
use graphql_parser::query::{Directive, Selection, SelectionSet, TypeCondition};
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::model::Token;
use super::refusal::Refusal;
use super::rest::{Answer, Reply};
use super::state::State;

mod blame;
mod resolve;
mod schema;
mod validate;

use resolve::{Found, Node};
use validate::{Operation, error, operation, resolved};

/// Answers the body of a `POST /graphql`: 200 with `data`, `errors` or both.
pub(super) fn answer(state: &mut State, caller: &Caller, body: &Value) -> Answer {
    let token = match caller {
        Caller::Anonymous => {
            return Err(Refusal::new(401, "This endpoint requires you to be authenticated."));
        }
        Caller::App => return Err(Refusal::not_accessible()),
        Caller::Installation(token) => token,
    };
    let Some(text) = body.get("query").and_then(Value::as_str) else {
        return Ok(failed(vec![
            json!({ "message": "A query attribute must be specified and must be a string." }),
        ]));
    };
    let document = match parse_query::<String>(text) {
        Ok(document) => document,
        Err(problem) => return Ok(failed(vec![error("parseError", problem.to_string())])),
    };
    let none = Map::new();
    let variables = body.get("variables").and_then(Value::as_object).unwrap_or(&none);
    let name = body.get("operationName").and_then(Value::as_str);
    let operation = match operation(&document, name, variables) {
        Ok(operation) => operation,
        Err(errors) => return Ok(failed(errors)),
    };
    let root = if operation.root.name == "Mutation" { Node::Mutation } else { Node::Query };
    let mut run = Run { state, token, operation: &operation, errors: Vec::new() };
    let data = run.object(&root, operation.selection, &[]);
    let mut answer = json!({ "data": data });
    if !run.errors.is_empty() {
        answer["errors"] = Value::Array(run.errors);
    }
    Ok(Reply::ok(answer))
}

fn failed(errors: Vec<Value>) -> Reply {
    Reply::ok(json!({ "errors": errors }))
}

struct Run<'r, 'd> {
    state: &'r mut State,
    token: &'r Token,
    operation: &'r Operation<'d>,
    errors: Vec<Value>,
}

impl Run<'_, '_> {
    fn object(&mut self, node: &Node, selection: &SelectionSet<String>, path: &[Value]) -> Value {
        let mut shown = Map::new();
        self.select(node, (selection, path), &mut shown);
        Value::Object(shown)
    }

    fn select(
        &mut self,
        node: &Node,
        what: (&SelectionSet<String>, &[Value]),
        shown: &mut Map<String, Value>,
    ) {
        let (selection, path) = what;
        for item in &selection.items {
            match item {
                Selection::Field(field) if self.wanted(&field.directives) => {
                    let key = field.alias.as_ref().unwrap_or(&field.name).clone();
                    let mut path = path.to_vec();
                    path.push(json!(key));
                    let arguments = field.arguments.iter();
                    let arguments: Map<String, Value> = arguments
                        .map(|(name, value)| (name.clone(), resolved(value, &self.operation.variables)))
                        .collect();
                    let found = resolve::field(self.state, self.token, (node, &field.name, &arguments));
                    let value = self.show(found, &field.selection_set, &path);
                    shown.insert(key, value);
                }
                Selection::InlineFragment(inline) if self.wanted(&inline.directives) => {
                    if inline.type_condition.as_ref().is_none_or(|condition| applies(condition, node)) {
                        self.select(node, (&inline.selection_set, path), shown);
                    }
                }
                Selection::FragmentSpread(spread) if self.wanted(&spread.directives) => {
                    let fragment = self.operation.fragments.get(spread.fragment_name.as_str()).copied();
                    if let Some(fragment) = fragment.filter(|it| applies(&it.type_condition, node)) {
                        self.select(node, (&fragment.selection_set, path), shown);
                    }
                }
                Selection::Field(_) | Selection::InlineFragment(_) | Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn show(
        &mut self,
        found: Result<Found, Value>,
        selection: &SelectionSet<String>,
        path: &[Value],
    ) -> Value {
        match found {
            Ok(Found::Value(value)) => value,
            Ok(Found::One(node)) => self.object(&node, selection, path),
            Ok(Found::Many(nodes)) => {
                let items = nodes.iter().map(|node| self.object(node, selection, path));
                Value::Array(items.collect())
            }
            Err(mut problem) => {
                problem["path"] = json!(path);
                self.errors.push(problem);
                Value::Null
            }
        }
    }

    /// `@skip` and `@include`.
    fn wanted(&self, directives: &[Directive<String>]) -> bool {
        directives.iter().all(|directive| {
            let condition = directive.arguments.iter().find(|(name, _)| name == "if");
            let holds =
                condition.is_some_and(|(_, value)| resolved(value, &self.operation.variables) == json!(true));
            if directive.name == "skip" { !holds } else { holds }
        })
    }
}

fn applies(condition: &TypeCondition<String>, node: &Node) -> bool {
    let TypeCondition::On(name) = condition;
    schema::find(name).is_some_and(|of| of.includes(node.type_name()))
}
