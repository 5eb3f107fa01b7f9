//! A value that can be configured: where it is read, its default, and what a wrong one does.

use crate::domain::plan::asks;
use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::mentions::{self, Mention, MentionKind};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "configuration",
    read,
    risk: Some(Risk::of("a typing error in the file that nobody is told of")),
};

static ABOUT: Pattern = Pattern::new(
    r"\bconfigur(?:able|ed|ation|e)\b|\b(?:new|an?) setting\b|\bsetting (?:for|to|that)\b|\bconfig (?:key|option|value)\b|environment variable|\bexpose[sd]?\b[^.]{3,90}\b(?:option|setting|parameter|configuration)\b|\bkonfigurier\w+|umgebungsvariable",
);
/// `A configured parser` is no setting.
static ATTRIBUTE: Pattern = Pattern::new(
    r"\b(?:an?|the|add|with|provide|introduce|each|every|new) (?:\w+ )?configur(?:ed|able) \w|\b(?:is|are|it['’]s|been) (?:an? )?(?:\w+ )?configured (?:instance|to|with|as|for|in|by)\b",
);
/// An option of the code, not of a file.
static EXPOSES: Pattern = Pattern::new(r"\bexpose");
static SUBJECT: Pattern = Pattern::new(
    r"^(?:the |make |a |an |could |can |should |may |might )*(.{2,60}?)\s+(?:(?:must|should|has to|needs to|can|is|are|be|made|perhaps|maybe|possibly|muss|soll)\s+)*(?:be )?(?:configur\w+|konfigurier\w+)",
);
/// `The limits that are written down here should be read from the configuration`.
static FROM_FILE: Pattern = Pattern::new(
    r"^(?:\W*(?:in other words|so|but|and|instead|ideally),? )*(?:the |a |an )*(.{2,60}?)(?:,? which [^,…]*,?)?(?: …)? (?:must|should|could|can|has to|have to|needs? to) (?:also |rather )?be (?:read|taken|loaded|come|set) (?:from|by|in|via|through) (?:the |a |an |some |our )?(?:\w+ )?config",
);
/// `Let users configure the window`.
static LETS: Pattern = Pattern::new(
    r"\b(?:let|allow|enable|have)s? (?:the )?(?:users?|people|me|us|operators?|admins?|developers?|everyone|one|you|them) (?:to )?configure (?:the |a |an |their |its )?(.{3,60}?)(?: (?:in|by|via|with|through) .*)?[.!]?$",
);
/// What is written down in the code has its default there.
static HARD_CODED: Pattern = Pattern::new(r"\bhard-? ?coded\b");
static DEFAULT: Pattern = Pattern::new(
    r"(?:default(?:s|ing)?(?: value)?(?: (?:to|is|of|being)[\s:=]+|\s*[:=]\s*)|standard(?:wert)?(?: ist)?[\s:=]+)`?([\w%-]+(?:\.\w+)*(?: (?:s|ms|min|h|MB|KB)\b)?)|\bdefault:? (?:[`\x22“]([^`\x22”\s]{1,40})[`\x22”]|(\d[\w.]*%?(?: (?:s|ms|min|h|MB|KB)\b)?)|(true|false|none|null)\b)",
);

/// The default that a demand states.
fn default_of(text: &str) -> Option<&str> {
    DEFAULT.either(text)
}

/// A key that is there gets one value more: `position` gets a new value `manual`.
static VALUE: Pattern = Pattern::new(
    r"`([A-Za-z][\w.-]{1,40})`[^`.]{0,60}?\b(?:gets?|has|takes?|accepts?|supports?|needs?|with|should (?:have|get|accept|support|take)|to (?:accept|take|support)) (?:also )?(?:an?|another|one) (?:\w+ )?(?:value|choice|mode|variant)\b[^`.]{0,24}`([^`\s]{1,40})`|\b(?:another|one more|an? (?:new|additional|further|third|fourth)) (?:value|choice|mode|variant),? `([^`\s]{1,40})`,? (?:for|of|to|in) (?:the )?(?:\w+ )?`([A-Za-z][\w.-]{1,40})`",
);

