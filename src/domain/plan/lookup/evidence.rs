//! What speaks for a place that nobody named.

use super::phrase;
use crate::domain::brief::Brief;
use crate::domain::plan::asks::{self, Leads};
use crate::domain::plan::clues;
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, Likely, Places};
use crate::domain::plan::source::Block;
use crate::domain::plan::statement::{self, Origin, Reading, Remedy, Statement};
use crate::domain::plan::words;

/// One kind of evidence.
pub(super) struct Kind {
    /// Looks for it.
    pub(super) find: fn(&Brief, &Reading, &Places<'_>) -> Vec<Likely>,
    /// What it says beside the words of the issue, as a part of what the best file has of them.
    pub(super) strength: f64,
}

/// What is asked for where something is that nobody named. Strengths were chosen on issues with known fixes, where
/// such could be found; what names a type or a tag as code writes it decides by itself.
pub(super) const KINDS: [Kind; 11] = [
    Kind { find: proposed, strength: 2.0 },
    Kind { find: longer, strength: 1.0 },
    Kind { find: phrase::phrase, strength: 1.5 },
    Kind { find: blamed, strength: 2.0 },
    Kind { find: spelled, strength: 1.0 },
    Kind { find: option_in_use, strength: 0.5 },
    Kind { find: called_with, strength: 0.5 },
    Kind { find: typed, strength: 0.4 },
    Kind { find: literal, strength: 0.3 },
    Kind { find: overridden, strength: 0.3 },
    Kind { find: pointed, strength: 0.3 },
];

/// The type of which a comment names something that is not there yet.
fn proposed(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let said = reading.left_open.iter().chain(&reading.talk).filter(|said| said.by.is_some());
    let found = said.flat_map(|said| mentions::mentions(&said.text)).find_map(|mention| {
        let is_new =
            mention.code && mention.kind == MentionKind::Symbol && places.symbol(&mention.text).is_none();
        Some((places.owner(&mention.text).filter(|_| is_new)?, mention.text))
    });
    found.into_iter().map(|(place, name)| lacking(place, &name)).collect()
}

fn lacking(place: Place, name: &str) -> Likely {
    let verb = if place.line.is_some() { "defines" } else { "is called like" };
    Likely { because: format!("{verb} the type of {}, which is not there yet", words::code(name)), place }
}

/// `Action::HelpShort` in the code of a proposal, where `Action` is there and has nothing of that name.
pub(super) fn sketched(reading: &Reading, places: &Places<'_>) -> Option<Likely> {
    let proposes = |block: &&Block| {
        block
            .section
            .as_deref()
            .is_some_and(|section| asks::is_solution(section) && !asks::is_expected(section))
            || block.lead.as_deref().and_then(asks::leads_to) == Some(Leads::Idea)
    };
    let blocks = reading.blocks.iter().take(20).filter(proposes);
    let names = blocks.flat_map(|block| OF_TYPE.all(&block.text, 0)).take(40);
    names.filter(|name| places.symbol(name).is_none()).find_map(|name| {
        let (_, member) = split(name)?;
        let owner = places.owner(name)?;
        let is_new =
            places.products().all(|path| places.text(path).is_none_or(|text| !words::holds(text, member)));
        is_new.then(|| lacking(owner, name))
    })
}

static OF_TYPE: Pattern = Pattern::new(r"(?-i:\b[A-Z]\w+(?:::|\.|#)[A-Za-z]\w{3,})");

/// The line of the sources that holds code which the issue quotes, or that defines the one member it names with its
/// owner; where several lines of one file hold it, the first, and which they are.
pub(super) fn quoted(
    reading: &Reading,
    places: &Places<'_>,
    title: Option<&Place>,
) -> Option<(Place, Option<String>)> {
    let remedy = statement::remedy(reading);
    let own = |said: &&Statement| {
        let section = said.section.as_deref().unwrap_or_default();
        let apart = asks::is_steps(section) || asks::is_circumstance(section) || asks::is_expected(section);
        // What is to stand there is not what stands there.
        let proposed = matches!(remedy, Some(Remedy::Said(remedy)) if remedy == *said);
        said.by.is_none() && !apart && !proposed
    };
    let said = || reading.demands.iter().chain(&reading.talk).filter(own);
    let codes = || said().flat_map(|said| mentions::spans(&said.text)).filter(|(_, code)| *code);
    let expressions = || codes().map(|(text, _)| text.trim()).filter(|text| is_expression(text));
    let held = expressions()
        .find_map(|text| Some((text, places.holding(text, title.map(|place| place.path.as_str()))?)));
    if let Some((text, (path, lines))) = held {
        let place = Place { line: lines.first().copied(), ..places::existing(path) };
        let told = |lines: &[usize]| {
            let numbers: Vec<String> = lines.iter().map(usize::to_string).collect();
            format!("holds {} in lines {}", words::code(text), words::list(&numbers))
        };
        return Some((place, (lines.len() > 1).then(|| told(&lines))));
    }
    let mut members: Vec<(&str, &str)> =
        said().flat_map(|said| MEMBER.all(&said.text, 0)).filter_map(|name| split(name)).collect();
    let plain = |said: &Statement| {
        let all =
            mentions::mentions(&said.text).into_iter().filter(|one| !one.code && one.text.contains('.'));
        all.map(|one| one.text).collect::<Vec<String>>()
    };
    let plain: Vec<String> = said().flat_map(plain).collect();
    members.extend(plain.iter().filter_map(|name| split(name)));
    members.sort_unstable();
    members.dedup();
    match members.as_slice() {
        [(owner, member)] => places.member(owner, member).map(|place| (place, None)),
        _ => None,
    }
}

/// `Owner._member` in backticks.
pub(super) static MEMBER: Pattern =
    Pattern::new(r"`[A-Za-z_][\w.:\\]*(?:\.|::|#|->)_*[A-Za-z]\w{2,}(?:\(\))?`");

pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    let mut parts =
        name.trim_matches(['`', '(', ')']).rsplit(['.', ':', '#', '>', '\\']).filter(|part| !part.is_empty());
    let member = parts.next()?;
    Some((parts.next()?.trim_end_matches('-'), member))
}

