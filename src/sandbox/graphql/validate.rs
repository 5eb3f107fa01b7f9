//! Checks an operation against the schema before anything runs.

use std::collections::BTreeMap;

use graphql_parser::query::{
    Definition, Document, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
    TypeCondition, Value as Literal, VariableDefinition,
};
use serde_json::{Map, Value, json};

use super::schema::{self, Type, bare};

/// Named fragments of a document.
pub type Fragments<'d> = BTreeMap<&'d str, &'d FragmentDefinition<'d, String>>;

/// The operation to run.
pub struct Operation<'d> {
    /// `Query` or `Mutation`.
    pub root: &'static Type,
    /// What was asked for.
    pub selection: &'d SelectionSet<'d, String>,
    /// Named fragments.
    pub fragments: Fragments<'d>,
    /// Values of the variables.
    pub variables: Map<String, Value>,
}

/// An error in GitHub's shape.
pub fn error(code: &str, message: impl Into<String>) -> Value {
    json!({ "message": message.into(), "extensions": { "code": code } })
}

/// Picks the operation and checks all of it; the errors are those that GitHub would answer with.
pub fn operation<'d>(
    document: &'d Document<'d, String>,
    name: Option<&str>,
    given: &Map<String, Value>,
) -> Result<Operation<'d>, Vec<Value>> {
    let mut fragments = Fragments::new();
    let mut chosen = None;
    for definition in &document.definitions {
        match definition {
            Definition::Fragment(fragment) => {
                fragments.insert(fragment.name.as_str(), fragment);
            }
            Definition::Operation(operation) => {
                let parts = parts(operation)?;
                if name.is_none_or(|name| parts.1 == Some(name)) {
                    if chosen.is_some() {
                        return Err(vec![error("operationNameMissing", "An operation name is required")]);
                    }
                    chosen = Some(parts);
                }
            }
        }
    }
    let Some((root, _, defined, selection)) = chosen else {
        return Err(vec![error("operationMissing", "No operation to run")]);
    };
    let Some(root) = schema::find(root) else {
        return Err(vec![error("operationMissing", "No operation to run")]);
    };
    let variables = variables(defined, given)?;
    let mut check = Check { fragments: &fragments, defined, errors: Vec::new(), depth: 0 };
    check.selection(root, selection);
    match check.errors.is_empty() {
        true => Ok(Operation { root, selection, fragments, variables }),
        false => Err(check.errors),
    }
}

type Parts<'d> =
    (&'static str, Option<&'d str>, &'d [VariableDefinition<'d, String>], &'d SelectionSet<'d, String>);

fn parts<'d>(operation: &'d OperationDefinition<'d, String>) -> Result<Parts<'d>, Vec<Value>> {
    match operation {
        OperationDefinition::SelectionSet(selection) => Ok(("Query", None, &[], selection)),
        OperationDefinition::Query(query) => {
            Ok(("Query", query.name.as_deref(), &query.variable_definitions, &query.selection_set))
        }
        OperationDefinition::Mutation(mutation) => Ok((
            "Mutation",
            mutation.name.as_deref(),
            &mutation.variable_definitions,
            &mutation.selection_set,
        )),
        OperationDefinition::Subscription(_) => {
            Err(vec![error("missingSubscription", "Schema is not configured for subscriptions")])
        }
    }
}