/// The key and the value.
fn new_value(text: &str) -> Option<(&str, &str)> {
    let found = VALUE.captures(text)?;
    let part = |group| found.get(group).map(|it| it.as_str());
    part(1).zip(part(2)).or_else(|| part(4).zip(part(3)))
}

/// Each value that is there stays, and what is none is still refused.
fn one_more(scene: &Scene<'_>, findings: &mut Findings, index: usize, (key, value): (&str, &str)) {
    let (key, value) = (words::code(key), words::code(value));
    let cases = vec![
        format!("{key} is {value}: what the issue says of {value}"),
        format!("{key} with each value of today: as at {}", scene.base()),
        format!("{key} with a value that is none: refused as at {}", scene.base()),
    ];
    let group = format!("setting {index}");
    findings.title(&group, format!("Take {value} as a value of {key}"));
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "feature", cases, places: Vec::new() });
}

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        if let Some(found) = new_value(&statement.text) {
            one_more(scene, findings, index, found);
            continue;
        }
        let about = ABOUT.is_in(&ATTRIBUTE.replace(&statement.text, |_| String::new()));
        if about || sibling(scene, &statement.text).is_some() {
            one(scene, findings, index, &statement.text);
        }
    }
}

static ADDED: Pattern = Pattern::new(
    r"\b(?:add|introduce|provide|support|have|need|want|offer)\b(?: \w+){0,4}? (?:`([a-z][\w-]{2,}\.[a-z][\w-]{2,})`|([a-z][\w-]{2,}\.[a-z][\w-]{2,})$)",
);
static KEY: Pattern = Pattern::new(r"(?-i:\b([a-z][\w-]{2,}\.[a-z][\w-]{2,})\s*[=:]\s*\S)");

/// The key that a sentence adds beside one of the same part that the issue sets: `mail.retries`, where it shows `mail.host=…`.
fn sibling<'t>(scene: &Scene<'_>, text: &'t str) -> Option<&'t str> {
    let key = ADDED.either(text)?;
    let (part, _) = key.split_once('.')?;
    let known = KEY.all(&scene.brief.body, 1);
    known
        .iter()
        .any(|other| *other != key && other.split_once('.').is_some_and(|(own, _)| own == part))
        .then_some(key)
}