/// A comparison, or something of the object itself: code that stands in a source and in no example of its use.
fn is_expression(text: &str) -> bool {
    text.len() >= 8
        && !text.contains(['\n', '…'])
        && !text.contains("...")
        && EXPRESSION.is_in(text)
        && !COMMAND.is_in(text)
}

/// `make && make install`, `node >= 18`: nothing that stands in code as it is.
static COMMAND: Pattern = Pattern::new(
    r"^[\w.-]+ [<>=]=? ?v?\d[\d.]*$|^(?:make|cmake|npm|npx|yarn|pnpm|pip|python3?|cargo|go|git|docker|sudo|apt|brew|curl|cd|sh|bash|mvn|gradle|dotnet|bundle|composer|php) ",
);

static EXPRESSION: Pattern = Pattern::new(
    r"[\w$)\]\x22'] (?:[=!]==?|<=?|>=?|&&|\|\||\?\?) [\w$(\x22'\[!-]|^(?:return |await |if \(?)?(?:\$?this(?:\.|->)|self\.|@\w)\w*[\w.>-]*\(.+\)",
);

/// Sources that hold a message of the issue.
fn literal(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let said = clues::messages(brief, reading);
    let found = said.iter().map(|message| places.saying(message)).find(|found| !found.is_empty());
    let told = |(place, part): (Place, String)| {
        let because = format!("holds {}", words::quoted(&words::shorten(&part, 60)));
        Likely { place, because }
    };
    found.unwrap_or_default().into_iter().map(told).collect()
}

/// Sources that hold a tag or a variable which the issue writes as it stands in code.
fn spelled(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let names = clues::literals(brief, reading);
    let found = names.iter().map(|name| places.spelling(name)).find(|found| !found.is_empty());
    let told =
        |(place, part): (Place, String)| Likely { place, because: format!("holds {}", words::code(&part)) };
    found.unwrap_or_default().into_iter().map(told).collect()
}

