//! Reads workflows of n8n: JSON with `nodes` and `connections`. What starts them, whose credentials they use, and what is unsafe in
//! them. Credentials are named; what is in them, and what a parameter holds in their place, is never told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::domain::plan::model::Plan;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Places};
use crate::domain::plan::{secrets, words};

/// Longest file that is read as a workflow, in bytes, and most nodes of one.
const LARGEST: usize = 512 * 1024;
const NODES: usize = 1_000;
/// How deep parameters are looked through.
const DEEP: usize = 24;
/// Most that is told of one file.
const DANGERS: usize = 20;
/// Most that a plan says of what is unsafe.
const SHOWN: usize = 3;

/// One workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flow {
    /// How many nodes do something; notes are none.
    pub nodes: usize,
    /// The nodes that start it, with their kinds.
    pub triggers: Vec<String>,
    /// Names of credentials with their kinds.
    pub credentials: Vec<String>,
    /// What is unsafe in it.
    pub dangers: Vec<Danger>,
    /// Were there more nodes than are read?
    pub is_cut: bool,
}

/// Something unsafe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    /// Which kind.
    pub kind: Kind,
    /// The node, by its name.
    pub node: String,
    /// Its line, from 1.
    pub line: usize,
}

/// Kinds of what is unsafe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Whoever finds the address of a webhook can call it.
    Open,
    /// What a caller sends reaches a node that runs code or a command.
    Runs,
    /// A secret stands in a parameter.
    Secret,
    /// It is sent without encryption.
    Plain,
    /// A connection names a node that is not there.
    Lost,
}

impl Danger {
    /// In words.
    pub fn told(&self, path: &str) -> String {
        let node = shown(&self.node);
        let at = format!("`{path}` line {}", self.line);
        match self.kind {
            Kind::Open => format!("the webhook {node} ({at}) asks nobody who calls it"),
            Kind::Runs => format!("{node} ({at}) runs with what a caller of its webhook sends"),
            Kind::Secret => format!("{node} ({at}) has what looks like a secret written in a parameter"),
            Kind::Plain => format!("{node} ({at}) sends over `http://`"),
            Kind::Lost => format!("a connection ({at}) names {node}, and no node is called so"),
        }
    }
}

fn is_secret(text: &str) -> bool {
    !secrets::lines(text).is_empty()
}

/// A name as the file has it; one that looks like a secret is not printed.
fn shown(name: &str) -> String {
    match is_secret(name) {
        true => "a node whose name looks like a secret".to_owned(),
        false => words::quoted(&words::shorten(&name.replace('`', "'"), 60)),
    }
}

/// A kind, likewise.
fn kinded(kind: &str) -> String {
    match kind.is_empty() || is_secret(kind) {
        true => words::code("…"),
        false => words::code(&words::shorten(kind, 60)),
    }
}

/// A workflow; nothing where the file is none, or too large to be one.
pub fn read(path: &str, text: &str) -> Option<Flow> {
    if places::ending(path) != "json" || text.len() > LARGEST {
        return None;
    }
    let looks = text.contains("\"nodes\"") && text.contains("\"connections\"") && text.contains("n8n");
    if !looks {
        return None;
    }
    let whole: Value = serde_json::from_str(text).ok()?;
    let listed = whole.get("nodes")?.as_array()?;
    let links = whole.get("connections")?.as_object()?;
    let lines = Lines::of(text);
    let nodes: Vec<Node<'_>> = listed.iter().take(NODES).filter_map(|node| node_of(node, &lines)).collect();
    if !nodes.iter().any(|node| node.kind.contains("n8n")) {
        return None;
    }
    let called: Vec<&Node<'_>> = nodes.iter().filter(|node| node.is_called()).collect();
    let fed = reached(links, called.iter().map(|node| node.name));
    let open: Vec<&str> = called.iter().filter(|node| node.is_open()).map(|node| node.name).collect();
    let fed_by_anybody = reached(links, open.iter().copied());
    let mut dangers = Vec::new();
    let mut searched = 0;
    for node in nodes.iter().filter(|node| !node.is_off) {
        let mut add = |kind, line| dangers.push(Danger { kind, node: node.name.to_owned(), line });
        if node.is_called() && node.is_open() {
            add(Kind::Open, node.line);
        }
        if node.runs(fed.contains(node.name), fed_by_anybody.contains(node.name)) {
            add(Kind::Runs, node.line);
        }
        if let Some(secret) = secret_in(node.parameters, 0) {
            searched += 1;
            // Each search goes over the whole text.
            let own = (searched <= DANGERS).then(|| text.lines().position(|line| line.contains(secret)));
            add(Kind::Secret, own.flatten().map_or(node.line, |at| at + 1));
        }
        if node.short() == "httpRequest"
            && node.text("url").is_some_and(|url| PLAIN.is_in(url) && !NEAR.is_in(url))
        {
            add(Kind::Plain, node.line);
        }
    }
    for name in lost(links, listed).into_iter().take(DANGERS) {
        let line = lines.all.get(spelled(name).as_str()).copied().unwrap_or(1);
        dangers.push(Danger { kind: Kind::Lost, node: name.to_owned(), line });
    }
    dangers.sort_by_key(|danger| (danger.kind, danger.line));
    dangers.truncate(DANGERS);
    let kind = |node: &Node<'_>| format!("{} ({})", shown(node.name), kinded(node.short()));
    let used: BTreeSet<String> = nodes.iter().flat_map(|node| node.credentials()).collect();
    Some(Flow {
        nodes: nodes.iter().filter(|node| node.short() != "stickyNote").count(),
        is_cut: listed.len() > NODES,
        triggers: nodes.iter().filter(|node| node.is_trigger() && !node.is_off).map(kind).collect(),
        credentials: used.into_iter().collect(),
        dangers,
    })
}