/// What a sentence says of the value: `mail.retries`, which would be …
static USED: Pattern = Pattern::new(
    r"`[^`]+`,? (?:that|which) (?:(?:would|should|could|will|can|must|is|are|gets?) )+(?:be )?((?:then )?\S.{8,160}?)[.?!]*$",
);

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, text: &str) {
    let mentions = mentions::mentions(text);
    // An option of the command line, to which it is likened, is no setting's name.
    let named = mentions.iter().find(|it| is_name(it) && !it.text.starts_with('-') && !is_type(scene, it));
    let assigned = if index == 0 { assigned(scene) } else { None };
    let key = named.map(|it| words::code(&it.text)).or_else(|| assigned.map(|(name, _)| words::code(name)));
    let subject = FROM_FILE.first(text, 1).or_else(|| LETS.first(text, 1)).or_else(|| SUBJECT.first(text, 1));
    let subject =
        subject.filter(|subject| !TELLS.is_in(subject)).map(|subject| match PRONOUN.is_in(subject.trim()) {
            true => meant(scene, index),
            false => words::quoted(subject.trim()),
        });
    // `If X is intended, make it configurable` is about X, which is no setting; and a setting without a name is none that one could set.
    let subject = subject.filter(|subject| !asks::tells_fault(subject));
    let Some(name) = key.clone().or(subject) else { return };
    let file = scene
        .own_places(index)
        .iter()
        .find(|place| is_config(&place.path))
        .cloned()
        .or_else(|| key.as_deref().and_then(|key| owner(scene, key)))
        .or_else(|| if EXPOSES.is_in(text) { None } else { guess(scene) });
    let home = if file.is_none() && !EXPOSES.is_in(text) { home(scene) } else { None };
    // What it does shows where it is used, and that is told before where it is declared.
    let used_in = home.as_ref().and_then(|_| scene.place(index));
    let default = default_of(text);
    let answered = scene.answered(&scene.slot("setting.default", index));
    let absent = match default.or(answered.as_deref()) {
        Some(default) => format!("{name} absent: {default}"),
        None => format!("{name} absent: as at {}", scene.base()),
    };
    let used = USED.first(text, 1).map_or("the value is used".to_owned(), |used| words::clipped(used, 110));
    let set = match assigned.filter(|(own, _)| name == words::code(own)) {
        Some((own, value)) => words::code(&format!("{own} = {value}")),
        None => format!("{name} set"),
    };
    let mut cases = vec![format!("{set}: {used}"), absent];
    let holds = file.as_ref().filter(|file| is_config(&file.path));
    match (holds, &file) {
        (Some(file), _) => {
            cases.push(format!("a value of the wrong type: an error that names `{}` and {name}", file.path));
        }
        (None, Some(_)) => cases.push(format!("a value of the wrong type: an error that names {name}")),
        (None, None) => {}
    }
    lives(scene, findings, index, (&name, holds.map(|file| file.path.as_str())));
    let group = format!("setting {index}");
    match holds {
        Some(file) => findings.title(&group, format!("Read {name} from `{}`", file.path)),
        None => findings.title(&group, format!("Make {name} configurable")),
    }
    if default.is_none() && !HARD_CODED.is_in(text) {
        findings.ask(
            scene,
            &format!("the default of {name}"),
            Question {
                slot: scene.slot("setting.default", index),
                text: format!("What is {name} where nobody sets it?"),
                default: format!("what the code does at {}", scene.base()),
                why: String::new(),
                weight: 40,
            },
        );
    }
    let places = file.into_iter().chain(used_in).chain(home).collect();
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "config", cases, places });
}

/// `config.berths = 12;` in the code of a proposal: the name that nothing of the tree has yet, and the value.
fn assigned<'s>(scene: &Scene<'s>) -> Option<(&'s str, &'s str)> {
    let own = scene.reading.blocks.iter().take(scene.reading.own_blocks);
    let lines = own.flat_map(|block| block.text.lines().take(60)).filter(|line| line.len() < 200);
    let set = lines
        .filter_map(|line| ASSIGNED.captures(line))
        .filter_map(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str(), found.get(3)?.as_str())));
    let is_new = |last: &str| !scene.places.is_written(last);
    set.filter(|(_, last, _)| is_new(last)).map(|(whole, _, value)| (whole, value)).next()
}

static ASSIGNED: Pattern =
    Pattern::new(r"^\s*((?:\w+\.){1,3}([A-Za-z_]\w{3,40}))\s*=\s*([^=\s{(\[][^{(\[]{0,40}?)[;,]?\s*$");

/// A type of the tree holds settings, and is none.
fn is_type(scene: &Scene<'_>, mention: &Mention) -> bool {
    mention.text.starts_with(char::is_uppercase)
        && mention.text.contains(char::is_lowercase)
        && scene.places.symbol(&mention.text).is_some_and(|symbol| symbol.defined)
}

static LIVE: Pattern = Pattern::new(r"\b(?:reload\w*|at run-?time|hot|restart\w*|without restarting|live)\b");
/// A variable of the environment, by its spelling.
static VARIABLE: Pattern = Pattern::new(r"(?-i:^`[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+`$)");
/// What refuses a key that it does not know.
static STRICT: Pattern = Pattern::new(
    r#"(?-i:\bdeny_unknown_fields\b|\bextra\s*=\s*"forbid"|\bDisallowUnknownFields\b|\bKnownFields\(true\))"#,
);

