//! An address of a service answers something.

use crate::domain::plan::clause;
use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::quantity;
use crate::domain::plan::statement::Origin;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame =
    Frame { name: "endpoint", read, risk: Some(Risk::of("callers that rely on today's answer")) };

static WITHOUT: Pattern =
    Pattern::new(r"\b(?:auth\w*|sign(?:ed)?[- ]in|token|public|anonymous|permission|admin)\b");
static PAIR: Pattern =
    Pattern::new(r"\b[1-5]\d\d (?:when|if|for|on|without|with|wenn|bei|ohne)\s+[^,.;]{2,60}");
static CONDITION: Pattern = Pattern::new(r"\b(?:when|if|for|on|wenn|bei)\s+((?:`[^`]{1,80}`|[^,.;`]){3,60})");
/// Where it is done, behind a condition.
static PLACED: Pattern = Pattern::new(r"^(.{3,}?),? (?:in|inside|within|from) `[^`]*[/.][^`]*`\s*$");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        // A scenario says by itself what is given and what comes.
        if statement.origin == Origin::Scenario || clause::given(&statement.text).is_some() {
            continue;
        }
        let named = mentions::mentions(&statement.text)
            .into_iter()
            .find(|mention| mention.kind == MentionKind::Endpoint);
        let status = quantity::status(&statement.text);
        match (named, status) {
            (Some(endpoint), status) => {
                let status = status.or_else(|| told(&statement.text));
                one(scene, findings, index, (&endpoint.text, status));
            }
            (None, Some(status))
                if quantity::bounds(&statement.text).is_empty() && !is_given(&statement.text, status) =>
            {
                answer(scene, findings, index, (&statement.text, status))
            }
            (None, _) => {}
        }
    }
}

/// A number behind a word that brings in what comes, beside an address: `must get 404`, `removes it; 204`.
static TOLD: Pattern = Pattern::new(
    r"(?:\b(?:gets?|sees?|receives?|then|is|be|expect(?:s|ed)?|as|an?|→|->|=>)|[,;:(]) `?([1-5]\d\d)(?:`|$|[.,;:)]| (?:when|if|for|and|or|with|without|unless|otherwise|while|not|bad|created|no|ok|too|method|unauthorized|forbidden|conflict|gone|internal|service|unprocessable))",
);

fn told(text: &str) -> Option<&str> {
    TOLD.first(text, 1)
}

/// What stands between the address and what must come of it: `with an empty `name``.
fn qualified<'t>(text: &'t str, endpoint: &str) -> Option<&'t str> {
    let rest = text.split_once(endpoint)?.1.trim_start_matches('`');
    QUALIFIED.first(rest, 1)
}

static QUALIFIED: Pattern = Pattern::new(
    r"^ ((?:with|without|of|that|whose|for|to|by|from|where|when|while|if|after|before|outside|on)\b(?:[^.,;`]|`[^`]{1,60}`){3,70}?),? (?:must|should|shall|has to|needs to|ought to|answers?|returns?|responds?|gives?|gets?|yields?|is (?:refused|answered|rejected))\b",
);

/// Does the sentence name the status as the condition rather than the answer?
fn is_given(text: &str, status: &str) -> bool {
    let before = text.split(status).next().unwrap_or_default();
    let condition = CONDITION.first(text, 1).is_some_and(|condition| condition.contains(status));
    condition && GIVEN.is_in(before)
}