/// What a plan says of the workflows that it touches: what they are, and what is unsafe in them today.
pub fn told(places: &Places<'_>, plan: &Plan) -> (Vec<String>, Vec<String>) {
    let items = plan.work_items.iter().flat_map(|item| &item.paths);
    let mut paths: Vec<&String> = items.collect();
    paths.sort_unstable();
    paths.dedup();
    let (mut what, mut unsafe_there) = (Vec::new(), Vec::new());
    for path in paths {
        let Some(flow) = places.text(path).and_then(|text| read(path, text)) else { continue };
        what.push(flow.described(path));
        unsafe_there.extend(flow.dangers.iter().map(|danger| danger.told(path)));
    }
    unsafe_there.truncate(SHOWN);
    what.truncate(SHOWN);
    (what, unsafe_there)
}

/// One line for each workflow of the tree, for `/why repository`.
pub fn lines(places: &Places<'_>) -> Vec<String> {
    let files = places.snapshot.files.iter().filter(|(path, _)| !places::is_test(path));
    let flows = files.filter_map(|(path, text)| Some(read(path, text)?.described(path)));
    flows.take(8).collect()
}

impl Flow {
    fn described(&self, path: &str) -> String {
        let nodes = if self.nodes == 1 {
            "one node".to_owned()
        } else {
            format!("{} nodes", words::number(self.nodes))
        };
        let nodes = match self.is_cut {
            true => format!("more than {nodes}, of which only those were read"),
            false => nodes,
        };
        let starts = match self.triggers.as_slice() {
            [] if self.is_cut => String::new(),
            [] => ", which others start".to_owned(),
            triggers => format!(", started by {}", words::some(triggers, 3)),
        };
        let with = match self.credentials.as_slice() {
            [] if self.is_cut => String::new(),
            [] => ", without credentials".to_owned(),
            used => format!(", with the credentials {}", words::some(used, 4)),
        };
        format!("`{path}` = a workflow of n8n of {nodes}{starts}{with}")
    }
}

struct Node<'a> {
    name: &'a str,
    kind: &'a str,
    parameters: &'a Value,
    whole: &'a Value,
    is_off: bool,
    line: usize,
}

/// The strings of a file as they are spelled, with the first line of each: all, and those beside a `"name"`.
#[derive(Default)]
struct Lines<'t> {
    all: BTreeMap<&'t str, usize>,
    named: BTreeMap<&'t str, usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let mut out = Self::default();
        for (at, line) in text.lines().enumerate() {
            let strings = strings(line);
            let names = strings.contains(&"\"name\"");
            for string in strings {
                out.all.entry(string).or_insert(at + 1);
                if names {
                    out.named.entry(string).or_insert(at + 1);
                }
            }
        }
        out
    }
}

/// The strings of a line with their quotation marks; in JSON none goes on in the next one.
fn strings(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = None;
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match (byte, from) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (b'"', None) => from = Some(at),
            (b'"', Some(start)) => {
                out.extend(line.get(start..=at));
                from = None;
            }
            _ => {}
        }
    }
    out
}

/// A name as JSON has it.
fn spelled(name: &str) -> String {
    Value::from(name).to_string()
}