static SERVES: Pattern =
    Pattern::new(r"\b(?:servers?|services?|daemons?|ports?|listens?|workers?|schedulers?)\b");

/// A program that stays up, so that what it read at its start stays, too.
fn runs_on(scene: &Scene<'_>) -> bool {
    const HOSTED: [&str; 5] = ["Dockerfile", "Procfile", "fly.toml", "docker-compose.yml", "compose.yaml"];
    SERVES.is_in(&scene.whole()) || HOSTED.iter().any(|file| scene.places.has(file))
}

/// When a change of it shows, and what a file that sets it does once nothing reads it.
fn lives(scene: &Scene<'_>, findings: &mut Findings, index: usize, (name, file): (&str, Option<&str>)) {
    if VARIABLE.is_in(name) {
        findings.reads(format!("{name} set to nothing = not set"));
    } else if let Some(file) = file.filter(|_| !LIVE.is_in(&scene.whole()) && runs_on(scene)) {
        findings.reads(format!("`{file}` is read at the start: a change of {name} shows after a restart"));
    }
    let strict = scene.places.read_sources().find_map(|(path, text)| {
        let about = text.contains("onfig") || text.contains("ettings");
        // A key that it knows already stays one that it knows.
        if !about || text.contains(name.trim_matches(['`', '“', '”'])) {
            return None;
        }
        let line = text.lines().position(|line| line.len() < places::LINE && STRICT.is_in(line))?;
        Some((path, line + 1))
    });
    match (strict, file) {
        (Some((path, line)), _) => findings.leaves(
            index,
            format!("take {name} out of the files before a revert: `{path}` line {line} refuses keys it does not know"),
        ),
        (None, Some(file)) => {
            findings.leaves(index, format!("a `{file}` that sets {name} keeps it after a revert, and nothing reads it"));
        }
        (None, None) if VARIABLE.is_in(name) => {
            findings.leaves(index, format!("where {name} is set it stays set after a revert, and nothing reads it"));
        }
        (None, None) => {}
    }
}

/// `We can still have a dot if not configured`: a sentence on what is there, and no name of a setting.
static TELLS: Pattern = Pattern::new(
    r"^(?:i|we|you|there|if|when|be|been|\w+ing (?:it|this|that|these|those|the))\b|\b(?:can|could) still\b",
);

/// Something that a setting could be called: an expression is none.
fn is_name(mention: &Mention) -> bool {
    let quoted = mention.text.contains(['"', '\'', '+', '=', '(']);
    matches!(mention.kind, MentionKind::Symbol | MentionKind::Code) && !quoted
}

static PRONOUN: Pattern = Pattern::new(r"^(?:it|this|that|these|those|they|which)$");

/// What `it` is: the last name of the sentence before, else what the issue is about.
fn meant(scene: &Scene<'_>, index: usize) -> String {
    let reading = scene.reading;
    let line = reading.demands.get(index).map_or(0, |demand| demand.line);
    let before = |said: &&Statement| said.by.is_none() && said.line > 0 && said.line <= line;
    let others = reading.demands.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, one)| one);
    let mut said: Vec<&Statement> = others.chain(&reading.talk).filter(before).collect();
    said.sort_by_key(|said| said.line);
    let named =
        said.iter().rev().take(2).find_map(|said| mentions::mentions(&said.text).into_iter().rfind(is_name));
    let title = super::short(&scene.title());
    match named {
        Some(it) => words::code(&it.text),
        None if !BACK.is_in(&title) => words::quoted(&title),
        None => {
            let subject = said.iter().rev().take(2).find_map(|said| NOUN.first(&said.text, 1));
            subject.map_or_else(|| format!("the setting of R{}", index + 1), words::quoted)
        }
    }
}