static GIVEN: Pattern = Pattern::new(r"\b(?:when|if|once|after|while|wenn)\b[^,;]*$");

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, asked: (&str, Option<&str>)) {
    let (endpoint, status) = asked;
    let text = scene.reading.demands.get(index).map_or("", |demand| demand.text.as_str());
    // `When a client sends `DELETE /jobs/1``: what is called is the address itself.
    let apart = |condition: &&str| !condition.contains(endpoint);
    let sent = || SENT.first(text, 1).map(|told| told.trim_end_matches(','));
    let condition = qualified(text, endpoint).or_else(|| condition(text).filter(apart)).or_else(sent);
    let condition = condition.map_or_else(String::new, |condition| {
        let comma = if QUALIFIES.is_in(condition) { "" } else { "," };
        format!("{comma} {}", words::shorten(condition, 60))
    });
    let mut cases = Vec::new();
    let all = answers(text);
    match status {
        Some(_) if all.len() > 1 => {
            cases.extend(all.into_iter().map(|(status, when)| match when {
                Some(when) => format!("`{endpoint}`, when {}: {status}", words::shorten(when, 60)),
                None => format!("`{endpoint}`: {status}"),
            }));
        }
        Some(status) => cases.push(format!("`{endpoint}`{condition}: {status}")),
        None => {
            let success = if endpoint.to_uppercase().starts_with("POST") { "201" } else { "200" };
            cases.push(format!("`{endpoint}`{condition}: {success}"));
            findings.read_as.push(format!("`{endpoint}` without a status in the issue = {success}"));
        }
    }
    if !WITHOUT.is_in(&scene.whole()) {
        findings.ask(
            scene,
            &words::code(endpoint),
            Question {
                slot: format!("endpoint.who.{endpoint}"),
                text: format!("Who may call `{endpoint}`: everybody, or only who is signed in?"),
                default: "as its neighbors in the same file".into(),
                why: String::new(),
                weight: 72,
            },
        );
    }
    if let Some(line) = afterwards(scene, endpoint) {
        findings.leaves(index, line);
    }
    let path = endpoint.split_whitespace().nth(1).unwrap_or(endpoint);
    let root = path.split('/').find(|part| !part.is_empty() && !part.starts_with(['{', ':'])).unwrap_or(path);
    let group = format!("endpoint {root}");
    if status.is_none_or(|status| status.starts_with('2')) {
        findings.title(&group, format!("Answer `{endpoint}`"));
    }
    let own = scene.place(index).or_else(|| routing(scene, root)).or_else(|| router(scene, root));
    findings.claim(
        index,
        Claim { frame: FRAME.name, group, kind: "feature", cases, places: own.into_iter().collect() },
    );
}

/// What follows the address without a comma.
static QUALIFIES: Pattern =
    Pattern::new(r"^(?:with|without|of|that|whose|for|to|by|from|where|outside|on)\b");
/// What is said of the call that a condition names.
static SENT: Pattern = Pattern::new(
    r"\b(?:when|if)\b[^.;]{2,60}? (?:sends?|calls?|makes?|does|issues?|requests?) `?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+? ((?:for|with|without|of|to|as|from)\b[^.;,]{3,60}),",
);

/// What a call gets after a revert: one that no source routes today is unknown again.
fn afterwards(scene: &Scene<'_>, endpoint: &str) -> Option<String> {
    let mut parts = endpoint.split_whitespace();
    let (method, path) = (parts.next()?, parts.next()?.trim_end_matches('/'));
    // `/stock/{id}`, `/stock/:id` and `/stock/<id>` are one: what stands before the first of them is looked for.
    let fixed = path.split(['{', ':', '<']).next().unwrap_or(path).trim_end_matches('/');
    let last = fixed.rsplit('/').next().unwrap_or_default();
    if !scene.places.known() || last.len() < 3 {
        return None;
    }
    // Routers are nested: the last part alone may stand where the address is made.
    let spelled = [format!("/{last}"), format!("\"{last}"), format!("'{last}")];
    let routed = |text: &str| spelled.iter().any(|part| text.contains(part.as_str()));
    let routes = |text: &str| {
        text.contains(fixed)
            && text.lines().any(|line| line.len() < places::LINE && is_route(line, (method, fixed)))
    };
    match scene.places.read_sources().find(|(_, text)| routes(text)) {
        // Another method, a client or an import: nobody can tell what is answered today.
        None if scene.places.read_sources().any(|(_, text)| text.contains(fixed) || routed(text)) => None,
        None => Some(format!(
            "`{endpoint}` is unknown again after a revert: whoever calls it has to cope with that first"
        )),
        Some((file, _)) => {
            Some(format!("whoever calls `{endpoint}` gets the answers again that `{file}` gives today"))
        }
    }
}