/// What the issue's code calls with a word of the title as the name of an argument: `Panel(text, title="a")`.
fn called_with(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let titled = words::nouns(&brief.title);
    let said = |name: &str| name.len() > 3 && titled.contains(&name.to_lowercase());
    let blocks = reading.blocks.iter().take(reading.own_blocks).take(20);
    let lines = blocks.flat_map(|block| block.text.lines().take(200)).filter(|line| line.len() < 400);
    let calls = lines.filter_map(|line| {
        let arguments = ARGUMENT.all(line, 1);
        let named = arguments.into_iter().find(|name| said(name))?;
        // The call whose argument it is begins last before it.
        let before =
            ["=", ":", " =", " :"].iter().find_map(|mark| line.split_once(&format!("{named}{mark}")))?.0;
        Some((CALL.all(before, 1), named))
    });
    let found = calls.flat_map(|(calls, named)| calls.into_iter().rev().map(move |call| (call, named)));
    let found = found.take(20).find_map(|(call, named)| Some((places.defined_once(call)?, call, named)));
    let told = |(place, call, named): (Place, &str, &str)| Likely {
        because: format!("defines {}, which the issue calls with {}", words::code(call), words::code(named)),
        place,
    };
    found.into_iter().map(told).collect()
}

static ARGUMENT: Pattern = Pattern::new(r"[(,]\s*\{?\s*([a-z]\w{3,})\s*[=:]\s*[^=:]");
static CALL: Pattern = Pattern::new(r"(?-i:\b([A-Z]\w{3,})\()");

/// What is defined by a longer name than the title's, which nothing has: `OnlyFromAmong` for `FromAmong`.
fn longer(brief: &Brief, _: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let named = mentions::mentions(&brief.title).into_iter().filter(|one| one.kind == MentionKind::Symbol);
    let names = named.map(|one| one.text.trim_end_matches("()").to_owned()).filter(|name| HUMPS.is_in(name));
    for name in names.take(4) {
        if places.symbol(&name).is_some() {
            continue;
        }
        let mut found: Vec<Likely> = Vec::new();
        for path in places.products() {
            let text = places.text(path).unwrap_or_default();
            let whole = |line: &str| {
                let declares = line.len() < 400 && line.contains(&name) && DECLARES.is_in(line);
                let mut all = if declares { NAME.all(line, 1) } else { Vec::new() }.into_iter();
                all.find(|whole| whole.len() > name.len() && whole.ends_with(&name)).map(str::to_owned)
            };
            let mut lines = text.lines().enumerate().filter_map(|(at, line)| Some((at + 1, whole(line)?)));
            if let Some((line, whole)) = lines.next() {
                let place = Place { line: Some(line), ..places::existing(path) };
                found.push(Likely { place, because: format!("defines {}", words::code(&whole)) });
            }
        }
        if (1..=TYPES).contains(&found.len()) {
            return found;
        }
    }
    Vec::new()
}

static DECLARES: Pattern = Pattern::new(
    r"^\s*(?:public|protected|internal|private|static|override|abstract|final|export|pub|async|def|fn|fun|func|function|class|interface|type|struct)\b",
);
static NAME: Pattern = Pattern::new(r"\b([A-Za-z_]\w*)\s*(?:<[^<>()]*>\s*)?[({:]");
static HUMPS: Pattern = Pattern::new(r"(?-i:^[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+$)");

/// The type that the writer blames, or has changed to mend it.
fn blamed(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let all = reading.demands.iter().chain(&reading.talk).chain(&reading.left_open).chain(&reading.excluded);
    let own = all.filter(|said| said.by.is_none() && said.line > 0);
    let mut found: Vec<Likely> = Vec::new();
    let tells = |said: &&Statement| CHANGED.is_in(&said.text) || BLAMES.is_in(&said.text);
    for said in own.filter(|said| tells(said) && !CLEARS.is_in(&said.text)).take(10) {
        let how = if CHANGED.is_in(&said.text) { "changed" } else { "blames" };
        let types = mentions::mentions(&said.text).into_iter().filter(|one| one.kind == MentionKind::Symbol);
        types.for_each(|one| add_type(&mut found, places, (&one.text, &format!(", which the issue {how}"))));
    }
    if found.len() > 2 { Vec::new() } else { found }
}