/// A title such as `Make it configurable` says no more than the sentence does.
static BACK: Pattern = Pattern::new(r"^\w+ (?:it|this|that|these|those|them)\b");
/// What a sentence is about.
static NOUN: Pattern = Pattern::new(
    r"^(?:the|our|its|each|every) ([\w -]{3,40}?) (?:is|are|was|were|has|have|can|comes?|stands?)\b",
);

fn is_config(path: &str) -> bool {
    matches!(
        places::ending(path),
        "toml" | "yaml" | "yml" | "json" | "ini" | "cfg" | "conf" | "env" | "properties"
    )
}

/// The only source that is called like the part of the key that owns it: `lyrics.path` is read in `lyrics.py`.
fn owner(scene: &Scene<'_>, key: &str) -> Option<Place> {
    let (owner, _) = key.trim_matches('`').split_once('.')?;
    let mut found = scene.places.products().filter(|path| places::stem(places::name(path)) == owner);
    match (found.next(), found.next()) {
        (Some(only), None) if owner.len() > 3 => Some(places::existing(only)),
        _ => None,
    }
}

/// The type that holds what is configured, in the only source that is called like one and defines it.
fn home(scene: &Scene<'_>) -> Option<Place> {
    let called = |path: &&str| HOMES.contains(&places::stem(places::name(path)).to_lowercase().as_str());
    let typed = |path: &str| {
        let text = scene.places.text(path)?;
        let line = text.lines().position(|line| line.len() < places::LINE && HOLDS.is_in(line))?;
        Some(Place { line: Some(line + 1), ..places::existing(path) })
    };
    let mut found = scene.places.products().filter(called).filter_map(typed);
    found.next().filter(|_| found.next().is_none())
}

const HOMES: [&str; 4] = ["config", "configuration", "conf", "settings"];
static HOLDS: Pattern = Pattern::new(
    r"^\s*(?:(?:pub(?:\([a-z]+\))?|export|default|public|internal|final|abstract|open|data|sealed|static|readonly)\s+)*(?:struct|class|interface|type|record)\s+(?-i:\w*(?:Config|Configuration|Settings|Conf))\b",
);

/// The only configuration file of the tree that is no manifest.
fn guess(scene: &Scene<'_>) -> Option<Place> {
    let named = |path: &&str| {
        let lower = path.to_lowercase();
        // The settings of a website of documents are none of the program.
        is_config(path)
            && !path.starts_with('.')
            && !places::is_aside(path)
            && (lower.contains("config") || lower.contains("settings"))
    };
    let mut found = scene.places.files().filter(named);
    match (found.next(), found.next()) {
        (Some(only), None) => Some(places::existing(only)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{default_of, new_value};

    #[test]
    fn one_value_more_is_told_from_a_new_key() {
        for (text, found) in [
            ("The `align` setting gets a new value, `justify`.", Some(("align", "justify"))),
            ("Add another value `never` for the key `color`", Some(("color", "never"))),
            ("`align` should accept a third mode `justify`", Some(("align", "justify"))),
            ("`align` gets a new default.", None),
            ("Add a new setting `align`", None),
        ] {
            assert_eq!(new_value(text), found, "{text}");
        }
    }

    #[test]
    fn a_default_is_a_value_and_no_word_that_stands_behind_it() {
        for (text, value) in [
            ("The limit is configurable and defaults to 5 s.", Some("5 s")),
            ("`limit` (default: 20)", Some("20")),
            ("a new setting with default true", Some("true")),
            ("its default value is `auto`", Some("auto")),
            ("configurable (default `info`)", Some("info")),
            ("a threshold, default 80%", Some("80%")),
            ("listens by default on 8080", None),
            ("a setting for the default directory", None),
            ("keep the default behavior", None),
        ] {
            assert_eq!(default_of(text), value, "{text}");
        }
    }
}