/// What takes in another file, and what calls another service.
static NO_ROUTE: Pattern = Pattern::new(
    r"^\s*(?:import|export|use|using|from|require\w*)\b|\brequire\(|\bfrom\s+['\x22]|\b(?:axios|fetch|requests|client)\b",
);

/// Does a line route the method to the address, which stands between quotation marks there?
fn is_route(line: &str, (method, fixed): (&str, &str)) -> bool {
    let quoted = line.match_indices(fixed).any(|(at, _)| {
        let (before, behind) = line.split_at(at);
        let behind = behind.get(fixed.len()..).and_then(|rest| rest.chars().next());
        let before = before.trim_end().strip_suffix(method).unwrap_or(before).trim_end();
        before.ends_with(['"', '\'', '`'])
            && behind.is_some_and(|c| !c.is_alphanumeric() && !"-_.".contains(c))
    });
    let (upper, lower) = (method.to_uppercase(), method.to_lowercase());
    let named = |name: &str| {
        line.match_indices(name).any(|(at, _)| {
            let before = line.get(..at).and_then(|head| head.chars().next_back());
            let behind = line.get(at + name.len()..).and_then(|rest| rest.chars().next());
            ![before, behind].into_iter().flatten().any(char::is_alphanumeric)
        })
    };
    // `@GetMapping`, `MapGet`
    let mapped = ["Mapping", ""].map(|tail| format!("{}{tail}", words::capitalized(&lower)));
    let [mapping, bare] = mapped;
    let is_named =
        named(&upper) || named(&lower) || line.contains(&mapping) || line.contains(&format!("Map{bare}"));
    quoted && is_named && !NO_ROUTE.is_in(line)
}

/// Under which circumstance, without where it is done.
fn condition(text: &str) -> Option<&str> {
    let said = CONDITION.first(text, 1)?.trim();
    Some(PLACED.first(said, 1).unwrap_or(said))
}

/// A status without an address: the condition is the case.
fn answer(scene: &Scene<'_>, findings: &mut Findings, index: usize, said: (&str, &str)) {
    let (text, status) = said;
    let condition = condition(text).map(|condition| words::shorten(condition, 60));
    let condition = condition.or_else(|| failing(text));
    let is_named = condition.is_none();
    let condition = condition.or_else(|| super::plain::subject(text));
    // Without a condition the status is a part of what is told, and no case.
    let Some(condition) = condition.filter(|condition| !condition.ends_with('…')) else { return };
    let mut cases = vec![format!("{condition}: {status}")];
    let pairs = PAIR.all(text, 0);
    if let Some(both) = super::plain::between(text) {
        cases = both;
    } else if pairs.len() > 1 {
        let turned = pairs.into_iter().filter_map(|pair| pair.split_once(' '));
        cases =
            turned.map(|(status, when)| format!("{}: {status}", words::shorten(when.trim(), 60))).collect();
    } else if let Some(around) = quantity::around(text, status) {
        cases = around;
    } else if let (true, Some(more)) = (is_named, MORE.first(text, 1)) {
        // Whether it is a condition or a part of the answer, nobody can tell: nothing is said of what is otherwise.
        cases = vec![format!("{condition}: {status} {more}")];
    } else if failing(text).is_none() && status.starts_with(['4', '5']) {
        cases.push(format!("otherwise: not {status}"));
    }
    let known = findings
        .claims
        .iter()
        .flatten()
        .rfind(|claim| claim.frame == FRAME.name && !claim.group.is_empty())
        .cloned();
    let own: Vec<Place> = scene.own_places(index).to_vec();
    let (group, places) = match known {
        Some(known) if own.is_empty() => (known.group, known.places),
        _ => (String::new(), scene.place(index).into_iter().collect()),
    };
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "feature", cases, places });
}