fn node_of<'a>(node: &'a Value, lines: &Lines<'_>) -> Option<Node<'a>> {
    let name = node.get("name")?.as_str()?;
    Some(Node {
        name,
        kind: node.get("type")?.as_str()?,
        parameters: node.get("parameters").unwrap_or(&Value::Null),
        whole: node,
        is_off: node.get("disabled").and_then(Value::as_bool).unwrap_or(false),
        line: lines.named.get(spelled(name).as_str()).copied().unwrap_or(1),
    })
}

impl<'a> Node<'a> {
    /// `n8n-nodes-base.webhook` is `webhook`.
    fn short(&self) -> &'a str {
        self.kind.rsplit('.').next().unwrap_or(self.kind)
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.parameters.get(key)?.as_str()
    }

    fn is_trigger(&self) -> bool {
        let short = self.short();
        short.ends_with("Trigger")
            || matches!(short, "webhook" | "cron" | "interval" | "start" | "emailReadImap")
    }

    /// Strangers can reach it over the web.
    fn is_called(&self) -> bool {
        !self.is_off && matches!(self.short(), "webhook" | "formTrigger" | "chatTrigger")
    }

    /// It asks nobody for a name, a header or a signature; a chat asks whoever is not signed in, unless it is public.
    fn is_open(&self) -> bool {
        let asks = self.text("authentication").is_some_and(|how| how != "none");
        let is_public = self.parameters.get("public").and_then(Value::as_bool).unwrap_or(false);
        !asks && (self.short() != "chatTrigger" || is_public)
    }

    /// A command that a caller's words are put into; code that runs other code, where anybody's words come to it.
    fn runs(&self, is_fed: bool, is_fed_by_anybody: bool) -> bool {
        match self.short() {
            "executeCommand" | "ssh" => {
                is_fed && self.text("command").is_some_and(|command| FED.is_in(command))
            }
            "code" | "function" | "functionItem" => {
                let code = ["jsCode", "pythonCode", "functionCode"].iter().filter_map(|key| self.text(key));
                is_fed_by_anybody && code.into_iter().any(|code| RUNS.is_in(code))
            }
            _ => false,
        }
    }

    /// The credentials by name and kind.
    fn credentials(&self) -> Vec<String> {
        let all = self.whole.get("credentials").and_then(Value::as_object);
        let told = |(kind, named): (&String, &Value)| {
            let name = named.get("name").unwrap_or(named).as_str().unwrap_or_default();
            match name.is_empty() || is_secret(name) {
                true => kinded(kind),
                false => format!("{} ({})", shown(name), kinded(kind)),
            }
        };
        all.into_iter().flatten().map(told).collect()
    }
}

/// Words of whatever came in, put into a command.
static FED: Pattern = Pattern::new(r"\{\{[^}]*(?:\$json|\$input|\$node|\$items|\$\(|\$binary|\bitems?\b)");

type Links = serde_json::Map<String, Value>;

/// Where the outputs of one node lead.
fn ends(outputs: &Value) -> impl Iterator<Item = &str> {
    let lists = outputs.as_object().into_iter().flat_map(|kinds| kinds.values());
    let ends = lists.filter_map(Value::as_array).flatten().filter_map(Value::as_array).flatten();
    ends.filter_map(|end| end.get("node")?.as_str())
}

/// Names in the connections that are no node's.
fn lost<'a>(links: &'a Links, listed: &[Value]) -> BTreeSet<&'a str> {
    let known: BTreeSet<&str> = listed.iter().filter_map(|node| node.get("name")?.as_str()).collect();
    let named =
        links.iter().flat_map(|(source, outputs)| std::iter::once(source.as_str()).chain(ends(outputs)));
    named.filter(|name| !known.contains(name)).collect()
}

/// All nodes that can be reached from some, themselves left out.
fn reached<'a>(links: &'a Links, from: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let next: BTreeMap<&str, Vec<&str>> =
        links.iter().map(|(source, outputs)| (source.as_str(), ends(outputs).collect())).collect();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = from.collect();
    while let Some(node) = open.pop() {
        for end in next.get(node).into_iter().flatten() {
            if seen.insert(*end) {
                open.push(end);
            }
        }
    }
    seen
}