fn variables(
    defined: &[VariableDefinition<String>],
    given: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<Value>> {
    let mut values = Map::new();
    let mut errors = Vec::new();
    for variable in defined {
        let of = variable.var_type.to_string();
        let value = given.get(&variable.name).cloned();
        let value = value.or_else(|| variable.default_value.as_ref().map(plain));
        match value {
            Some(value) if fits(&of, &value) => {
                values.insert(variable.name.clone(), value);
            }
            None if !of.ends_with('!') => {
                values.insert(variable.name.clone(), Value::Null);
            }
            _ => errors.push(error(
                "variableMismatch",
                format!("Variable ${} of type {of} was provided invalid value", variable.name),
            )),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// Whether a value is of a type in GraphQL's notation.
fn fits(of: &str, value: &Value) -> bool {
    let Some(of) = of.strip_suffix('!') else { return value.is_null() || fits_present(of, value) };
    fits_present(of, value)
}

fn fits_present(of: &str, value: &Value) -> bool {
    if let Some(item) = of.strip_prefix('[').and_then(|of| of.strip_suffix(']')) {
        return value.as_array().is_some_and(|items| items.iter().all(|value| fits(item, value)));
    }
    if let Some(input) = schema::input(of) {
        let Some(object) = value.as_object() else { return false };
        let known = object.keys().all(|name| input.fields.iter().any(|(field, _)| field == name));
        let value = |name: &str| object.get(name).unwrap_or(&Value::Null);
        return known && input.fields.iter().all(|(name, of)| fits(of, value(name)));
    }
    if let Some(it) = schema::enumeration(of) {
        return value.as_str().is_some_and(|value| it.values.contains(&value));
    }
    match of {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_i64(),
        _ => value.is_string(),
    }
}

/// A literal without variables as JSON; enums become texts.
fn plain(literal: &Literal<String>) -> Value {
    resolved(literal, &Map::new())
}

/// A literal as JSON with its variables filled in.
pub fn resolved(literal: &Literal<String>, variables: &Map<String, Value>) -> Value {
    match literal {
        Literal::Variable(name) => variables.get(name).cloned().unwrap_or_default(),
        Literal::Int(number) => json!(number.as_i64()),
        Literal::Float(number) => json!(number),
        Literal::String(text) | Literal::Enum(text) => json!(text),
        Literal::Boolean(flag) => json!(flag),
        Literal::Null => Value::Null,
        Literal::List(items) => items.iter().map(|item| resolved(item, variables)).collect(),
        Literal::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), resolved(value, variables))).collect()
        }
    }
}

struct Check<'c, 'd> {
    fragments: &'c Fragments<'d>,
    defined: &'d [VariableDefinition<'d, String>],
    errors: Vec<Value>,
    depth: usize,
}

/// Fragments that include one another would go on for ever.
const DEEPEST: usize = 30;