static CHANGED: Pattern =
    Pattern::new(r"\b(?:fixed|solved|patched|mended|worked around) (?:this|it)\b.*\bby\b");
static CLEARS: Pattern =
    Pattern::new(r"\b(?:is|are|was|does|lies|seems)(?:n['’]t| not)\b|\bnot (?:in|with|caused by)\b");
static BLAMES: Pattern = Pattern::new(
    r"\bthis is because\b|\b(?:the )?(?:problem|issue|cause|culprit|bug) (?:is|lies|seems to be|appears to be|comes from) (?:in|with|that|caused by)?\b|\bcaused by\b|\bhappens because\b",
);

/// Sources that are called like a type which a sentence of the issue marks as code; where it marks many, none of them.
fn typed(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let own = reading.demands.iter().chain(&reading.talk).filter(|said| said.by.is_none());
    let apart = |said: &&Statement| said.section.as_deref().is_some_and(asks::is_circumstance);
    let names = own.filter(|said| !apart(said)).flat_map(|said| mentions::mentions(&said.text));
    let names = names.filter(|mention| mention.code && mention.kind == MentionKind::Symbol);
    let mut found: Vec<Likely> = Vec::new();
    names.take(20).for_each(|mention| add_type(&mut found, places, (&mention.text, "")));
    if found.len() > TYPES { Vec::new() } else { found }
}

/// The file that is called like a type, once, with what is said of the type.
fn add_type(found: &mut Vec<Likely>, places: &Places<'_>, (name, said): (&str, &str)) {
    let Some(path) = places.type_file(name) else { return };
    if !found.iter().any(|one| one.place.path == path) {
        let place = Place { line: places.definition(path, name), ..places::existing(path) };
        found.push(Likely { place, because: format!("defines {}{said}", words::code(name)) });
    }
}

/// Most types that are taken for places.
const TYPES: usize = 3;

/// The method that the issue's code overrides.
fn overridden(_: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    let blocks = reading.blocks.iter().take(20);
    let found = blocks.filter_map(|block| places.overridden(&block.text)).next();
    let told = |(place, name): (Place, String)| Likely {
        place,
        because: format!("defines {}, which the issue's code overrides", words::code(&name)),
    };
    found.into_iter().map(told).collect()
}

/// Where an option takes effect that a report complains of.
fn option_in_use(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    if !reading.demands.iter().any(|demand| demand.origin == Origin::Report) {
        return Vec::new();
    }
    let options = mentions::mentions(&brief.title).into_iter().flat_map(|mention| match mention.kind {
        MentionKind::Flag => vec![mention.text],
        _ => OPTIONS.all(&mention.text, 1).into_iter().map(str::to_owned).collect(),
    });
    let written = OPTIONS.all(&brief.title, 1).into_iter().map(str::to_owned);
    let mut all = options.chain(written);
    let found =
        all.find_map(|option| Some((places.using(&option), option)).filter(|(found, _)| !found.is_empty()));
    let Some((found, option)) = found else { return Vec::new() };
    let because = format!("holds the name of {}", words::code(&option));
    found.into_iter().map(|place| Likely { place, because: because.clone() }).collect()
}

static OPTIONS: Pattern = Pattern::new(r"(?:^|[\s`\x22'(])(--[a-z][a-z0-9-]+)");

/// What the names of the issue and the words of its title point to.
fn pointed(brief: &Brief, reading: &Reading, places: &Places<'_>) -> Vec<Likely> {
    places.likely(&clues::of(brief, reading), &clues::title_words(brief))
}