/// Code that makes code or a command of a text; `pattern.exec(…)` only compares.
static RUNS: Pattern = Pattern::new(
    r"(?-i:(?:^|[^.\w$])(?:eval|exec\w*)\s*\(|\bchild_process\b|\bsubprocess\b|\bFunction\s*\()",
);
static PLAIN: Pattern = Pattern::new(r"^=?http://");
/// A host of the same machine or the same network.
static NEAR: Pattern = Pattern::new(
    r"^=?http://(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\]|host\.docker\.internal|[\w-]+(?:[:/]|$)|[\w.-]+\.(?:local|internal|lan)\b|\{\{)",
);
static SECRET: Pattern = Pattern::new(
    r"^(?:(?:proxy-)?authorization|x-[\w-]*(?:key|token|secret)|(?:api|access|private|auth|secret|client)[-_ ]?(?:key|token|secret)|token|secret|password|passwd|bearer)$",
);
/// What stands in the place of one.
static STAND_IN: Pattern = Pattern::new(
    r"\{\{|^=|^<|^\[|\b(?:your|my|the|example|sample|dummy|changeme|redacted|placeholder|todo|xxx+)\b|^(?:your|my|xxx|\*\*\*|\.\.\.|<)|^(?:bearer|basic|token)\s*$",
);