impl<'d> Check<'_, 'd> {
    fn selection(&mut self, on: &'static Type, selection: &'d SelectionSet<'d, String>) {
        if self.depth > DEEPEST {
            self.errors.push(error("maxDepth", "The query is nested too deeply"));
            return;
        }
        self.depth += 1;
        for item in &selection.items {
            match item {
                Selection::Field(field) => self.field(on, field),
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref();
                    self.fragment(on, condition, &inline.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    match self.fragments.get(spread.fragment_name.as_str()) {
                        Some(fragment) => {
                            self.fragment(on, Some(&fragment.type_condition), &fragment.selection_set);
                        }
                        None => {
                            let name = &spread.fragment_name;
                            self.errors.push(error(
                                "useAndDefineFragment",
                                format!("Fragment {name} was not defined"),
                            ));
                        }
                    }
                }
            }
        }
        self.depth -= 1;
    }

    fn fragment(
        &mut self,
        on: &'static Type,
        condition: Option<&TypeCondition<'d, String>>,
        selection: &'d SelectionSet<'d, String>,
    ) {
        let Some(TypeCondition::On(name)) = condition else { return self.selection(on, selection) };
        match schema::find(name) {
            Some(of) if on.includes(of.name) || of.includes(on.name) => self.selection(of, selection),
            Some(_) => {
                let message = format!("Fragment on {name} can't be spread inside {}", on.name);
                self.errors.push(error("cannotSpreadFragment", message));
            }
            None => {
                self.errors.push(error(
                    "undefinedType",
                    format!("No such type {name}, so it can't be a fragment condition"),
                ));
            }
        }
    }

    fn field(&mut self, on: &'static Type, field: &'d Field<'d, String>) {
        if field.name == "__typename" {
            return;
        }
        let Some(known) = on.field(&field.name) else {
            let message = format!("Field '{}' doesn't exist on type '{}'", field.name, on.name);
            let mut problem = error("undefinedField", message);
            problem["extensions"]["typeName"] = json!(on.name);
            problem["extensions"]["fieldName"] = json!(field.name);
            problem["locations"] = json!([{ "line": field.position.line, "column": field.position.column }]);
            self.errors.push(problem);
            return;
        };
        self.arguments(known, field);
        let selected = !field.selection_set.items.is_empty();
        match schema::find(bare(known.of)) {
            Some(inner) if selected => self.selection(inner, &field.selection_set),
            Some(_) => self.errors.push(error(
                "selectionMismatch",
                format!(
                    "Field must have selections (field '{}' returns {} but has no selections)",
                    known.name, known.of
                ),
            )),
            None if selected => self.errors.push(error(
                "selectionMismatch",
                format!("Selections can't be made on scalars (field '{}' returns {})", known.name, known.of),
            )),
            None => {}
        }
    }

    fn arguments(&mut self, known: &schema::Field, field: &Field<String>) {
        for (name, value) in &field.arguments {
            let Some((_, of)) = known.arguments.iter().find(|(argument, _)| argument == name) else {
                let message = format!("Field '{}' doesn't accept argument '{name}'", known.name);
                self.errors.push(error("argumentNotAccepted", message));
                continue;
            };
            self.literal(of, (name, value));
        }
        for (name, of) in known.arguments.iter().filter(|(_, of)| of.ends_with('!')) {
            if !field.arguments.iter().any(|(given, _)| given == name) {
                let message =
                    format!("Field '{}' is missing required arguments: {name} (of type {of})", known.name);
                self.errors.push(error("missingRequiredArguments", message));
            }
        }
    }

    /// Checks a literal against a type; what comes from variables is checked by their own types.
    fn literal(&mut self, of: &str, argument: (&str, &Literal<String>)) {
        let (name, value) = argument;
        let problem = match value {
            Literal::Variable(variable) => {
                match self.defined.iter().find(|defined| defined.name == *variable) {
                    None => Some(error(
                        "variableNotDefined",
                        format!("Variable ${variable} is used but not declared"),
                    )),
                    Some(defined) => {
                        let has = defined.var_type.to_string();
                        let nullable =
                            of.ends_with('!') && !has.ends_with('!') && defined.default_value.is_none();
                        let mismatch = bare(&has) != bare(of) || nullable;
                        mismatch.then(|| {
                            let message = format!(
                                "Type mismatch on variable ${variable} and argument {name} ({has} / {of})"
                            );
                            error("variableMismatch", message)
                        })
                    }
                }
            }
            Literal::Object(fields) => match schema::input(bare(of)) {
                Some(input) => return self.input(input, fields),
                None => Some(mismatch(name, of)),
            },
            other => (!fits(of, &plain(other))).then(|| mismatch(name, of)),
        };
        self.errors.extend(problem);
    }

    fn input(&mut self, input: &schema::Input, fields: &BTreeMap<String, Literal<String>>) {
        for (name, value) in fields {
            match input.fields.iter().find(|(field, _)| field == name) {
                Some((_, of)) => self.literal(of, (name, value)),
                None => {
                    let message = format!("InputObject '{}' doesn't accept argument '{name}'", input.name);
                    self.errors.push(error("argumentNotAccepted", message));
                }
            }
        }
        for (name, of) in input.fields.iter().filter(|(_, of)| of.ends_with('!')) {
            if !fields.contains_key(*name) {
                let message = format!(
                    "Argument '{name}' on InputObject '{}' is required. Expected type {of}",
                    input.name
                );
                self.errors.push(error("missingRequiredInputObjectAttribute", message));
            }
        }
    }
}

fn mismatch(name: &str, of: &str) -> Value {
    error(
        "argumentLiteralsIncompatible",
        format!("Argument '{name}' has an invalid value. Expected type '{of}'."),
    )
}
