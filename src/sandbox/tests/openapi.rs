//! Requests and answers held against GitHub's OpenAPI description.

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

use super::Request;

const HOME: &str = "http://contract.test/openapi.json";

/// GitHub's description, ready for checks.
pub struct Contract {
    description: Value,
    compiler: Compiler,
    schemas: Schemas,
}

impl Contract {
    /// The description that the environment names; without one the check is skipped.
    pub fn from_environment() -> Option<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "contract data is named by the environment of the tests"
        )]
        let Ok(file) = std::env::var("MILLWRIGHT_GITHUB_OPENAPI") else {
            crate::skips::skip("a contract check, for MILLWRIGHT_GITHUB_OPENAPI names no file");
            return None;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        let mut description: Value = serde_json::from_str(&text).unwrap();
        convert(&mut description);
        let mut compiler = Compiler::new();
        compiler.add_resource(HOME, description.clone()).unwrap();
        Some(Self { description, compiler, schemas: Schemas::new() })
    }

    /// What is wrong with one exchange: path, query and body; also status and answer, unless a fault made them up.
    pub fn problems(&mut self, request: &Request) -> Vec<String> {
        let label = format!("{} {}", request.method, request.path);
        let Some((path, operation)) = described(&self.description, request) else {
            return vec![format!("{label}: not described")];
        };
        let method = request.method.to_lowercase();
        let mut problems = self.unknown_queries(&operation, request);
        let wanted = &operation["requestBody"]["content"]["application/json"]["schema"];
        let accepted = request.made_up || request.status.is_none_or(|status| status < 400);
        if let (Some(body), true) = (&request.body, wanted.is_object() && accepted) {
            let at =
                format!("/paths/{}/{method}/requestBody/content/application~1json/schema", escape(&path));
            problems.extend(self.misfit(&at, body).map(|why| format!("{label} sent: {why}")));
        }
        let Some(status) = request.status.filter(|_| !request.made_up) else { return problems };
        let status = status.to_string();
        // Every read may be answered so when it was asked with an ETag; the description names it for few.
        if status == "304" && request.headers.contains_key("if-none-match") {
            return problems;
        }
        let mut pointer = format!("/paths/{}/{method}/responses/{status}", escape(&path));
        if let Some(shared) = operation["responses"][&status]["$ref"].as_str() {
            pointer = shared.trim_start_matches('#').to_owned();
        }
        let Some(response) = self.description.pointer(&pointer).cloned() else {
            // Whatever is asked may be refused for its token, its rate or what it cannot see; few descriptions name that.
            if !matches!(status.as_str(), "401" | "403" | "404") {
                problems.push(format!("{label}: {status} is not described"));
            }
            return problems;
        };
        if let (Some(answer), true) =
            (&request.answer, response["content"]["application/json"]["schema"].is_object())
        {
            let at = format!("{pointer}/content/application~1json/schema");
            problems.extend(self.misfit(&at, answer).map(|why| format!("{label}: {why}")));
        }
        problems
    }

    fn misfit(&mut self, pointer: &str, value: &Value) -> Option<String> {
        let at = format!("{HOME}#{}", encoded(pointer));
        let schema = self.compiler.compile(&at, &mut self.schemas).unwrap();
        self.schemas.validate(value, schema).err().map(|why| format!("{why:#}"))
    }

    /// Parameters that GitHub does not know are ignored there, and would be a silent mistake of ours.
    fn unknown_queries(&self, operation: &Value, request: &Request) -> Vec<String> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let known = parameters
            .map(|parameter| match parameter["$ref"].as_str() {
                Some(shared) => self.description.pointer(shared.trim_start_matches('#')).unwrap_or(parameter),
                None => parameter,
            })
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect::<Vec<_>>();
        let names = request.query.split('&').filter_map(|pair| pair.split('=').next());
        let unknown = names.filter(|name| !name.is_empty() && !known.contains(name));
        unknown.map(|name| format!("{} {}: no parameter `{name}`", request.method, request.path)).collect()
    }
}

/// OpenAPI 3.0 says `nullable`, JSON Schema says so by a type.
fn convert(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(convert),
        Value::Object(fields) => {
            fields.values_mut().for_each(convert);
            if fields.remove("nullable") != Some(json!(true)) {
                return;
            }
            let plain = Value::Object(std::mem::take(fields));
            *value = json!({ "anyOf": [plain, { "type": "null" }] });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The described path with the most literal segments that fits, and its operation.
fn described(description: &Value, request: &Request) -> Option<(String, Value)> {
    let fits = |pattern: &str| {
        let (wanted, given): (Vec<&str>, Vec<&str>) =
            (pattern.split('/').collect(), request.path.split('/').collect());
        let tail = ["{path}", "{ref}", "{branch}"].iter().any(|name| pattern.ends_with(name));
        // `contents` without a path is the root.
        let root = pattern.ends_with("/contents/{path}") && given.len() + 1 == wanted.len();
        (wanted.len() == given.len() || (tail && wanted.len() < given.len()) || root)
            && wanted.iter().zip(&given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    let paths = description["paths"].as_object()?;
    let fitting = paths.iter().filter(|(path, _)| fits(path));
    let (path, item) = fitting.min_by_key(|(path, _)| path.matches('{').count())?;
    Some((path.clone(), item.get(request.method.to_lowercase())?.clone()))
}

fn escape(path: &str) -> String {
    path.replace('~', "~0").replace('/', "~1")
}

fn encoded(pointer: &str) -> String {
    pointer.replace('{', "%7B").replace('}', "%7D")
}