/// The first secret that a parameter has written in it.
fn secret_in(value: &Value, depth: usize) -> Option<&str> {
    if depth > DEEP {
        return None;
    }
    let literal = |text: &str| text.len() >= 8 && !STAND_IN.is_in(text);
    match value {
        Value::String(text) => {
            let first = text.lines().find(|line| !line.trim().is_empty())?;
            is_secret(text).then_some(first)
        }
        Value::Array(list) => list.iter().find_map(|one| secret_in(one, depth + 1)),
        Value::Object(map) => {
            let text = |key: &str| map.get(key).and_then(Value::as_str);
            if let (Some(name), Some(value)) = (text("name"), text("value"))
                && SECRET.is_in(name)
                && literal(value)
            {
                return Some(value);
            }
            map.iter().find_map(|(key, one)| match one {
                Value::String(value) if SECRET.is_in(key) && literal(value) => Some(value.as_str()),
                one => secret_in(one, depth + 1),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A workflow that takes bookings of a ferry.
    pub const FERRY: &str = r#"{
  "name": "Ferry bookings",
  "nodes": [
    {
      "name": "Booking",
      "type": "n8n-nodes-base.webhook",
      "parameters": { "path": "booking", "httpMethod": "POST" }
    },
    {
      "name": "Print ticket",
      "type": "n8n-nodes-base.executeCommand",
      "parameters": { "command": "=lp -t {{ $json.body.name }} ticket.pdf" }
    },
    {
      "name": "Price",
      "type": "n8n-nodes-base.code",
      "parameters": { "jsCode": "return eval(items[0].json.rule);" }
    },
    {
      "name": "Tell the quay",
      "type": "n8n-nodes-base.httpRequest",
      "parameters": {
        "url": "http://quay.example.org/arrivals",
        "headerParameters": { "parameters": [
          { "name": "X-Api-Key",
            "value": "quay-5521-harbor" }
        ] }
      }
    },
    {
      "name": "Mail",
      "type": "n8n-nodes-base.emailSend",
      "parameters": { "subject": "Booked" },
      "credentials": { "smtp": { "id": "7", "name": "Ferry post" } }
    },
    { "name": "Note", "type": "n8n-nodes-base.stickyNote", "parameters": { "content": "hello" } }
  ],
  "connections": {
    "Booking": { "main": [[{ "node": "Price", "type": "main", "index": 0 }]] },
    "Price": { "main": [[{ "node": "Print ticket", "type": "main", "index": 0 }, { "node": "Tell the quay", "type": "main", "index": 0 }]] }
  }
}
"#;

    fn dangers(text: &str) -> Vec<(Kind, String, usize)> {
        let flow = read("flows/ferry.json", text).expect("a workflow");
        flow.dangers.into_iter().map(|one| (one.kind, one.node, one.line)).collect()
    }

    #[test]
    fn a_workflow_is_told_with_its_triggers_and_credentials_and_without_their_values() {
        let flow = read("flows/ferry.json", FERRY).expect("a workflow");
        assert_eq!(
            flow.described("flows/ferry.json"),
            "`flows/ferry.json` = a workflow of n8n of five nodes, started by “Booking” (`webhook`), with the credentials “Ferry post” (`smtp`)"
        );
        let all: Vec<String> = flow.dangers.iter().map(|one| one.told("flows/ferry.json")).collect();
        assert!(!all.join(" ").contains("5521"), "{all:?}");
        assert_eq!(read("package.json", "{\"nodes\": [], \"connections\": {}}"), None);
        assert_eq!(read("flows/ferry.json", "{\"nodes\": n8n \"connections\""), None);
    }

    #[test]
    fn what_is_unsafe_is_found_with_its_node_and_line() {
        assert_eq!(
            dangers(FERRY),
            [
                (Kind::Open, "Booking".to_owned(), 5),
                (Kind::Runs, "Print ticket".to_owned(), 10),
                (Kind::Runs, "Price".to_owned(), 15),
                (Kind::Secret, "Tell the quay".to_owned(), 26),
                (Kind::Plain, "Tell the quay".to_owned(), 20),
            ]
        );
    }

    #[test]
    fn code_that_runs_no_other_code_is_safe_and_a_file_tells_of_twenty() {
        for code in ["return items;", "return /a/.exec(items[0].json.name);"] {
            let plain = FERRY.replace("return eval(items[0].json.rule);", code);
            assert!(!dangers(&plain).iter().any(|one| one.1 == "Price"), "{code}");
        }
        let many: String = (0..40).map(|n| format!("\"Gone {n}\": {{}},\n")).collect();
        let many = FERRY.replace("\"connections\": {", &format!("\"connections\": {{ {many}"));
        assert_eq!(dangers(&many).len(), DANGERS);
    }

    #[test]
    fn a_name_that_looks_like_a_secret_is_not_printed_and_no_name_opens_code() {
        let token = format!("ghp_{}", "a1B2".repeat(9));
        let flow = FERRY.replace("Tell the quay", &token);
        let flow = read("flows/ferry.json", &flow).expect("a workflow");
        let told: Vec<String> = flow.dangers.iter().map(|danger| danger.told("flows/ferry.json")).collect();
        let all = format!("{} {told:?}", flow.described("flows/ferry.json"));
        assert!(!all.contains(&token), "{all}");
        assert_eq!(shown("a ` b"), "“a ' b”");
        assert_eq!(kinded(&token), "`…`");
        assert!(shown(&token).contains("looks like a secret"));
    }

    #[test]
    fn of_more_nodes_than_are_read_nothing_is_said_that_was_not_read() {
        let many: Vec<String> = (0..NODES + 5)
            .map(|at| format!("{{\"name\":\"N{at}\",\"type\":\"n8n-nodes-base.set\"}}"))
            .collect();
        let links = format!("{{\"N1\":{{\"main\":[[{{\"node\":\"N{}\"}}]]}}}}", NODES + 2);
        let text = format!("{{\"name\":\"n8n\",\"nodes\":[{}],\"connections\":{links}}}", many.join(","));
        let flow = read("flows/many.json", &text).expect("a workflow");
        let told = flow.described("flows/many.json");
        assert!(told.contains("more than 1,000 nodes, of which only those were read"), "{told}");
        assert!(!told.contains("credentials") && !told.contains("others start"), "{told}");
        assert!(flow.dangers.is_empty(), "{:?}", flow.dangers);
    }

    #[test]
    fn a_connection_to_a_node_that_is_not_there_is_found_with_its_name() {
        let broken = FERRY.replace("\"node\": \"Tell the quay\"", "\"node\": \"Tell the key\"");
        let lost: Vec<_> = dangers(&broken).into_iter().filter(|one| one.0 == Kind::Lost).collect();
        assert_eq!(lost, [(Kind::Lost, "Tell the key".to_owned(), 40)]);
        assert!(!dangers(FERRY).iter().any(|one| one.0 == Kind::Lost));
    }

    #[test]
    fn what_asks_who_calls_and_what_stands_in_for_a_secret_is_safe() {
        let asked = FERRY
            .replace("\"path\": \"booking\"", "\"authentication\": \"headerAuth\", \"path\": \"booking\"");
        let kinds: Vec<Kind> = dangers(&asked).into_iter().map(|one| one.0).collect();
        // A command with a caller's words stays one, whoever the caller is.
        assert_eq!(kinds, [Kind::Runs, Kind::Secret, Kind::Plain]);
        let mended = asked
            .replace("=lp -t {{ $json.body.name }} ticket.pdf", "lp ticket.pdf")
            .replace("\"quay-5521-harbor\"", "\"={{ $env.QUAY_KEY }}\"")
            .replace("http://quay.example.org", "https://quay.example.org");
        assert_eq!(dangers(&mended), []);
        let near = asked.replace("http://quay.example.org", "http://quay:8080");
        assert!(!dangers(&near).iter().any(|one| one.0 == Kind::Plain));
        let off = FERRY.replace("\"name\": \"Booking\",", "\"name\": \"Booking\", \"disabled\": true,");
        assert!(!dangers(&off).iter().any(|one| matches!(one.0, Kind::Open | Kind::Runs)));
    }
}