static MORE: Pattern = Pattern::new(r"\b[1-5]\d\d`? (with(?:out)? [^,.;]{3,60})");
static OTHERWISE: Pattern = Pattern::new(r"^(.{3,80}?)[,;:] .*\b(?:otherwise|else|sonst)\b");

/// `Check x, answer 401 otherwise`: the case is that the check fails.
fn failing(text: &str) -> Option<String> {
    OTHERWISE.first(text, 1).map(|check| format!("{} fails", words::quoted(check)))
}

static ANSWER: Pattern = Pattern::new(
    r"\b([1-5]\d\d)\b(?:`|\)|\x22)*(?:,? (?:when|if|while|for|unless|as long as) ([^,.;]{3,80}))?",
);

/// Each status of a sentence with the condition that follows it.
fn answers(text: &str) -> Vec<(&str, Option<&str>)> {
    ANSWER
        .every(text)
        .map(|found| {
            let status = found.get(1).map_or("", |it| it.as_str());
            (status, found.get(2).map(|it| it.as_str().trim()))
        })
        .collect()
}

/// The first line of the one source that routes addresses below this root.
fn routing(scene: &Scene<'_>, root: &str) -> Option<Place> {
    let routes = |line: &str| {
        let mut addresses = ROUTES.all(line, 1).into_iter();
        addresses.any(|address| address.trim_start_matches('/').split('/').next() == Some(root))
    };
    let sources = scene.places.read_sources().filter(|(path, _)| !places::is_aside(path));
    let mut found = sources.filter_map(|(path, text)| {
        let short = |line: &str| line.len() < places::LINE && routes(line);
        let line = text.lines().position(short)? + 1;
        Some(Place { line: Some(line), ..places::existing(path) })
    });
    found.next().filter(|_| found.next().is_none())
}

/// `r.Post("/jobs"`, `@GetMapping("/jobs")`, `get '/jobs'`: a call that takes an address.
static ROUTES: Pattern = Pattern::new(
    r#"(?:\b(?:r|router|app|mux|e|g|api|server|routes?|web|engine|group|srv)\.(?:get|post|put|patch|delete|head|options|all|any|use|route|handle|handlefunc|mount|method|add_url_rule)|@\w*(?:get|post|put|patch|delete|request)?(?:mapping|path)|@(?:\w+\.)+(?:get|post|put|patch|delete|route)|\bMap(?:Get|Post|Put|Patch|Delete|Group)|\.route|\bpath|\burl|^\s*(?:get|post|put|patch|delete|resources?))\s*\(?\s*[:\x22'`](?:(?:GET|POST|PUT|PATCH|DELETE) )?/?([\w{:<][\w/{}:<>.-]*)"#,
);

/// A source read that has routes, and best this one's.
fn router(scene: &Scene<'_>, root: &str) -> Option<Place> {
    let routed = |text: &str| {
        [".route(", "@app.", "router.", "HandleFunc(", "@GetMapping", "app.get(", "urlpatterns", "Route::"]
            .iter()
            .any(|mark| text.contains(mark))
    };
    let sources = scene
        .places
        .snapshot
        .files
        .iter()
        .filter(|(path, text)| !places::is_test(path) && !places::is_prose(path) && routed(text));
    let best = sources.max_by_key(|(_, text)| text.contains(&format!("/{root}")))?;
    Some(places::existing(best.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_its_method_and_its_whole_address() {
        for (line, is_one) in [
            ("router.get('/berths', list);", true),
            ("@GetMapping(\"/berths\")", true),
            ("mux.HandleFunc(\"GET /berths\", list)", true),
            ("app.get('/berths/:id', one);", true),
            ("router.post('/berths', add);", false),
            ("router.get('/berths-old', list);", false),
            ("import { get } from './berths';", false),
            ("const berths = await axios.get('/berths');", false),
        ] {
            assert_eq!(is_route(line, ("GET", "/berths")), is_one, "{line}");
        }
    }
}
